"""When somebody is reminded of a decision: on its day, a week later, and a week after that."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.localtime import resolve_local
from domain.workdays import Workdays

MORNING = time(9, 30)

Stage = Literal["due", "again", "lead"]
#: Days after the due one.
_STAGES: Sequence[tuple[Stage, int]] = (("due", 0), ("again", 7), ("lead", 14))


def next_reminder(
    due_on: date,
    after: datetime,
    zone: ZoneInfo,
    workdays: Workdays,
    past: Stage | None = None,
) -> tuple[Stage, datetime] | None:
    """The first reminder that lies after an instant; on the day itself, or if that is free the
    working day before it, else (and later ones always) the one that follows.

    `past` is the one that there has been already.
    """
    begin = next((n for n, (stage, _) in enumerate(_STAGES, 1) if stage == past), 0)
    for stage, days in _STAGES[begin:]:
        for day in _days(due_on + timedelta(days=days), workdays, early=not days):
            at = resolve_local(day, MORNING, zone)
            if at > after:
                return stage, at
    return None


def _days(day: date, workdays: Workdays, *, early: bool) -> list[date]:
    if workdays.is_working_day(day):
        return [day]
    before = [workdays.last_working_day_before(day)] if early else []
    return [*before, workdays.next_working_day_after(day)]


def stage_of(due_on: date, day: date) -> Stage:
    """Which reminder one on that day is."""
    late = (day - due_on).days
    return "lead" if late >= _STAGES[2][1] else "again" if late >= _STAGES[1][1] else "due"
