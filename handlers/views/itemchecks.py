"""The weekly check-in about a person's items, and what they are told when one becomes theirs."""

from collections.abc import Sequence
from datetime import datetime

from domain.checklist import TeamItem
from domain.itemchecks import is_answered
from handlers.views import itemlines
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
from handlers.views.itemlines import Asked, Setting, item_buttons, item_text, plain_line
from handlers.views.words import counted

#: The answers: their forms are those of an item's page.
GOING = "prodops_check_going"
CHECK_DONE = "prodops_check_done"
CHECK_BLOCKED = "prodops_check_blocked"
IN_USE = "prodops_check_in_use"
NO_LONGER = "prodops_check_no_longer"

#: Items in one message: two blocks each.
MOST_ITEMS = 20


def check_in(
    items: Sequence[TeamItem], setting: Setting, *, asked_at: datetime | None = None
) -> Message:
    """One message about all of a person's items; `asked_at` is when it was sent, for its edits."""
    shown = items[:MOST_ITEMS]
    waiting = [i for i in items if asked_at is None or not is_answered(i, asked_at)]
    head = f"*How is it going?* {counted(len(waiting), 'item')} of yours to answer."
    if not waiting:
        head = "*Thank you.* All of your items are answered for this week."
    blocks: list[Block] = [section(head)]
    for item in shown:
        blocks.append(section(item_text(item, setting)))
        blocks += _answers(item, asked_at)
    if len(items) > len(shown):
        left = counted(len(items) - len(shown), "more item")
        blocks.append(context(f"And {left}: `/prodops checklist mine` lists all."))
    said = "; ".join(plain_line(item) for item in shown[:8])
    return message(f"{head.replace('*', '')} {said}".strip(), blocks)


def _answers(item: TeamItem, asked_at: datetime | None) -> list[Block]:
    """The buttons, without the one that was pressed; an item that is over needs none."""
    answered = asked_at is not None and is_answered(item, asked_at)
    if item.is_over and not (item.state == "done" and not answered):
        return []
    if item.is_over:
        return [] if answered else [_row(item, (IN_USE, NO_LONGER))]
    wanted = (GOING, CHECK_DONE, CHECK_BLOCKED)
    if answered:
        pressed = CHECK_BLOCKED if item.state == "blocked" else GOING
        said = "Answered: blocked." if item.state == "blocked" else "Answered: still going."
        return [context(said), _row(item, [w for w in wanted if w != pressed])]
    return [_row(item, wanted)]


_LABELS = {
    GOING: "Still going",
    CHECK_DONE: "Done",
    CHECK_BLOCKED: "Blocked",
    IN_USE: "Still in use",
    NO_LONGER: "No longer",
}


def _row(item: TeamItem, wanted: Sequence[str]) -> Block:
    about = one_line(f"{item.label}: {item.text}", 55)
    value = str(Asked(item.team_id, item.key))
    return actions(*[button(_LABELS[w], w, value, spoken=f"{_LABELS[w]}, {about}") for w in wanted])


def superseded() -> Message:
    """What an older check-in turns into."""
    return message(
        "A newer check-in about your items is below.",
        [section("A newer check-in about your items is below.")],
    )


def assigned(
    item: TeamItem, setting: Setting, *, by: str | None, team_name: str, outside: bool
) -> Message:
    """Told to somebody who was given an item; `outside`: they are not in the team."""
    who = f"<@{by}>" if by else "Somebody"
    head = f"{who} gave you an item on the checklist of *{name(team_name)}*."
    steps = [step for step in itemlines.all_steps(item) if step != itemlines.TAKE]
    blocks: list[Block] = [section(f"{head}\n{item_text(item, setting, whole=True)}")]
    if item.link:
        blocks.append(context(f"From <{item.link}|this message>."))
    blocks.append(item_buttons(item, steps))
    if outside and not item.is_over:
        blocks.append(
            context(
                "The list belongs to another team; the item is yours. I ask on Wednesdays how it "
                "goes, and `/prodops checklist mine` shows it."
            )
        )
    return message(f"{head.replace('*', '')} {plain_line(item)}", blocks)


def passed_on(item: TeamItem) -> Message:
    """What that message turns into once the item is somebody else's."""
    whose = f"<@{item.owner}> has it now" if item.owner else "nobody has it now"
    text = f"*{name(item.label)}* {name(item.text, 150)}: {whose}. Nothing is asked of you."
    return message(text.replace("*", ""), [section(text)])
