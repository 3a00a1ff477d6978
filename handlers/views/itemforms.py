"""Forms about one item: who does it, by when, what shows it done, why it is blocked or dropped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.checklist import TeamItem
from domain.cleaning import clean, printable
from handlers.views import itemlines
from handlers.views.blocks import View, modal, section
from handlers.views.inputs import (
    StateValues,
    date_input,
    field,
    filled,
    filled_text,
    person_select,
    text_input,
)
from handlers.views.itemlines import Asked, Setting, item_text

ITEM_MODAL = "prodops_item_form"
OWNER = "prodops_item_owner"
DUE_ON = "prodops_item_due_on"
EVIDENCE = "prodops_item_evidence"
REASON = "prodops_item_reason"

MOST_EVIDENCE, MOST_REASON = 500, 300
_TITLES = {
    itemlines.ASSIGN: ("Assign an item", "Assign"),
    itemlines.DUE: ("Set due date", "Save"),
    itemlines.DONE: ("Mark done", "Mark done"),
    itemlines.BLOCK: ("Block an item", "Block"),
    itemlines.DROP: ("Drop an item", "Drop"),
}


@dataclass(frozen=True)
class Origin:
    """Where a form was opened: what it is for, about which item, and the message to bring up."""

    action: str
    asked: Asked
    url: str = ""

    def to_metadata(self) -> str:
        return json.dumps({"action": self.action, "asked": str(self.asked), "url": self.url})

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> "Origin":
        carried = json.loads(view.get("private_metadata") or "{}")
        return cls(carried["action"], Asked.parse(carried["asked"]), carried.get("url", ""))


def item_modal(item: TeamItem, origin: Origin, setting: Setting) -> View:
    """The form for one of the five actions that need something filled in."""
    title, submit = _TITLES[origin.action]
    return modal(
        title,
        [section(item_text(item, setting)), *_fields(item, origin.action)],
        callback_id=ITEM_MODAL,
        submit=submit,
        close="Cancel",
        private_metadata=origin.to_metadata(),
    )


def _fields(item: TeamItem, action: str) -> list[dict[str, Any]]:
    if action == itemlines.DONE:
        evidence = text_input(EVIDENCE, limit=MOST_EVIDENCE, lines=True)
        hint = "A link or a sentence that shows it."
        return [field("Evidence", evidence, block_id=EVIDENCE, hint=hint)]
    if action in (itemlines.BLOCK, itemlines.DROP):
        reason = text_input(REASON, limit=MOST_REASON, lines=True)
        hint = "What stands in the way?" if action == itemlines.BLOCK else "Why is it not needed?"
        return [field("Reason", reason, block_id=REASON, hint=hint)]
    due = date_input(DUE_ON, item.due_on)
    due_field = field("Due date", due, block_id=DUE_ON, optional=True)
    if action == itemlines.DUE:
        return [due_field | {"hint": {"type": "plain_text", "text": "Empty: no due date."}}]
    owner = person_select(OWNER, item.owner)
    hint = "Anybody in the workspace, also outside the team. They get a message."
    return [field("Owner", owner, block_id=OWNER, hint=hint), due_field]


def read_evidence(values: StateValues) -> str:
    return _typed(values, EVIDENCE, MOST_EVIDENCE)


def read_reason(values: StateValues) -> str:
    return _typed(values, REASON, MOST_REASON)


def _typed(values: StateValues, block: str, limit: int) -> str:
    """What was typed, in printable characters; empty for blanks."""
    return " ".join(clean(filled_text(values, block, block)).split())[:limit]


def read_owner(values: StateValues) -> str | None:
    found = filled(values, OWNER, OWNER)
    return str(found) if found else None


def read_due(values: StateValues, block: str = DUE_ON, action: str = "") -> date | None:
    """The day chosen in a block whose element bears its name, or that of `action`."""
    found = filled(values, block, action or block)
    return date.fromisoformat(found) if found else None


def typed_line(values: StateValues, block: str, limit: int) -> str:
    """One clean line of at most `limit` characters."""
    return " ".join(printable(filled_text(values, block, block)).split())[:limit]
