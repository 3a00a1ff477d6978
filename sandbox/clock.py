"""The clock of the emulated workspace: it stands still or runs, and it can be moved."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Aware UTC time that tests and the browser page may move.

    `start` defaults to the present. A frozen clock only moves when told to; otherwise it runs on
    from `start` at the pace of the machine.
    """

    def __init__(self, start: datetime | None = None, frozen: bool = False) -> None:
        self.frozen = frozen
        self._moved: set[asyncio.Future[None]] = set()
        self._watchers: list[Callable[[], None]] = []
        self._set(start or datetime.now(UTC))

    def now(self) -> datetime:
        """The present instant of this workspace, aware, in UTC."""
        if self.frozen:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._origin)

    def move_to(self, instant: datetime) -> None:
        """Sets the clock to `instant` (aware); whoever waits for an instant looks again."""
        self._set(instant)
        waiting, self._moved = self._moved, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)
        for watcher in self._watchers:
            watcher()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Has `watcher` called whenever the clock is moved."""
        self._watchers.append(watcher)

    def advance(self, by: timedelta) -> None:
        """Moves the clock on by `by`."""
        self.move_to(self.now() + by)

    async def reach(self, instant: datetime) -> None:
        """Waits until the clock shows `instant` or later, by its own pace or by being moved."""
        while (left := (instant - self.now()).total_seconds()) > 0:
            moved = asyncio.get_running_loop().create_future()
            self._moved.add(moved)
            try:
                await asyncio.wait({moved}, timeout=None if self.frozen else left)
            finally:
                self._moved.discard(moved)

    def _set(self, instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ValueError("the sandbox clock needs an aware datetime")
        self._base = instant.astimezone(UTC)
        self._origin = time.monotonic()
