"""Gathers what arrives close together, so that one transaction sees to all of it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")

#: How long the first one waits for others that are still on their way, in seconds.
GATHER_SECONDS = 0.1


class Gathering(Generic[T]):
    """Hands what was added to `work`: once nothing more is expected, or when the time is over."""

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[None]]) -> None:
        self._work = work
        self._gathered: list[T] = []
        self._expected = 0
        self._complete = asyncio.Event()
        self._waiting: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()

    def expect(self, count: int) -> None:
        """So many more are on their way, and each of them will be added."""
        self._expected += count
        if count:
            self._complete.clear()

    def add(self, one: T) -> asyncio.Task[None]:
        """The task that works on it, together with others."""
        self._gathered.append(one)
        self._expected -= 1
        if self._expected <= 0:
            self._complete.set()
        if self._waiting is None:
            self._waiting = asyncio.create_task(self._soon())
            self._running.add(self._waiting)
            self._waiting.add_done_callback(self._running.discard)
        return self._waiting

    async def end(self) -> None:
        """Wait until all that was added has been worked on, whether or not that failed."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _soon(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER_SECONDS):
                await self._complete.wait()
        gathered, self._gathered, self._waiting = self._gathered, [], None
        await self._work(gathered)
