"""Out of assessments, items, ladders and weeks: the facts that rules about practice look at."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import get_args

from domain.baseline import Baseline
from domain.benchmarks import Band, LadderRow, band_name
from domain.categories import METRIC_GROUPS, Catalog, Category
from domain.checklist import STEPS
from domain.cleaning import one_line
from domain.maturity import Assessment, MaturityModel
from domain.means import total_of
from domain.practice import AssessmentFact, BandChange, DimensionFact, Shift, StuckFact
from domain.stalls import Stall
from domain.team import TeamWeek

_LONGEST_NAME = 80
BANDS: tuple[Band, ...] = get_args(Band)
_SPARED = frozenset({*METRIC_GROUPS["operational_share"], *METRIC_GROUPS["strategic_share"]})


def assessment_fact(assessment: Assessment, model: MaturityModel, today: date) -> AssessmentFact:
    """Dimensions that the company's model no longer has are left out."""
    facts = []
    for dimension in model.dimensions:
        score = assessment.score(dimension.id)
        if score is None:
            continue
        level = score.level
        milestone = dimension.milestone(level) if level else None
        facts.append(
            DimensionFact(
                dimension.id, dimension.name, level, score.spread, score.counts, milestone
            )
        )
    return AssessmentFact(assessment.age_days(today), assessment.overall, tuple(facts))


def stuck_facts(stalls: Sequence[Stall]) -> tuple[StuckFact, ...]:
    return tuple(_stuck(stall) for stall in stalls)


def _stuck(stall: Stall) -> StuckFact:
    item = stall.item
    text = one_line(item.text, _LONGEST_NAME)
    playbook_id = item.ref if item.ref is not None and item.ref == item.label else None
    return StuckFact(
        name=f"{playbook_id} ({text})" if playbook_id else text,
        days=stall.days,
        idle_step=STEPS[item.step] if stall.step_idle else None,
        item_id=playbook_id,
    )


def band_changes(before: Mapping[str, str], now: Sequence[LadderRow]) -> tuple[BandChange, ...]:
    """Ladders whose band differs from the one at the last assessment, by measure in `before`.

    A band that was or is unknown is no change.
    """
    found = []
    for row in now:
        was = next((band for band in BANDS if band == before.get(row.ladder.of)), None)
        if was is not None and row.band is not None and was != row.band:
            found.append(BandChange(row.ladder.metric, band_name(row.ladder, was), row.band_name))
    return tuple(found)


def shift_of(
    baseline: Baseline,
    weeks: Sequence[TeamWeek],
    count: int,
    catalog: Catalog,
    realisation: Fraction | None = None,
) -> Shift | None:
    """The newest `count` weeks with numbers since the baseline, beside it; None without any.

    `realisation` is the measured one of the return, where that is known.
    """
    since = [week for week in weeks if week.period > baseline.last and week.shares is not None]
    if not since:
        return None
    after = Baseline(tuple(since[-count:]))
    before = {m: baseline.share(m, catalog) for m in ("operational_share", "strategic_share")}
    now = {m: after.share(m, catalog) for m in before}
    fall = before["operational_share"] - now["operational_share"]
    rise = now["strategic_share"] - before["strategic_share"]
    if realisation is None:
        realisation = min(Fraction(1), max(Fraction(0), rise / fall)) if fall > 0 else Fraction(1)
    return Shift(
        weeks=after.weeks,
        operational_before=before["operational_share"],
        operational_now=now["operational_share"],
        strategic_before=before["strategic_share"],
        strategic_now=now["strategic_share"],
        grown=_grown(baseline, after, catalog),
        realisation=realisation,
    )


def _grown(before: Baseline, after: Baseline, catalog: Catalog) -> str | None:
    """The category outside operational and strategic work that rose most."""
    others = [category for category in catalog.categories if category.group not in _SPARED]
    rises = {c.id: _mean(after, c) - _mean(before, c) for c in others}
    top = max(others, key=lambda c: rises[c.id], default=None)
    return top.name if top is not None and rises[top.id] > 0 else None


def _mean(weeks: Baseline, category: Category) -> Fraction:
    weekly = [week.shares for week in weeks.measured if week.shares is not None]
    return total_of([w[category.id] for w in weekly if category.id in w]) / weeks.weeks
