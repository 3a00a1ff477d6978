"""The forms of a lead: start a check-in, and move its deadline."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.cleaning import clean
from domain.maturity import MaturityModel
from handlers.views.blocks import Block, View, context, escape, fit, modal, option, section
from handlers.views.inputs import (
    StateValues,
    date_input,
    field,
    filled,
    filled_text,
    people_select,
    several_of,
    static_select,
    text_input,
)
from handlers.views.maturity import TITLE
from handlers.views.words import counted, people_counted

START_MODAL = "prodops_maturity_start_form"
MOVE_MODAL = "prodops_maturity_move_form"

# One id serves as block id and action id: errors are shown under the block of that name.
DIMENSIONS = "prodops_maturity_dimensions"
RATERS = "prodops_maturity_raters"
DEADLINE = "prodops_maturity_deadline"
MINIMUM = "prodops_maturity_minimum"
NOTE = "prodops_maturity_note"

#: As many people as Slack's field takes at the start; a larger team is asked by leaving it empty.
MOST_PICKED = 100
MOST_NOTE = 300
#: The highest minimum that is offered, unless the playbook asks for more.
_USUAL_MOST = 5


@dataclass(frozen=True)
class StartForm:
    """The form's values; no `raters` means everybody in the team."""

    team_id: str
    dimensions: tuple[str, ...]
    raters: tuple[str, ...]
    deadline: date | None
    min_raters: int
    note: str = ""


def start_modal(
    form: StartForm, model: MaturityModel, *, team_size: int, warning: str = ""
) -> View:
    """`warning` is a plain sentence that a lead should read first, and may pass over."""
    return modal(
        TITLE,
        [
            *([section(f":warning: {fit(escape(warning), 500)}")] if warning else []),
            *_what_and_whom(form, model, team_size),
            *_when_and_how(form, model),
            context("What people rate is shown as medians, never singly, not even to you."),
        ],
        callback_id=START_MODAL,
        submit="Start check-in",
        close="Cancel",
        private_metadata=json.dumps({"team": form.team_id}),
    )


def _what_and_whom(form: StartForm, model: MaturityModel, team_size: int) -> list[Block]:
    choices = [option(dimension.name, dimension.id) for dimension in model]
    crowd = team_size > MOST_PICKED
    everybody = f"Leave it empty to ask all {team_size} of the team. " if crowd else ""
    people = people_select(RATERS, () if crowd else form.raters, most=MOST_PICKED)
    hint = (
        f"{everybody}Add people of engineering, design, data or go-to-market who see how the "
        "team works. Each gets one message."
    )
    boxes = several_of(DIMENSIONS, choices, form.dimensions)
    return [
        field("Dimensions", boxes, block_id=DIMENSIONS),
        field("Raters", people, block_id=RATERS, optional=crowd, hint=hint),
    ]


def _when_and_how(form: StartForm, model: MaturityModel) -> list[Block]:
    least = model.scoring.min_raters
    minimums = [
        option(f"{number} raters", str(number))
        for number in range(least, max(_USUAL_MOST, least) + 1)
    ]
    return [
        field(
            "Deadline",
            date_input(DEADLINE, form.deadline),
            block_id=DEADLINE,
            hint="Until 17:00 in the team's zone; earlier if all have answered. "
            "Those who have not are reminded once, half-way.",
        ),
        field(
            "Minimum raters",
            static_select(MINIMUM, minimums, str(form.min_raters)),
            block_id=MINIMUM,
            hint="Fewer ratings than this give a dimension no level.",
        ),
        field(
            "Note",
            text_input(NOTE, form.note, limit=MOST_NOTE, lines=True),
            block_id=NOTE,
            optional=True,
            hint="Raters read it in their message.",
        ),
    ]


def read_start(values: StateValues, private_metadata: str) -> StartForm:
    return StartForm(
        team_id=str(json.loads(private_metadata)["team"]),
        dimensions=tuple(filled(values, DIMENSIONS, DIMENSIONS) or ()),
        raters=tuple(filled(values, RATERS, RATERS) or ()),
        deadline=read_day(values),
        min_raters=int(filled_text(values, MINIMUM, MINIMUM) or 0),
        note=clean(filled_text(values, NOTE, NOTE))[:MOST_NOTE].strip(),
    )


def read_day(values: StateValues) -> date | None:
    text = filled_text(values, DEADLINE, DEADLINE)
    return date.fromisoformat(text) if text else None


def move_modal(checkin_id: str, standing: date) -> View:
    hint = "Until 17:00 in the team's zone."
    return modal(
        "Change deadline",
        [field("Deadline", date_input(DEADLINE, standing), block_id=DEADLINE, hint=hint)],
        callback_id=MOVE_MODAL,
        submit="Save",
        close="Cancel",
        private_metadata=checkin_id,
    )


def started_text(asked: int, dimensions: int, deadline: str, left_out: Sequence[str]) -> str:
    """What happens now, in ready mrkdwn; `left_out` are people away until after the deadline."""
    scope = f"{people_counted(asked)} can rate {counted(dimensions, 'dimension')}"
    lines = [
        f"*The check-in is under way.* {scope}, each asked in a direct message.",
        f"It closes {deadline}, or as soon as all have answered; the result goes to the channel.",
    ]
    if left_out:
        who = ", ".join(f"<@{user}>" for user in left_out[:20])
        lines.append(f"Away, paused or stopped, so nobody waits for them: {who}.")
    return "\n".join(lines)
