"""Counts requests under way in either direction, so that one can wait for calm."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Traffic:
    """Requests to the bot and from the bot that are not finished yet."""

    def __init__(self) -> None:
        self.under_way = 0
        self.started = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Counts what happens inside as under way."""
        self.under_way += 1
        self.started += 1
        try:
            yield
        finally:
            self.under_way -= 1

    async def settle(self, quiet: float = 0.05, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Waits until nothing was under way for `quiet` seconds; TimeoutError after `timeout`."""
        async with asyncio.timeout(timeout):
            while True:
                seen = self.started
                await asyncio.sleep(quiet)
                if self.under_way == 0 and self.started == seen:
                    return
