"""Sends what was claimed, exactly once: composed, marked as being sent, sent, recorded."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot import leases
from bot.composing import Composed, Unsent, compose_all
from bot.gathering import Gathering
from bot.metrics import Metrics
from bot.pace import Pace
from bot.posting import Posted, Poster
from bot.results import Result, Results
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
from storage.database import Tx
from storage.deliveries import Delivery

#: May have been sent: to be looked for.
UNCERTAIN = (State.SENDING, State.UNKNOWN)
#: Conversations read at once: Slack takes fewer of these calls than of messages.
LOOKS_AT_ONCE = 4


class Sender:
    """`begun` is called with how many of the fresh deliveries wait no longer for their call, and
    `settled` with those that are in our hands no longer."""

    def __init__(
        self,
        services: Services,
        registry: Registry,
        metrics: Metrics,
        poster: Poster,
        pace: Pace,
        begun: Callable[[int], None],
        settled: Callable[[Sequence[Delivery]], None],
    ) -> None:
        self._services = services
        self._registry = registry
        self._poster = poster
        self._pace = pace
        self._begun = begun
        self._settled = settled
        self._results = Results(services, registry, metrics)
        self._gathering = Gathering(self._record)
        self._looking = asyncio.Semaphore(LOOKS_AT_ONCE)

    async def see_to(self, claimed: Sequence[Delivery]) -> None:
        """Bring these to their end, each whatever becomes of the others."""
        uncertain = [d for d in claimed if d.state in UNCERTAIN]
        fresh = [d for d in claimed if d.state not in UNCERTAIN]
        await to_the_end(self._deliver(fresh), *(self._look_for(d) for d in uncertain))

    async def _deliver(self, claimed: Sequence[Delivery]) -> None:
        if not claimed:
            return
        ready: list[tuple[Delivery, Message]] = []
        try:
            composed = await compose_all(self._services, self._registry, claimed)
            # Before they are marked: never later than what the row says.
            until = self._services.clock.now() + leases.to_send_in()
            ready = await self._mark(composed, until)
        finally:
            self._begun(len(claimed) - len(ready))
        marked = {delivery.delivery_id for delivery, _ in ready}
        self._settled([delivery for delivery in claimed if delivery.delivery_id not in marked])
        self._gathering.expect(len(ready))
        recordings = await to_the_end(*(self._send(d, said, until) for d, said in ready))
        await to_the_end(*(_end_of(recording) for recording in set(recordings)))

    async def _mark(self, composed: Composed, until: datetime) -> list[tuple[Delivery, Message]]:
        """Commit that these may be sent until then; those of them that are still ours."""
        now = self._services.clock.now()
        ours: set[str] = set()
        async with self._services.database.write_across() as connection:
            for delivery, said in composed.unsent:
                await self._results.settle(Tx(connection, delivery.workspace_id), delivery, said)
            if composed.ready:
                ids = [delivery.delivery_id for delivery, _ in composed.ready]
                # All of these were claimed at once.
                lease = str(composed.ready[0][0].lease_owner)
                ours = await outbox.mark_sending(connection, lease, ids, now, until)
        return [(d, said) for d, said in composed.ready if d.delivery_id in ours]

    async def _send(self, delivery: Delivery, said: Message, until: datetime) -> asyncio.Task[None]:
        """Send it; the task that records it together with others."""
        begun = partial(self._begun, 1)
        result = await self._poster.post(delivery, said, until, begun)
        return self._gathering.add((delivery, result))

    async def end(self) -> None:
        """Wait until what has arrived is recorded, also where nobody waits for that any more."""
        await self._gathering.end()

    async def _record(self, results: Sequence[tuple[Delivery, Result]]) -> None:
        try:
            await self._results.record(results)
        finally:
            self._settled([delivery for delivery, _ in results])

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
                if found.wait is None:
                    attempts += 1
                else:
                    # A pause that Slack asked for is no failure, and lengthens no later wait.
                    again = now + found.wait
                became = Unsent(State.UNKNOWN, "history_busy", again, attempts)
            elif await doubts.ask_leads(tx, delivery, now):
                became = Unsent(State.UNKNOWN, doubts.ASKED, None, attempts)
            else:
                became = Unsent(State.FAILED, SkipReason.ARRIVAL_UNKNOWN, None, attempts)
            await self._results.settle(tx, delivery, became)


async def _end_of(recording: asyncio.Task[None]) -> None:
    await asyncio.shield(recording)
