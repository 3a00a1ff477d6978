"""Hours of single PMs, which go into sums and are never shown; a return is worked out of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.timesplit import WHOLE


@dataclass(frozen=True)
class Logged:
    """How much of some weeks went into some categories: minutes of those weeks that were entered
    in time, basis points of a week, summed up, of the others."""

    minutes: int = 0
    share_bp: int = 0

    def hours(self, hours_per_week: Fraction) -> Fraction:
        """Times as they were logged; shares by the contracted hours."""
        return Fraction(self.minutes, 60) + Fraction(self.share_bp, WHOLE) * hours_per_week


@dataclass(frozen=True)
class PersonLog:
    """What one PM has logged in so many weeks. Never shown: it only goes into sums."""

    user_id: str
    weeks: int
    operational: Logged
    strategic: Logged


@dataclass(frozen=True)
class PersonHours:
    """The same in hours, all of these weeks together."""

    user_id: str
    weeks: int
    operational: Fraction
    strategic: Fraction


def person_hours(log: PersonLog, hours_per_week: Fraction) -> PersonHours:
    return PersonHours(
        log.user_id,
        log.weeks,
        log.operational.hours(hours_per_week),
        log.strategic.hours(hours_per_week),
    )


@dataclass(frozen=True)
class Evidence:
    """What a return is worked out from.

    `before` are the PMs' hours in the baseline's weeks, `after` those since, each PM once in
    either, both only from weeks with numbers: `baseline_weeks` and `weeks`. `people` are the
    team's PMs now; `participation` is that of all weeks looked at; `span` the weeks since the
    baseline, those without numbers included. `has_strategic`: whether any category counts as
    strategic at all.
    """

    baseline_weeks: int
    weeks: int
    before: Sequence[PersonHours]
    after: Sequence[PersonHours]
    span: int
    people: int
    participation: Fraction
    has_strategic: bool = True
    cautions: tuple[str, ...] = ()

    @property
    def pms(self) -> int:
        return len(self.after)

    @property
    def pm_weeks(self) -> int:
        """Logged weeks since the baseline, of all PMs."""
        return sum(person.weeks for person in self.after)


@dataclass(frozen=True)
class _Mean:
    """Hours a week."""

    operational: Fraction
    strategic: Fraction


@dataclass(frozen=True)
class Change:
    """Operational hours removed, strategic ones gained, and how many PMs are new since."""

    removed: Fraction
    gained: Fraction
    joiners: int


def change_between(before: Sequence[PersonHours], after: Sequence[PersonHours]) -> Change:
    """Each PM's hours beside their own mean of before; whoever has none, beside the team's.

    `before` must not be empty.
    """
    means = {
        person.user_id: _Mean(person.operational / person.weeks, person.strategic / person.weeks)
        for person in before
    }
    usual = _Mean(
        sum((mean.operational for mean in means.values()), Fraction(0)) / len(means),
        sum((mean.strategic for mean in means.values()), Fraction(0)) / len(means),
    )
    removed = gained = Fraction(0)
    for person in after:
        mean = means.get(person.user_id, usual)
        removed += mean.operational * person.weeks - person.operational
        gained += person.strategic - mean.strategic * person.weeks
    joiners = {person.user_id for person in after} - means.keys()
    return Change(removed, gained, len(joiners))
