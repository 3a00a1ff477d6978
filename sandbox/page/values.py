"""Values of interactive elements: what is chosen now, what can be chosen, what Slack is sent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.page.surface import Choice, Surface

Element = Mapping[str, Any]
Raw = str | list[str] | None
"""What a form field holds: a text, a list of texts for several choices, None for nothing."""

_SINGLE = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
}
_SEVERAL = {
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
_ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons"})
_OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})


def choices(element: Element, surface: Surface) -> Sequence[Choice]:
    """Everything that a select, checkbox or radio element offers, in order."""
    source = str(element["type"]).removeprefix("multi_").partition("_")[0]
    if source in ("users", "channels", "conversations"):
        return surface.offers(element)
    groups = element.get("option_groups") or []
    found = [_choice(option, None) for option in element.get("options") or []]
    for group in groups:
        heading = str((group.get("label") or {}).get("text", ""))
        found += [_choice(option, heading) for option in group.get("options", [])]
    return found


def _choice(option: Element, group: str | None) -> Choice:
    text = option.get("text") or {}
    label = str(text.get("text", ""))
    return Choice(str(option.get("value", label)), label, option.get("description"), text, group)


def raw_value(element: Element, stored: Mapping[str, Any] | None) -> Raw:
    """What the field shows: what the person entered, else what the bot put in."""
    kind = str(element["type"])
    source = stored if stored is not None else _initial(element)
    if kind in _ONE_OPTION:
        return _option_value(source.get("selected_option"))
    if kind in _OPTIONS:
        return [v for o in source.get("selected_options") or [] if (v := _option_value(o))]
    if kind in _SEVERAL:
        return [str(one) for one in source.get(_SEVERAL[kind]) or []]
    found = source.get(_SINGLE.get(kind, "value"))
    return None if found is None else str(found)


def _option_value(option: Element | None) -> str | None:
    return None if not option else str(option.get("value"))


def _initial(element: Element) -> dict[str, Any]:
    """`initial_*` properties under the names that the state uses for them."""
    found: dict[str, Any] = {}
    for key, value in element.items():
        if key.startswith("initial_"):
            rest = key.removeprefix("initial_")
            found["value" if rest == "value" else f"selected_{rest}"] = value
    return found


def local_moment(element: Element, stored: Mapping[str, Any] | None, zone: ZoneInfo) -> str:
    """A datetimepicker's value as its field wants it: `2026-11-20T14:00` in the reader's zone."""
    source = stored if stored is not None else _initial(element)
    epoch = source.get("selected_date_time")
    if epoch is None:
        return ""
    return f"{datetime.fromtimestamp(int(epoch), UTC).astimezone(zone):%Y-%m-%dT%H:%M}"
