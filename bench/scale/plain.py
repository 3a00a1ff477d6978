"""The yardstick of a summary: what it reads, as plain SQL through the bare driver.

The statements are those that the product itself sends, text and values, each run once and fetched
whole; nothing is made of the rows. The driver is the product's own, with neither SQLAlchemy nor the
product on top: psycopg, or aiosqlite with one visit to its thread for each statement.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import aiosqlite
import psycopg

Statement = tuple[str, Any]
Read = Callable[[], Awaitable[None]]
_WARM_UP = 5


def twice(statements: Sequence[Statement]) -> list[str]:
    """What is read more than once: the yardstick would be kind to whoever does that."""
    seen = [(text, repr(values)) for text, values in statements]
    return [text for place, (text, values) in enumerate(seen) if (text, values) in seen[:place]]


@asynccontextmanager
async def plainly(url: str, statements: Sequence[Statement]) -> AsyncIterator[Read]:
    """A function that runs these statements, one after the other, on a connection of its own."""
    if url.startswith("sqlite"):
        async with aiosqlite.connect(url.removeprefix("sqlite:///")) as light:

            async def read() -> None:
                for text, values in statements:
                    await light.execute_fetchall(text, values)

            yield read
        return
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:

        async def read() -> None:
            for text, values in statements:
                await (await connection.execute(text, values)).fetchall()

        yield read


@dataclass(frozen=True)
class Against:
    """Median milliseconds of the whole and of the plain reads, and the median ratio of a round.

    CPU is this process's own: on PostgreSQL the server's comes to it, on both sides alike.
    """

    statements: int
    whole: float
    plain: float
    whole_cpu: float
    plain_cpu: float
    ratio: float


async def compare(whole: Read, plain: Read, statements: int, rounds: int) -> Against:
    """Both in turns, there and back."""
    seen: list[tuple[float, float, float, float]] = []
    for number in range(rounds + _WARM_UP):
        if number % 2:
            first, second = await _timed(whole), await _timed(plain)
        else:
            second, first = await _timed(plain), await _timed(whole)
        seen.append((*first, *second))
    seen = seen[_WARM_UP:]
    medians = [median(column) * 1e3 for column in zip(*seen, strict=True)]
    ratio = median(one / other for one, _, other, _ in seen)
    return Against(statements, medians[0], medians[2], medians[1], medians[3], ratio)


async def _timed(path: Read) -> tuple[float, float]:
    """(seconds by the clock, seconds of CPU)."""
    cpu, began = time.process_time(), time.perf_counter()
    await path()
    return time.perf_counter() - began, time.process_time() - cpu
