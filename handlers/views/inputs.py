"""Form fields for modals: inputs as plain dicts, and how to read back what was filled in."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.views.blocks import Block, clip, plain

#: `view["state"]["values"]`: block id -> action id -> state of the element.
StateValues = Mapping[str, Mapping[str, Mapping[str, Any]]]

_GROUP_SIZE = 100


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


def people_select(action_id: str, initial: Sequence[str] = (), *, most: int) -> Block:
    """Any number of people up to `most`, by user id."""
    element: Block = {
        "type": "multi_users_select",
        "action_id": action_id,
        "max_selected_items": most,
    }
    return element | {"initial_users": list(initial[:most])} if initial else element


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
    for key in ("value", "selected_users", "selected_time"):
        if key in state:
            return state[key]
    return None


def filled_text(values: StateValues, block_id: str, action_id: str) -> str:
    """The same for fields that hold one text: stripped, empty when nothing was filled in."""
    return str(filled(values, block_id, action_id) or "").strip()
