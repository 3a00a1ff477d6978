"""Hours of single PMs, which go into sums and are never shown; a return is worked out of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.categories import METRIC_GROUPS, Catalog
from domain.periods import Period
from domain.timesplit import WHOLE, Split


@dataclass(frozen=True)
class PersonWeek:
    """One PM's logged week, in hours. Never shown: it only goes into sums."""

    user_id: str
    period: Period
    operational: Fraction
    strategic: Fraction


def person_week(
    user_id: str, period: Period, split: Split, hours_per_week: Fraction, catalog: Catalog
) -> PersonWeek:
    """Times as they were logged; shares by the contracted hours."""

    def hours(metric: str) -> Fraction:
        groups = METRIC_GROUPS[metric]
        ids = {category.id for category in catalog.categories if category.group in groups}
        if split.minutes is not None:
            return Fraction(sum(m for key, m in split.minutes.items() if key in ids), 60)
        share = Fraction(sum(s for key, s in split.shares.items() if key in ids), WHOLE)
        return share * hours_per_week

    return PersonWeek(user_id, period, hours("operational_share"), hours("strategic_share"))


@dataclass(frozen=True)
class Evidence:
    """What a return is worked out from.

    `before` are the PM weeks of the baseline's weeks, `after` those since, both only from weeks
    with numbers. `people` are the team's PMs now; `participation` is that of all weeks looked at;
    `span` the weeks since the baseline, those without numbers included. `has_strategic`: whether
    any category counts as strategic at all.
    """

    baseline_weeks: int
    before: Sequence[PersonWeek]
    after: Sequence[PersonWeek]
    span: int
    people: int
    participation: Fraction
    has_strategic: bool = True
    cautions: tuple[str, ...] = ()

    @property
    def weeks(self) -> int:
        return len({week.period for week in self.after})

    @property
    def pms(self) -> int:
        return len({week.user_id for week in self.after})


@dataclass(frozen=True)
class _Mean:
    """Hours a week, over a person's weeks in the baseline."""

    operational: Fraction
    strategic: Fraction


@dataclass(frozen=True)
class Change:
    """Operational hours removed, strategic ones gained, and how many PMs are new since."""

    removed: Fraction
    gained: Fraction
    joiners: int


def change_between(before_weeks: Sequence[PersonWeek], after: Sequence[PersonWeek]) -> Change:
    """Each PM's weeks beside their own mean of before; whoever has none, beside the team's.

    `before_weeks` must not be empty.
    """
    before = _means(before_weeks)
    usual = _Mean(
        sum((mean.operational for mean in before.values()), Fraction(0)) / len(before),
        sum((mean.strategic for mean in before.values()), Fraction(0)) / len(before),
    )
    removed = gained = Fraction(0)
    for week in after:
        mean = before.get(week.user_id, usual)
        removed += mean.operational - week.operational
        gained += week.strategic - mean.strategic
    joiners = {week.user_id for week in after} - before.keys()
    return Change(removed, gained, len(joiners))


def _means(weeks: Sequence[PersonWeek]) -> Mapping[str, _Mean]:
    by_person: dict[str, list[PersonWeek]] = {}
    for week in weeks:
        by_person.setdefault(week.user_id, []).append(week)
    return {
        user_id: _Mean(
            sum((week.operational for week in mine), Fraction(0)) / len(mine),
            sum((week.strategic for week in mine), Fraction(0)) / len(mine),
        )
        for user_id, mine in by_person.items()
    }
