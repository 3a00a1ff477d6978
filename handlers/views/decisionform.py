"""The form in which a decision is recorded or changed."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from domain.decisions import Decision
from domain.decisionwords import LONGEST_READ
from handlers.views.blocks import View, clip, context, escape, length, modal, section
from handlers.views.inputs import (
    StateValues,
    date_input,
    field,
    filled_text,
    person_select,
    text_input,
)

FORM = "prodops_decision_form"
WHAT = "prodops_decision_what"
OWNER = "prodops_decision_owner"
DUE = "prodops_decision_due"

_BUTTON_VALUE = 2000


@dataclass(frozen=True)
class DecisionForm:
    """The form's values; `decision_id` is empty for a new one.

    `standing` tells the version that was opened for editing, `url` and `replace` where the
    receipt goes; without a url it goes nowhere, since the message clicked in tells all.
    """

    team_id: str
    what: str = ""
    owner: str | None = None
    due_on: date | None = None
    decision_id: str = ""
    standing: str = ""
    url: str = ""
    replace: bool = False


def decision_modal(form: DecisionForm, *, notice: str = "", team_name: str = "") -> View:
    blocks = [section(f"*{escape(notice)}*")] if notice else []
    blocks += [
        field(
            "What",
            text_input(
                WHAT,
                form.what,
                limit=LONGEST_READ,
                placeholder="We keep one roadmap tool",
                lines=True,
            ),
            block_id=WHAT,
        ),
        field("Owner", person_select(OWNER, form.owner), block_id=OWNER, optional=True),
        field(
            "Due",
            date_input(DUE, form.due_on),
            block_id=DUE,
            hint="The owner gets a reminder on that day.",
            optional=True,
        ),
    ]
    if team_name:
        blocks.append(context(f"In the log of {escape(team_name)}."))
    carried = {
        "team": form.team_id,
        "id": form.decision_id,
        "was": form.standing,
        "url": form.url,
        "replace": form.replace,
    }
    return modal(
        "Edit decision" if form.decision_id else "Record a decision",
        blocks,
        callback_id=FORM,
        submit="Save",
        close="Cancel",
        private_metadata=json.dumps(carried),
    )


def read_form(values: StateValues, private_metadata: str) -> DecisionForm:
    carried = json.loads(private_metadata)
    due = filled_text(values, DUE, DUE)
    return DecisionForm(
        team_id=carried["team"],
        what=filled_text(values, WHAT, WHAT),
        owner=filled_text(values, OWNER, OWNER) or None,
        due_on=date.fromisoformat(due) if due else None,
        decision_id=carried["id"],
        standing=carried["was"],
        url=carried["url"],
        replace=carried["replace"],
    )


def version(decision: Decision) -> str:
    """What tells one wording of a decision from another."""
    said = json.dumps([decision.what, decision.owner, str(decision.due_on)])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def packed(form: DecisionForm) -> str:
    """A new decision's fields for a button, the text cut to what one carries."""
    room = 1500
    while True:
        fields = {
            "t": form.team_id,
            "w": clip(form.what, room),
            "o": form.owner,
            "d": form.due_on.isoformat() if form.due_on else None,
        }
        value = json.dumps(fields, ensure_ascii=False)
        if length(value) <= _BUTTON_VALUE:
            return value
        room //= 2


def unpacked(value: str) -> DecisionForm:
    fields = json.loads(value)
    due = date.fromisoformat(fields["d"]) if fields["d"] else None
    return DecisionForm(fields["t"], fields["w"], fields["o"], due)
