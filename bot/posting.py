"""Puts one message into Slack, or another in its place, with what Slack asks of us meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.logs import delivery_scope
from bot.pace import Pace
from bot.slack import outcome_of
from bot.wire import CALL_SECONDS, Wire
from domain.delivery import NotBegun, Outcome, Transient
from handlers.services import Services
from handlers.slack import code_of
from handlers.views.blocks import Message
from storage.deliveries import Delivery
from storage.lanes import EDITING, SENDING

POST: Final = SENDING.method
UPDATE: Final = EDITING.method
#: What is left of a lease must cover a call, and a second one without charts.
CALLS_TAKE = timedelta(seconds=2 * CALL_SECONDS)

#: Messages on their way at once: with calls of five seconds, too, all that was taken up is sent
#: within its lease.
CALLS_AT_ONCE = 128

log = structlog.get_logger()


@dataclass(frozen=True)
class Posted:
    """A message that is there; ids as Slack gave them. `plain`: native charts were refused."""

    channel: str
    ts: str
    plain: bool = False


class Poster:
    def __init__(self, services: Services, pace: Pace, wire: Wire) -> None:
        self._services = services
        self._pace = pace
        self._wire = wire
        self._room = asyncio.Semaphore(CALLS_AT_ONCE)
        #: From now on nothing more is posted: the process ends.
        self.stopping = False

    async def post(
        self, delivery: Delivery, said: Message, lease_until: datetime, begun: Callable[[], None]
    ) -> Posted | Outcome:
        """Send a delivery that is marked as being sent; never raises for what Slack answers.

        `begun` is called once there is room for it among the calls on their way.
        """
        async with self._room:
            begun()
            return await self._post(delivery, said, lease_until)

    async def _post(
        self, delivery: Delivery, said: Message, lease_until: datetime
    ) -> Posted | Outcome:
        now = self._services.clock.now()
        if self.stopping or now > lease_until - CALLS_TAKE:
            # Where this process stood still for long another may be about to look for the
            # message, which must not arrive after that.
            return NotBegun()
        wait = self._pace.held(delivery.workspace_id, POST, now)
        if wait is not None:
            return Transient(wait.total_seconds())
        try:
            return await self._with_charts_or_without(partial(self._say, delivery), said)
        except Exception as problem:
            outcome = outcome_of(problem)
            with delivery_scope(delivery.delivery_id):
                log.warning("not delivered", kind=delivery.kind, outcome=type(outcome).__name__)
                await self._heed(delivery.workspace_id, POST, outcome)
            return outcome

    async def update(self, delivery: Delivery, said: Message) -> Outcome | None:
        """Bring a sent message up to date; None when it is."""
        now = self._services.clock.now()
        wait = self._pace.held(delivery.workspace_id, UPDATE, now)
        if wait is not None:
            return Transient(wait.total_seconds())
        try:
            await self._with_charts_or_without(partial(self._edit, delivery), said)
        except Exception as problem:
            outcome = outcome_of(problem)
            log.warning("not edited", kind=delivery.kind, outcome=type(outcome).__name__)
            await self._heed(delivery.workspace_id, UPDATE, outcome)
            return outcome
        return None

    async def _heed(self, workspace_id: str, method: str, outcome: Outcome) -> None:
        if isinstance(outcome, Transient) and outcome.retry_after:
            wait = timedelta(seconds=outcome.retry_after)
            await self._pace.hold(workspace_id, method, self._services.clock.now() + wait)

    async def _with_charts_or_without(
        self, call: Callable[[str, list[dict[str, Any]]], Awaitable[Posted]], said: Message
    ) -> Posted:
        try:
            return await call(said["text"], said["blocks"])
        except SlackApiError as problem:
            # Some workspaces do not take native charts yet, and refuse the whole message.
            if code_of(problem) != "invalid_blocks" or "fallback_blocks" not in said:
                raise
        return replace(await call(said["text"], said["fallback_blocks"]), plain=True)

    async def _say(self, delivery: Delivery, text: str, blocks: list[dict[str, Any]]) -> Posted:
        payload: dict[str, Any] = {
            "channel": delivery.recipient,
            "text": text,
            "blocks": blocks,
            # By this we know our own message again, should the answer get lost.
            "metadata": {
                "event_type": "prodops_delivery",
                "event_payload": {"key": delivery.key},
            },
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if delivery.thread_ts is not None:
            payload["thread_ts"] = delivery.thread_ts
        client = self._services.slack(delivery.workspace_id)
        answer = await self._wire.call(client, POST, payload)
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def _edit(self, delivery: Delivery, text: str, blocks: list[dict[str, Any]]) -> Posted:
        channel, ts = str(delivery.channel), str(delivery.ts)
        payload = {"channel": channel, "ts": ts, "text": text, "blocks": blocks}
        client = self._services.slack(delivery.workspace_id)
        await self._wire.call(client, UPDATE, payload)
        return Posted(channel, ts)
