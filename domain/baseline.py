"""The baseline: the weeks that everything later is compared with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.categories import Catalog
from domain.means import total_of
from domain.periods import Period, day_label
from domain.team import TeamWeek

#: Weeks in what is called a month here.
MONTH = 4
_WEEK = r"(?:(\d{4})\s?-?\s?)?w(?:k|eek)?\s?(\d{1,2})"
_WEEKS = re.compile(rf"{_WEEK}(?:\s*(?:to|until|till|–|—|-|\.\.)\s*{_WEEK})?", re.ASCII)


@dataclass(frozen=True)
class Baseline:
    """Weeks with numbers, oldest first, at least one; `chosen`: by a lead."""

    measured: tuple[TeamWeek, ...]
    chosen: bool = False

    @property
    def first(self) -> Period:
        return self.measured[0].period

    @property
    def last(self) -> Period:
        return self.measured[-1].period

    @property
    def weeks(self) -> int:
        return len(self.measured)

    @property
    def label(self) -> str:
        """`4 weeks, 1 Jun – 28 Jun`."""
        span = f"{day_label(self.first.monday)} – {day_label(self.last.sunday)}"
        return f"{self.weeks} week{'s' * (self.weeks != 1)}, {span}"

    def share(self, metric: str, catalog: Catalog) -> Fraction:
        """The mean of a metric of METRIC_GROUPS, or of participation, over its weeks."""
        found = [metric_in(week, metric, catalog) for week in self.measured]
        return total_of([share for share in found if share is not None]) / self.weeks


def metric_in(week: TeamWeek, metric: str, catalog: Catalog) -> Fraction | None:
    """A week's share of a metric; of participation where somebody was due to log."""
    if metric == "participation":
        return week.participation if week.active else None
    return week.metric(metric, catalog)


def baseline_of(
    weeks: Sequence[TeamWeek], count: int, chosen: tuple[Period, Period] | None = None
) -> Baseline | None:
    """The first `count` of `weeks` (oldest first) that have numbers, or those between `chosen`.

    None where none has.
    """
    measured = [week for week in weeks if week.shares is not None]
    if chosen is not None:
        first, last = chosen
        measured = [week for week in measured if first <= week.period <= last]
    found = tuple(measured if chosen is not None else measured[:count])
    return Baseline(found, chosen is not None) if found else None


def is_worst_month(baseline: Baseline, weeks: Sequence[TeamWeek], catalog: Catalog) -> bool:
    """Whether no other run of MONTH weeks with numbers had a higher operational share."""
    own = {week.period for week in baseline.measured}
    others = [week for week in weeks if week.period not in own]
    shares = [
        share for w in others if (share := w.metric("operational_share", catalog)) is not None
    ]
    months = [total_of(shares[n : n + MONTH]) for n in range(len(shares) - MONTH + 1)]
    return bool(months) and baseline.share("operational_share", catalog) * MONTH > max(months)


def read_weeks(text: str, last: Period) -> tuple[Period, Period] | None:
    """Two weeks as people write them, `2026-W23 to 2026-W26` or `W23-W26`; a single one is both.

    Without a year the latest such week up to `last` is meant. None for anything else.
    """
    found = _WEEKS.fullmatch(" ".join(text.casefold().split()))
    if found is None:
        return None
    first = _week(found[1], found[2], last)
    end = _week(found[3], found[4], last) if found[4] else first
    return None if first is None or end is None else (first, end)


def _week(year: str | None, week: str, last: Period) -> Period | None:
    years = [int(year)] if year else [last.year, last.year - 1]
    for known in years:
        try:
            period = Period(known, int(week))
            _ = period.sunday
        except (ValueError, OverflowError):
            continue
        if year or period <= last:
            return period
    return None
