"""The form in which a lead sets a goal or changes one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.goals import Metric
from handlers.views.blocks import Block, View, context, modal, name, option, section
from handlers.views.inputs import (
    StateValues,
    date_input,
    field,
    filled_text,
    person_select,
    static_select,
    text_input,
)

GOAL_MODAL = "prodops_goal_modal"
SAVED_MODAL = "prodops_goal_saved"
METRIC = "prodops_goal_metric"
BASELINE = "prodops_goal_baseline"
TARGET = "prodops_goal_target"
DUE = "prodops_goal_due"
OWNER = "prodops_goal_owner"

_HINTS = {
    "share": "In percent, such as 25 or 25.5.",
    "level": "A whole level from 1 to 5.",
    "count": "A whole number of items.",
}


@dataclass(frozen=True)
class GoalForm:
    """The form as it is shown or was sent; texts as typed.

    `metric` is an id; `fixed`: the goal of that figure is being changed. `note` says where the
    proposed baseline, `proposed`, comes from, or why there is none.
    """

    team_id: str
    metric: str
    baseline: str = ""
    target: str = ""
    due_on: date | None = None
    owner: str | None = None
    fixed: bool = False
    proposed: str = ""
    note: str = ""

    @property
    def baseline_block(self) -> str:
        """Another one for each figure: Slack keeps what stands in a block of the same name."""
        return f"{BASELINE}:{self.metric}"


def goal_modal(form: GoalForm, metrics: Sequence[Metric]) -> View:
    """`metrics` are all that can be chosen; for a goal being changed its own is fixed."""
    chosen = next((metric for metric in metrics if metric.id == form.metric), metrics[0])
    hint = _HINTS[chosen.unit]
    blocks: list[Block] = [
        _metric_field(form, chosen, metrics),
        field(
            "Baseline",
            text_input(BASELINE, form.baseline, limit=20),
            block_id=form.baseline_block,
            hint=hint,
        ),
        context(_told(form)),
        field("Target", text_input(TARGET, form.target, limit=20), block_id=TARGET, hint=hint),
        field("Date", date_input(DUE, form.due_on), block_id=DUE, hint="A day to come."),
        field("Owner", person_select(OWNER, form.owner), block_id=OWNER, optional=True),
    ]
    carried = {"team": form.team_id, "proposed": form.proposed, "note": form.note[:200]}
    if form.fixed:
        carried["metric"] = form.metric
    return modal(
        "Edit goal" if form.fixed else "Set a goal",
        blocks,
        callback_id=GOAL_MODAL,
        submit="Save",
        close="Cancel",
        private_metadata=json.dumps(carried),
    )


def _told(form: GoalForm) -> str:
    """Where the baseline comes from, or why none is proposed."""
    note = name(form.note or "nothing is known of it yet", 200)
    if form.fixed:
        return f"It comes from: {note}."
    return f"Proposed: {note}." if form.proposed else f"Nothing to propose: {note}."


def _metric_field(form: GoalForm, chosen: Metric, metrics: Sequence[Metric]) -> Block:
    if form.fixed:
        return section(f"*{name(chosen.name, 80)}*")
    options = [option(metric.name, metric.id) for metric in metrics]
    select = static_select(METRIC, options, chosen.id)
    return field("Metric", select, block_id=METRIC, dispatch=True)


def read_goal(values: StateValues, private_metadata: str) -> GoalForm:
    """The form as sent."""
    carried = json.loads(private_metadata or "{}")
    metric = str(carried.get("metric") or filled_text(values, METRIC, METRIC))
    due = filled_text(values, DUE, DUE)
    block = next((key for key in values if key.startswith(f"{BASELINE}:")), BASELINE)
    return GoalForm(
        team_id=str(carried.get("team", "")),
        metric=metric,
        baseline=filled_text(values, block, BASELINE),
        target=filled_text(values, TARGET, TARGET),
        due_on=date.fromisoformat(due) if due else None,
        owner=filled_text(values, OWNER, OWNER) or None,
        fixed="metric" in carried,
        proposed=str(carried.get("proposed", "")),
        note=str(carried.get("note", "")),
    )


def goal_saved(title: str, notes: Sequence[str]) -> View:
    """Closes the form; `title` and `notes` are ready mrkdwn."""
    blocks = [section(f"*Saved:* {title}."), *[context(note) for note in notes]]
    return modal("Goal saved", blocks, callback_id=SAVED_MODAL, close="Done")
