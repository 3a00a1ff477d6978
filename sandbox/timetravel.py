"""Moves the workspace's clock, stopping at every instant at which the product has work to do."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sandbox.clock import SandboxClock

#: Stops in one journey; more means that something falls due again and again.
MOST_STOPS = 2000

_MONDAY, _FRIDAY = 0, 4


class Product(Protocol):
    """The product that lives by the clock."""

    async def next_event(self) -> datetime | None: ...

    async def tick(self) -> object: ...


class TimeTravel:
    """The page's clock controls; `zone` is where the Fridays and Mondays are."""

    def __init__(
        self,
        clock: SandboxClock,
        product: Product,
        zone: str = "UTC",
        upcoming: Callable[[], Awaitable[Sequence[tuple[datetime, str]]]] | None = None,
        settled: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._clock = clock
        self._product = product
        self._zone = ZoneInfo(zone)
        self._upcoming = upcoming
        self._settled = settled

    async def move_to(self, instant: datetime) -> None:
        """Arrive at `instant`; what falls due on the way happens at its own time."""
        for _ in range(MOST_STOPS):
            due = await self._product.next_event()
            if due is None or due > instant:
                break
            if due > self._clock.now():
                self._clock.move_to(due)
            await self._tick()
            if await self._product.next_event() == due:
                # It could not be done now (Slack is down, say): time goes on regardless.
                break
        if instant > self._clock.now():
            self._clock.move_to(instant)
        await self._tick()

    async def _tick(self) -> None:
        await self._product.tick()
        if self._settled is not None:
            await self._settled()

    async def advance(self, hours: float) -> None:
        await self.move_to(self._clock.now() + timedelta(hours=hours))

    async def next_event(self) -> None:
        """On to what is due next, if anything is."""
        due = await self._product.next_event()
        if due is not None:
            await self.move_to(max(due, self._clock.now()))

    async def to_friday(self) -> None:
        await self.move_to(self._next(_FRIDAY))

    async def to_monday(self) -> None:
        await self.move_to(self._next(_MONDAY))

    def _next(self, weekday: int) -> datetime:
        """The next 14:00 of that weekday."""
        now = self._clock.now().astimezone(self._zone)
        day = now.date() + timedelta(days=(weekday - now.weekday()) % 7)
        at = datetime.combine(day, time(14), self._zone)
        return at if at > now else at + timedelta(days=7)

    async def upcoming(self) -> list[tuple[datetime, str]]:
        return list(await self._upcoming()) if self._upcoming is not None else []
