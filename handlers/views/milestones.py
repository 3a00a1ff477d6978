"""The form of the closed loop: what to put on the checklist, by whom and by when."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.checklist import TeamItem
from handlers.views.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    message,
    modal,
    name,
    one_line,
    option,
    section,
    sections,
)
from handlers.views.checklist import OPEN
from handlers.views.inputs import (
    StateValues,
    date_input,
    field,
    filled,
    person_select,
    several_of,
)
from handlers.views.itemforms import read_due
from handlers.views.itemlines import Setting, item_text

MILESTONES_MODAL = "prodops_milestones_form"
CHOSEN = "prodops_milestones_chosen"
OWNER = "prodops_milestones_owner"
DUE_ON = "prodops_milestones_due_on"


@dataclass(frozen=True)
class Row:
    """One thing to add: its ref, what it is about (a dimension's name, a rule), and its text.

    `standing` is the item that is on the list for it already: then there is nothing to fill in.
    """

    ref: str
    about: str
    text: str
    done_when: str = ""
    standing: TeamItem | None = None


@dataclass(frozen=True)
class LoopOrigin:
    """What the form carries: the team, what the rows were made from, and where to answer."""

    team_id: str
    source: str
    refs: tuple[str, ...]
    url: str = ""

    def to_metadata(self) -> str:
        return json.dumps(
            {"team": self.team_id, "source": self.source, "refs": self.refs, "url": self.url}
        )

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> "LoopOrigin":
        carried = json.loads(view["private_metadata"])
        return cls(carried["team"], carried["source"], tuple(carried["refs"]), carried["url"])


@dataclass(frozen=True)
class Filled:
    """What was chosen for one row."""

    owner: str | None
    due_on: Any


def loop_modal(
    rows: Sequence[Row], origin: LoopOrigin, setting: Setting, *, team_name: str
) -> View:
    """One part for each row; those on the list already are only shown."""
    free = [row for row in rows if row.standing is None]
    blocks: list[Block] = [section(f"For the checklist of *{name(team_name)}*, step Execute.")]
    if len(free) > 1:
        boxes = [option(row.about, row.ref) for row in free]
        chosen = several_of(CHOSEN, boxes, [row.ref for row in free])
        blocks.append(field("Add", chosen, block_id=CHOSEN, optional=True))
    for row in rows:
        blocks += _row(row, setting, alone=len(free) == 1)
    return modal(
        "Add to the checklist",
        blocks,
        callback_id=MILESTONES_MODAL,
        submit="Add" if free else None,
        close="Cancel" if free else "Close",
        private_metadata=origin.to_metadata(),
    )


def _row(row: Row, setting: Setting, *, alone: bool) -> list[Block]:
    if row.standing is not None:
        return [section(f"*{name(row.about)}* is on the list:\n{item_text(row.standing, setting)}")]
    done_when = f"\n_Done when:_ {name(row.done_when, 300)}" if row.done_when else ""
    about = "" if alone else f": {one_line(row.about)}"
    return [
        section(f"*{name(row.about)}*\n{name(row.text, 300)}{done_when}"),
        field(
            f"Owner{about}",
            person_select(OWNER),
            block_id=f"{OWNER}:{row.ref}",
            optional=True,
        ),
        field(
            f"Due date{about}", date_input(DUE_ON), block_id=f"{DUE_ON}:{row.ref}", optional=True
        ),
    ]


def read_rows(values: StateValues, refs: Sequence[str]) -> dict[str, Filled]:
    """What to add, by ref: all of them where there was but one, else those ticked."""
    ticked = filled(values, CHOSEN, CHOSEN) if CHOSEN in values else list(refs)
    return {
        ref: Filled(
            filled(values, f"{OWNER}:{ref}", OWNER), read_due(values, f"{DUE_ON}:{ref}", DUE_ON)
        )
        for ref in refs
        if ref in (ticked or ())
    }


def added(items: Sequence[TeamItem], setting: Setting, *, team_id: str, team_name: str) -> Message:
    """What is on the list now."""
    head = f"On the checklist of *{name(team_name)}* now:"
    blocks: list[Block] = [section(head), *sections(item_text(item, setting) for item in items)]
    blocks.append(context("You hear what changed four complete weeks after an item is done."))
    blocks.append(actions(button("Checklist", OPEN, team_id)))
    said = "; ".join(f"{name(item.label)} {name(item.text, 120)}" for item in items)
    return message(f"{head.replace('*', '')} {said}", blocks)
