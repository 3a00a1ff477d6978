"""What people entered: ids of elements, first values, and what survives an update of a view."""

from collections.abc import Iterator
from typing import Any

from sandbox.entities import Blocks, Values
from sandbox.workspace import Workspace

VALUE_FIELDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
"""Element type -> the field of its value in `state.values`, and of its first value."""

LIST_FIELDS = (
    *("selected_options", "selected_users", "selected_channels", "selected_conversations"),
    "files",
)
"""Values that are lists: empty, not null, where nothing is chosen."""

_HOLDERS = ("elements", "actions", "child_blocks")


def identified(blocks: Blocks, ws: Workspace) -> Blocks:
    """A copy in which every block has a block_id and every interactive element an action_id."""
    return [_identified_block(block, ws) for block in blocks]


def _identified_block(block: dict[str, Any], ws: Workspace) -> dict[str, Any]:
    named = dict(block)
    named.setdefault("block_id", ws.new_id("b"))
    for holder in ("accessory", "element"):
        if isinstance(block.get(holder), dict):
            named[holder] = _identified_element(block[holder], ws)
    if block.get("type") in ("actions", "context_actions", "card", "carousel", "container"):
        for holder in _HOLDERS:
            if isinstance(block.get(holder), list):
                named[holder] = [_identified_part(part, ws) for part in block[holder]]
    return named


def _identified_part(part: Any, ws: Workspace) -> Any:
    if not isinstance(part, dict):
        return part
    is_block = part.get("type") in ("card", "actions", "context_actions", "section", "input")
    return _identified_block(part, ws) if is_block else _identified_element(part, ws)


def _identified_element(element: dict[str, Any], ws: Workspace) -> dict[str, Any]:
    if element.get("type") in ("image", "plain_text", "mrkdwn"):
        return element
    return {**element, "action_id": element.get("action_id") or ws.new_id("a")}


def elements_of(blocks: Blocks) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every interactive element with the block that holds it, in the order of the screen."""
    for block in blocks:
        for holder in ("accessory", "element"):
            if isinstance(block.get(holder), dict) and "action_id" in block[holder]:
                yield block, block[holder]
        for holder in _HOLDERS:
            for part in block.get(holder) or ():
                if not isinstance(part, dict):
                    continue
                if "action_id" in part:
                    yield block, part
                elif "block_id" in part:
                    yield from elements_of([part])


def first_values(blocks: Blocks) -> Values:
    """The values with which a person finds these blocks."""
    values: Values = {}
    for block, element in elements_of(blocks):
        if element["type"] in VALUE_FIELDS:
            field, initial = VALUE_FIELDS[element["type"]]
            empty: Any = [] if field in LIST_FIELDS else None
            value = {"type": element["type"], field: element.get(initial, empty)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def carried_over(old: Values, blocks: Blocks) -> Values:
    """Values after an update: those typed stay where block_id, action_id and type are the same."""
    values = first_values(blocks)
    for block, element in elements_of(blocks):
        kept = old.get(block["block_id"], {}).get(element["action_id"])
        if kept and kept["type"] == element["type"] and _still_offered(kept, element):
            values[block["block_id"]][element["action_id"]] = kept
    return values


def _still_offered(kept: dict[str, Any], element: dict[str, Any]) -> bool:
    chosen = kept.get("selected_options") or [kept.get("selected_option")]
    if "options" not in element or chosen == [None]:
        return True
    return all(option in element["options"] for option in chosen)
