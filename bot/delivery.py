"""Delivers what is planned, exactly once: claimed, marked as being sent, sent, recorded."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.metrics import Metrics
from bot.pace import Pace
from bot.posting import Posted, Poster
from bot.settling import look_for
from domain.delivery import (
    Outcome,
    RecipientGone,
    State,
    Transient,
    Unknown,
    WorkspaceGone,
    backoff,
)
from domain.rhythm import is_expired
from handlers import troubles
from handlers.registry import Registry, Skip
from handlers.services import Services
from handlers.views.blocks import Message
from storage import deliveries, outbox, workspaces
from storage.database import StorageUnavailableError, Tx, is_unavailable
from storage.deliveries import Delivery
from storage.lanes import SENDING
from storage.pace import give_slots

#: Deliveries claimed and sent at once, at most: what a crash can leave uncertain.
AT_ONCE = 48
LEASE = timedelta(seconds=60)
#: A call that was cut off may still be at work on Slack's side when we would look for it.
LOOK_AFTER = timedelta(seconds=5)
#: Results are in our hands alone until they are recorded; then we try for this long.
RECORD_TRIES = 8
RECORD_PAUSE_SECONDS = 1.0

log = structlog.get_logger()


class Courier:
    def __init__(
        self,
        services: Services,
        registry: Registry,
        metrics: Metrics,
        poster: Poster,
        pace: Pace,
        owner: str,
    ) -> None:
        self._services = services
        self._registry = registry
        self._metrics = metrics
        self._poster = poster
        self._budget = pace.messages
        self._owner = owner

    async def round(self) -> int:
        """See to some of what is due by now; how many were worked on, or given their slot."""
        now = self._services.clock.now()
        paced = self._budget is not None
        async with self._services.database.write_across() as connection:
            slotted = await give_slots(connection, SENDING, self._budget, now)
            claimed = await outbox.claim(
                connection, self._owner, now, now + LEASE, AT_ONCE, paced=paced
            )
        uncertain = [d for d in claimed if d.state in (State.SENDING, State.UNKNOWN)]
        await asyncio.gather(*(self._look_for(delivery) for delivery in uncertain))
        await self._deliver([d for d in claimed if d not in uncertain])
        return len(claimed) or slotted

    async def release(self) -> None:
        """Give back what was claimed and not begun."""
        async with self._services.database.write_across() as connection:
            await outbox.release(connection, self._owner, self._services.clock.now())

    async def _deliver(self, claimed: Sequence[Delivery]) -> None:
        ready = [(d, said) for d in claimed if (said := await self._prepare(d)) is not None]
        if not ready:
            return
        async with self._services.database.write_across() as connection:
            now = self._services.clock.now()
            ids = [delivery.delivery_id for delivery, _ in ready]
            ours = await outbox.mark_sending(connection, self._owner, ids, now, now + LEASE)
        ready = [(d, said) for d, said in ready if d.delivery_id in ours]
        results = await asyncio.gather(
            *(self._poster.post(d, said, now + LEASE) for d, said in ready)
        )
        await self._record([(d, result) for (d, _), result in zip(ready, results, strict=True)])

    async def _prepare(self, delivery: Delivery) -> Message | None:
        """What to send; None when it was settled without (too late, no longer wanted)."""
        now = self._services.clock.now()
        occasion = self._registry.occasions[delivery.kind]
        if is_expired(occasion.grace, delivery.due_at, now):
            await self._settle(delivery, State.EXPIRED, "expired")
            return None
        try:
            async with self._services.database.read(delivery.workspace_id) as tx:
                said = await occasion.compose(self._services, tx, delivery, now)
        except StorageUnavailableError:
            raise
        except Exception as problem:
            # A message that cannot be made must not stop the others; whoever mends the cause
            # within its grace saves the message too.
            log.error("composing failed", kind=delivery.kind, exc_info=problem)
            attempts = delivery.attempts + 1
            work_at = now + backoff(attempts)
            reason = "could_not_be_composed"
            await self._settle(delivery, State.RETRY, reason, work_at=work_at, attempts=attempts)
            return None
        if isinstance(said, Skip):
            await self._settle(delivery, State.SKIPPED, str(said.reason))
            return None
        return said

    async def _settle(
        self,
        delivery: Delivery,
        state: State,
        reason: str,
        *,
        work_at: datetime | None = None,
        attempts: int | None = None,
    ) -> None:
        async with self._services.database.write_across() as connection:
            await deliveries.settle(
                connection,
                delivery,
                state,
                self._services.clock.now(),
                reason=reason,
                work_at=work_at,
                attempts=attempts,
                holder=self._owner,
            )
        self._metrics.delivery(delivery.kind, state)

    async def _record(self, results: Sequence[tuple[Delivery, Posted | Outcome]]) -> None:
        """All results of one round in one transaction; what follows from each within it."""
        for left in range(RECORD_TRIES - 1, -1, -1):
            try:
                async with self._services.database.write_across() as connection:
                    now = self._services.clock.now()
                    for delivery, result in results:
                        tx = Tx(connection, delivery.workspace_id)
                        if isinstance(result, Posted):
                            await self._sent(tx, delivery, result, now)
                        else:
                            await self._not_sent(tx, delivery, result, now)
                return
            except StorageUnavailableError:
                if not left:
                    raise
                log.warning("results not recorded yet", deliveries=len(results))
                await asyncio.sleep(RECORD_PAUSE_SECONDS)

    async def _sent(self, tx: Tx, delivery: Delivery, posted: Posted, now: datetime) -> None:
        ours = await deliveries.settle(
            tx.connection,
            delivery,
            State.SENT,
            now,
            channel=posted.channel,
            ts=posted.ts,
            holder=self._owner,
        )
        if not ours:
            return
        if posted.plain:
            await workspaces.refuse_charts(tx)
        late = (now - delivery.due_at).total_seconds()
        self._metrics.delivery(delivery.kind, State.SENT, late)
        sent = await deliveries.get(tx, delivery.delivery_id)
        assert sent is not None
        try:
            async with tx.connection.begin_nested():
                await self._registry.occasions[delivery.kind].sent(self._services, tx, sent, now)
        except Exception as problem:
            if is_unavailable(problem):
                raise
            log.error("what follows a delivery failed", kind=delivery.kind, exc_info=problem)

    async def _not_sent(self, tx: Tx, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        attempts = delivery.attempts + 1
        state, reason = State.FAILED, ""
        work_at: datetime | None = None
        match outcome:
            case Transient(retry_after=seconds):
                wait = timedelta(seconds=seconds) if seconds else backoff(attempts)
                state, reason, work_at = State.RETRY, "slack_busy", now + wait
            case Unknown(reason=reason):
                state, work_at = State.UNKNOWN, now + LOOK_AFTER
            case WorkspaceGone(reason=reason):
                state, work_at = State.RETRY, now
                await workspaces.pause(tx, reason)
            case RecipientGone(reason=code):
                reason = troubles.reason_for(code, delivery)
                await troubles.tell_leads(tx, delivery, reason, now)
        await deliveries.settle(
            tx.connection,
            delivery,
            state,
            now,
            reason=reason,
            work_at=work_at,
            holder=self._owner,
        )
        self._metrics.delivery(delivery.kind, state)

    async def _look_for(self, delivery: Delivery) -> None:
        """Look for our own message before anything is sent again; else ask a lead."""
        found = await look_for(self._services, delivery)
        now = self._services.clock.now()
        async with self._services.database.write(delivery.workspace_id) as tx:
            if isinstance(found, Posted):
                await self._sent(tx, delivery, found, now)
                return
            # Never at once again: a call that fails each time must not be made in a circle.
            attempts = delivery.attempts
            work_at: datetime | None = now + backoff(attempts)
            state, reason = State.RETRY, "not_found_in_history"
            if found == "busy":
                state, reason, attempts = State.UNKNOWN, "history_busy", attempts + 1
            elif found == "unreadable":
                state, reason, work_at = State.UNKNOWN, "asked_a_lead", None
                await troubles.ask_leads(tx, delivery, now)
            await deliveries.settle(
                tx.connection,
                delivery,
                state,
                now,
                reason=reason,
                work_at=work_at,
                attempts=attempts,
                holder=self._owner,
            )
            self._metrics.delivery(delivery.kind, state)
