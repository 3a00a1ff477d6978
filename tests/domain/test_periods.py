"""Periods: ISO weeks, their labels, and the weeks that people mean."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import WEEKS_BACK, Period, WeekError, resolve_week

TODAY = date(2026, 11, 23)  # the Monday of 2026-W48
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(DAYS)
def test_every_day_lies_in_its_period(day: date) -> None:
    period = Period.containing(day)
    assert period.monday <= day <= period.sunday
    assert Period.parse(str(period)) == period


@given(DAYS, st.integers(-200, 200))
def test_shifting_moves_whole_weeks(day: date, weeks: int) -> None:
    period = Period.containing(day)
    assert period.shift(weeks).monday == period.monday + timedelta(weeks=weeks)
    assert period.shift(weeks).shift(-weeks) == period


@given(DAYS, DAYS)
def test_periods_order_as_their_mondays_and_texts_do(one: date, other: date) -> None:
    a, b = Period.containing(one), Period.containing(other)
    assert (a < b) == (a.monday < b.monday) == (str(a) < str(b))


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (Period(2026, 47), "16–22 Nov"),
        (Period(2026, 49), "30 Nov – 6 Dec"),
        (Period(2026, 53), "28 Dec 2026 – 3 Jan 2027"),
    ],
)
def test_label(period: Period, label: str) -> None:
    assert period.label == label


@pytest.mark.parametrize(
    "text",
    ["2026-W54", "2025-W53", "2026-W00", "2026-47", "2026W47", "2026-W4", "٢٠٢٦-W47", "", "x"],
)
def test_only_the_stored_form_of_weeks_that_exist_parses(text: str) -> None:
    with pytest.raises(ValueError, match=r"week|Invalid"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("this", 48),
        ("This week", 48),
        ("last", 47),
        ("last  week", 47),
        ("W46", 46),
        ("w48", 48),
        ("week 45", 45),
        ("2026-W44", 44),
        ("2026-w44", 44),
    ],
)
def test_week_that_is_meant(text: str, week: int) -> None:
    assert resolve_week(text, TODAY) == Period(2026, week)


def test_a_week_without_year_may_lie_in_the_year_before() -> None:
    january = date(2027, 1, 5)
    assert resolve_week("W53", january) == Period(2026, 53)
    assert resolve_week("W51", january) == Period(2026, 51)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("W49", "30 Nov – 6 Dec has not begun yet"),
        ("2027-W01", "has not begun yet"),
        ("W43", "19–25 Oct is too far back"),
        ("2025-W48", "too far back"),
        ("W54", "2026 has no week 54"),
        ("2025-W53", "2025 has no week 53"),
        ("9999-W52", "9999 has no week 52"),
        ("0000-W10", "0 has no week 10"),
        ("W0", "2026 has no week 0"),
        ("someday", "A week is written this, last, W46 or 2026-W46."),
    ],
)
def test_week_that_cannot_be_logged(text: str, part: str) -> None:
    with pytest.raises(WeekError) as caught:
        resolve_week(text, TODAY)
    assert part in str(caught.value)


@given(DAYS, st.integers(0, WEEKS_BACK))
def test_each_week_up_to_the_limit_is_found_by_its_number(today: date, back: int) -> None:
    period = Period.containing(today).shift(-back)
    assert resolve_week(f"W{period.week}", today) == period
    assert resolve_week(str(period), today) == period


@given(DAYS)
def test_the_limit_is_exact(today: date) -> None:
    now = Period.containing(today)
    for outside in (now.shift(1), now.shift(-WEEKS_BACK - 1)):
        with pytest.raises(WeekError):
            resolve_week(str(outside), today)


@given(st.text(max_size=30))
def test_no_text_does_worse_than_week_error(text: str) -> None:
    with suppress(WeekError):
        assert resolve_week(text, TODAY) <= Period.containing(TODAY)
