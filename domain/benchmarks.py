"""The reference ladders, and on which rung of each a measured value stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
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


Band = Literal["low", "below median", "median", "above median", "elite"]


@dataclass(frozen=True)
class Measured:
    """What a team shows on a ladder; without a band `why` says what is missing."""

    value_text: str
    band: Band | None
    why: str


@dataclass(frozen=True)
class LadderRow:
    """A ladder with the team's place on it; `band_name` is the ladder's own word for the band."""

    ladder: Ladder
    value_text: str
    band: Band | None
    band_name: str
    why: str
    own_industry: bool


def ladder_rows(
    benchmarks: Benchmarks, measured: Mapping[Measure, Measured], industry: str
) -> list[LadderRow]:
    """All ladders in their order, the one of this industry marked."""
    return [
        LadderRow(
            ladder=ladder,
            value_text=found.value_text,
            band=found.band,
            band_name=band_name(ladder, found.band) if found.band else "",
            why=found.why,
            own_industry=ladder.industry.casefold() == industry.casefold(),
        )
        for ladder in benchmarks.rows
        for found in (measured[ladder.of],)
    ]


def band_name(ladder: Ladder, band: Band) -> str:
    """The ladder's word; where it leaves a gap, between which two words."""
    if band == "below median":
        return f"between {ladder.low} and {ladder.median}"
    if band == "above median":
        return f"between {ladder.median} and {ladder.elite}"
    return {"low": ladder.low, "median": ladder.median, "elite": ladder.elite}[band]


def level_band(level: int, cuts: LevelCuts) -> Band:
    if level >= cuts.elite:
        return "elite"
    return "median" if level >= cuts.median else "low"


def share_band(share: Fraction, dimension_level: int | None, cuts: ShareCuts) -> Band:
    """Elite only where the dimension has reached its level too."""
    if share >= Fraction(cuts.elite) and (dimension_level or 0) >= cuts.level:
        return "elite"
    return "median" if share >= Fraction(cuts.median) else "low"


def multiple_band(multiple: Fraction, cuts: MultipleCuts) -> Band:
    """Under the first cut low, from it on below median, from the second on median; over the
    third above median, over the last elite."""
    if multiple < Fraction(cuts.below_median):
        return "low"
    if multiple < Fraction(cuts.median):
        return "below median"
    if multiple <= Fraction(cuts.above_median):
        return "median"
    return "above median" if multiple <= Fraction(cuts.elite) else "elite"
