"""Brings a listener's answer to the person: in the acknowledgement, or by itself afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.tasks import Tasks
from handlers.call import Answer, Call, Errors, NotTaken, Reply, Show
from handlers.services import Services
from handlers.slack import code_of
from handlers.views.blocks import Block
from handlers.views.inputs import refilled, waiting_modal
from storage import edits, workspaces

_JSON: dict[str, str | Sequence[str]] = {"content-type": ["application/json;charset=utf-8"]}


class Answers:
    def __init__(self, services: Services, tasks: Tasks) -> None:
        self._services = services
        self._tasks = tasks

    def at_once(self, call: Call, answer: Answer) -> BoltResponse:
        """The response that carries the answer, where one can; else it follows by itself."""
        if isinstance(answer, Errors) and call.kind == "submission":
            return _json({"response_action": "errors", "errors": dict(answer.by_block)})
        if isinstance(answer, Show) and call.kind == "submission":
            return _json({"response_action": "update", "view": answer.view})
        if isinstance(answer, Reply) and call.kind == "command" and not _may_be_refused(answer):
            return BoltResponse(status=200, body=answer.as_json, headers=_JSON)
        if isinstance(answer, NotTaken):
            return BoltResponse(status=503, body="")
        if answer is not None:
            self._tasks.start(self._send(call, answer))
        return _empty()

    def meanwhile(self, call: Call) -> BoltResponse:
        """What Slack is told when the answer takes longer than it waits."""
        if call.kind == "submission":
            view = waiting_modal(call.view, "Saving…")
            return _json({"response_action": "update", "view": view})
        return _empty()

    async def later(self, call: Call, answer: Answer) -> None:
        """Slack was acknowledged already: send the answer now that it is there."""
        if call.kind == "submission":
            await self._end_waiting(call, answer)
        if answer is not None:
            await self._send(call, answer)

    async def _end_waiting(self, call: Call, answer: Answer) -> None:
        """A form that waits can no longer be closed from here, so it says how it ended."""
        if isinstance(answer, Show):
            return
        view = waiting_modal(call.view, "Saved.", close="Done")
        if isinstance(answer, Errors):
            view = refilled(call.view, call.values, answer.by_block)
        await call.client.views_update(view_id=call.view["id"], view=view)

    async def _send(self, call: Call, answer: Answer) -> None:
        if isinstance(answer, Show):
            await call.client.views_update(view_id=call.view["id"], view=answer.view)
        if not isinstance(answer, Reply):
            return
        if await self._respond(call, answer, answer.message["blocks"]):
            return
        plain = answer.message.get("fallback_blocks")
        if plain is not None and await self._respond(call, answer, plain):
            await self._remember_refusal(call)
            return
        if not (answer.replace and await self._edit_later(call)):
            await self._post(call, answer)

    async def _respond(self, call: Call, answer: Reply, blocks: list[Block]) -> bool:
        """Through the response_url, where there is one; whether it arrived."""
        url = answer.url or call.response_url
        if not url:
            return False
        said = {"text": answer.message["text"], "blocks": blocks, "response_type": "ephemeral"}
        return await self._services.respond(url, {**said, "replace_original": answer.replace})

    async def _post(self, call: Call, answer: Reply) -> None:
        """In the person's DM."""
        said = answer.message
        try:
            await call.client.chat_postMessage(
                channel=call.user_id, text=said["text"], blocks=said["blocks"]
            )
        except SlackApiError as problem:
            if code_of(problem) != "invalid_blocks" or "fallback_blocks" not in said:
                raise
            await call.client.chat_postMessage(
                channel=call.user_id, text=said["text"], blocks=said["fallback_blocks"]
            )
            await self._remember_refusal(call)

    async def _remember_refusal(self, call: Call) -> None:
        """This workspace takes no native charts: from now on it gets none."""
        async with self._services.database.write(call.workspace_id) as tx:
            await workspaces.refuse_charts(tx)

    async def _edit_later(self, call: Call) -> bool:
        """Where the way back to a message of ours was cut off, the courier edits it."""
        if call.message_ts is None:
            return False
        async with self._services.database.write(call.workspace_id) as tx:
            found = await edits.want_message_edited(tx, call.message_ts, call.now)
        self._services.wake()
        return found > 0


def _may_be_refused(answer: Reply) -> bool:
    """Nobody tells what became of an acknowledgement, and a refused chart shows nothing at all."""
    return "fallback_blocks" in answer.message


def _json(payload: Mapping[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=dict(payload), headers=_JSON)


def _empty() -> BoltResponse:
    return BoltResponse(status=200, body="")
