"""Hours of single PMs, which go into sums and are never shown; a return is worked out of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from domain.timesplit import WHOLE


class Logged(NamedTuple):
    """How much of some weeks went into some categories: minutes of those weeks that were entered
    in time, basis points of a week, summed up, of the others."""

    minutes: int = 0
    share_bp: int = 0


class PersonLog(NamedTuple):
    """What one PM has logged in so many weeks. Never shown: it only goes into sums."""

    user_id: str
    weeks: int
    operational: Logged
    strategic: Logged


@dataclass(frozen=True)
class Evidence:
    """What a return is worked out from.

    `before` is what the PMs logged in the baseline's weeks, `after` since, each PM once in
    either, both only from weeks with numbers: `baseline_weeks` and `weeks`. `people` are the
    team's PMs now; `participation` is that of all weeks looked at,
    `hours_per_week` what the contract says; `span` the weeks since the
    baseline, those without numbers included. `has_strategic`: whether any category counts as
    strategic at all.
    """

    baseline_weeks: int
    weeks: int
    before: Sequence[PersonLog]
    after: Sequence[PersonLog]
    span: int
    people: int
    participation: Fraction
    hours_per_week: Fraction
    has_strategic: bool = True
    cautions: tuple[str, ...] = ()

    @property
    def pms(self) -> int:
        return len(self.after)

    @property
    def pm_weeks(self) -> int:
        """Logged weeks since the baseline, of all PMs."""
        return sum(person.weeks for person in self.after)


class _Hours:
    """A sum of parts of what was logged, exact; whole numbers up to the end, for speed."""

    def __init__(self) -> None:
        self._by_divisor: dict[int, tuple[int, int]] = {}

    def add(self, logged: Logged, times: int, divisor: int = 1) -> None:
        minutes, share_bp = self._by_divisor.get(divisor, (0, 0))
        self._by_divisor[divisor] = (
            minutes + logged.minutes * times,
            share_bp + logged.share_bp * times,
        )

    def total(self, hours_per_week: Fraction) -> Fraction:
        """Times as they were logged; shares by the contracted hours."""
        return sum(
            (
                Fraction(minutes, 60 * divisor)
                + Fraction(share_bp, WHOLE * divisor) * hours_per_week
                for divisor, (minutes, share_bp) in self._by_divisor.items()
            ),
            Fraction(0),
        )


@dataclass(frozen=True)
class Change:
    """Operational hours removed, strategic ones gained, and how many PMs are new since."""

    removed: Fraction
    gained: Fraction
    joiners: int


def change_between(
    before: Sequence[PersonLog], after: Sequence[PersonLog], hours_per_week: Fraction
) -> Change:
    """Each PM's weeks beside their own mean of before; whoever has none, beside the team's.

    `before` must not be empty.
    """
    known = {log.user_id: log for log in before}
    joiners = [log for log in after if log.user_id not in known]

    def rise(part: Callable[[PersonLog], Logged]) -> Fraction:
        risen, usual = _Hours(), _Hours()
        for log in before:
            usual.add(part(log), 1, log.weeks)
        for log in after:
            risen.add(part(log), 1)
            if mine := known.get(log.user_id):
                risen.add(part(mine), -log.weeks, mine.weeks)
        weeks = sum(log.weeks for log in joiners)
        mean = usual.total(hours_per_week) / len(before)
        return risen.total(hours_per_week) - mean * weeks

    gained = rise(lambda log: log.strategic)
    return Change(-rise(lambda log: log.operational), gained, len(joiners))
