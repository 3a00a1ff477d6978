"""Months and quarters: which weeks they have, and when they are reported on, by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.periods import Period
from domain.rhythm import Rhythm
from domain.spans import Span, SpanKind, is_reported, last_complete, next_review, review_due
from domain.workdays import Workdays

BERLIN, NEW_YORK, KIRITIMATI = (
    ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Pacific/Kiritimati")
)
weeks = st.dates(date(2000, 1, 3), date(2060, 12, 31)).map(Period.containing)


@pytest.mark.parametrize(
    ("week", "month", "quarter"),
    [
        # The Thursday decides: 30 April 2026 is one, so its week is April's.
        ("2026-W18", "2026-04", "2026-Q2"),
        ("2026-W19", "2026-05", "2026-Q2"),
        # 1 October 2026 is a Thursday.
        ("2026-W40", "2026-10", "2026-Q4"),
        ("2026-W39", "2026-09", "2026-Q3"),
        # Across the years: 29 Dec 2025 to 4 Jan 2026, 28 Dec 2026 to 3 Jan 2027.
        ("2026-W01", "2026-01", "2026-Q1"),
        ("2026-W53", "2026-12", "2026-Q4"),
        ("2027-W01", "2027-01", "2027-Q1"),
        ("2025-W01", "2025-01", "2025-Q1"),
    ],
)
def test_a_week_belongs_to_the_month_of_its_thursday(week: str, month: str, quarter: str) -> None:
    period = Period.parse(week)
    assert str(Span.of_week("month", period)) == month
    assert str(Span.of_week("quarter", period)) == quarter
    assert period in Span.parse(month).weeks
    assert period in Span.parse(quarter).weeks


def test_the_weeks_of_some_spans() -> None:
    assert [str(w) for w in Span("month", 2026, 6).weeks] == [f"2026-W{n}" for n in range(23, 27)]
    # April has five Thursdays, the 2nd to the 30th.
    assert [str(w) for w in Span("month", 2026, 4).weeks] == [f"2026-W{n}" for n in range(14, 19)]
    assert len(Span("quarter", 2026, 2).weeks) == 13
    # A year of 53 weeks has a quarter of fourteen.
    assert len(Span("quarter", 2026, 4).weeks) == 14
    assert Span("quarter", 2026, 4).last_week == Period(2026, 53)


@settings(max_examples=200)
@given(weeks, st.sampled_from(["month", "quarter"]))
def test_every_week_is_in_one_span_and_spans_follow_each_other(
    week: Period, kind: SpanKind
) -> None:
    span = Span.of_week(kind, week)
    assert week in span.weeks
    assert week not in span.shift(1).weeks
    assert week not in span.shift(-1).weeks
    assert span.weeks[-1].shift(1) == span.shift(1).weeks[0]
    assert span.shift(1).shift(-1) == span
    assert Span.parse(str(span)) == span
    assert Span.of_week(kind, span.last_week) == span
    assert len(span.weeks) in ((4, 5) if kind == "month" else (12, 13, 14))


@settings(max_examples=100)
@given(weeks)
def test_a_quarters_weeks_are_those_of_its_months(week: Period) -> None:
    quarter = Span.of_week("quarter", week)
    assert quarter.weeks == tuple(w for month in quarter.months for w in month.weeks)
    assert [month.ends_a_quarter for month in quarter.months] == [False, False, True]


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-Q5", "2026-Q0", "2026-00", "W23", ""])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match=r"month|quarter"):
        Span.parse(text)


def test_labels() -> None:
    assert Span("month", 2026, 6).label == "June 2026"
    assert Span("quarter", 2026, 2).label == "Q2 2026"


@pytest.mark.parametrize(
    ("kind", "today", "last"),
    [
        ("month", date(2026, 7, 1), "2026-06"),
        ("month", date(2026, 6, 30), "2026-05"),
        ("month", date(2027, 1, 1), "2026-12"),
        ("quarter", date(2026, 7, 1), "2026-Q2"),
        ("quarter", date(2026, 6, 30), "2026-Q1"),
        ("quarter", date(2027, 3, 31), "2026-Q4"),
    ],
)
def test_the_last_complete_one(kind: SpanKind, today: date, last: str) -> None:
    assert str(last_complete(kind, today)) == last


@pytest.mark.parametrize(
    ("span", "country", "day"),
    [
        ("2026-06", "DE", date(2026, 7, 1)),
        # 1 May is a holiday on a Friday in Germany, and a working day elsewhere.
        ("2026-04", "DE", date(2026, 5, 4)),
        ("2026-04", "US", date(2026, 5, 1)),
        # New Year on a Friday; 1 August on a Saturday; 1 November on a Sunday.
        ("2026-Q4", "DE", date(2027, 1, 4)),
        ("2026-Q4", None, date(2027, 1, 1)),
        ("2026-07", "DE", date(2026, 8, 3)),
        ("2026-10", "US", date(2026, 11, 2)),
        # In Dubai Friday is a working day, Saturday and Sunday are free.
        ("2026-07", "AE", date(2026, 8, 3)),
    ],
)
def test_it_is_due_on_the_first_working_day(span: str, country: str | None, day: date) -> None:
    due = review_due(Span.parse(span), Rhythm(), BERLIN, Workdays(country))
    assert due.astimezone(BERLIN).date() == day
    assert due.astimezone(BERLIN).time() == time(14)


def test_it_is_due_by_the_local_clock_through_changes_of_it() -> None:
    rhythm, plain = Rhythm(summary_time=time(9)), Workdays(None)
    # Daylight saving time ends in New York on 1 November 2026: 9:00 is 13:00 UTC, then 14:00.
    assert review_due(Span.parse("2026-09"), rhythm, NEW_YORK, plain) == datetime(
        2026, 10, 1, 13, tzinfo=UTC
    )
    assert review_due(Span.parse("2026-10"), rhythm, NEW_YORK, plain) == datetime(
        2026, 11, 2, 14, tzinfo=UTC
    )
    # 14 hours ahead of UTC the first of July begins when it is still June elsewhere.
    assert review_due(Span.parse("2026-06"), rhythm, KIRITIMATI, plain) == datetime(
        2026, 6, 30, 19, tzinfo=UTC
    )


def test_on_the_first_day_of_a_quarter_its_review_takes_the_place_of_the_months() -> None:
    assert [is_reported(Span("month", 2026, n)) for n in range(1, 7)] == [
        True,
        True,
        False,
        True,
        True,
        False,
    ]
    assert is_reported(Span("quarter", 2026, 2))


def test_the_next_review_after_an_instant() -> None:
    def after(kind: SpanKind, at: datetime, first: str) -> tuple[str, str]:
        span, due = next_review(kind, at, Span.parse(first), Rhythm(), BERLIN, Workdays("DE"))
        return str(span), due.astimezone(BERLIN).isoformat()[:16]

    june = datetime(2026, 6, 3, 9, tzinfo=UTC)
    # June ends a quarter: it has no review of its own.
    assert after("month", june, "2026-06") == ("2026-07", "2026-08-03T14:00")
    assert after("quarter", june, "2026-Q2") == ("2026-Q2", "2026-07-01T14:00")
    # On the day itself, before and at its time; and for a team that only begins in August.
    noon = datetime(2026, 8, 3, 11, 59, tzinfo=UTC)
    assert after("month", noon, "2026-05") == ("2026-07", "2026-08-03T14:00")
    assert after("month", noon + timedelta(minutes=1), "2026-05") == ("2026-08", "2026-09-01T14:00")
    assert after("month", june, "2026-08") == ("2026-08", "2026-09-01T14:00")
