"""Select menus of every kind, single and multiple."""

from typing import Any

from sandbox.blockkit.objects import (
    CONFIRM,
    CONVERSATION_FILTER,
    IDENTIFIER,
    OPTION,
    OPTION_GROUP,
    PLACEHOLDER,
)
from sandbox.blockkit.rules import Check, Findings, boolean, each, shape, string, whole

_COMMON: dict[str, Check] = {
    "action_id": IDENTIFIER,
    "placeholder": PLACEHOLDER,
    "confirm": CONFIRM,
    "focus_on_load": boolean,
}
_CHOICES: dict[str, Check] = {
    "options": each(OPTION, 100),
    "option_groups": each(OPTION_GROUP, 100),
}
_CONVERSATIONS: dict[str, Check] = {
    "default_to_current_conversation": boolean,
    "filter": CONVERSATION_FILTER,
}
_SEVERAL: dict[str, Check] = {"max_selected_items": whole(1, 100)}


def offered(element: dict[str, Any]) -> list[dict[str, Any]]:
    """All options of a menu, those in groups included."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def initial_among_options(value: Any, at: str, found: Findings) -> None:
    """What is chosen at first must be offered, exactly as it stands."""
    options = offered(value)
    if "initial_option" in value and value["initial_option"] not in options:
        found.add(f"{at}/initial_option", "not_an_option", "must match one of the options")
    for index, chosen in enumerate(value.get("initial_options", ())):
        if chosen not in options:
            pointer = f"{at}/initial_options/{index}"
            found.add(pointer, "not_an_option", "must match one of the options")


def _static(value: Any, at: str, found: Findings) -> None:
    if ("options" in value) == ("option_groups" in value):
        found.add(at, "missing_field", "must provide either options or option_groups")
    initial_among_options(value, at, found)


SELECTS: dict[str, Check] = {
    "static_select": shape({}, {**_COMMON, **_CHOICES, "initial_option": OPTION}, also=_static),
    "external_select": shape(
        {}, {**_COMMON, "initial_option": OPTION, "min_query_length": whole(0, 255)}
    ),
    "users_select": shape({}, {**_COMMON, "initial_user": string(255)}),
    "channels_select": shape(
        {}, {**_COMMON, "initial_channel": string(255), "response_url_enabled": boolean}
    ),
    "conversations_select": shape(
        {},
        {
            **_COMMON,
            **_CONVERSATIONS,
            "initial_conversation": string(255),
            "response_url_enabled": boolean,
        },
    ),
}
MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": shape(
        {},
        {**_COMMON, **_CHOICES, **_SEVERAL, "initial_options": each(OPTION, 100)},
        also=_static,
    ),
    "multi_external_select": shape(
        {},
        {
            **_COMMON,
            **_SEVERAL,
            "initial_options": each(OPTION, 100),
            "min_query_length": whole(0, 255),
        },
    ),
    "multi_users_select": shape(
        {}, {**_COMMON, **_SEVERAL, "initial_users": each(string(255), 100, 0)}
    ),
    "multi_channels_select": shape(
        {}, {**_COMMON, **_SEVERAL, "initial_channels": each(string(255), 100, 0)}
    ),
    "multi_conversations_select": shape(
        {},
        {
            **_COMMON,
            **_SEVERAL,
            **_CONVERSATIONS,
            "initial_conversations": each(string(255), 100, 0),
        },
    ),
}
