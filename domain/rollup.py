"""The roll-up over all teams of a workspace: each by its own numbers, and a careful total.

Teams stand in alphabetical order and are never ranked. Whoever is in several teams counts once in
the total. It is left out where it would give something away beside the teams' own numbers: with
fewer than three teams it is the other one's, and where one or two people are in several teams, what
the teams' numbers count twice and the total once is those people's own split.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from domain.categories import Catalog
from domain.periods import Period
from domain.reviews import Review, review
from domain.spans import Span
from domain.team import Guards, TeamWeek, week_of_sums
from domain.timesplit import Split

#: Teams with numbers that a total needs.
FEWEST_TEAMS = 3

NoTotal = Literal["no_numbers", "few_teams", "few_shared", "low_participation"]


@dataclass(frozen=True)
class TeamPart:
    """One team's share in a roll-up: its review, and whose logs it rests on.

    By week, `counted` are those whose splits count, `sums` the basis points of these by category,
    `missing` who was due and did not log.
    """

    name: str
    review: Review
    counted: Mapping[Period, Set[str]]
    sums: Mapping[Period, Mapping[str, int]]
    missing: Mapping[Period, Set[str]]
    maturity: int | None = None
    done: int = 0
    items: int = 0

    @property
    def people(self) -> set[str]:
        return {user_id for people in self.counted.values() for user_id in people}


@dataclass(frozen=True)
class Total:
    """All listed teams together; `people` who logged, each counted once."""

    operational: Fraction
    strategic: Fraction
    people: int
    teams: int


@dataclass(frozen=True)
class Rollup:
    """`parts` in alphabetical order; `total` is None for the reason in `no_total`."""

    span: Span
    parts: tuple[TeamPart, ...]
    total: Total | None
    no_total: NoTotal | None

    @property
    def listed(self) -> list[TeamPart]:
        return with_numbers(self.parts)


def roll_up(
    span: Span,
    parts: Sequence[TeamPart],
    shared: Mapping[tuple[str, Period], Split],
    over_before: Period,
    catalog: Catalog,
    guards: Guards | None = None,
) -> Rollup:
    """Put a workspace's teams side by side; weeks count before `over_before`, the running one.

    `shared` are the splits of those `in_several` teams, which the teams' sums hold several times.
    """
    rules = guards or Guards()
    ordered = tuple(sorted(parts, key=lambda part: (part.name.casefold(), part.name)))
    listed = with_numbers(ordered)
    why = _against_a_total(listed, rules)
    if why is not None:
        return Rollup(span, ordered, None, why)
    together = [_together(week, listed, shared, catalog, rules) for week in span.weeks]
    found = review(span, together, over_before, catalog, guards=rules)
    if found.figures is None:
        return Rollup(span, ordered, None, "low_participation")
    people = set[str]().union(*(part.people for part in listed))
    shares = found.figures.shares
    total = Total(shares["operational_share"], shares["strategic_share"], len(people), len(listed))
    return Rollup(span, ordered, total, None)


def with_numbers(parts: Sequence[TeamPart]) -> list[TeamPart]:
    """The teams whose own numbers meet the guards."""
    return [part for part in parts if part.review.figures is not None]


def in_several(parts: Sequence[TeamPart]) -> set[str]:
    """Whose splits count in more than one of the teams with numbers."""
    seen: set[str] = set()
    several: set[str] = set()
    for part in with_numbers(parts):
        several |= seen & part.people
        seen |= part.people
    return several


def _against_a_total(listed: Sequence[TeamPart], guards: Guards) -> NoTotal | None:
    if not listed:
        return "no_numbers"
    if len(listed) < FEWEST_TEAMS:
        return "few_teams"
    return "few_shared" if 0 < len(in_several(listed)) < guards.min_people else None


def _together(
    period: Period,
    listed: Sequence[TeamPart],
    shared: Mapping[tuple[str, Period], Split],
    catalog: Catalog,
    guards: Guards,
) -> TeamWeek:
    """A week of all these people, each counted once."""
    times = Counter(user_id for part in listed for user_id in part.counted.get(period, ()))
    sums: Counter[str] = Counter()
    due: set[str] = set()
    for part in listed:
        sums.update(part.sums.get(period, {}))
        due |= part.missing.get(period, set())
    for user_id, count in times.items():
        if count > 1:
            for category_id, share in shared[user_id, period].shares.items():
                sums[category_id] -= (count - 1) * share
    return week_of_sums(period, len(times), sums, len(due | times.keys()), catalog, guards)
