"""Form fields for modals: inputs as plain dicts, and how to read back what was filled in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from handlers.views.blocks import Block, View, clip, escape, modal, plain, section

#: `view["state"]["values"]`: block id -> action id -> state of the element.
StateValues = Mapping[str, Mapping[str, Mapping[str, Any]]]

_GROUP_SIZE = 100
_MOST_BOXES = 10


def field(
    label: str,
    element: Block,
    *,
    block_id: str,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """An input block; `dispatch` also reports every change while the form is open."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, 2000)
    if dispatch:
        block["dispatch_action"] = True
    return block


def number_input(action_id: str, initial: str = "", *, live: bool = False) -> Block:
    """A number from 0 up, decimals allowed; `live` reports each character typed."""
    element: Block = {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": True,
        "min_value": "0",
    }
    if initial:
        element["initial_value"] = initial
    if live:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return element


def text_input(
    action_id: str,
    initial: str = "",
    *,
    limit: int = 60,
    placeholder: str = "",
    lines: bool = False,
) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": action_id, "max_length": limit}
    if initial:
        element["initial_value"] = clip(initial, limit)
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    if lines:
        element["multiline"] = True
    return element


def static_select(
    action_id: str, options: Sequence[Block], initial: str = "", *, placeholder: str = ""
) -> Block:
    """One of up to 100 options; an initial value that is not among them is left out."""
    element = _select(action_id, placeholder)
    element["options"] = list(options[:_GROUP_SIZE])
    return _chosen(element, element["options"], initial)


def grouped_select(
    action_id: str,
    groups: Sequence[tuple[str, Sequence[Block]]],
    initial: str = "",
    *,
    placeholder: str = "",
) -> Block:
    """One option out of named groups; groups of more than 100 are cut into numbered parts."""
    element = _select(action_id, placeholder)
    element["option_groups"] = [
        {"label": plain(label, 75), "options": part}
        for group, options in groups
        for label, part in _parts(group, options)
    ]
    return _chosen(element, [o for _, options in groups for o in options], initial)


