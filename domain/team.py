"""A team's week: shares as the mean of personal shares, shown only when enough people answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Literal

from domain.categories import METRIC_GROUPS, Catalog
from domain.means import Parts, total_of
from domain.periods import Period
from domain.timesplit import WHOLE, Split

Confidence = Literal["good", "fair", "none"]
Withheld = Literal["few_people", "low_participation"]


@dataclass(frozen=True)
class Guards:
    """When numbers may be shown (playbook section 1): people, and shares of the active ones."""

    min_people: int = 3
    min_participation: float = 0.5
    good: float = 0.75


@dataclass(frozen=True)
class TeamWeek:
    """One week of a team: `answered` of `active` people, and their mean share per category id.

    `shares` total 1 and are None when the guards fail; `withheld` then says which did.
    """

    period: Period
    answered: int
    active: int
    shares: Mapping[str, Fraction] | None = None
    withheld: Withheld | None = None
    _known: dict[tuple[str, ...], tuple[Catalog | None, Fraction | None]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def participation(self) -> Fraction:
        return Fraction(self.answered, self.active) if self.active else Fraction(0)

    def group(self, name: str, catalog: Catalog) -> Fraction | None:
        """The share of one group of categories, None when numbers are withheld."""
        return self._share((name,), catalog)

    def metric(self, name: str, catalog: Catalog) -> Fraction | None:
        """The share of a metric of METRIC_GROUPS, None when numbers are withheld."""
        return self._share(METRIC_GROUPS[name], catalog)

    def _share(self, groups: tuple[str, ...], catalog: Catalog) -> Fraction | None:
        if self.shares is None:
            return None
        # Asked by trend, rules, charts and text in turn.
        known, share = self._known.get(groups, (None, None))
        if known is not catalog:
            ids, shares = catalog.ids_of(groups), self.shares
            share = (
                shares.total(ids)
                if isinstance(shares, Parts)
                else total_of([shares[i] for i in ids if i in shares])
            )
            self._known[groups] = (catalog, share)
        return share


def team_week(
    period: Period,
    splits: Sequence[Split],
    active: int,
    catalog: Catalog,
    guards: Guards | None = None,
) -> TeamWeek:
    """Aggregate a week: every PM's split has the same weight, however long their week.

    Whoever answered counts as active, so participation never exceeds 1.
    """
    sums: dict[str, int] = {}
    for split in splits:
        for key, share in split.shares.items():
            sums[key] = sums.get(key, 0) + share
    return week_of_sums(period, len(splits), sums, active, catalog, guards)


def week_of_sums(
    period: Period,
    answered: int,
    sums: Mapping[str, int],
    active: int,
    catalog: Catalog,
    guards: Guards | None = None,
) -> TeamWeek:
    """The same out of the sums of the splits' basis points, by category id."""
    expected = max(active, answered)
    withheld = _withheld(answered, expected, guards or Guards())
    if withheld is not None:
        return TeamWeek(period, answered, expected, None, withheld)
    places = catalog.places
    order = sorted(sums, key=lambda key: (places.get(key, len(places)), key))
    shares = Parts({key: sums[key] for key in order}, WHOLE * answered)
    return TeamWeek(period, answered, expected, shares)


def _withheld(answered: int, active: int, guards: Guards) -> Withheld | None:
    if answered < max(guards.min_people, 1):
        return "few_people"
    least = _exact(guards.min_participation)
    if answered * least.denominator < least.numerator * active:
        return "low_participation"
    return None


def confidence(week: TeamWeek, guards: Guards | None = None) -> Confidence:
    """How far the week's numbers carry: "none" when they are withheld."""
    if week.shares is None:
        return "none"
    good = _exact((guards or Guards()).good)
    return "good" if week.participation >= good else "fair"


@cache
def _exact(share: float) -> Fraction:
    # By its decimal digits: three of four must meet 0.75, seven of ten 0.7.
    return Fraction(str(share))


def percent(share: Fraction) -> int:
    """A share as whole percent, halves rounded up."""
    above, below = share.as_integer_ratio()
    return (200 * above + below) // (2 * below)


def points(change: Fraction) -> int:
    """A change of a share in whole percentage points, halves rounded away from zero."""
    return percent(change) if change >= 0 else -percent(-change)
