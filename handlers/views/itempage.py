"""An item's own page: all its texts, all that can be done with it, and what became of it so far."""

from collections.abc import Sequence

from domain.checklist import STEPS, TeamItem
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    context,
    message,
    name,
    section,
    sections,
)
from handlers.views.checklist import Place, to_place
from handlers.views.itemlines import Setting, all_steps, item_buttons, item_text, plain_line

_CHANGES = {
    "added": "added it",
    "taken": "took it",
    "assigned": "gave it to",
    "due": "set the due date",
    "started": "started",
    "confirmed": "said that it goes on",
    "blocked": "blocked it",
    "done": "marked it done",
    "dropped": "dropped it",
    "reopened": "reopened it",
}


def history_line(day: str, change: str, by: str | None, note: str) -> str:
    """One change, as a line for `item_page`; `note` is what was typed, or a person's id."""
    who = f"<@{by}>" if by else "Somebody"
    what = _CHANGES.get(change, change)
    if change == "assigned":
        return f"{day}: {who} {what} <@{note}>"
    return f"{day}: {who} {what}" + (f": {name(note, 150)}" if note and change != "added" else "")


def item_page(
    item: TeamItem,
    setting: Setting,
    *,
    team_name: str,
    history: Sequence[str] = (),
    is_practice: bool = False,
    notice: str = "",
) -> Message:
    """One item with all that can be done with it; `history` are ready lines, newest first."""
    place = Place("item")
    blocks: list[Block] = [
        *([section(notice)] if notice else []),
        section(item_text(item, setting, whole=True)),
        *([context(f"From <{item.link}|this message>.")] if item.link else []),
        item_buttons(item, all_steps(item, is_practice=is_practice), str(place)),
        *sections(history),
        actions(
            to_place(item.team_id, Place("step", item.step), STEPS[item.step]),
            to_place(item.team_id, Place("overview"), "Overview"),
        ),
    ]
    title = f"{name(team_name)}: {plain_line(item)}"
    return message(f"{notice} {title}".strip(), blocks)
