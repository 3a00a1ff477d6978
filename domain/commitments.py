"""Commitments with a date, and whether each was met before anybody had to be reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from domain.checklist import TeamItem
from domain.maturity import Reassessment


@dataclass(frozen=True)
class Commitments:
    """How many fell due, and how many of them were met in time."""

    due: int
    met: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.met, self.due) if self.due else Fraction(0)


@dataclass(frozen=True)
class CheckinKept:
    """A check-in's deadline, and whether enough people had answered by then."""

    deadline: date
    came_to_result: bool


def commitments(
    items: Sequence[tuple[TeamItem, date | None]],
    checkins: Sequence[CheckinKept],
    assessed_on: Sequence[date],
    due: Reassessment,
    *,
    since: date,
    today: date,
) -> Commitments:
    """Those that fell due from `since` on and before `today`.

    `items` with the day on which each was done; dropped ones are no commitments any more.
    `assessed_on`: the days of assessments, each of which asks for the next one in time.
    """
    kept = [
        item_met(item, done_on)
        for item, done_on in items
        if item.due_on is not None and since <= item.due_on < today and item.state != "dropped"
    ]
    kept += [one.came_to_result for one in checkins if since <= one.deadline < today]
    kept += _reassessments(sorted(assessed_on), due, since, today)
    return Commitments(len(kept), sum(kept))


def item_met(item: TeamItem, done_on: date | None) -> bool:
    return (
        item.state == "done"
        and item.due_on is not None
        and done_on is not None
        and done_on <= item.due_on
    )


def _reassessments(
    assessed_on: Sequence[date], due: Reassessment, since: date, today: date
) -> list[bool]:
    """Each assessment is to be followed by another before it counts as overdue."""
    found = []
    for number, day in enumerate(assessed_on, start=1):
        following = assessed_on[number] if number < len(assessed_on) else None
        overdue = day + timedelta(days=due.overdue_days)
        settled = min(following, overdue) if following else overdue
        if since <= settled < today:
            found.append(following is not None and following <= overdue)
    return found
