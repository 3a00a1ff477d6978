"""How words and blocks become messages: content checks, destinations, and the post itself."""

import json
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from sandbox.api.call import Call
from sandbox.blockkit import MOST_TEXT, Problem, validate_message
from sandbox.entities import Blocks, Channel, Message, broadcasts_in
from sandbox.problems import sound_blocks
from sandbox.refusal import Refused
from sandbox.state import identified

MOST_METADATA = 16_000


@dataclass
class Content:
    """Checked content of a message; `given` names the arguments that carried it."""

    text: str
    blocks: Blocks
    attachments: list[dict[str, Any]]
    metadata: dict[str, Any] | None = None
    given: set[str] = field(default_factory=set)


def checked_content(call: Call, may_be_empty: bool = False) -> Content:
    """The content in a call's arguments; Refused for what Slack refuses."""
    args = call.args
    given = {name for name in ("text", "blocks", "attachments") if args.get(name) is not None}
    blocks = call.data("blocks", "invalid_blocks_format")
    attachments = call.data("attachments", "invalid_attachments") or []
    if "markdown_text" in args:
        given.add("text")
        args.setdefault("text", args["markdown_text"])
    call.object_to("invalid_blocks", _problems(call, args, blocks))
    text = str(args.get("text") or "")
    if not (text or blocks or attachments or may_be_empty):
        raise Refused("no_text")
    # In a lenient sandbox faulty blocks get here; people cannot be shown those.
    shown = sound_blocks(blocks, call.problems, "/blocks")
    if broadcasts_in(text, shown):
        call.warn("/text", "broadcast", "alerts a whole channel or group unless it is escaped")
    content = Content(text[:MOST_TEXT], identified(shown, call.ws), attachments)
    content.metadata, content.given = _metadata(call), given
    return content


def _problems(call: Call, args: dict[str, Any], blocks: Any) -> list[Problem]:
    problems = validate_message(args)
    if call.slack.reject_charts and isinstance(blocks, list):
        words = "unsupported type: data_visualization"
        problems += [
            Problem(f"/blocks/{index}/type", "unsupported_type", words)
            for index, block in enumerate(blocks)
            if isinstance(block, dict) and block.get("type") == "data_visualization"
        ]
    return problems


def _metadata(call: Call) -> dict[str, Any] | None:
    metadata = call.data("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if (
        not isinstance(metadata, dict)
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata)) > MOST_METADATA:
        raise Refused("metadata_too_large")
    return metadata


def destination(call: Call) -> Channel:
    """Where a post goes: a channel by id or name, or the DM with a person by user id."""
    ws, wanted = call.ws, call.required("channel")
    if wanted in ws.users:
        return _direct(call, wanted)
    channel = ws.channels.get(wanted)
    if channel is None and not wanted.startswith(("C", "D", "G", "U", "W")):
        channel = ws.channel_named(wanted)
    if channel is None:
        raise Refused("channel_not_found")
    if channel.is_im:
        return _direct(call, channel.user or "")
    if ws.bot_user_id not in channel.members:
        if channel.is_private:
            raise Refused("channel_not_found")
        if "chat:write.public" not in call.slack.manifest.scopes:
            raise Refused("not_in_channel")
    if channel.is_archived:
        raise Refused("is_archived")
    return channel


def _direct(call: Call, user_id: str) -> Channel:
    ws = call.ws
    user = ws.users[user_id]
    if user.is_bot or user.id == "USLACKBOT":
        raise Refused("cannot_dm_bot")
    if user.is_stranger and not ws.shares_channel(user_id, ws.bot_user_id):
        raise Refused("channel_not_found")
    if not call.slack.manifest.messages_tab:
        raise Refused("messages_tab_disabled")
    # A deactivated person's DM takes the message all the same: Slack accepts it, nobody reads it.
    return ws.dm(user_id)


def post_as_bot(call: Call, channel: Channel, content: Content, **fields: Any) -> Message:
    """Puts the bot's message into the workspace; `fields` are further fields of Message."""
    ws = call.ws
    broadcast = bool(fields.pop("broadcast", False))
    message = Message(
        channel=channel.id,
        ts=ws.new_ts(),
        user=ws.bot_user_id,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=copy(content.metadata),
        bot_id=ws.bot_id,
        app_id=ws.app_id,
        **fields,
    )
    return ws.post(message, broadcast)


def rewrite(call: Call, message: Message, content: Content) -> None:
    """Replaces a message's content; blocks stay only when neither text nor blocks were given."""
    if content.given & {"text", "blocks"}:
        message.text, message.blocks = content.text, content.blocks
    if "attachments" in content.given:
        message.attachments = content.attachments
    if content.metadata is not None:
        message.metadata = copy(content.metadata)
    message.edited = call.ws.new_ts()
    call.ws.changed()
