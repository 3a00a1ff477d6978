"""Delivers what is planned, exactly once: claimed, marked as being sent, sent, recorded."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count

import structlog

from bot.composing import Composed, Unsent, compose_all
from bot.metrics import Metrics
from bot.pace import Pace
from bot.posting import Posted, Poster
from bot.results import Results
from bot.settling import Busy, look_for
from bot.tasks import to_the_end
from domain.delivery import State, backoff
from domain.eligibility import SkipReason
from domain.rhythm import is_expired
from handlers import doubts
from handlers.registry import Registry
from handlers.services import Services
from handlers.views.blocks import Message
from storage import outbox
from storage.database import StorageUnavailableError, Tx
from storage.deliveries import Delivery
from storage.lanes import SENDING
from storage.pace import give_slots

#: Deliveries claimed and sent at once, at most: what a crash can leave uncertain.
AT_ONCE = 48
LEASE = timedelta(seconds=60)
#: Conversations read at once: Slack takes fewer of these calls than of messages.
LOOKS_AT_ONCE = 4

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
        self._poster = poster
        self._pace = pace
        self._budget = pace.messages
        self._looking = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._owner = owner
        self._rounds = count(1)
        self._results = Results(services, registry, metrics)

    async def round(self) -> int:
        """See to some of what is due by now; how many were worked on, or given their slot."""
        now = self._services.clock.now()
        lease = outbox.lease_of(self._owner, next(self._rounds))
        paced = self._budget is not None
        async with self._services.database.write_across() as connection:
            slotted = await give_slots(connection, SENDING, self._budget, now)
            claimed = await outbox.claim(connection, lease, now, now + LEASE, AT_ONCE, paced=paced)
        if claimed:
            async with self._leases(lease, [delivery.delivery_id for delivery in claimed]):
                await self._see_to(lease, claimed)
        return len(claimed) or slotted

    async def _see_to(self, lease: str, claimed: Sequence[Delivery]) -> None:
        uncertain = [d for d in claimed if d.state in (State.SENDING, State.UNKNOWN)]
        fresh = [d for d in claimed if d.state not in (State.SENDING, State.UNKNOWN)]
        await to_the_end(self._deliver(lease, fresh), *(self._look_for(d) for d in uncertain))

    @asynccontextmanager
    async def _leases(self, lease: str, ids: Sequence[str]) -> AsyncIterator[None]:
        """Within it the leases are renewed well before they end, however long it takes."""
        over = asyncio.Event()
        keeping = asyncio.create_task(self._keep(lease, ids, over))
        try:
            yield
        finally:
            over.set()
            await keeping

    async def _keep(self, lease: str, ids: Sequence[str], over: asyncio.Event) -> None:
        while True:
            try:
                async with asyncio.timeout(LEASE.total_seconds() / 3):
                    await over.wait()
                return
            except TimeoutError:
                pass
            try:
                async with self._services.database.write_across() as connection:
                    now = self._services.clock.now()
                    await outbox.renew(connection, lease, ids, now, now + LEASE)
            except StorageUnavailableError:
                log.warning("leases not renewed", deliveries=len(ids))

    async def release(self) -> None:
        """Give back what was claimed and not begun."""
        async with self._services.database.write_across() as connection:
            await outbox.release(connection, self._owner, self._services.clock.now())

    async def _deliver(self, lease: str, claimed: Sequence[Delivery]) -> None:
        if not claimed:
            return
        composed = await compose_all(self._services, self._registry, claimed)
        ready = await self._mark(lease, composed)
        until = self._services.clock.now() + LEASE
        results = await asyncio.gather(*(self._poster.post(d, said, until) for d, said in ready))
        await self._results.record(
            [(d, result) for (d, _), result in zip(ready, results, strict=True)]
        )

    async def _mark(self, lease: str, composed: Composed) -> list[tuple[Delivery, Message]]:
        """Commit that these may have been sent from now on; those of them that are still ours."""
        now = self._services.clock.now()
        ours: set[str] = set()
        async with self._services.database.write_across() as connection:
            for delivery, said in composed.unsent:
                await self._results.settle(Tx(connection, delivery.workspace_id), delivery, said)
            if composed.ready:
                ids = [delivery.delivery_id for delivery, _ in composed.ready]
                ours = await outbox.mark_sending(connection, lease, ids, now, now + LEASE)
        return [(d, said) for d, said in composed.ready if d.delivery_id in ours]

    async def _look_for(self, delivery: Delivery) -> None:
        """Look for our own message before anything is sent again; else ask a lead."""
        async with self._looking:
            found = await look_for(self._services, self._pace, delivery)
        if isinstance(found, Posted):
            await self._results.found(delivery, found)
            return
        now = self._services.clock.now()
        # Never at once again: a call that fails each time must not be made in a circle.
        attempts, again = delivery.attempts, now + backoff(delivery.attempts)
        grace = self._registry.occasions[delivery.kind].grace
        async with self._services.database.write(delivery.workspace_id) as tx:
            if found == "missing":
                became = Unsent(State.RETRY, "not_found_in_history", again, attempts)
            elif isinstance(found, Busy) and not is_expired(grace, delivery.due_at, now):
                again = again if found.wait is None else now + found.wait
                became = Unsent(State.UNKNOWN, "history_busy", again, attempts + 1)
            elif await doubts.ask_leads(tx, delivery, now):
                became = Unsent(State.UNKNOWN, doubts.ASKED, None, attempts)
            else:
                became = Unsent(State.FAILED, SkipReason.ARRIVAL_UNKNOWN, None, attempts)
            await self._results.settle(tx, delivery, became)
