"""Records what became of deliveries, with all that follows from it in the same transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.composing import Unsent, chunks
from bot.metrics import Metrics
from bot.posting import Posted
from domain.delivery import (
    NotBegun,
    Outcome,
    RecipientGone,
    State,
    Transient,
    Unknown,
    WorkspaceGone,
    backoff,
)
from handlers import doubts, troubles
from handlers.registry import Occasion, Registry
from handlers.services import Services
from storage import batches, deliveries, workspaces
from storage.database import StorageUnavailableError, Tx, is_unavailable
from storage.deliveries import Delivery

#: A call that was cut off may still be at work on Slack's side when we would look for it.
LOOK_AFTER = timedelta(seconds=5)
#: Results are in our hands alone until they are recorded; then we try for this long.
RECORD_TRIES = 8
RECORD_PAUSE_SECONDS = 1.0

#: What came of trying to send a delivery.
Result = Posted | Outcome

log = structlog.get_logger()


class Results:
    def __init__(self, services: Services, registry: Registry, metrics: Metrics) -> None:
        self._services = services
        self._registry = registry
        self._metrics = metrics

    async def record(self, results: Sequence[tuple[Delivery, Result]]) -> None:
        """Record each; tried again while the database is away, since nobody else knows them."""
        posted = {d.delivery_id: r for d, r in results if isinstance(r, Posted)}
        arrived = [d for d, result in results if isinstance(result, Posted)]
        for occasion, alike in chunks(self._registry, arrived):
            found = [(delivery, posted[delivery.delivery_id]) for delivery in alike]
            await self._until_recorded(partial(self._sent, occasion, found))
        for delivery, result in results:
            if not isinstance(result, Posted):
                await self._until_recorded(partial(self._not_sent, delivery, result))

    async def found(self, delivery: Delivery, posted: Posted) -> None:
        """The message of a delivery that was cut off is there after all."""
        await self._sent(self._registry.occasions[delivery.kind], [(delivery, posted)])

    async def settle(self, tx: Tx, delivery: Delivery, said: Unsent) -> None:
        """Record what needs no message, or none yet, within a transaction that goes on."""
        now = self._services.clock.now()
        settled = await deliveries.settle(
            tx.connection,
            delivery,
            said.state,
            now,
            reason=said.reason,
            work_at=said.work_at,
            attempts=said.attempts,
            holder=delivery.lease_owner,
        )
        if settled:
            await doubts.settle_unasked(tx, delivery, said.state, now)
            self._metrics.delivery(delivery.kind, said.state)

    async def _until_recorded(self, write: Callable[[], Awaitable[None]]) -> None:
        for left in range(RECORD_TRIES - 1, -1, -1):
            try:
                await write()
                return
            except StorageUnavailableError:
                if not left:
                    raise
                log.warning("results not recorded yet")
                await asyncio.sleep(RECORD_PAUSE_SECONDS)

    async def _sent(self, occasion: Occasion, found: Sequence[tuple[Delivery, Posted]]) -> None:
        """All of one workspace and kind."""
        now = self._services.clock.now()
        arrived = [batches.Arrived(delivery, p.channel, p.ts) for delivery, p in found]
        async with self._services.database.write(found[0][0].workspace_id) as tx:
            ours = await batches.settle_sent(tx, arrived, now)
            if any(posted.plain for _, posted in found):
                await workspaces.refuse_charts(tx)
            sent = [
                delivery._replace(state=State.SENT, channel=posted.channel, ts=posted.ts)
                for delivery, posted in found
                if delivery.delivery_id in ours
            ]
            if sent:
                await self._what_follows(occasion, tx, sent, now)
        if sent:
            late = [(now - delivery.due_at).total_seconds() for delivery in sent]
            self._metrics.sent(sent[0].kind, late)

    async def _what_follows(
        self, occasion: Occasion, tx: Tx, sent: Sequence[Delivery], now: datetime
    ) -> None:
        try:
            async with tx.connection.begin_nested():
                await occasion.sent_many(self._services, tx, sent, now)
        except Exception as problem:
            if is_unavailable(problem):
                raise
            if len(sent) > 1:
                # What is wrong with one of them must not cost the others what follows.
                for delivery in sent:
                    await self._what_follows(occasion, tx, [delivery], now)
                return
            log.error("what follows a delivery failed", kind=sent[0].kind, exc_info=problem)

    async def _not_sent(self, delivery: Delivery, outcome: Outcome) -> None:
        now = self._services.clock.now()
        attempts = delivery.attempts + 1
        async with self._services.database.write(delivery.workspace_id) as tx:
            match outcome:
                case Transient(retry_after=seconds) if seconds:
                    again = now + timedelta(seconds=seconds)
                    # A pause that Slack asked for is no failure, and lengthens no later wait.
                    became = Unsent(State.RETRY, "slack_busy", again, delivery.attempts)
                case Transient():
                    became = Unsent(State.RETRY, "slack_busy", now + backoff(attempts))
                case NotBegun():
                    became = Unsent(State.RETRY, "not_begun", now)
                case Unknown(reason=reason):
                    became = Unsent(State.UNKNOWN, reason, now + LOOK_AFTER)
                case WorkspaceGone(reason=reason):
                    became = Unsent(State.RETRY, reason, now)
                    await workspaces.pause(tx, reason)
                case RecipientGone(reason=code):
                    became = Unsent(State.FAILED, troubles.reason_for(code, delivery))
                    await troubles.tell_leads(tx, delivery, became.reason, now)
            await self.settle(tx, delivery, became)
