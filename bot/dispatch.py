"""Between Bolt and the listeners: looks the payload's id up and answers within three seconds.

It is Bolt's last middleware rather than a set of Bolt listeners, because Bolt tries every
listener in turn and then polls for the acknowledgement every 10 ms.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.metrics import Metrics
from bot.tasks import Tasks
from domain.cleaning import printable
from handlers import home
from handlers.call import Answer, Call, Errors, Reply, Show
from handlers.errors import explain
from handlers.registry import Registry
from handlers.services import Services
from handlers.views.inputs import refilled, waiting_modal
from storage import deliveries

#: Seconds a listener may take to answer in place; after that Slack is acknowledged, and the
#: answer follows by itself. Half of Slack's limit, to leave room for the network.
ANSWER_IN_PLACE = 1.5

log = structlog.get_logger()


class Dispatch(AsyncMiddleware):
    def __init__(
        self, registry: Registry, services: Services, tasks: Tasks, metrics: Metrics
    ) -> None:
        self.registry = registry
        self.services = services
        self.tasks = tasks
        self.metrics = metrics

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's own name
    ) -> BoltResponse | None:
        call = self._read(req)
        if call is None:
            log.warning("a payload of no known kind", type=str(req.body.get("type"))[:40])
            return BoltResponse(status=200, body="")
        running = self.tasks.start(self._answer(call))
        done, _ = await asyncio.wait({running}, timeout=ANSWER_IN_PLACE)
        if not done:
            self.tasks.start(self._follow_up(call, running))
            return _waiting(call)
        return self._respond(call, running.result())

    def _read(self, req: AsyncBoltRequest) -> Call | None:
        body = req.body
        authorized = req.context.authorize_result
        workspace_id = (authorized.team_id if authorized else None) or req.context.team_id or ""
        found = _identify(body)
        if found is None:
            return None
        kind, name, rest = found
        return Call(
            kind=kind,
            id=name,
            workspace_id=workspace_id,
            services=self.services,
            now=self.services.clock.now(),
            body=body,
            **rest,
        )

    async def _answer(self, call: Call) -> Answer:
        """Run the listener; whatever goes wrong becomes a sentence for the person."""
        name = call.id.split(":")[0]
        listener = self.registry.find(call.kind, name)
        if listener is None:
            # Whatever was typed stays out of the log and the metrics.
            name, listener = "unknown", self.registry.find(call.kind, "*")
        with self.metrics.request(call.kind, name) as outcome:
            if listener is None:
                return None
            try:
                answer = await listener(call)
            except Exception as problem:
                outcome("failed")
                log.warning("a listener failed", kind=call.kind, id=name, exc_info=problem)
                return explain(call, problem)
            if call.stored.is_set():
                self.tasks.start(home.refresh(self.services, call.workspace_id, call.user_id))
            return answer

    def _respond(self, call: Call, answer: Answer) -> BoltResponse:
        """The HTTP (or socket) response that carries the answer, where one can."""
        if isinstance(answer, Errors) and call.kind == "submission":
            return _json({"response_action": "errors", "errors": dict(answer.by_block)})
        if isinstance(answer, Show) and call.kind == "submission":
            return _json({"response_action": "update", "view": answer.view})
        if isinstance(answer, Reply) and call.kind == "command":
            return _json({"response_type": "ephemeral", **_sendable(answer)})
        if answer is not None:
            self.tasks.start(self._send(call, answer))
        return BoltResponse(status=200, body="")

    async def _follow_up(self, call: Call, running: asyncio.Task[Answer]) -> None:
        """Slack was acknowledged already: send the answer when it is there."""
        answer = await running
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
        payload = _sendable(answer)
        url = answer.url or call.response_url
        if url:
            how = {"replace_original": answer.replace, "response_type": "ephemeral"}
            if await self.services.respond(url, {**payload, **how}):
                return
            if answer.replace and call.message_ts is not None and await self._edit_later(call):
                return
        await call.client.chat_postMessage(channel=call.user_id, **payload)

    async def _edit_later(self, call: Call) -> bool:
        """Where the way back to a message of ours was cut off, the courier edits it."""
        async with call.write() as tx:
            found = await deliveries.want_message_edited(tx, str(call.message_ts), call.now)
        self.services.wake()
        return found > 0


def _identify(body: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
    """(kind, id, the call's other fields) of a Slack payload; None for one we do not know."""
    if "command" in body:
        return _command(body)
    kind = str(body.get("type") or "")
    if kind == "event_callback":
        return _event(body)
    user_id = str((body.get("user") or {}).get("id") or "")
    rest: dict[str, Any] = {
        "user_id": user_id,
        "channel_id": (body.get("channel") or {}).get("id"),
        "trigger_id": body.get("trigger_id"),
        "response_url": body.get("response_url"),
    }
    if kind == "block_actions" and body.get("actions"):
        action = body["actions"][0]
        return "action", str(action.get("action_id")), {**rest, "action": action}
    if kind == "view_submission":
        return "submission", str((body.get("view") or {}).get("callback_id")), rest
    if kind in ("shortcut", "message_action"):
        return "shortcut", str(body.get("callback_id")), rest
    if kind == "view_closed":
        return "closed", str((body.get("view") or {}).get("callback_id")), rest
    return None


def _command(body: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    first, *rest = str(body.get("text") or "").split(maxsplit=1) or [""]
    return (
        "command",
        printable(first).strip().lower() or "help",
        {
            "user_id": str(body.get("user_id") or ""),
            "channel_id": body.get("channel_id"),
            "text": rest[0].strip() if rest else "",
            "trigger_id": body.get("trigger_id"),
            "response_url": body.get("response_url"),
        },
    )


def _event(body: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    event = body.get("event") or {}
    user = event.get("user")
    channel = event.get("channel")
    return (
        "event",
        str(event.get("type")),
        {
            "user_id": str(user.get("id") if isinstance(user, dict) else user or ""),
            "channel_id": channel.get("id") if isinstance(channel, dict) else channel,
            "text": str(event.get("text") or ""),
        },
    )


def _waiting(call: Call) -> BoltResponse:
    if call.kind == "submission":
        view = waiting_modal(call.view, "Saving…")
        return _json({"response_action": "update", "view": view})
    return BoltResponse(status=200, body="")


def _json(payload: Mapping[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200, body=dict(payload), headers={"content-type": ["application/json"]}
    )


def _sendable(reply: Reply) -> dict[str, Any]:
    return {"text": reply.message["text"], "blocks": reply.message["blocks"]}
