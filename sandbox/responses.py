"""response_url: five answers within thirty minutes, without a token."""

import itertools
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.api.call import Call
from sandbox.api.posting import checked_content, post_as_bot, rewrite
from sandbox.calls import ApiCall
from sandbox.entities import Message
from sandbox.problems import Problem
from sandbox.refusal import Refused
from sandbox.slack import Slack

MOST_USES = 5
LIFETIME = timedelta(minutes=30)
_KNOWN = {
    *("text", "blocks", "attachments", "response_type", "replace_original", "delete_original"),
    *("thread_ts", "metadata", "unfurl_links", "unfurl_media", "mrkdwn"),
}


@dataclass(eq=False)
class ResponseUrl:
    """One address; `original` is the message that was clicked, `shown` what was answered."""

    id: str
    user_id: str
    channel_id: str
    issued_at: datetime
    original: Message | None
    uses: int = 0
    shown: list[Message] = field(default_factory=list)


class ResponseUrls:
    """Issues response_urls and takes what the bot posts to them."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._issued: dict[str, ResponseUrl] = {}
        self._numbers = itertools.count(1)

    def issue(self, user_id: str, channel_id: str, original: Message | None = None) -> ResponseUrl:
        """A fresh address for answers to this person in this channel."""
        number = next(self._numbers)
        url = ResponseUrl(f"{number:06d}", user_id, channel_id, self._slack.clock.now(), original)
        self._issued[url.id] = url
        return url

    def address(self, url: ResponseUrl) -> str:
        """Where to post to."""
        return f"{self._slack.base_url}/respond/{self._slack.workspace.team_id}/{url.id}"

    def respond(self, url_id: str, args: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Takes one post: HTTP status and body of the answer."""
        call = Call(self._slack, args)
        record = ApiCall("response_url", args, self._slack.clock.now(), problems=call.problems)
        self._slack.calls.append(record)
        try:
            self._answer(call, self._usable(url_id))
            record.response, record.user_visible = {"ok": True}, True
        except Refused as refusal:
            record.response = refusal.answer()
            record.status = 404 if refusal.error in ("used_url", "expired_url") else 400
            if not call.problems:
                record.problems.append(Problem("", refusal.error, f"refused: {refusal.error}"))
        return record.status, record.response

    def show_ack(self, url: ResponseUrl, body: Any) -> None:
        """Shows the body of an ack to a slash command, if it has one."""
        if not body:
            return
        args = body if isinstance(body, dict) else {"text": str(body)}
        call = Call(self._slack, dict(args))
        record = ApiCall("ack command", args, self._slack.clock.now(), problems=call.problems)
        self._slack.calls.append(record)
        try:
            self._answer(call, url)
            record.response, record.user_visible = {"ok": True}, True
        except Refused as refusal:
            record.response = refusal.answer()

    def _usable(self, url_id: str) -> ResponseUrl:
        url = self._issued.get(url_id)
        if url is None or url.uses >= MOST_USES:
            raise Refused("used_url")
        if self._slack.clock.now() - url.issued_at > LIFETIME:
            raise Refused("expired_url")
        url.uses += 1
        return url

    def _answer(self, call: Call, url: ResponseUrl) -> None:
        for name in call.args.keys() - _KNOWN:
            call.warn(f"/{name}", "unknown_argument", f"Slack ignores the argument {name}")
        original = url.original
        if call.flag("delete_original") and original is not None:
            call.ws.remove(original)
            return
        content = checked_content(call)
        if call.flag("replace_original") and original is not None:
            before_blocks = {"text", "blocks", "attachments"}
            content.given |= before_blocks
            rewrite(call, original, content)
            return
        if call.flag("replace_original") or call.flag("delete_original"):
            call.warn("/replace_original", "no_original", "there is no message to replace")
        public = call.args.get("response_type") == "in_channel"
        thread_ts = call.args.get("thread_ts")
        channel = call.ws.channels[url.channel_id]
        message = post_as_bot(
            call,
            channel,
            content,
            ephemeral_for=None if public else url.user_id,
            thread_ts=thread_ts if thread_ts in channel.by_ts else None,
        )
        url.shown.append(message)
        if public:
            self._slack.events.posted(message)


def parsed_response(body: bytes) -> dict[str, Any]:
    """The JSON object posted to a response_url; Refused for anything else."""
    try:
        args = json.loads(body)
    except ValueError:
        raise Refused("invalid_payload") from None
    if not isinstance(args, dict):
        raise Refused("invalid_payload")
    return args
