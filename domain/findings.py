"""What a rule finds, and what all rules look at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from domain.categories import Catalog, Category
from domain.means import NOTHING, mean_of
from domain.practice import Practice
from domain.rules import Rule, Rules, Severity
from domain.team import TeamWeek, percent

#: What "4-wk mean" spans.
WEEKS_IN_MEAN = 4


@dataclass(frozen=True)
class Finding:
    """The words that fill a rule's text; `severity` where it is not the rule's own.

    `item` is the checklist item that answers it where the rule names none itself; `dimensions`
    are those it is about.
    """

    words: Mapping[str, str]
    severity: Severity | None = None
    item: str | None = None
    dimensions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """A team's weeks, the newest last (numbers None where withheld), and its practice."""

    weeks: Sequence[TeamWeek]
    pm_count: int
    catalog: Catalog
    rules: Rules
    practice: Practice

    @cached_property
    def latest(self) -> list[TeamWeek | None]:
        return self.last(WEEKS_IN_MEAN)

    def last(self, count: int) -> list[TeamWeek | None]:
        """The last `count` weeks of the calendar, None for those that are not there."""
        if not self.weeks:
            return [None] * count
        newest = self.weeks[-1].period
        by_period = {week.period: week for week in self.weeks}
        return [by_period.get(newest.shift(-back)) for back in range(count - 1, -1, -1)]

    def shares(self, metric: str) -> list[Fraction] | None:
        """The metric in each of the last four weeks, None unless all four have numbers."""
        shares = [week.metric(metric, self.catalog) if week else None for week in self.latest]
        known = [share for share in shares if share is not None]
        return known if len(known) == WEEKS_IN_MEAN else None

    def mean(self, metric: str) -> Fraction | None:
        shares = self.shares(metric)
        return None if shares is None else mean_of(shares)

    def category_shares(self, category: Category) -> list[Fraction]:
        """Its share in those of the last four weeks that have numbers."""
        return [
            week.shares.get(category.id, NOTHING)
            for week in self.latest
            if week is not None and week.shares is not None
        ]

    def known_item(self, item: str | None) -> str | None:
        """The id, where the company's checklist has such an item."""
        return item if item in self.practice.items else None


Look = Callable[[Facts, Rule], Finding | None]


def pct(share: Fraction) -> str:
    return str(percent(share))
