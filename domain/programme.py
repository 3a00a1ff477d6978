"""The programme: which of the five steps a team stands in, and what is missing to finish it."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.checklist import StepProgress, TeamItem, progress

#: How many missing items are named.
NAMED = 3


@dataclass(frozen=True)
class Missing:
    """An item that the current step still waits for.

    `seen` is what the bot knows that speaks for its being done already; empty: nothing.
    """

    label: str
    text: str
    owner_role: str
    state: str
    seen: str = ""


@dataclass(frozen=True)
class Evidence:
    """What the bot itself has recorded of the programme, by the playbook's item ids."""

    logged_people: int = 0
    people: int = 0
    assessments: int = 0
    raters: int = 0
    has_operational_goal: bool = False
    has_costs: bool = False


@dataclass(frozen=True)
class Programme:
    """`current` is the first step with something left to do, None once all five are finished.

    `missing` names the next items of it, those under way first; `left` counts them all.
    """

    steps: tuple[StepProgress, ...]
    current: StepProgress | None
    missing: tuple[Missing, ...]
    left: int

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def total(self) -> int:
        return sum(step.total for step in self.steps)

    @property
    def has_begun(self) -> bool:
        return self.done > 0


_UNDER_WAY = {"started": 0, "blocked": 1, "open": 2}


def programme(items: Sequence[TeamItem], evidence: Evidence | None = None) -> Programme:
    """The state of the programme out of a team's checklist and what the bot has recorded."""
    steps = progress(items)
    current = next((step for step in steps if not step.is_complete), None)
    left = [i for i in items if current and i.step == current.step and not i.is_over]
    ordered = sorted(left, key=lambda item: _UNDER_WAY.get(item.state, 2))
    seen = _seen(evidence or Evidence())
    missing = tuple(
        Missing(i.label, i.text, i.owner_role, i.state, seen.get(i.ref or "", ""))
        for i in ordered[:NAMED]
    )
    return Programme(steps, current, missing, len(left))


def _seen(evidence: Evidence) -> dict[str, str]:
    """What speaks for an item's being done; ids that a company's own checklist dropped are idle."""
    found = {}
    if evidence.people and evidence.logged_people * 10 >= evidence.people * 7:
        found["A2"] = f"{evidence.logged_people} of {evidence.people} logged two weeks"
    if evidence.assessments:
        found["A3"] = f"{evidence.raters} people rated"
    if evidence.assessments > 1:
        found["I2"] = f"{evidence.assessments} check-ins are closed"
    if evidence.has_operational_goal:
        found["G1"] = "the target is saved"
    if evidence.has_costs:
        found["G6"] = "the cost inputs are saved"
    return found
