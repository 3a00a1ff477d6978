"""When a check-in's messages are due: invitation, reminder half-way, deadline, reassessment."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.localtime import resolve_local
from domain.maturity import Reassessment
from domain.workdays import Workdays

#: The time of day, in the team's zone, at which a check-in closes.
CLOSES_AT = time(17)
USUAL_DAYS = 7
#: Nobody is written to from this local time on; what is due then comes in the morning.
_EVENING = time(18)
#: How far ahead somebody's next free day is looked for.
_LOOK_AHEAD = 400

Stage = Literal["due", "overdue", "stale"]


def usual_deadline(today: date, workdays: Workdays) -> date:
    """In a week, or on the next working day after that."""
    day = today + timedelta(days=USUAL_DAYS)
    return day if workdays.is_working_day(day) else workdays.next_working_day_after(day)


def deadline_at(day: date, zone: ZoneInfo) -> datetime:
    return resolve_local(day, CLOSES_AT, zone)


def free_moment(
    earliest: datetime,
    before: datetime,
    zone: ZoneInfo,
    is_free: Callable[[date], bool],
    morning: time,
) -> datetime | None:
    """The first instant from `earliest` on that lies on a free day between morning and evening.

    All on a clock of `zone`; None where there is none `before` the given instant.
    """
    day = earliest.astimezone(zone).date()
    for _ in range(_LOOK_AHEAD):
        at = max(earliest, resolve_local(day, morning, zone))
        if at >= before:
            return None
        in_time = at.astimezone(zone).date() == day and at.astimezone(zone).time() < _EVENING
        if in_time and is_free(day):
            return at
        day += timedelta(days=1)
    return None


def halfway(start: datetime, end: datetime) -> datetime:
    return start + (end - start) / 2


def stage_of(age_days: int, due: Reassessment) -> Stage | None:
    """How urgent it is to assess again: from its day on, but stale only beyond its days."""
    if age_days > due.stale_days:
        return "stale"
    if age_days >= due.overdue_days:
        return "overdue"
    return "due" if age_days >= due.reassess_days else None


def headcount_moved(before: int, now: int, due: Reassessment) -> bool:
    """Whether the number of product managers has changed by the part that calls for a new look."""
    return before > 0 and abs(now - before) >= due.headcount_change * before
