"""The reference ladders, and on which rung of each a measured value stands."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from domain.content import ContentError, Entry, Line, Name, Sources, read_content

#: What a ladder measures.
Measure = Literal["adoption", "maturity", "compliance", "roi"]
_Part = Annotated[Decimal, Field(ge=0, le=1)]
_Positive = Annotated[Decimal, Field(gt=0, le=10_000)]


class BenchmarksError(ContentError):
    """Benchmarks that cannot be used; the message names file, line and field."""


class Ladder(Entry):
    industry: Name
    metric: Name
    of: Measure
    low: Name
    median: Name
    elite: Name


class LevelCuts(Entry):
    median: Annotated[int, Field(ge=1, le=5)]
    elite: Annotated[int, Field(ge=1, le=5)]


class ShareCuts(Entry):
    """Parts of 1; elite asks for a level of one dimension too. `days`: how far back to look."""

    median: _Part
    elite: _Part
    dimension: str
    level: Annotated[int, Field(ge=1, le=5)]
    days: Annotated[int, Field(ge=1, le=1000)]


class MultipleCuts(Entry):
    below_median: _Positive
    median: _Positive
    above_median: _Positive
    elite: _Positive


class Cuts(Entry):
    maturity: LevelCuts
    adoption: ShareCuts
    compliance: ShareCuts
    roi: MultipleCuts


class RoiRules(Entry):
    loading: Annotated[Decimal, Field(ge=1, le=5)]
    hours_per_year: _Positive
    hours_per_week: Annotated[Decimal, Field(gt=0, le=112)]
    default_realisation: _Part
    baseline_weeks: Annotated[int, Field(ge=1, le=52)]
    fewest_baseline_weeks: Annotated[int, Field(ge=1, le=52)]
    preliminary_weeks: Annotated[int, Field(ge=1, le=52)]
    fewest_people: Annotated[int, Field(ge=3, le=100)] = 3
    fewest_participation: Annotated[Decimal, Field(ge=0.5, le=1)] = Decimal("0.5")
    quarter_weeks: Annotated[int, Field(ge=1, le=13)] = 12


class ContextLine(Entry):
    """What a survey found, with its name, year and n: context, never a target."""

    metric: Name
    value: Line
    survey: Name
    year: int | None = None
    n: str | None = None
    src: Sources = ()


class Benchmarks(Entry):
    label: Line
    rows: Annotated[tuple[Ladder, ...], Field(min_length=1, max_length=12)]
    cuts: Cuts
    practices: Annotated[tuple[str, ...], Field(min_length=1, max_length=40)]
    roi: RoiRules
    context: Annotated[tuple[ContextLine, ...], Field(max_length=20)] = ()


def load_benchmarks(path: Path | None = None) -> Benchmarks:
    """The packaged ladders, or those of a file of the same form. Raises BenchmarksError."""
    return read_content(Benchmarks, "benchmarks.yaml", path, BenchmarksError)
