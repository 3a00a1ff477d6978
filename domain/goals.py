"""Goals: a figure, where it stood, where it is to be and by when, and how far along it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

from domain.maturity import LEVELS, MaturityModel
from domain.team import percent

Unit = Literal["share", "level", "count"]
GoalState = Literal["open", "met", "missed", "dropped", "replaced"]

#: Before the id of a dimension whose level is the goal.
DIMENSION: Final = "dimension:"
#: More items than any checklist has.
MOST_ITEMS = 500
_NUMBER = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?\s*%?", re.ASCII)


class GoalProblem(ValueError):  # noqa: N818 - a person's slip, not a fault of the program
    """A figure that makes no goal; the message is one sentence for the person."""


@dataclass(frozen=True)
class Metric:
    """A figure that a goal can be about; `falls`: less of it is better."""

    id: str
    name: str
    unit: Unit
    falls: bool = False


#: Those that any team has, in the order in which they are offered.
FIXED: Mapping[str, Metric] = MappingProxyType(
    {
        metric.id: metric
        for metric in (
            Metric("operational_share", "Operational share", "share", falls=True),
            Metric("strategic_share", "Strategic share", "share"),
            Metric("customer_share", "Customer share", "share"),
            Metric("reactive_share", "Firefighting share", "share", falls=True),
            Metric("participation", "Participation", "share"),
            Metric("maturity", "Overall maturity", "level"),
            Metric("checklist", "Checklist items done", "count"),
        )
    }
)


def metrics_of(model: MaturityModel) -> tuple[Metric, ...]:
    """All figures that a goal can be about, those of the model's dimensions included."""
    *shares, checklist = FIXED.values()
    return (*shares, *(_dimension(d.id, d.name) for d in model), checklist)


def metric_of(metric_id: str, model: MaturityModel) -> Metric:
    """The figure of this id; a dimension that the model no longer has goes by its id."""
    if metric_id in FIXED:
        return FIXED[metric_id]
    dimension_id = metric_id.removeprefix(DIMENSION)
    known = model.get(dimension_id)
    return _dimension(dimension_id, known.name if known else dimension_id)


def _dimension(dimension_id: str, name: str) -> Metric:
    return Metric(f"{DIMENSION}{dimension_id}", f"Level of {name}", "level")


def unit_of(metric_id: str) -> Unit:
    return FIXED[metric_id].unit if metric_id in FIXED else "level"


@dataclass(frozen=True)
class Goal:
    """`baseline` and `target`: shares as parts of 1, levels 1 to 5, or a count of items."""

    goal_id: str
    team_id: str
    metric: str
    baseline: Fraction
    target: Fraction
    due_on: date
    owner: str | None
    state: GoalState
    created_at: datetime
    baseline_note: str = ""
    created_by: str = ""
    closed_at: datetime | None = None

    def is_reached(self, value: Fraction) -> bool:
        return value <= self.target if self.target < self.baseline else value >= self.target


@dataclass(frozen=True)
class Reading:
    """What a figure is now: None where it cannot be told; `basis` says what it rests on.

    `steady`: enough stands behind it to call a goal met.
    """

    value: Fraction | None
    basis: str
    steady: bool = False


@dataclass(frozen=True)
class GoalProgress:
    """A goal beside the present figure.

    `done` is the part of the way covered: below 0 where the figure moved the other way, above 1
    beyond the target. `projection` is a sentence.
    """

    goal: Goal
    current: Fraction | None
    done: Fraction | None
    projection: str
    met: bool
    metric: Metric
    basis: str = ""


def progress_of(goal: Goal, metric: Metric, now: Reading, projection: str) -> GoalProgress:
    """How far along a goal is; it counts as met only on a figure that is steady."""
    way = goal.target - goal.baseline
    done = None if now.value is None or way == 0 else (now.value - goal.baseline) / way
    # As shown: a reader who sees 25% beside a target of 25% must not be told that it is missed.
    shown = None if now.value is None else rounded(now.value, metric.unit)
    met = shown is not None and now.steady and goal.is_reached(shown)
    return GoalProgress(goal, now.value, done, projection, met, metric, now.basis)


def value_text(value: Fraction, unit: Unit) -> str:
    """`27%`, `25.5%`, `level 3`, `12 items`."""
    if unit == "share":
        return f"{decimal(value * 100)}%"
    if unit == "level":
        return f"level {decimal(value)}"
    return "1 item" if value == 1 else f"{decimal(value)} items"


def rounded(value: Fraction, unit: Unit) -> Fraction:
    """As a measured figure is shown: whole percent, else to one decimal."""
    return Fraction(percent(value), 100) if unit == "share" else round(value, 1)


def decimal(number: Fraction) -> str:
    """At most two decimals, without trailing zeros."""
    text = f"{float(number):.2f}"
    return text.rstrip("0").rstrip(".")


def read_value(text: str, unit: Unit) -> Fraction:
    """A figure as people write it: 25, 25%, 25,5. Raises GoalProblem."""
    said = " ".join(text.casefold().removeprefix("level").removesuffix("items").split())
    found = _NUMBER.fullmatch(said)
    if found is None or (unit != "share" and "%" in said):
        raise GoalProblem(_EXPECTED[unit])
    number = Fraction(Decimal(f"{found[1]}.{found[2] or 0}"))
    if unit == "share":
        if number > 100:
            raise GoalProblem(_EXPECTED[unit])
        return number / 100
    if number.denominator != 1 or (unit == "level" and not 1 <= number <= LEVELS):
        raise GoalProblem(_EXPECTED[unit])
    if number > MOST_ITEMS:
        raise GoalProblem(_EXPECTED[unit])
    return number


_EXPECTED: Mapping[Unit, str] = MappingProxyType(
    {
        "share": "Write a percentage from 0 to 100, such as 25 or 25.5.",
        "level": f"Write a whole level from 1 to {LEVELS}.",
        "count": f"Write a whole number of items, up to {MOST_ITEMS}.",
    }
)


def check_target(metric: Metric, baseline: Fraction, target: Fraction) -> None:
    """Raises GoalProblem where the target does not better the baseline."""
    was = value_text(baseline, metric.unit)
    if target == baseline:
        raise GoalProblem(f"The baseline is {was} already: choose another target.")
    if (target < baseline) != metric.falls:
        side = "below" if metric.falls else "above"
        raise GoalProblem(f"{metric.name} is to get better: choose a target {side} {was}.")
