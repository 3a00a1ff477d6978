"""Between Bolt and the listeners: looks the payload's id up and answers within three seconds.

It is Bolt's last middleware rather than a set of Bolt listeners, because Bolt tries every
listener in turn and then polls for the acknowledgement every 10 ms.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.answers import Answers
from bot.metrics import Metrics
from bot.payloads import identify
from bot.tasks import Tasks
from handlers import home
from handlers.call import Answer, Call
from handlers.errors import SayInstead, explain
from handlers.registry import Registry
from handlers.services import Services

#: Seconds a listener may take to answer in place; after that Slack is acknowledged, and the
#: answer follows by itself. Half of Slack's limit, to leave room for the network.
ANSWER_IN_PLACE = 1.5
#: Tasks in flight beyond which nothing more is taken: Slack sends an event again, and tells the
#: person who clicked, while one that waits here would be answered too late anyway.
MOST_AT_ONCE = 500

log = structlog.get_logger()


class Dispatch(AsyncMiddleware):
    def __init__(
        self, registry: Registry, services: Services, tasks: Tasks, metrics: Metrics
    ) -> None:
        self.registry = registry
        self.services = services
        self.tasks = tasks
        self.metrics = metrics
        self.answers = Answers(services, tasks)

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
        if len(self.tasks) >= MOST_AT_ONCE:
            log.warning("a payload was turned away: too much is in flight", kind=call.kind)
            return BoltResponse(status=503, body="")
        running = self.tasks.start(self._answer(call))
        done, _ = await asyncio.wait({running}, timeout=ANSWER_IN_PLACE)
        if not done:
            self.tasks.start(self._follow_up(call, running))
            return self.answers.meanwhile(call)
        return self.answers.at_once(call, running.result())

    async def _follow_up(self, call: Call, running: asyncio.Task[Answer]) -> None:
        await self.answers.later(call, await running)

    def _read(self, req: AsyncBoltRequest) -> Call | None:
        body = req.body
        authorized = req.context.authorize_result
        workspace_id = (authorized.team_id if authorized else None) or req.context.team_id or ""
        found = identify(body)
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
            except SayInstead as instead:
                # A refusal in plain words is an answer like any other.
                return explain(call, instead)
            except Exception as problem:
                outcome("failed")
                log.warning("a listener failed", kind=call.kind, id=name, exc_info=problem)
                return explain(call, problem)
            if call.stored.is_set():
                self.tasks.start(home.refresh(self.services, call.workspace_id, call.user_id))
            return answer
