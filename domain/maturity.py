"""The maturity model: dimensions, their anchored levels, and how ratings become levels."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.content import ContentError, Entry, Line, Name, Sources, read_content

#: Levels run from 1 to this.
LEVELS = 5
MOST_DIMENSIONS = 12


class MaturityError(ContentError):
    """A maturity model that cannot be used; the message names file, line and field."""


class Dimension(Entry):
    """One thing to be good at: a line for each level, and the milestone that leads to the next."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,23}$")]
    name: Name
    src: Sources = ()
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
        ids = [dimension.id for dimension in self.dimensions]
        double = next((i for i in ids if ids.count(i) > 1), None)
        if double or "all" in ids:
            raise ValueError(f"dimensions: the id {double or 'all'!r} is used twice or reserved")
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