def _parts(group: str, options: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    if len(options) <= _GROUP_SIZE:
        return [(group, list(options))] if options else []
    starts = range(0, len(options), _GROUP_SIZE)
    return [
        (f"{group} ({part} of {len(starts)})", list(options[start : start + _GROUP_SIZE]))
        for part, start in enumerate(starts, start=1)
    ]


def _select(action_id: str, placeholder: str) -> Block:
    element: Block = {"type": "static_select", "action_id": action_id}
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    return element


def _chosen(element: Block, options: Sequence[Block], initial: str) -> Block:
    chosen = next((o for o in options if o["value"] == initial), None)
    return element | {"initial_option": chosen} if chosen else element


def radio_buttons(action_id: str, options: Sequence[Block], initial: str = "") -> Block:
    element: Block = {
        "type": "radio_buttons",
        "action_id": action_id,
        "options": list(options[:10]),
    }
    return _chosen(element, element["options"], initial)


def checkbox(action_id: str, choice: Block, *, ticked: bool) -> Block:
    element: Block = {"type": "checkboxes", "action_id": action_id, "options": [choice]}
    return element | {"initial_options": [choice]} if ticked else element


def several_of(action_id: str, options: Sequence[Block], initial: Sequence[str] = ()) -> Block:
    """Any number of the options: boxes to tick, or a menu for more than the ten that Slack takes.

    Read back with `filled` as a list of values.
    """
    kind = "checkboxes" if len(options) <= _MOST_BOXES else "multi_static_select"
    element: Block = {"type": kind, "action_id": action_id, "options": list(options[:_GROUP_SIZE])}
    chosen = [o for o in element["options"] if o["value"] in initial]
    return element | {"initial_options": chosen} if chosen else element


def people_select(action_id: str, initial: Sequence[str] = (), *, most: int) -> Block:
    """Any number of people up to `most`, by user id."""
    element: Block = {
        "type": "multi_users_select",
        "action_id": action_id,
        "max_selected_items": most,
    }
    return element | {"initial_users": list(initial[:most])} if initial else element


def person_select(action_id: str, initial: str | None = None) -> Block:
    """One person, by user id."""
    element: Block = {
        "type": "users_select",
        "action_id": action_id,
        "placeholder": plain("Choose a person", 150),
    }
    return element | {"initial_user": initial} if initial else element


def channels_select(action_id: str, initial: Sequence[str] = (), *, most: int) -> Block:
    """Any number of channels up to `most`, by id; none that other organisations share."""
    element = _channels("multi_conversations_select", action_id) | {"max_selected_items": most}
    return element | {"initial_conversations": list(initial[:most])} if initial else element


def channel_select(action_id: str, initial: str | None = None) -> Block:
    """One channel, by id; none that another organisation shares."""
    element = _channels("conversations_select", action_id)
    return element | {"initial_conversation": initial} if initial else element


def _channels(kind: str, action_id: str) -> Block:
    wanted = {"include": ["public", "private"], "exclude_external_shared_channels": True}
    return {"type": kind, "action_id": action_id, "filter": wanted}


def date_input(action_id: str, initial: date | None = None) -> Block:
    """A day; `filled` gives it as `2026-11-30`."""
    element: Block = {"type": "datepicker", "action_id": action_id}
    return element | {"initial_date": initial.isoformat()} if initial else element


def time_input(action_id: str, initial: str) -> Block:
    """A time of day, `HH:MM`."""
    return {"type": "timepicker", "action_id": action_id, "initial_time": initial}


def filled(values: StateValues, block_id: str, action_id: str) -> Any:
    """What stands in one field: a string, a list of ids, or None when it is empty or absent."""
    state = values.get(block_id, {}).get(action_id, {})
    if "selected_option" in state:
        chosen = state["selected_option"]
        return chosen["value"] if chosen else None
    if "selected_options" in state:
        return [chosen["value"] for chosen in state["selected_options"] or ()]
    return next((state[key] for key in _PLAIN if key in state), None)


def filled_text(values: StateValues, block_id: str, action_id: str) -> str:
    """The same for fields that hold one text: stripped, empty when nothing was filled in."""
    return str(filled(values, block_id, action_id) or "").strip()


def waiting_modal(view: Mapping[str, Any], said: str, close: str = "Close") -> View:
    """What stands in for a sent form while, or after, it is saved; `said` is ready mrkdwn."""
    callback_id = str(view.get("callback_id") or "")
    return modal(view["title"]["text"], [section(said)], callback_id=callback_id, close=close)


def refilled(view: Mapping[str, Any], values: StateValues, errors: Mapping[str, str]) -> View:
    """A sent form as it was filled in, with what was wrong with it on top."""
    said = section("\n".join(f"*{escape(text)}*" for text in dict.fromkeys(errors.values())))
    kept = ("type", "title", "submit", "close", "callback_id", "private_metadata")
    blocks = [said, *[_with_state(block, values) for block in view["blocks"]]]
    return {name: view[name] for name in kept if view.get(name)} | {"blocks": blocks}


#: Keys of an element's state whose value is what was filled in.
_PLAIN = (
    "value",
    "selected_user",
    "selected_users",
    "selected_conversation",
    "selected_conversations",
    "selected_time",
    "selected_date",
)
#: Key in an element's state -> key under which the element starts out with it.
_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_time": "initial_time",
    "selected_date": "initial_date",
}


def _with_state(block: Block, values: StateValues) -> Block:
    element = block.get("element")
    if not isinstance(element, dict):
        return block
    state = values.get(block["block_id"], {}).get(element["action_id"], {})
    fresh = {k: v for k, v in element.items() if k not in _INITIAL.values()}
    filled_in = {_INITIAL[k]: v for k, v in state.items() if k in _INITIAL and v}
    return {**block, "element": fresh | filled_in}
