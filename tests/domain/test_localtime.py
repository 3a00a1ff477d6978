"""Local times made instants: gaps, folds, and days that never were."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.localtime import resolve_local, zone_or_utc

ZONES = [
    "UTC",
    "America/New_York",
    "America/St_Johns",
    "Europe/Berlin",
    "Europe/London",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "America/Santiago",
]
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        # Ordinary days, winter and summer.
        ("Europe/Berlin", date(2026, 1, 9), time(14), "2026-01-09T13:00"),
        ("Europe/Berlin", date(2026, 7, 10), time(14), "2026-07-10T12:00"),
        ("Asia/Kolkata", date(2026, 7, 10), time(14), "2026-07-10T08:30"),
        # Spring: 02:30 does not exist; the first minute after the gap is 03:00.
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 0), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(1, 59), "2026-03-29T00:59"),
        ("Europe/Berlin", date(2026, 3, 29), time(3, 0), "2026-03-29T01:00"),
        ("America/New_York", date(2026, 3, 8), time(2, 59), "2026-03-08T07:00"),
        ("Australia/Sydney", date(2026, 10, 4), time(2, 30), "2026-10-03T16:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30"),
        # Autumn: 02:30 comes twice; the first counts.
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
        ("Australia/Sydney", date(2026, 4, 5), time(2, 30), "2026-04-04T15:30"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),
        # Samoa went from the 29th to the 31st.
        ("Pacific/Apia", date(2011, 12, 30), time(14), "2011-12-30T10:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(0), "2011-12-30T10:00"),
        ("Pacific/Apia", date(2011, 12, 31), time(0), "2011-12-30T10:00"),
    ],
)
def test_by_hand(zone: str, day: date, at: time, instant: str) -> None:
    assert resolve_local(day, at, ZoneInfo(zone)) == datetime.fromisoformat(instant + "+00:00")


@given(st.sampled_from(ZONES), st.dates(date(2005, 1, 1), date(2035, 1, 1)), MINUTES)
def test_against_a_search_of_every_minute(name: str, day: date, at: time) -> None:
    zone = ZoneInfo(name)
    found = resolve_local(day, at, zone)
    wanted = datetime.combine(day, at)
    assert found.tzinfo is UTC

    def wall(instant: datetime) -> datetime:
        return instant.astimezone(zone).replace(tzinfo=None)

    # It is the first minute whose local clock shows the time or, after a gap, a later one.
    assert wall(found) >= wanted
    assert wall(found - timedelta(minutes=1)) < wanted
    earlier = [wall(found - timedelta(minutes=m)) for m in range(1, 181)]
    assert wanted not in earlier


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../../etc/passwd", "\x00", "America"])
def test_no_zone_is_utc(name: str | None) -> None:
    assert zone_or_utc(name).key == "UTC"


def test_a_zone_by_its_name() -> None:
    assert zone_or_utc("Asia/Kolkata").key == "Asia/Kolkata"
