"""What changed after items were done, told to those who did them and to leads."""

from collections.abc import Sequence

from handlers.views.blocks import (
    Message,
    actions,
    button,
    context,
    escape,
    message,
    name,
    section,
    sections,
)
from handlers.views.checklist import OPEN

_SHOWN = 12


def after_items(sentences: Sequence[str], *, team_id: str, team_name: str) -> Message:
    """`sentences` are plain, one for each item."""
    head = f"*What changed since*, on the checklist of *{name(team_name)}*"
    lines = [f"• {escape(sentence)}" for sentence in sentences[:_SHOWN]]
    if len(sentences) > _SHOWN:
        lines.append(f"• and {len(sentences) - _SHOWN} more")
    blocks = [
        section(head),
        *sections(lines),
        context(
            "Averages of the weeks before and after, from 3 people on. They show what changed, "
            "not what caused it."
        ),
        actions(button("Checklist", OPEN, team_id)),
    ]
    return message(f"{head.replace('*', '')}. {' '.join(lines)}", blocks)
