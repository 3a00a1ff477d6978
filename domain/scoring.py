"""How ratings become levels: medians, the cap of the weakest dimension, and how far views differ.

The arithmetic is the playbook's, section 2; a single rating never leaves this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil

from domain.maturity import (
    LEVELS,
    USUAL_DIMENSIONS,
    Assessment,
    DimensionScore,
    MaturityModel,
    Scoring,
    Spread,
)


def lower_median(levels: Sequence[int]) -> int:
    """The middle level; of two, the lower one. Raises ValueError without any."""
    if not levels:
        raise ValueError("no levels, no median")
    return sorted(levels)[(len(levels) - 1) // 2]


def spread_of(levels: Sequence[int], scoring: Scoring) -> Spread:
    """How far views differ: by the mean distance from the median, and by their range."""
    median = lower_median(levels)
    # Any point between two middle ratings is as far from all of them: the lower one will do.
    distance = Fraction(sum(abs(level - median) for level in levels), len(levels))
    if max(levels) - min(levels) >= scoring.split_range or distance > _exact(scoring.mixed):
        return "split"
    return "aligned" if distance <= _exact(scoring.aligned) else "mixed"


def _exact(threshold: Decimal) -> Fraction:
    """The threshold meant: 0.83 is how 5/6 is written, and 5/6 itself is not above it."""
    sixths = Fraction(round(threshold * 6), 6)
    places = -int(threshold.as_tuple().exponent)
    is_rounded = places >= 2 and round(sixths, places) == Fraction(threshold)
    return sixths if is_rounded else Fraction(threshold)


def score_dimension(
    dimension: str, levels: Sequence[int], scoring: Scoring, *, min_raters: int, evidence: int = 0
) -> DimensionScore:
    """What a dimension's ratings (without the don't-knows) come to, if there are enough."""
    if len(levels) < max(min_raters, 1):
        return DimensionScore(dimension, None, len(levels), evidence=evidence)
    return DimensionScore(
        dimension=dimension,
        level=lower_median(levels),
        raters=len(levels),
        mean=Fraction(sum(levels), len(levels)),
        spread=spread_of(levels, scoring),
        counts=tuple(levels.count(level) for level in range(1, LEVELS + 1)),
        evidence=evidence,
    )


def needed_rated(dimensions: int, scoring: Scoring) -> int:
    """How many dimensions of a model need a level for an overall one: 5 of 7, or in proportion."""
    share = Fraction(min(scoring.needs_rated, USUAL_DIMENSIONS), USUAL_DIMENSIONS)
    return ceil(share * dimensions)


def overall_level(levels: Sequence[int], needed: int) -> int | None:
    """The lower median of the dimensions' levels, but at most one above the lowest of them."""
    if len(levels) < max(needed, 1):
        return None
    return min(lower_median(levels), min(levels) + 1)


def held_back_by(scores: Sequence[DimensionScore]) -> tuple[str, ...]:
    """The lowest dimensions, where without them the overall level would be higher."""
    levels = [score.level for score in scores if score.level is not None]
    if not levels or lower_median(levels) <= min(levels) + 1:
        return ()
    return tuple(score.dimension for score in scores if score.level == min(levels))


def assess(
    checkin_id: str,
    closed_at: datetime,
    ratings: Mapping[str, Sequence[int]],
    model: MaturityModel,
    *,
    asked: int,
    answered: int,
    min_raters: int,
    evidence: Mapping[str, int],
) -> Assessment | None:
    """The assessment out of the ratings by dimension; None where no dimension has enough.

    Dimensions that the model does not know (any more) are left out.
    """
    scores = tuple(
        score_dimension(
            dimension,
            levels,
            model.scoring,
            min_raters=min_raters,
            evidence=evidence.get(dimension, 0),
        )
        for dimension, levels in ratings.items()
        if model.get(dimension) is not None
    )
    levels = [score.level for score in scores if score.level is not None]
    if not levels:
        return None
    overall = overall_level(levels, needed_rated(len(model.dimensions), model.scoring))
    return Assessment(
        checkin_id=checkin_id,
        closed_at=closed_at,
        asked=asked,
        answered=answered,
        scores=scores,
        overall=overall,
        held_back_by=held_back_by(scores) if overall is not None else (),
    )


@dataclass(frozen=True)
class LeadGap:
    """Where a lead and the team see a dimension differently: the lead's level, and the team's."""

    dimension: str
    own: int
    team: int


def lead_gaps(
    own: Mapping[str, int],
    others: Mapping[str, Sequence[int]],
    scoring: Scoring,
    *,
    min_raters: int,
) -> tuple[LeadGap, ...]:
    """For the lead alone: their ratings against the median of those who lead nothing.

    That median, like any other, needs enough ratings, so that it is nobody's own.
    """
    found = []
    for dimension, level in own.items():
        theirs = others.get(dimension, ())
        if len(theirs) < max(min_raters, 1):
            continue
        team = lower_median(theirs)
        if abs(level - team) >= scoring.lead_gap:
            found.append(LeadGap(dimension, level, team))
    return tuple(found)
