"""Nothing in the production code reads the time but `bot.clock`."""

from datetime import UTC, timedelta

from bot.clock import SystemClock, stopwatch
from tests.bot.source import method_calls

READS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}


def test_the_system_clock_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(SystemClock().now() - now) < timedelta(seconds=5)


def test_the_stopwatch_runs_forward() -> None:
    begun = stopwatch()
    assert stopwatch() >= begun


def test_nothing_else_reads_the_time() -> None:
    readers = {file for file, name, method, _ in method_calls() if (name, method.attr) in READS}
    assert readers == {"bot/clock.py"}
