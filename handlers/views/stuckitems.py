"""What leads are told of items that do not move: split, reassign or drop?"""

from collections.abc import Sequence

from domain.checklist import STEPS
from domain.stalls import Stall
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    message,
    name,
    one_line,
    section,
)
from handlers.views.checklist import OPEN
from handlers.views.itemlines import Asked, Setting, item_text, plain_line
from handlers.views.words import counted

SPLIT = "prodops_stuck_split"
REASSIGN = "prodops_stuck_reassign"
DROP_IT = "prodops_stuck_drop"

MOST_ITEMS = 10
_LABELS = {SPLIT: "Split", REASSIGN: "Reassign", DROP_IT: "Drop"}


def stuck_items(
    found: Sequence[Stall], setting: Setting, *, team_id: str, team_name: str
) -> Message:
    """The longest first; an empty list says that it is settled."""
    if not found:
        text = f"Nothing is stuck any more on the checklist of *{name(team_name)}*. Thank you."
        return message(text.replace("*", ""), [section(text)])
    number = counted(len(found), "item")
    head = f"*{number} stuck* on the checklist of *{name(team_name)}*. Split, reassign or drop?"
    blocks: list[Block] = [section(head)]
    for stall in found[:MOST_ITEMS]:
        blocks += [
            section(f"{item_text(stall.item, setting)}\n{why(stall)}"),
            _choices(stall),
        ]
    if len(found) > MOST_ITEMS:
        blocks.append(context(f"And {counted(len(found) - MOST_ITEMS, 'more item')}."))
    blocks.append(actions(button("Checklist", OPEN, team_id)))
    said = "; ".join(f"{plain_line(stall.item)}, {why(stall)}" for stall in found[:8])
    return message(f"{head.replace('*', '')} {said}", blocks)


def why(stall: Stall) -> str:
    """`24 days in progress`, or what stands still around it."""
    if stall.step_idle:
        return f"Nothing has moved in {STEPS[stall.item.step]} for {counted(stall.days, 'day')}"
    return f"{counted(stall.days, 'day')} in progress"


def _choices(stall: Stall) -> Block:
    item = stall.item
    about = one_line(f"{item.label}: {item.text}", 60)
    value = str(Asked(item.team_id, item.key))
    return actions(
        *[
            button(label, action, value, spoken=f"{label}, {about}")
            for action, label in _LABELS.items()
        ]
    )
