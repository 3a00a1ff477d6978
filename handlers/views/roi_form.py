"""The form for what the return is worked out from: costs, hours, people. Leads only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from domain.roi import RoiInputs
from handlers.views.blocks import Block, View, context, escape, fit, modal, section
from handlers.views.inputs import (
    StateValues,
    field,
    filled,
    filled_text,
    people_select,
    text_input,
)

ROI_MODAL = "prodops_roi_modal"
CURRENCY = "prodops_roi_currency"
PM_SALARY = "prodops_roi_pm_salary"
OPS_SALARY = "prodops_roi_ops_salary"
OPS_FTE = "prodops_roi_ops_fte"
TOOLS = "prodops_roi_tools"
SETUP_COST = "prodops_roi_setup_cost"
HOURS = "prodops_roi_hours"
OPS_PEOPLE = "prodops_roi_ops_people"
BASELINE_WEEKS = "prodops_roi_baseline"
OTHERS = "prodops_roi_other_benefits"

MOST_PEOPLE = 50
MOST_WORDS = 500
#: Field of RoiInputs -> (block, label, hint).
AMOUNTS = MappingProxyType(
    {
        "pm_salary": (PM_SALARY, "PM salary", "What a PM earns in a year, on average."),
        "ops_salary": (
            OPS_SALARY,
            "Product ops salary",
            "What a product operations person earns in a year.",
        ),
        "ops_fte": (OPS_FTE, "Product ops FTE", "Full positions, such as 1 or 0.5."),
        "tools_per_quarter": (TOOLS, "Tools per quarter", "What its tools cost in a quarter."),
        "setup_cost": (
            SETUP_COST,
            "Set-up cost",
            "Spent once. A quarter of it counts in each quarter: empty it after a year.",
        ),
        "hours_per_week": (
            HOURS,
            "Contracted hours per week",
            "Turns shares into hours; logged times count as they are.",
        ),
    }
)


@dataclass(frozen=True)
class RoiForm:
    """The form as typed; `seen` tells which inputs it was opened with."""

    team_id: str
    currency: str = ""
    amounts: tuple[tuple[str, str], ...] = ()
    people: tuple[str, ...] = ()
    weeks: str = ""
    others: str = ""
    seen: str = ""

    def amount(self, name: str) -> str:
        return dict(self.amounts).get(name, "")


def typed(inputs: RoiInputs, usual_hours: str) -> tuple[tuple[str, str], ...]:
    """Amounts as somebody would type them."""
    found = []
    for name in AMOUNTS:
        number = getattr(inputs, name)
        text = "" if number is None else f"{float(number):.2f}".rstrip("0").rstrip(".")
        found.append((name, text or (usual_hours if name == "hours_per_week" else "")))
    return tuple(found)


def weeks_text(inputs: RoiInputs) -> str:
    """`2026-W23 to 2026-W26`; empty for the team's first weeks."""
    return f"{inputs.baseline[0]} to {inputs.baseline[1]}" if inputs.baseline else ""


def roi_modal(form: RoiForm, *, proposed: str, notice: str = "") -> View:
    """`proposed` says which weeks are the baseline where none are chosen."""
    blocks: list[Block] = [section(notice)] if notice else []
    blocks += [
        context("Only leads of this team see these amounts. The channel only ever sees multiples."),
        field(
            "Currency",
            text_input(CURRENCY, form.currency, limit=8),
            block_id=CURRENCY,
            optional=True,
        ),
    ]
    for name, (block, label, hint) in AMOUNTS.items():
        element = text_input(block, form.amount(name), limit=40)
        blocks.append(field(label, element, block_id=block, hint=hint, optional=True))
    blocks += [
        field(
            "Product ops people",
            people_select(OPS_PEOPLE, form.people, most=MOST_PEOPLE),
            block_id=OPS_PEOPLE,
            hint="No PMs: what they log from now on does not count. Past weeks stay as they are.",
            optional=True,
        ),
        field(
            "Baseline weeks",
            text_input(BASELINE_WEEKS, form.weeks, limit=40, placeholder="2026-W23 to 2026-W26"),
            block_id=BASELINE_WEEKS,
            hint=f"Like weeks to compare with; empty: {proposed}.",
            optional=True,
        ),
        field(
            "Other benefits",
            text_input(OTHERS, form.others, limit=MOST_WORDS, lines=True),
            block_id=OTHERS,
            hint="Saved tools, faster launches: told beside the multiple, never part of it.",
            optional=True,
        ),
    ]
    return modal(
        "Return: inputs",
        blocks,
        callback_id=ROI_MODAL,
        submit="Save",
        close="Cancel",
        private_metadata=json.dumps({"team": form.team_id, "seen": form.seen}),
    )


def read_roi(values: StateValues, private_metadata: str) -> RoiForm:
    """The form as sent."""
    carried = json.loads(private_metadata or "{}")
    return RoiForm(
        team_id=str(carried.get("team", "")),
        currency=filled_text(values, CURRENCY, CURRENCY),
        amounts=tuple(
            (name, filled_text(values, block, block)) for name, (block, _, _) in AMOUNTS.items()
        ),
        people=tuple(filled(values, OPS_PEOPLE, OPS_PEOPLE) or ()),
        weeks=filled_text(values, BASELINE_WEEKS, BASELINE_WEEKS),
        others=filled_text(values, OTHERS, OTHERS),
        seen=str(carried.get("seen", "")),
    )


def changed_meanwhile(by: str, mine: RoiForm, theirs: RoiForm) -> str:
    """Ready mrkdwn on what another lead has saved since the form was opened."""
    labels = {name: label for name, (_, label, _) in AMOUNTS.items()}
    differing = [
        f"{labels[name]} {escape(theirs.amount(name)) or 'empty'}"
        for name in AMOUNTS
        if theirs.amount(name) != mine.amount(name)
    ]
    known: Sequence[tuple[str, str, str]] = (
        ("Currency", mine.currency, theirs.currency),
        ("Baseline weeks", mine.weeks, theirs.weeks),
    )
    differing += [f"{label} {escape(it) or 'empty'}" for label, my, it in known if my != it]
    what = f" Theirs: {', '.join(differing)}." if differing else ""
    return fit(
        f"*<@{by}> saved other inputs while you had this open.*{what} Save again to replace them.",
        2900,
    )
