"""When prompts, reminders and summaries are due: local rules made into instants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from domain.localtime import resolve_local
from domain.periods import Period
from domain.workdays import Workdays

Kind = Literal["prompt", "reminder", "summary"]

#: How long after its instant each kind may still go out.
GRACE: Mapping[Kind, timedelta] = MappingProxyType(
    {
        "prompt": timedelta(hours=24),
        "reminder": timedelta(hours=12),
        "summary": timedelta(hours=72),
    }
)


@dataclass(frozen=True)
class Rhythm:
    """A team's week: weekdays count from 0, Monday; times are local, without a zone.

    Raises ValueError for anything else.
    """

    prompt_weekday: int = 4
    prompt_time: time = time(14)
    reminder_time: time = time(9, 30)
    summary_weekday: int = 0
    summary_time: time = time(14)

    def __post_init__(self) -> None:
        if not (0 <= self.prompt_weekday <= 6 and 0 <= self.summary_weekday <= 6):
            raise ValueError("a weekday is 0, Monday, to 6, Sunday")
        if any(at.tzinfo for at in (self.prompt_time, self.reminder_time, self.summary_time)):
            raise ValueError("a rhythm's times are local and carry no zone")


@dataclass(frozen=True)
class PromptDue:
    """One person's prompt for one period: `at` in UTC, on the local `day`.

    `moved_from` and its `holiday` tell why it lies on another day than the rhythm says.
    `skipped`: the week has no working day; `at` is then the unmoved instant, for the record.
    """

    period: Period
    at: datetime
    day: date
    moved_from: date | None = None
    holiday: str | None = None
    skipped: bool = False


def prompt_due(period: Period, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays) -> PromptDue:
    """When the prompt about `period` is due: within that week, and never on a public holiday."""
    day = period.monday + timedelta(days=rhythm.prompt_weekday)
    holiday = workdays.holiday_name(day)
    if holiday is None:
        return PromptDue(period, resolve_local(day, rhythm.prompt_time, zone), day)
    moved = _working_day_instead(day, period, workdays)
    at = resolve_local(moved or day, rhythm.prompt_time, zone)
    if moved is None:
        return PromptDue(period, at, day, holiday=holiday, skipped=True)
    return PromptDue(period, at, moved, moved_from=day, holiday=holiday)


def _working_day_instead(day: date, period: Period, workdays: Workdays) -> date | None:
    """The last working day of the week before `day`; the next one where there is none before."""
    week = [period.monday + timedelta(days=n) for n in range(7)]
    free = [other for other in week if workdays.is_working_day(other)]
    before = [other for other in free if other < day]
    after = [other for other in free if other > day]
    return before[-1] if before else after[0] if after else None


def next_prompt(after: datetime, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays) -> PromptDue:
    """The first prompt, skipped ones included, whose instant lies after `after` (aware)."""
    period = Period.containing(after.astimezone(zone).date()).shift(-1)
    while True:
        due = prompt_due(period, rhythm, zone, workdays)
        if due.at > after:
            return due
        period = period.shift(1)


def reminder_due(prompt_day: date, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays) -> datetime:
    """The next working day after the prompt's local day, at the reminder's time."""
    day = workdays.next_working_day_after(prompt_day)
    return resolve_local(day, rhythm.reminder_time, zone)


def summary_due(period: Period, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    """When the summary of `period` is due: in the week after it, in the team's zone."""
    day = period.shift(1).monday + timedelta(days=rhythm.summary_weekday)
    return resolve_local(day, rhythm.summary_time, zone)


def next_summary(after: datetime, rhythm: Rhythm, zone: ZoneInfo) -> tuple[Period, datetime]:
    """The first summary due after `after`: the period it is about, and its instant."""
    period = Period.containing(after.astimezone(zone).date()).shift(-2)
    while (due := summary_due(period, rhythm, zone)) <= after:
        period = period.shift(1)
    return period, due


def first_summary(
    set_up_at: datetime, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays
) -> tuple[Period, datetime]:
    """A new team's first summary: of the first period that it is prompted for after set-up."""
    due = next_prompt(set_up_at, rhythm, zone, workdays)
    while due.skipped:
        due = next_prompt(due.at, rhythm, zone, workdays)
    return due.period, summary_due(due.period, rhythm, zone)


def is_expired(kind: Kind, due: datetime, now: datetime) -> bool:
    """Whether an event is so long overdue that it is recorded instead of sent."""
    return now - due > GRACE[kind]
