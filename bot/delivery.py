"""Takes up deliveries as they fall due, as many at once as there is room for, to the end of each.

A call that hangs holds up nothing but its own delivery: others are taken up meanwhile.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from bot import leases
from bot.leases import Leases
from bot.metrics import Metrics
from bot.pace import Pace
from bot.posting import Poster
from bot.sending import UNCERTAIN, Sender
from handlers.registry import Registry
from handlers.services import Services
from storage import outbox
from storage.database import StorageUnavailableError
from storage.deliveries import Delivery
from storage.lanes import SENDING, next_after
from storage.pace import give_slots

#: Deliveries in flight at once, at most: what a crash can leave uncertain.
AT_ONCE = 1024
#: As many are taken up together, and none while there is less room: a transaction for a few costs
#: as much as one for many. More would keep Slack waiting for the first of them.
TOGETHER = 256
#: While so many wait for their call no more are taken up. So one batch is composed while another
#: is sent and a third recorded; without it all of them were sent, and then all recorded.
ENOUGH = 256
#: Slots closer together, in seconds, are worked on at once: each look costs a transaction.
SHORTEST_WAIT = 0.05


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
        self._leases = Leases(services, owner)
        self._sender = Sender(services, registry, metrics, poster, pace, self._begun, self._settled)
        self._poster = poster
        self._budget = pace.messages
        self._running = asyncio.Lock()
        #: Whether something may be due, and whether anything has happened since we looked.
        self._again = False
        self._news = asyncio.Event()
        self._looked_at = services.clock.now()
        #: How many were taken up to be sent, and wait for their call.
        self._ahead = 0

    @property
    def busy(self) -> bool:
        return self._running.locked()

    @property
    def stopping(self) -> bool:
        return self._poster.stopping

    def stop(self) -> None:
        """Take up nothing more; what is not on its way to Slack yet is given back."""
        self._poster.stopping = True
        self._news.set()

    def look_again(self) -> None:
        self._again = True
        self._news.set()

    async def all(self) -> int:
        """Work until nothing is due nor in flight; how much it was. One call works at a time."""
        self.look_again()
        async with self._running, self._leases.kept():
            works: set[asyncio.Task[None]] = set()
            self._ahead = 0
            try:
                return await self._work(works)
            except asyncio.CancelledError:
                for work in works:
                    work.cancel()
                raise
            finally:
                # What is in flight must be recorded even if something else fails.
                await asyncio.gather(*works, return_exceptions=True)

    async def _work(self, works: set[asyncio.Task[None]]) -> int:
        worked = 0
        while True:
            self._news.clear()
            for work in [work for work in works if work.done()]:
                works.remove(work)
                work.result()
            room = AT_ONCE - len(self._leases)
            together = min(TOGETHER, AT_ONCE)
            enough = room < together or self._ahead >= ENOUGH
            if self._again and not self.stopping and not enough:
                worked += await self._look(works, together)
            elif works:
                await self._wait()
            else:
                return worked

    async def _wait(self) -> None:
        """Wait for news, or for the next slot: a call that hangs must not hold up its pace."""
        at: datetime | None = None
        if not self._again:
            with suppress(StorageUnavailableError):
                async with self._services.database.read_across() as connection:
                    at = await next_after(connection, SENDING, self._looked_at)
        seconds = None
        if at is not None:
            left = (at - self._services.clock.now()).total_seconds()
            seconds = max(SHORTEST_WAIT, left)
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            self._again = True

    async def _look(self, works: set[asyncio.Task[None]], most: int) -> int:
        """Begin with what is due by now; how many were taken up, or were given their slot."""
        self._again = False
        try:
            claimed, slotted = await self._take(most)
        except StorageUnavailableError:
            if not works:
                raise
            # What is in flight waits for the database too; once it is recorded we look again.
            await self._news.wait()
            self._again = True
            return 0
        if claimed:
            works.add(self._begin(claimed))
        self._again |= bool(claimed or slotted)
        return len(claimed) or slotted

    async def _take(self, most: int) -> tuple[Sequence[Delivery], int]:
        """What was taken up of all that is due by now, and how many were given their slot."""
        now = self._looked_at = self._services.clock.now()
        paced = self._budget is not None
        async with self._services.database.write_across() as connection:
            slotted = await give_slots(connection, SENDING, self._budget, now)
            lease = self._leases.another()
            claimed = await outbox.claim(
                connection, lease, now, now + leases.LEASE, most, paced=paced
            )
        return claimed, slotted

    def _begin(self, claimed: Sequence[Delivery]) -> asyncio.Task[None]:
        async def see_to() -> None:
            try:
                await self._sender.see_to(claimed)
            finally:
                self._settled(claimed)

        self._leases.hold(claimed)
        self._ahead += sum(delivery.state not in UNCERTAIN for delivery in claimed)
        work = asyncio.create_task(see_to())
        work.add_done_callback(lambda _: self._news.set())
        return work

    def _begun(self, count: int) -> None:
        enough = self._ahead >= ENOUGH
        self._ahead -= count
        if enough and self._ahead < ENOUGH:
            self._news.set()

    def _settled(self, deliveries: Sequence[Delivery]) -> None:
        self._leases.drop(deliveries)
        self.look_again()

    async def end(self) -> None:
        """Take up nothing more, and wait for what is in flight."""
        self.stop()
        async with self._running:
            await self._sender.end()

    async def release(self) -> None:
        """Give back what was claimed and not begun."""
        await self._leases.release()
