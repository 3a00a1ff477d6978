"""The maturity model: dimensions and their anchored levels; and what an assessment has found.

How ratings become levels is in `domain/scoring.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from domain.content import ContentError, Entry, Line, Name, Sources, read_content
from domain.faults import faulty, twice

#: Levels run from 1 to this.
LEVELS = 5
MOST_DIMENSIONS = 12
#: `needs_rated` speaks of a model of so many dimensions.
USUAL_DIMENSIONS = 7

Spread = Literal["aligned", "mixed", "split"]
Metric = Literal["operational_share", "strategic_share", "customer_share", "reactive_share"]


class MaturityError(ContentError):
    """A maturity model that cannot be used; the message names file, line and field."""


class Dimension(Entry):
    """One thing to be good at: a line for each level, and the milestone that leads to the next.

    `moves` is the share of the team's time in which getting better at it should show.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,23}$")]
    name: Name
    src: Sources = ()
    moves: Metric = "operational_share"
    levels: Annotated[tuple[Line, ...], Field(min_length=LEVELS, max_length=LEVELS)]
    up: Annotated[tuple[Line, ...], Field(min_length=LEVELS - 1, max_length=LEVELS - 1)]

    def milestone(self, level: int) -> str | None:
        """What leads from `level` to the next one; None at the top."""
        return self.up[level - 1] if level < LEVELS else None


class Scoring(Entry):
    min_raters: Annotated[int, Field(ge=3, le=20)] = 3
    needs_rated: Annotated[int, Field(ge=1, le=MOST_DIMENSIONS)] = 5
    aligned: Annotated[Decimal, Field(ge=0, le=4)] = Decimal("0.5")
    mixed: Annotated[Decimal, Field(ge=0, le=4)] = Decimal("0.83")
    split_range: Annotated[int, Field(ge=1, le=LEVELS - 1)] = 3
    lead_gap: Annotated[int, Field(ge=1, le=LEVELS - 1)] = 1


class Reassessment(Entry):
    """When an assessment is to be repeated, in days since it was closed."""

    reassess_days: Annotated[int, Field(ge=1, le=1000)] = 90
    overdue_days: Annotated[int, Field(ge=1, le=1000)] = 120
    stale_days: Annotated[int, Field(ge=1, le=1000)] = 180
    min_gap_days: Annotated[int, Field(ge=0, le=1000)] = 30
    items_done: Annotated[int, Field(ge=1, le=100)] = 3
    headcount_change: Annotated[Decimal, Field(gt=0, le=10)] = Decimal("0.3")


class MaturityModel(Entry):
    level_names: Annotated[tuple[Name, ...], Field(min_length=LEVELS, max_length=LEVELS)]
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1, max_length=MOST_DIMENSIONS)]
    scoring: Scoring = Scoring()
    due: Reassessment = Reassessment()

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [(("dimensions", row, "id"), one.id) for row, one in enumerate(self.dimensions)]
        kept = "'all' means every dimension; choose another id"
        faults = [*twice(ids), *((place, kept) for place, one in ids if one == "all")]
        if faults:
            raise faulty(*faults)
        return self

    def __iter__(self) -> Iterator[Dimension]:  # type: ignore[override]
        return iter(self.dimensions)

    def get(self, dimension_id: str) -> Dimension | None:
        return next((d for d in self.dimensions if d.id == dimension_id), None)

    def level_name(self, level: int) -> str:
        return self.level_names[level - 1]


def load_maturity(path: Path | None = None) -> MaturityModel:
    """The packaged model, or that of a file of the same form. Raises MaturityError."""
    return read_content(MaturityModel, "maturity.yaml", path, MaturityError)


@dataclass(frozen=True)
class DimensionScore:
    """What one dimension came to; without enough ratings all but `raters` and `evidence` is empty.

    `raters` rated it (don't know is no rating), `counts` of them at each level from 1 up;
    `evidence` is the number of links given.
    """

    dimension: str
    level: int | None
    raters: int
    mean: Fraction | None = None
    spread: Spread | None = None
    counts: tuple[int, ...] = ()
    evidence: int = 0

    def to_json(self) -> dict[str, Any]:
        mean = [self.mean.numerator, self.mean.denominator] if self.mean is not None else None
        return {**self.__dict__, "mean": mean, "counts": list(self.counts)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        mean = Fraction(*stored["mean"]) if stored["mean"] else None
        return cls(**{**stored, "mean": mean, "counts": tuple(stored["counts"])})


@dataclass(frozen=True)
class Assessment:
    """A closed check-in: `answered` of the `asked` raters, a score for each dimension asked about.

    `held_back_by` names the lowest dimensions where they cap the overall level. `headcount` is
    the number of product managers at closing, `bands` the team's place on each reference ladder
    then, by what the ladder measures.
    """

    checkin_id: str
    closed_at: datetime
    asked: int
    answered: int
    scores: tuple[DimensionScore, ...]
    overall: int | None = None
    held_back_by: tuple[str, ...] = ()
    headcount: int = 0
    bands: Mapping[str, str] = field(default_factory=dict)

    def score(self, dimension_id: str) -> DimensionScore | None:
        return next((s for s in self.scores if s.dimension == dimension_id), None)

    def level(self, dimension_id: str) -> int | None:
        found = self.score(dimension_id)
        return found.level if found else None

    def age_days(self, today: date) -> int:
        return (today - self.closed_at.date()).days

    def to_json(self) -> dict[str, Any]:
        """As it is stored beside its check-in, whose id and instant are not repeated."""
        return {
            "asked": self.asked,
            "answered": self.answered,
            "scores": [score.to_json() for score in self.scores],
            "overall": self.overall,
            "held_back_by": list(self.held_back_by),
            "headcount": self.headcount,
            "bands": dict(self.bands),
        }

    @classmethod
    def from_json(cls, checkin_id: str, closed_at: datetime, stored: Mapping[str, Any]) -> Self:
        return cls(
            **{
                **stored,
                "checkin_id": checkin_id,
                "closed_at": closed_at,
                "scores": tuple(DimensionScore.from_json(score) for score in stored["scores"]),
                "held_back_by": tuple(stored["held_back_by"]),
            }
        )
