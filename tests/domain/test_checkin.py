"""When a check-in's messages are due, and when it is time for the next one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.checkin import (
    deadline_at,
    free_moment,
    halfway,
    headcount_moved,
    stage_of,
    usual_deadline,
)
from domain.maturity import Reassessment
from domain.workdays import Workdays

BERLIN = ZoneInfo("Europe/Berlin")
GERMANY = Workdays("DE")
MORNING = time(9, 30)
RULES = Reassessment()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def test_a_week_unless_that_day_is_free() -> None:
    assert usual_deadline(date(2026, 6, 3), GERMANY) == date(2026, 6, 10)
    # A week after Good Friday's eve; Easter Monday, 6 April, is free as well.
    assert usual_deadline(date(2026, 3, 27), GERMANY) == date(2026, 4, 7)
    assert usual_deadline(date(2026, 6, 6), GERMANY) == date(2026, 6, 15)


def test_it_closes_at_five_on_the_teams_clock() -> None:
    assert deadline_at(date(2026, 6, 10), BERLIN) == datetime(2026, 6, 10, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("earliest", "expected"),
    [
        ("2026-06-03T11:00", "2026-06-03T11:00"),
        ("2026-06-03T05:00", "2026-06-03T09:30"),
        ("2026-06-03T17:59", "2026-06-03T17:59"),
        ("2026-06-03T18:00", "2026-06-04T09:30"),
        ("2026-06-07T02:00", "2026-06-08T09:30"),
        ("2026-06-12T17:30", "2026-06-12T17:30"),
        ("2026-06-12T19:00", None),
    ],
)
def test_people_are_written_to_by_day_on_working_days(earliest: str, expected: str | None) -> None:
    found = free_moment(
        at(earliest), at("2026-06-15T09:30"), BERLIN, GERMANY.is_working_day, MORNING
    )
    assert found == (at(expected) if expected else None)


def test_half_the_time() -> None:
    assert halfway(at("2026-06-03T11:00"), at("2026-06-10T17:00")) == at("2026-06-07T02:00")


@pytest.mark.parametrize(
    ("age", "stage"),
    [
        (0, None),
        (89, None),
        (90, "due"),
        (119, "due"),
        (120, "overdue"),
        (180, "overdue"),
        (181, "stale"),
        (900, "stale"),
    ],
)
def test_stages_at_their_thresholds_and_beside_them(age: int, stage: str | None) -> None:
    assert stage_of(age, RULES) == stage


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        (10, 13, True),
        (10, 12, False),
        (10, 7, True),
        (10, 8, False),
        (3, 4, True),
        (4, 5, False),
        (0, 5, False),
    ],
)
def test_thirty_percent_more_or_fewer(before: int, now: int, moved: bool) -> None:
    assert headcount_moved(before, now, RULES) is moved


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - local
    st.integers(1, 30 * 24),
    st.sets(st.integers(0, 30)),
)
def test_a_free_moment_is_in_time_and_on_a_free_day(
    start: datetime, hours: int, away: set[int]
) -> None:
    earliest = start.replace(tzinfo=BERLIN)
    before = earliest + timedelta(hours=hours)
    gone = {earliest.date() + timedelta(days=n) for n in away}
    found = free_moment(earliest, before, BERLIN, lambda day: day not in gone, MORNING)
    if found is not None:
        assert earliest <= found < before
        local = found.astimezone(BERLIN)
        assert local.date() not in gone
        assert MORNING <= local.time() < time(18)
