"""Tells those who wait that something changed: what the browser page lives on."""

import asyncio


class Feed:
    """A number that grows with every change, and a way to wait for it."""

    def __init__(self) -> None:
        self.version = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def note(self) -> None:
        """Notes a change and wakes whoever waits for one."""
        self.version += 1
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109
        """Waits until the version exceeds `since`, at most `timeout` seconds; the version then."""
        if self.version <= since:
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait({future}, timeout=timeout)
            finally:
                self._waiting.discard(future)
        return self.version
