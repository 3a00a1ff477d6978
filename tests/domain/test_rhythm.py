"""When things are due: once a period, in every zone, through every change of its clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.periods import Period
from domain.rhythm import (
    GRACE,
    Kind,
    Rhythm,
    first_summary,
    is_expired,
    next_prompt,
    next_summary,
    prompt_due,
    reminder_due,
    summary_due,
)
from domain.workdays import Workdays

FRIDAY = Rhythm()
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
PLAIN, GERMAN, CHINESE = Workdays(None), Workdays("DE"), Workdays("CN")

ZONES = st.sampled_from(
    [
        "America/New_York",
        "Europe/Berlin",
        "Asia/Kolkata",
        "Australia/Sydney",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Pacific/Chatham",
        "America/St_Johns",
        "UTC",
    ]
).map(ZoneInfo)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
RHYTHMS = st.builds(
    Rhythm,
    prompt_weekday=st.integers(0, 6),
    prompt_time=TIMES,
    reminder_time=TIMES,
    summary_weekday=st.integers(0, 6),
    summary_time=TIMES,
)
CALENDARS = st.sampled_from([None, "US", "DE", "IN", "AU", "CN", "IL", "WS"]).map(Workdays)
MOMENTS = st.integers(1_262_304_000, 1_893_456_000).map(  # 2010 to 2030
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


def test_an_ordinary_friday() -> None:
    due = prompt_due(Period(2026, 48), FRIDAY, BERLIN, GERMAN)
    assert due.at == utc("2026-11-27T13:00")
    assert due.day == date(2026, 11, 27)
    assert (due.moved_from, due.holiday, due.skipped) == (None, None, False)


def test_a_holiday_moves_the_prompt_to_the_last_working_day_before() -> None:
    good_friday = prompt_due(Period(2026, 14), FRIDAY, BERLIN, GERMAN)
    assert good_friday.day == date(2026, 4, 2)
    assert good_friday.at == utc("2026-04-02T12:00")
    assert good_friday.moved_from == date(2026, 4, 3)
    assert good_friday.holiday == "Good Friday"
    assert not good_friday.skipped


def test_a_move_passes_over_other_holidays_and_weekends() -> None:
    # In 2026 Boxing Day is a Saturday and Christmas Day the Friday before it.
    due = prompt_due(Period(2026, 52), Rhythm(prompt_weekday=5), BERLIN, GERMAN)
    assert due.day == date(2026, 12, 24)
    assert due.moved_from == date(2026, 12, 26)


def test_a_holiday_on_the_first_working_day_moves_the_prompt_within_the_week() -> None:
    due = prompt_due(Period(2026, 15), Rhythm(prompt_weekday=0), BERLIN, GERMAN)
    assert due.moved_from == date(2026, 4, 6)
    assert due.day == date(2026, 4, 7)


def test_a_whole_week_of_holidays_skips_the_prompt() -> None:
    class Feast(Workdays):
        def holiday_name(self, day: date) -> str | None:
            return "Feast" if Period.containing(day) == Period(2026, 40) else None

        def is_working_day(self, day: date) -> bool:
            return self.holiday_name(day) is None and day.weekday() < 5

    due = prompt_due(Period(2026, 40), FRIDAY, BERLIN, Feast(None))
    assert due.skipped
    assert due.at == utc("2026-10-02T12:00")
    assert due.day == date(2026, 10, 2)
    assert due.holiday == "Feast"
    assert due.moved_from is None
    following, _ = first_summary(utc("2026-09-27T12:00"), FRIDAY, BERLIN, Feast(None))
    assert following == Period(2026, 41)


def test_a_day_that_is_no_holiday_stays_even_on_a_weekend() -> None:
    due = prompt_due(Period(2026, 48), Rhythm(prompt_weekday=6), BERLIN, GERMAN)
    assert due.day == date(2026, 11, 29)


def test_both_changes_of_daylight_saving_time() -> None:
    instants = [prompt_due(Period(2026, w), FRIDAY, NEW_YORK, PLAIN).at for w in (10, 11, 44, 45)]
    assert instants == [
        utc("2026-03-06T19:00"),
        utc("2026-03-13T18:00"),
        utc("2026-10-30T18:00"),
        utc("2026-11-06T19:00"),
    ]


@given(MOMENTS, RHYTHMS, ZONES, CALENDARS)
def test_next_prompt_lies_ahead_and_nothing_lies_between(
    after: datetime, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays
) -> None:
    due = next_prompt(after, rhythm, zone, workdays)
    assert due.at > after
    assert prompt_due(due.period, rhythm, zone, workdays) == due
    assert prompt_due(due.period.shift(-1), rhythm, zone, workdays).at <= after


@settings(max_examples=40)
@given(MOMENTS, RHYTHMS, ZONES, CALENDARS)
def test_a_year_has_each_period_exactly_once(
    start: datetime, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays
) -> None:
    due = next_prompt(start, rhythm, zone, workdays)
    for _ in range(53):
        following = next_prompt(due.at, rhythm, zone, workdays)
        assert following.period == due.period.shift(1)
        assert following.at > due.at
        due = following


@given(MOMENTS, RHYTHMS, ZONES, CALENDARS)
def test_a_prompt_keeps_to_its_week_and_its_clock(
    moment: datetime, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays
) -> None:
    due = next_prompt(moment, rhythm, zone, workdays)
    assert Period.containing(due.day) == due.period
    if not due.skipped:
        assert workdays.holiday_name(due.day) is None
    local = due.at.astimezone(zone)
    if local.replace(tzinfo=None) != datetime.combine(due.day, rhythm.prompt_time):
        # Only where the clock jumped over the time.
        assert local.replace(tzinfo=None) > datetime.combine(due.day, rhythm.prompt_time)
        assert (local - timedelta(minutes=1)).utcoffset() != local.utcoffset() or (
            (due.at - timedelta(minutes=1)).astimezone(zone).utcoffset() != local.utcoffset()
        )


@given(MOMENTS, RHYTHMS, ZONES)
def test_summaries_follow_their_week_each_once(
    after: datetime, rhythm: Rhythm, zone: ZoneInfo
) -> None:
    period, at = next_summary(after, rhythm, zone)
    assert at > after
    assert summary_due(period, rhythm, zone) == at
    assert summary_due(period.shift(-1), rhythm, zone) <= after
    assert next_summary(at, rhythm, zone)[0] == period.shift(1)
    assert at.astimezone(zone).date() > period.sunday


def test_summary_on_monday_about_the_week_before() -> None:
    assert summary_due(Period(2026, 47), FRIDAY, BERLIN) == utc("2026-11-23T13:00")
    assert next_summary(utc("2026-11-23T12:59"), FRIDAY, BERLIN) == (
        Period(2026, 47),
        utc("2026-11-23T13:00"),
    )
    assert next_summary(utc("2026-11-23T13:00"), FRIDAY, BERLIN)[0] == Period(2026, 48)


@pytest.mark.parametrize(
    ("set_up_at", "period"),
    [
        ("2026-11-23T08:00", Period(2026, 48)),
        ("2026-11-27T12:59", Period(2026, 48)),
        # Friday's prompt is past: the first week reported is the next.
        ("2026-11-27T13:00", Period(2026, 49)),
        ("2026-11-29T20:00", Period(2026, 49)),
    ],
)
def test_a_new_teams_first_summary(set_up_at: str, period: Period) -> None:
    first, at = first_summary(utc(set_up_at), FRIDAY, BERLIN, GERMAN)
    assert first == period
    assert at == summary_due(period, FRIDAY, BERLIN)


@given(MOMENTS, RHYTHMS, ZONES, CALENDARS)
def test_nothing_goes_out_for_the_time_before_set_up(
    set_up_at: datetime, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays
) -> None:
    period, at = first_summary(set_up_at, rhythm, zone, workdays)
    prompt = prompt_due(period, rhythm, zone, workdays)
    assert set_up_at < prompt.at < at
    assert not prompt.skipped


@pytest.mark.parametrize(
    ("prompted", "instant"),
    [
        (date(2026, 11, 27), "2026-11-30T08:30"),
        (date(2026, 11, 25), "2026-11-26T08:30"),
        # Prompted on the Thursday before Easter: Tuesday is the next working day.
        (date(2026, 4, 2), "2026-04-07T07:30"),
    ],
)
def test_the_reminder_comes_the_next_working_day(prompted: date, instant: str) -> None:
    assert reminder_due(prompted, FRIDAY, BERLIN, GERMAN) == utc(instant)


@given(MOMENTS, RHYTHMS, ZONES, CALENDARS)
def test_a_reminder_comes_after_its_prompt(
    moment: datetime, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays
) -> None:
    due = next_prompt(moment, rhythm, zone, workdays)
    assert reminder_due(due.day, rhythm, zone, workdays) >= due.at


@pytest.mark.parametrize(("kind", "hours"), [("prompt", 24), ("reminder", 12), ("summary", 72)])
def test_grace_is_exact(kind: Kind, hours: int) -> None:
    due = utc("2026-11-27T13:00")
    assert GRACE[kind] == timedelta(hours=hours)
    assert not is_expired(kind, due, due + timedelta(hours=hours))
    assert is_expired(kind, due, due + timedelta(hours=hours, seconds=1))
    assert not is_expired(kind, due, due - timedelta(days=9))


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_weekday_is_one_of_seven(weekday: int) -> None:
    with pytest.raises(ValueError, match="weekday"):
        Rhythm(prompt_weekday=weekday)
    with pytest.raises(ValueError, match="weekday"):
        Rhythm(summary_weekday=weekday)


def test_times_of_a_rhythm_are_local() -> None:
    with pytest.raises(ValueError, match="local"):
        Rhythm(prompt_time=time(14, tzinfo=UTC))
