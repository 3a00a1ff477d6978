"""The closed loop: figures before and after an item was done, and never a word about the cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType

from domain.categories import Catalog
from domain.checklist import ALL_DIMENSIONS, TeamItem
from domain.maturity import Assessment, MaturityModel
from domain.means import mean_of
from domain.periods import Period, day_label
from domain.team import TeamWeek, percent

#: Complete weeks looked at on each side of the week in which the item was done.
WEEKS = 4
#: Fewer weeks with numbers on one side tell nothing.
FEWEST = 2
#: The share that an item moves where its dimension does not say.
USUAL_METRIC = "operational_share"
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "operational_share": "operational share",
        "strategic_share": "strategic and customer share",
        "customer_share": "customer share",
        "reactive_share": "firefighting share",
    }
)
#: Said once after findings.
CAVEAT = "Other things changed too."
_LESS_IS_BETTER = frozenset({"operational_share", "reactive_share"})


@dataclass(frozen=True)
class Moved:
    """Mean shares of the weeks with numbers on each side, and of how many they are.

    `answered` of `active` are the mean of the weeks after, in whole people.
    """

    metric: str
    before: Fraction
    after: Fraction
    weeks_before: int
    weeks_after: int
    answered: int
    active: int

    @property
    def is_better(self) -> bool:
        """By the figures as they are shown."""
        change = percent(self.after) - percent(self.before)
        return change < 0 if self.metric in _LESS_IS_BETTER else change > 0


@dataclass(frozen=True)
class LevelMoved:
    """A dimension's level in the last assessment before the item was done, and in the next."""

    dimension: str
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Effect:
    """What changed after an item was done.

    `known_since` is the last of the weeks after it; `moved` is None where too few weeks have
    numbers, `levels` empty until its dimensions are assessed again.
    """

    item: TeamItem
    done_in: Period
    moved: Moved | None
    levels: tuple[LevelMoved, ...] = ()

    @property
    def known_since(self) -> Period:
        return self.done_in.shift(WEEKS)

    @property
    def is_better(self) -> bool:
        raised = any(level.after > level.before for level in self.levels)
        return raised or (self.moved is not None and self.moved.is_better)

    @property
    def sentence(self) -> str:
        """The finding with its caveat: nobody is to read a cause into it."""
        return f"{self.finding} {CAVEAT}" if self.finding else ""

    @property
    def finding(self) -> str:
        """In plain words, for people; empty where there is nothing to tell."""
        told = [*([_moved_words(self.moved)] if self.moved else []), *_level_words(self.levels)]
        if not told:
            return ""
        when = f" (done {day_label(self.item.done_at.date())})" if self.item.done_at else ""
        said = "; ".join(told)
        return f"After {self.item.label} {self.item.text}{when}, {said}."


def _moved_words(moved: Moved) -> str:
    before, after = percent(moved.before), percent(moved.after)
    change = f"stayed at {after}%" if before == after else f"went from {before}% to {after}%"
    weeks = "week" if moved.weeks_before == 1 else "weeks"
    return (
        f"{_NAMES[moved.metric]} {change} ({moved.weeks_before} {weeks} before, "
        f"{moved.weeks_after} after; {moved.answered} of {moved.active} logged)"
    )


def _level_words(levels: Sequence[LevelMoved]) -> list[str]:
    return [
        f"{level.name} stayed at level {level.after}"
        if level.before == level.after
        else f"{level.name} went from level {level.before} to {level.after}"
        for level in levels
    ]


def metric_of(item: TeamItem, model: MaturityModel) -> str:
    """The share that the item's first dimension moves, as the maturity model says."""
    known = [found for key in item.dimensions if (found := model.get(key)) is not None]
    return known[0].moves if known else USUAL_METRIC


def moved(
    metric: str, done_in: Period, weeks: Sequence[TeamWeek], catalog: Catalog
) -> Moved | None:
    """Compare the four weeks before and after; the week of the change itself belongs to neither."""
    before = _between(weeks, done_in.shift(-WEEKS), done_in.shift(-1))
    after = _between(weeks, done_in.shift(1), done_in.shift(WEEKS))
    if min(len(before), len(after)) < FEWEST:
        return None
    return Moved(
        metric=metric,
        before=_mean(metric, before, catalog),
        after=_mean(metric, after, catalog),
        weeks_before=len(before),
        weeks_after=len(after),
        answered=_people([week.answered for week in after]),
        active=_people([week.active for week in after]),
    )


def _between(weeks: Sequence[TeamWeek], first: Period, last: Period) -> list[TeamWeek]:
    return [week for week in weeks if first <= week.period <= last and week.shares is not None]


def _mean(metric: str, weeks: Sequence[TeamWeek], catalog: Catalog) -> Fraction:
    shares = [week.metric(metric, catalog) or Fraction(0) for week in weeks]
    return mean_of(shares)


def _people(counts: Sequence[int]) -> int:
    return (2 * sum(counts) + len(counts)) // (2 * len(counts))


def levels_moved(
    item: TeamItem, done_at: datetime, assessments: Sequence[Assessment], model: MaturityModel
) -> tuple[LevelMoved, ...]:
    """The item's dimensions in the last assessment before it was done, and in the first after.

    Items that concern every dimension are left out: no single level tells of them.
    """
    ordered = sorted(assessments, key=lambda assessment: assessment.closed_at)
    before = [a for a in ordered if a.closed_at <= done_at]
    after = [a for a in ordered if a.closed_at > done_at]
    if not before or not after or ALL_DIMENSIONS in item.dimensions:
        return ()
    found = []
    for dimension in model:
        was, became = before[-1].level(dimension.id), after[0].level(dimension.id)
        if dimension.id in item.dimensions and was is not None and became is not None:
            found.append(LevelMoved(dimension.id, dimension.name, was, became))
    return tuple(found)
