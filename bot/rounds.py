"""Repeats rounds of work until one finds nothing, however often somebody asks meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable


class Rounds:
    """Runs `work`, which says how much it found to do, until it finds nothing.

    Wake-ups are many: those who ask while it runs only see to it that it looks once more before
    it ends.
    """

    def __init__(self, work: Callable[[], Awaitable[int]]) -> None:
        self._work = work
        self._running = asyncio.Lock()
        self._again = False
        self.stopping = False

    @property
    def busy(self) -> bool:
        return self._running.locked()

    def look_again(self) -> None:
        self._again = True

    async def all(self) -> int:
        """Work until nothing is left, also what is being worked on already; how much it was."""
        self._again = True
        worked = 0
        async with self._running:
            while self._again and not self.stopping:
                self._again = False
                worked += await self._until_idle()
        return worked

    async def _until_idle(self) -> int:
        worked = 0
        while not self.stopping and (done := await self._work()):
            worked += done
        return worked

    def stop(self) -> None:
        """Begin no further round."""
        self.stopping = True
