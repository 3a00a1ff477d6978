"""One item of a checklist: its lines, and the buttons that its state allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

from domain.checklist import ALL_DIMENSIONS, TeamItem
from domain.periods import day_label
from handlers.views.blocks import Block, actions, button, escape, name, one_line, option, overflow
from handlers.views.words import day_words, listed

TAKE = "prodops_item_take"
ASSIGN = "prodops_item_assign"
START = "prodops_item_start"
DUE = "prodops_item_due"
DONE = "prodops_item_done"
BLOCK = "prodops_item_block"
DROP = "prodops_item_drop"
REOPEN = "prodops_item_reopen"
CONFIRM = "prodops_item_confirm"
DETAILS = "prodops_item_details"
MORE = "prodops_item_more"

#: An item's texts in a list; the item's own page has room for all of them.
_TEXT, _SHORT = 150, 120

_LABELS = {
    TAKE: "Take it",
    ASSIGN: "Assign",
    START: "Start",
    DUE: "Set due date",
    DONE: "Mark done",
    BLOCK: "Block",
    DROP: "Drop",
    REOPEN: "Reopen",
    CONFIRM: "Still in use",
    DETAILS: "Details",
}
#: Short forms: an option's value holds 75 characters.
_CHOICES = {"assign": ASSIGN, "due": DUE, "block": BLOCK, "drop": DROP, "show": DETAILS}


@dataclass(frozen=True)
class Setting:
    """What a list is shown with: the reader's day and zone, and the dimensions' names by id.

    `team_names` are given where items of several teams stand together.
    """

    today: date
    zone: tzinfo = UTC
    dimensions: Mapping[str, str] = field(default_factory=dict)
    team_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What a button is about: a team, one of its items (or none), and the page it stands on."""

    team_id: str
    key: str = ""
    place: str = ""

    def __str__(self) -> str:
        return f"{self.team_id}|{self.key}|{self.place}"

    @classmethod
    def parse(cls, value: str) -> "Asked":
        team_id, key, place = [*value.split("|"), "", ""][:3]
        return cls(team_id, key, place)


def read_choice(value: str) -> tuple[str, Asked]:
    """What was chosen in an item's menu: the action id of the button it stands for."""
    choice, _, rest = value.partition("|")
    return _CHOICES[choice], Asked.parse(rest)


def item_text(item: TeamItem, setting: Setting, *, whole: bool = False) -> str:
    """Three lines: what is to be done, when it counts as done, and how it stands."""
    limit = 300 if whole else _TEXT
    text = name(item.text, limit)
    head = f"*{escape(item.label)}*  " + (f"~{text}~" if item.state == "dropped" else text)
    lines = [head]
    if item.done_when:
        lines.append(f"_Done when:_ {name(item.done_when, limit)}")
    stands = [_state(item, setting, whole), *_due(item, setting.today)]
    about = [*_role(item), *_moves(item, setting), *_team(item, setting)]
    if whole or item.state not in ("open", "started"):
        lines += [" · ".join(stands), " · ".join(about)]
    else:
        lines.append(" · ".join([*stands, *about]))
    return "\n".join(line for line in lines if line)


def _role(item: TeamItem) -> list[str]:
    return [name(item.owner_role)] if item.owner_role else []


def _moves(item: TeamItem, setting: Setting) -> list[str]:
    if ALL_DIMENSIONS in item.dimensions:
        return ["moves all dimensions"]
    known = [setting.dimensions[key] for key in item.dimensions if key in setting.dimensions]
    return [f"moves {listed([name(text) for text in known])}"] if known else []


def _team(item: TeamItem, setting: Setting) -> list[str]:
    known = setting.team_names.get(item.team_id)
    return [name(known)] if known else []


def _state(item: TeamItem, setting: Setting, whole: bool) -> str:
    limit = 500 if whole else _SHORT
    since = f" {_day(item.state_since, setting)}" if item.state_since else ""
    whose = f" · <@{item.owner}>" if item.owner else ""
    if item.state == "started":
        return f"*In progress* since{since}{whose}"
    if item.state == "blocked":
        return f"*Blocked* since{since}{whose}: {name(item.reason, limit)}"
    if item.state == "done":
        by = f" by <@{item.done_by}>" if item.done_by else ""
        return f"*Done*{since}{by}: {name(item.evidence, limit)}"
    if item.state == "dropped":
        return f"*Dropped*{since}: {name(item.reason, limit)}"
    if whose or not whole:
        return f"*Open*{whose}"
    return "*Open*, nobody has taken it"


def _day(at: datetime, setting: Setting) -> str:
    return day_label(at.astimezone(setting.zone).date())


def _due(item: TeamItem, today: date) -> list[str]:
    if item.due_on is None or item.is_over:
        return []
    late = " (*overdue*)" if item.is_overdue(today) else ""
    return [f"due {day_words(item.due_on)}{late}"]


def item_actions(item: TeamItem, place: str) -> Block:
    """The one or two next steps as buttons, the rest in a menu."""
    rest = ["show"]
    if item.state == "blocked":
        rest = ["assign", "due", "drop", "show"]
    elif not item.is_over:
        rest = ["assign", "due", "block", "drop", "show"]
    asked = Asked(item.team_id, item.key, place)
    choices = [option(_LABELS[_CHOICES[key]], f"{key}|{asked}") for key in rest]
    return actions(*_buttons(item, next_steps(item), place), overflow(MORE, choices))


def item_row(item: TeamItem, place: str) -> Block:
    """The same, its first button in colour: for the one item that is proposed."""
    row = item_actions(item, place)
    first, *others = row["elements"]
    return row | {"elements": [first | {"style": "primary"}, *others]}


def next_steps(item: TeamItem) -> list[str]:
    """The actions that most likely come next."""
    if item.is_over:
        return [REOPEN]
    if item.state == "started":
        return [DONE]
    first = START if item.state == "blocked" or item.owner else TAKE
    return [first, DONE]


def all_steps(item: TeamItem, *, is_practice: bool = False) -> list[str]:
    """Everything that can be done with an item in its state."""
    if item.is_over:
        return [REOPEN, *([CONFIRM] if is_practice and item.state == "done" else [])]
    found = [] if item.owner else [TAKE]
    found += [] if item.state == "started" else [START]
    found += [DONE, ASSIGN, DUE]
    return [*found, *([] if item.state == "blocked" else [BLOCK]), DROP]


def item_buttons(item: TeamItem, wanted: Sequence[str], place: str = "") -> Block:
    return actions(*_buttons(item, wanted, place))


def _buttons(item: TeamItem, wanted: Sequence[str], place: str) -> list[Block]:
    value = str(Asked(item.team_id, item.key, place))
    about = one_line(f"{item.label}: {item.text}", 60)
    return [
        button(
            _LABELS[action],
            action,
            value,
            spoken=f"{_LABELS[action]}, {about}",
        )
        for action in wanted
    ]


def plain_line(item: TeamItem) -> str:
    """For those who hear it: the label, the text and the state."""
    state = {"started": "in progress"}.get(item.state, item.state)
    return f"{escape(item.label)} {name(item.text, _SHORT)}: {state}"
