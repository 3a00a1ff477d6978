"""The checklist: how far each step is, and pages of items that lead to one another in place."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.checklist import STEPS, StepProgress, TeamItem, progress
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    message,
    one_line,
    section,
    sections,
)
from handlers.views.itemlines import (
    Asked,
    Setting,
    item_actions,
    item_row,
    item_text,
    plain_line,
)
from handlers.views.words import bar, counted, monospaced

#: Opens the overview as a new message; the value is a team's id, or empty.
OPEN = "prodops_checklist_open"
#: Leads from one page to another in the same message.
SHOW = "prodops_checklist_show"
#: The form for an item of one's own.
ADD = "prodops_checklist_add"
#: The closed loop: value `team id|dimension,dimension`, or `team id|R07`.
ADD_FROM_MATURITY = "prodops_checklist_milestones"
ADD_FROM_INSIGHT = "prodops_checklist_insight"

#: Items on a page: two blocks each, of the 50 that a message takes.
PAGE = 10
#: What a message says to those who only hear it.
_SPOKEN = 8


@dataclass(frozen=True)
class Place:
    """A page: `overview`, `step`, `mine`, `unfinished`, or `item` with the item's own page."""

    kind: str
    step: str = ""
    page: int = 1

    def __str__(self) -> str:
        return ".".join(part for part in (self.kind[0], self.step, str(self.page)) if part)

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """None for what was written by nobody of ours."""
        kind, *rest = text.split(".")
        known = next((k for k in _KINDS if k[0] == kind), None)
        step = rest[0] if known == "step" and rest and rest[0] in STEPS else ""
        if known is None or (known == "step" and not step):
            return None
        return cls(known, step, int(rest[-1]) if rest and rest[-1].isdigit() else 1)


_KINDS = ("overview", "step", "mine", "unfinished", "item")


def overview(
    items: Sequence[TeamItem],
    setting: Setting,
    *,
    team_id: str,
    team_name: str,
    weakest: Sequence[str] = (),
    notice: str = "",
) -> Message:
    """Progress by step, the one item to go on with, and the ways to all others.

    `weakest` are the dimensions whose next milestones a lead may add; `notice` is ready mrkdwn.
    """
    steps = progress(items)
    title = f"Checklist · {one_line(team_name)}"
    summed = _summed(items, steps, setting)
    here = Place("overview")
    blocks: list[Block] = [
        *([section(notice)] if notice else []),
        header(title),
        section(summed),
        *sections(monospaced([_row(step) for step in steps])),
        actions(*[to_place(team_id, Place("step", step.step), step.name) for step in steps]),
        *_go_on_with(items, setting, here),
        actions(*_ways(team_id, here, weakest)),
    ]
    said = ", ".join(f"{step.name} {step.done} of {step.total}" for step in steps)
    return message(f"{notice} {escape(title)}. {summed.replace('*', '')} {said}.".strip(), blocks)


def _summed(items: Sequence[TeamItem], steps: Sequence[StepProgress], setting: Setting) -> str:
    done, total = sum(step.done for step in steps), sum(step.total for step in steps)
    states = [item.state for item in items]
    overdue = sum(item.is_overdue(setting.today) for item in items)
    parts = [f"*{done} of {total} done*"]
    for number, word in (
        (states.count("started"), "in progress"),
        (states.count("blocked"), "blocked"),
        (overdue, "overdue"),
        (states.count("dropped"), "dropped"),
    ):
        if number:
            parts.append(f"{number} {word}")
    if all(item.item_id is None for item in items):
        parts.append("nobody has taken anything yet: the first item is a good start")
    return " · ".join(parts) + "."


def _row(step: StepProgress) -> str:
    percent = step.done * 100 // step.total if step.total else 0
    return f"{step.name:<12} {bar(percent)}  {step.done}/{step.total}"


def _go_on_with(items: Sequence[TeamItem], setting: Setting, here: Place) -> list[Block]:
    """The first item that nobody has taken: the obvious next step."""
    free = next((item for item in items if item.state == "open" and item.owner is None), None)
    if free is None:
        return []
    text = f"*Next, and free to take*\n{item_text(free, setting)}"
    return [section(text), item_row(free, str(here)), divider()]


def to_place(team_id: str, place: Place, label: str) -> Block:
    """A button that leads to a page in the same message."""
    suffix = place.step or place.kind
    value = str(Asked(team_id, "", str(place)))
    return button(label, f"{SHOW}:{suffix}{place.page}", value, spoken=f"Show {label}")


def _ways(team_id: str, here: Place, weakest: Sequence[str]) -> list[Block]:
    found = [
        to_place(team_id, Place("mine"), "My items"),
        to_place(team_id, Place("unfinished"), "Open items"),
        button("Add an item", ADD, str(Asked(team_id, "", str(here)))),
    ]
    if weakest:
        value = f"{team_id}|{','.join(weakest)}"
        found.append(button("Add next milestones", ADD_FROM_MATURITY, value))
    return found


def page(
    items: Sequence[TeamItem],
    place: Place,
    setting: Setting,
    *,
    team_id: str,
    team_name: str,
    notice: str = "",
) -> Message:
    """One page of `items` (all that belong on the pages of this place) with what can be done.

    A page beyond the last is the last one: the list may have grown shorter meanwhile. Without a
    `team_id` there is no overview to go back to.
    """
    pages = max(1, -(-len(items) // PAGE))
    number = min(max(place.page, 1), pages)
    here = Place(place.kind, place.step, number)
    shown = items[(number - 1) * PAGE : number * PAGE]
    title = f"{_title(place)} · {one_line(team_name)}" if team_name else _title(place)
    blocks: list[Block] = [*([section(notice)] if notice else []), header(title)]
    if not shown:
        blocks.append(section(_EMPTY.get(place.kind, _EMPTY["step"])))
    for item in shown:
        blocks += [section(item_text(item, setting)), item_actions(item, str(here))]
    if pages > 1:
        blocks.append(context(f"Page {number} of {pages}, {counted(len(items), 'item')} in all."))
    ways = _turning(team_id, here, pages)
    blocks += [actions(*ways)] if ways else []
    said = "; ".join(plain_line(item) for item in shown[:_SPOKEN]) or _EMPTY["step"]
    return message(f"{notice} {escape(title)}. {said}".strip(), blocks)


def _title(place: Place) -> str:
    return STEPS.get(place.step) or {"mine": "My items", "unfinished": "Open items"}[place.kind]


_EMPTY = {
    "mine": "You have nothing to do on any list. *Take it* on an item makes it yours.",
    "unfinished": "Nothing is left to do: every item is done or dropped.",
    "step": "Nothing is in this step.",
}


def _turning(team_id: str, here: Place, pages: int) -> list[Block]:
    found = []
    if here.page > 1:
        found.append(to_place(team_id, Place(here.kind, here.step, here.page - 1), "Previous"))
    if here.page < pages:
        found.append(to_place(team_id, Place(here.kind, here.step, here.page + 1), "Next"))
    if team_id:
        found.append(to_place(team_id, Place("overview"), "Overview"))
        found.append(button("Add an item", ADD, str(Asked(team_id, "", str(here)))))
    return found
