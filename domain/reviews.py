"""Reviews of a month or quarter: its figures, what they are compared with, and their guards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.baseline import Baseline
from domain.categories import GROUPS, Catalog
from domain.means import mean_of
from domain.periods import Period
from domain.spans import Span
from domain.summary import Target
from domain.team import Guards, TeamWeek, Withheld, percent

#: Weeks that the line of a review shows: a quarter's worth.
WEEKS_IN_LINE = 13
#: The figures that a review compares.
COMPARED = ("operational_share", "strategic_share", "customer_share", "reactive_share")


@dataclass(frozen=True)
class Figures:
    """A span's mean shares by metric, one week one vote, of the `weeks` that have numbers.

    Weeks that the comparison itself rests on are left out where others remain. `points` is the
    change of the operational share as the rounded figures show it; `reached` the part of the
    time freed that went to customers and strategy (0 to 1), None where none was freed.
    """

    shares: Mapping[str, Fraction]
    weeks: int
    baseline: Baseline | None
    points: int | None
    reached: Fraction | None

    @property
    def operational(self) -> Fraction:
        return self.shares["operational_share"]


@dataclass(frozen=True)
class Review:
    """What a month or quarter showed; `figures` are None where the guards withhold them.

    `weeks` are those of the span that are over, `running` how many are not yet; `line` the 13
    weeks up to its end, `months` the mean share of each group in those months that have numbers.
    """

    span: Span
    weeks: tuple[TeamWeek, ...]
    running: int
    line: tuple[TeamWeek, ...]
    months: tuple[tuple[Span, Mapping[str, Fraction]], ...]
    figures: Figures | None
    withheld: Withheld | None
    target: Target | None = None

    @property
    def answered(self) -> int:
        return sum(week.answered for week in self.weeks)

    @property
    def active(self) -> int:
        return sum(week.active for week in self.weeks)

    @property
    def participation(self) -> Fraction:
        """Logs that came, of all that were due."""
        return Fraction(self.answered, self.active) if self.active else Fraction(0)

    @property
    def weeks_with_numbers(self) -> int:
        return sum(week.shares is not None for week in self.weeks)


def review(
    span: Span,
    history: Sequence[TeamWeek],
    over_before: Period,
    catalog: Catalog,
    *,
    baseline: Baseline | None = None,
    target: Target | None = None,
    guards: Guards | None = None,
) -> Review:
    """Review a span on the team's weeks (oldest first; those before the span feed the line).

    Only weeks before `over_before`, the running one, count. The guards are those of a week: three
    answers in at least one week, and half of all answers that were due.
    """
    own = set(span.weeks)
    weeks = [w for w in history if w.period in own and w.period < over_before and w.active]
    withheld = _withheld(weeks, guards or Guards())
    figures = None if withheld else _figures(weeks, baseline, catalog)
    last = min(span.last_week, over_before.shift(-1))
    first = last.shift(1 - WEEKS_IN_LINE)
    return Review(
        span=span,
        weeks=tuple(weeks),
        running=sum(period >= over_before for period in own),
        line=tuple(w for w in history if first <= w.period <= last and w.active),
        months=_months(span, history, over_before, catalog) if figures else (),
        figures=figures,
        withheld=withheld,
        target=target,
    )


def _withheld(weeks: Sequence[TeamWeek], guards: Guards) -> Withheld | None:
    if not weeks or all(week.answered < guards.min_people for week in weeks):
        return "few_people"
    answered, active = sum(w.answered for w in weeks), sum(w.active for w in weeks)
    if Fraction(answered, active) < Fraction(str(guards.min_participation)):
        return "low_participation"
    return None if any(w.shares is not None for w in weeks) else "low_participation"


def _figures(weeks: Sequence[TeamWeek], baseline: Baseline | None, catalog: Catalog) -> Figures:
    known = [week for week in weeks if week.shares is not None]
    if baseline is not None:
        own = {week.period for week in baseline.measured}
        later = [week for week in known if week.period not in own]
        known, baseline = (later, baseline) if later else (known, None)
    shares = {metric: mean(known, metric, catalog) for metric in COMPARED}
    if baseline is None:
        return Figures(shares, len(known), None, None, None)
    before, now = baseline.share("operational_share", catalog), shares["operational_share"]
    gained = shares["strategic_share"] - baseline.share("strategic_share", catalog)
    freed = before - now
    reached = max(Fraction(0), min(Fraction(1), gained / freed)) if freed > 0 else None
    return Figures(shares, len(known), baseline, percent(now) - percent(before), reached)


def mean(weeks: Sequence[TeamWeek], metric: str, catalog: Catalog) -> Fraction:
    """The mean of a metric over weeks that all have numbers (at least one)."""
    shares = [week.metric(metric, catalog) or Fraction(0) for week in weeks]
    return mean_of(shares)


def _months(
    span: Span, history: Sequence[TeamWeek], over_before: Period, catalog: Catalog
) -> tuple[tuple[Span, Mapping[str, Fraction]], ...]:
    """The months of a quarter, or a month and the one before it, as far as they have numbers."""
    months = span.months if span.kind == "quarter" else (span.shift(-1), span)
    found = []
    for month in months:
        own = set(month.weeks)
        weeks = [w for w in history if w.period in own and w.period < over_before]
        known = [week for week in weeks if week.shares is not None]
        if known:
            found.append((month, _groups(known, catalog)))
    return tuple(found)


def _groups(weeks: Sequence[TeamWeek], catalog: Catalog) -> dict[str, Fraction]:
    return {
        group: mean_of([w.group(group, catalog) or Fraction(0) for w in weeks]) for group in GROUPS
    }
