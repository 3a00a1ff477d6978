"""The form for an item of the team's own, also from a message."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from domain.checklist import STEPS, NewItem
from handlers.views import inputs
from handlers.views.blocks import Block, View, context, modal, option
from handlers.views.inputs import StateValues, date_input, filled, person_select, several_of
from handlers.views.itemforms import read_due, typed_line

ADD_MODAL = "prodops_item_add_form"
TEAM = "prodops_item_add_team"
TEXT = "prodops_item_add_text"
DONE_WHEN = "prodops_item_add_done_when"
STEP = "prodops_item_add_step"
DIMENSIONS = "prodops_item_add_dimensions"
OWNER = "prodops_item_add_owner"
DUE_ON = "prodops_item_add_due_on"

MOST_TEXT, MOST_DONE_WHEN = 200, 300
_FIRST_STEP = "execute"


@dataclass(frozen=True)
class AddOrigin:
    """What the form carries: the team, or those to choose from, the page to bring up to date,
    and the message that it is made from."""

    team_id: str = ""
    place: str = ""
    url: str = ""
    link: str = ""

    def to_metadata(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> "AddOrigin":
        return cls(**json.loads(view.get("private_metadata") or "{}"))


@dataclass(frozen=True)
class AddForm:
    """What the form starts out with; `teams` are (id, name), more than one to choose from."""

    origin: AddOrigin
    dimensions: Mapping[str, str] = field(default_factory=dict)
    teams: Sequence[tuple[str, str]] = ()
    text: str = ""
    step: str = _FIRST_STEP
    chosen: Sequence[str] = ()
    owner: str | None = None


def add_modal(form: AddForm) -> View:
    """The form; from a message it says so."""
    return modal(
        "Add to the checklist" if form.origin.link else "Add an item",
        [*_team_field(form), *_what(form), *_who_and_when(form), *_source(form)],
        callback_id=ADD_MODAL,
        submit="Add",
        close="Cancel",
        private_metadata=form.origin.to_metadata(),
    )


def _team_field(form: AddForm) -> list[Block]:
    if len(form.teams) < 2:
        return []
    options = [option(name, team_id) for team_id, name in form.teams]
    select = inputs.static_select(TEAM, options, form.origin.team_id)
    return [inputs.field("Team", select, block_id=TEAM)]


def _what(form: AddForm) -> list[Block]:
    text = inputs.text_input(TEXT, form.text, limit=MOST_TEXT)
    done_when = inputs.text_input(DONE_WHEN, limit=MOST_DONE_WHEN)
    steps = [option(name, step) for step, name in STEPS.items()]
    known = [option(name, key) for key, name in form.dimensions.items()]
    return [
        inputs.field("Item", text, block_id=TEXT, hint="What is to be done, in a line."),
        inputs.field(
            "Done when",
            done_when,
            block_id=DONE_WHEN,
            hint="How one will see that it is done.",
            optional=True,
        ),
        inputs.field("Step", inputs.static_select(STEP, steps, form.step), block_id=STEP),
        inputs.field(
            "Dimensions",
            several_of(DIMENSIONS, known, form.chosen),
            block_id=DIMENSIONS,
            hint="What it is to move.",
            optional=True,
        ),
    ]


def _who_and_when(form: AddForm) -> list[Block]:
    return [
        inputs.field("Owner", person_select(OWNER, form.owner), block_id=OWNER, optional=True),
        inputs.field("Due date", date_input(DUE_ON), block_id=DUE_ON, optional=True),
    ]


def _source(form: AddForm) -> list[Block]:
    if not form.origin.link:
        return []
    return [context(f"From <{form.origin.link}|this message>; the item keeps the link.")]


def read_new(values: StateValues, link: str) -> NewItem:
    """What is to be added; its text is empty where nothing readable was typed."""
    owner = filled(values, OWNER, OWNER)
    step = str(filled(values, STEP, STEP) or _FIRST_STEP)
    return NewItem(
        ref=None,
        step=step if step in STEPS else _FIRST_STEP,
        text=typed_line(values, TEXT, MOST_TEXT),
        done_when=typed_line(values, DONE_WHEN, MOST_DONE_WHEN),
        dimensions=tuple(filled(values, DIMENSIONS, DIMENSIONS) or ()),
        owner=str(owner) if owner else None,
        due_on=read_due(values, DUE_ON),
        link=link,
    )


def read_team(values: StateValues) -> str:
    return str(filled(values, TEAM, TEAM) or "")
