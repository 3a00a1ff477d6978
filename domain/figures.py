"""What a goal's figure was and is, out of all that a team has recorded; and where it is heading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from domain.baseline import MONTH, Baseline, metric_in
from domain.categories import Catalog
from domain.goals import (
    DIMENSION,
    Goal,
    GoalProgress,
    Metric,
    Reading,
    progress_of,
    rounded,
    value_text,
)
from domain.maturity import Assessment
from domain.means import mean_of
from domain.periods import Period, day_label
from domain.projection import FEWEST_WEEKS, MOST_WEEKS, Projection, project
from domain.team import TeamWeek

#: Weeks with numbers out of the last MONTH that make a figure steady.
STEADY_WEEKS = 2
#: A range wider than this says nothing: in percent of time, or in items.
_WIDEST = 40


@dataclass(frozen=True)
class Figures:
    """A team's record up to the week `last`, which is over.

    `weeks` oldest first; `assessments` newest first; `done_on`: the days on which items of the
    checklist were done. `stale_days`: how old an assessment may be.
    """

    today: date
    last: Period
    weeks: Sequence[TeamWeek]
    baseline: Baseline | None
    assessments: Sequence[Assessment]
    done_on: Sequence[date]
    catalog: Catalog
    stale_days: int

    def now(self, metric: Metric) -> Reading:
        """The present figure: shares as the mean of the last four weeks."""
        if metric.unit == "share":
            return self._mean_of_last(metric.id)
        if metric.unit == "level":
            return self._level(metric.id)
        return Reading(Fraction(len(self.done_on)), "the checklist", steady=True)

    def before(self, metric: Metric, *, renewed: bool = False) -> Reading:
        """What to compare with: the team's baseline; for a goal that follows another, now."""
        if metric.unit != "share" or renewed or self.baseline is None:
            return self.now(metric)
        return Reading(self.baseline.share(metric.id, self.catalog), self.baseline.label, True)

    def progress(self, goal: Goal, metric: Metric) -> GoalProgress:
        return progress_of(goal, metric, self.now(metric), self.outlook(goal, metric))

    def outlook(self, goal: Goal, metric: Metric) -> str:
        """Where the figure will be by the goal's date, as a sentence that says how sure it is."""
        by = f"by {day_label(goal.due_on)}"
        if goal.due_on < self.today:
            return "The date has passed: the goal is judged when its last week is in."
        if metric.unit == "level":
            return "Too early to project: levels move at check-ins only."
        series = self._series(metric)
        found = project(series, _ordinal(Period.containing(goal.due_on)))
        if found is None:
            kind = "weeks with numbers" if metric.unit == "share" else "weeks of items done"
            return (
                f"Too early to project: it takes {FEWEST_WEEKS} {kind}, "
                f"and there {'is' if len(series) == 1 else 'are'} {len(series)}."
            )
        return _in_words(found, metric, by)

    def _known(self, metric_id: str) -> list[tuple[Period, Fraction]]:
        found = [(w.period, metric_in(w, metric_id, self.catalog)) for w in self.weeks]
        return [(period, share) for period, share in found if share is not None]

    def _mean_of_last(self, metric_id: str) -> Reading:
        since = self.last.shift(1 - MONTH)
        known = [share for period, share in self._known(metric_id) if period >= since]
        if not known:
            return Reading(None, f"no numbers in the last {MONTH} weeks")
        mean = mean_of(known)
        basis = f"mean of {len(known)} of the last {MONTH} weeks"
        if len(known) == MONTH:
            basis = f"mean of the last {MONTH} weeks"
        return Reading(mean, basis, steady=len(known) >= STEADY_WEEKS)

    def _level(self, metric_id: str) -> Reading:
        for assessment in self.assessments:
            level = assessment.overall
            if metric_id.startswith(DIMENSION):
                score = assessment.score(metric_id.removeprefix(DIMENSION))
                level = score.level if score else None
            if level is not None:
                day = day_label(assessment.closed_at.date())
                fresh = assessment.age_days(self.today) <= self.stale_days
                return Reading(Fraction(level), f"check-in of {day}", steady=fresh)
        return Reading(None, "no check-in has rated it yet")

    def _series(self, metric: Metric) -> list[tuple[int, Fraction]]:
        """(week, figure) of the last weeks, for a line to be drawn through."""
        if metric.unit == "share":
            oldest = self.last.shift(1 - MOST_WEEKS)
            return [(_ordinal(p), share) for p, share in self._known(metric.id) if p >= oldest]
        if not self.done_on:
            return []
        begun = max(Period.containing(min(self.done_on)).shift(-1), self.last.shift(1 - MOST_WEEKS))
        weeks = []
        while begun <= self.last:
            weeks.append(begun)
            begun = begun.shift(1)
        return [(_ordinal(w), Fraction(sum(d <= w.sunday for d in self.done_on))) for w in weeks]


def _ordinal(period: Period) -> int:
    """Weeks since the year 1, so that years need no care."""
    return period.monday.toordinal() // 7


def _in_words(found: Projection, metric: Metric, by: str) -> str:
    """Whole numbers only: the line is no more exact than that."""
    scale, top = (100, 100) if metric.unit == "share" else (1, 500)
    value, low, high = (
        min(top, max(0, round(scale * number))) for number in (found.value, found.low, found.high)
    )
    # No week is measured so well that the next one could not differ by a point.
    low, high = max(0, min(low, value - 1)), min(top, max(high, value + 1))
    if high - low > _WIDEST:
        return (
            f"Too uncertain to project {by}: the last {found.weeks} weeks point to anything "
            f"from {low} to {high}."
        )
    about = value_text(rounded(Fraction(value, scale), metric.unit), metric.unit)
    return (
        f"At the pace of the last {found.weeks} weeks, about {about} {by}; "
        f"anything from {low} to {high} would be no surprise."
    )


def judged_from(goal: Goal) -> date:
    """The day from which on the week of the goal's date is over."""
    return Period.containing(goal.due_on).sunday + timedelta(days=1)
