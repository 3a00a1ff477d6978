"""What a team's practice looks like now: the facts, besides its weeks, that rules look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

Spread = Literal["aligned", "mixed", "split"]


@dataclass(frozen=True)
class DimensionFact:
    """A dimension as last assessed: `counts` of ratings per level from 1 up, `milestone` next."""

    id: str
    name: str
    level: int | None
    spread: Spread | None = None
    counts: tuple[int, ...] = ()
    milestone: str | None = None


@dataclass(frozen=True)
class AssessmentFact:
    """The newest closed assessment, `age_days` old."""

    age_days: int
    overall: int | None
    dimensions: tuple[DimensionFact, ...]


@dataclass(frozen=True)
class StuckFact:
    """A checklist item that does not move, by rule R12: `name` as people know it.

    `idle_step` is the name of its step where nothing in all of that has moved for `days` days;
    else somebody has been at the item for so long.
    """

    name: str
    days: int
    idle_step: str | None = None
    item_id: str | None = None


@dataclass(frozen=True)
class BandChange:
    """A ladder on which the team stands elsewhere than when it was last assessed."""

    row: str
    before: str
    now: str


@dataclass(frozen=True)
class Shift:
    """Mean shares of the baseline and of `weeks` weeks since, and where the freed time went.

    `grown` is the category outside strategic and operational work that took most of it, None
    where none grew; `realisation` the part of the fall that became strategic time, from 0 to 1.
    """

    weeks: int
    operational_before: Fraction
    operational_now: Fraction
    strategic_before: Fraction
    strategic_now: Fraction
    grown: str | None
    realisation: Fraction


@dataclass(frozen=True)
class Practice:
    """All of it; what is not known yet is left empty, and its rules stay silent.

    `breakeven_hours` per PM and week, None without the cost inputs. `items` are the ids and
    texts of the company's checklist, for rules that point at one. `stale_days`: the age from
    which an assessment no longer says how things are.
    """

    assessment: AssessmentFact | None = None
    stale_days: int = 180
    stuck: tuple[StuckFact, ...] = ()
    bands: tuple[BandChange, ...] = ()
    shift: Shift | None = None
    breakeven_hours: Fraction | None = None
    items: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
