"""The one place in the production code that reads the time; everything else is handed a clock."""

from datetime import UTC, datetime
from time import perf_counter
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def stopwatch() -> float:
    """Seconds since some fixed moment: only the difference of two readings means anything."""
    return perf_counter()
