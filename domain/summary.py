"""The weekly summary's content: headline, direction, confidence, mover and what to decide next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.categories import GROUPS, Catalog, Category
from domain.insights import Insight, evaluate
from domain.means import NOTHING, mean_of, total_of
from domain.periods import Period
from domain.practice import Practice
from domain.rules import Rules, packaged_rules
from domain.team import Confidence, Guards, TeamWeek, confidence, percent, points

#: How many weeks a trend line shows, the week itself included.
WEEKS_SHOWN = 12
#: The mean to compare with: of up to so many weeks before, and of no fewer than these.
WEEKS_BEFORE = 4
FEWEST_BEFORE = 2
#: A category is worth a line of its own from this change on.
_MOVES = Fraction(3, 100)


@dataclass(frozen=True)
class Target:
    """Where the team wants its operational share to be, and by when."""

    share: Fraction
    by: date | None = None


@dataclass(frozen=True)
class Mover:
    """The category that changed most: its share now, and the change in points."""

    category: Category
    share: Fraction
    change: int


@dataclass(frozen=True)
class WeeklySummary:
    """All that the weekly message says; shares are None where the guards withhold them.

    `history` holds up to 12 weeks, oldest first, this one last. `mean` is the mean per group of
    the `mean_weeks` compared with; `delta_points` compares the figures as shown, so that a
    reader's own subtraction gives the same.
    """

    week: TeamWeek
    history: tuple[TeamWeek, ...]
    mean: dict[str, Fraction] | None
    mean_weeks: int
    operational: Fraction | None
    delta_points: int | None
    target: Target | None
    #: The operational share above which the hire rule asks for a decision.
    hire_line: Fraction
    above_line: bool
    mover: Mover | None
    confidence: Confidence
    insights: tuple[Insight, ...]


def weekly_summary(
    weeks: Sequence[TeamWeek],
    pm_count: int,
    catalog: Catalog,
    target: Target | None = None,
    recent_rules: Mapping[str, date] | None = None,
    rules: Rules | None = None,
    guards: Guards | None = None,
    practice: Practice | None = None,
) -> WeeklySummary:
    """Summarise the last of `weeks` (oldest first, at least one).

    `recent_rules` tells when each rule was last shown. Raises ValueError without weeks.
    """
    if not weeks:
        raise ValueError("a summary needs at least its own week")
    used = rules or packaged_rules()
    week = weeks[-1]
    compared = _weeks_to_compare(weeks)
    operational = week.metric("operational_share", catalog)
    mean = _mean_by_group(compared, catalog) if compared else None
    delta = None
    if operational is not None and mean is not None:
        delta = percent(operational) - percent(mean["operational"])
    found = evaluate(weeks, pm_count, catalog, used, practice)
    return WeeklySummary(
        week=week,
        history=tuple(weeks[-WEEKS_SHOWN:]),
        mean=mean,
        mean_weeks=len(compared),
        operational=operational,
        delta_points=delta,
        target=target,
        hire_line=used.hire_line,
        above_line=operational is not None and operational > used.hire_line,
        mover=_mover(week, compared, catalog),
        confidence=confidence(week, guards),
        insights=_fresh(found, week.period, recent_rules or {}, used),
    )


def _weeks_to_compare(weeks: Sequence[TeamWeek]) -> list[TeamWeek]:
    """Those of the four calendar weeks before that have numbers; none if they are too few."""
    this = weeks[-1].period
    oldest = this.shift(-WEEKS_BEFORE)
    before = [w for w in weeks[:-1] if oldest <= w.period < this and w.shares is not None]
    return before if len(before) >= FEWEST_BEFORE else []


def _mean_by_group(weeks: Sequence[TeamWeek], catalog: Catalog) -> dict[str, Fraction]:
    shares = {group: [week.group(group, catalog) for week in weeks] for group in GROUPS}
    return {
        group: total_of([share for share in known if share is not None]) / len(weeks)
        for group, known in shares.items()
    }


def _mover(week: TeamWeek, compared: Sequence[TeamWeek], catalog: Catalog) -> Mover | None:
    if week.shares is None or not compared:
        return None
    best: Mover | None = None
    most = Fraction(0)
    for category in catalog.categories:
        if not any(category.id in (w.shares or {}) for w in (week, *compared)):
            continue
        share = week.shares.get(category.id, NOTHING)
        before = [(w.shares or {}).get(category.id, NOTHING) for w in compared]
        change = share - mean_of(before)
        if abs(change) >= _MOVES and abs(change) > most:
            best, most = Mover(category, share, points(change)), abs(change)
    return best


def _fresh(
    found: Sequence[Insight], period: Period, recent: Mapping[str, date], rules: Rules
) -> tuple[Insight, ...]:
    """The insights to show: those in cool-down left out, and the rest cut to the most shown.

    Cool-down counts whole weeks from the week in which the summary appears. A rule shown in that
    same week belongs to this very summary, which is being brought up to date.
    """
    shown_on = period.shift(1).monday
    fresh = []
    for insight in found:
        last = recent.get(insight.rule)
        quiet = (shown_on - Period.containing(last).monday).days if last else 0
        if not 0 < quiet < rules.cooldown_days:
            fresh.append(insight)
    return tuple(fresh[: rules.most_shown])
