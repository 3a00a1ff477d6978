"""What a person enters into an element, and what Slack's own client says to it."""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from sandbox.entities import View
from sandbox.pickable import pickable
from sandbox.screen import NotOnScreen, Spot
from sandbox.state import LIST_FIELDS, VALUE_FIELDS
from sandbox.workspace import Workspace

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PARSED = {
    "selected_date": lambda text: date.fromisoformat(text).isoformat(),
    "selected_time": lambda text: f"{time.fromisoformat(text):%H:%M}",
}
REQUIRED = "Please complete this required field."


def entered(
    spot: Spot, value: Any, ws: Workspace, user_id: str, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The value object for what a person entered; options, people and channels go by name or id.

    `before` is the value that stands there: what is chosen stays, even where it is not offered
    any more. NotOnScreen for what this person's menu does not offer.
    """
    kind = spot.element["type"]
    if kind not in VALUE_FIELDS:
        raise NotOnScreen(f"one cannot enter anything into {spot.ids[0]!r} ({kind})")
    field = VALUE_FIELDS[kind][0]
    found = _value(spot, field, value, ws)
    if field.removeprefix("selected_").removesuffix("s") in ("user", "channel", "conversation"):
        _must_be_offered(spot, user_id, ws, _ids(found) - _ids((before or {}).get(field)))
    return {"type": kind, field: found}


def _ids(held: Any) -> set[str]:
    return set(held) if isinstance(held, list) else {held} - {None}


def _must_be_offered(spot: Spot, user_id: str, ws: Workspace, wanted: set[str]) -> None:
    missing = wanted - {one.id for one in pickable(spot.element, user_id, ws)}
    if missing:
        names = ", ".join(sorted(missing))
        raise NotOnScreen(f"the menu {spot.ids[0]!r} does not offer {names}")


def _value(spot: Spot, field: str, value: Any, ws: Workspace) -> Any:
    if value is None:
        return [] if field in LIST_FIELDS else None
    if field == "selected_option":
        return _option(spot, value)
    if field == "selected_options":
        return [_option(spot, item) for item in _several(value)]
    if field in ("selected_users", "selected_channels", "selected_conversations"):
        return [_id(item, ws) for item in _several(value)]
    if field in ("selected_user", "selected_channel", "selected_conversation"):
        return _id(value, ws)
    if field == "rich_text_value" and isinstance(value, str):
        return _rich_text(value)
    if field == "value":
        return str(value) or None
    if field in _PARSED:
        return _instant(spot, field, value)
    return value


def _instant(spot: Spot, field: str, value: Any) -> str:
    """A picker lets nobody enter a day or time that does not exist."""
    try:
        return _PARSED[field](str(value))
    except ValueError:
        raise NotOnScreen(f"{spot.ids[0]!r} takes no {value!r}") from None


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _option(spot: Spot, wanted: Any) -> dict[str, Any]:
    if isinstance(wanted, dict):
        return wanted
    option = spot.option(str(wanted))
    if option is None:
        offered = ", ".join(repr(o["text"]["text"]) for o in spot.options)
        raise NotOnScreen(f"{spot.ids[0]!r} does not offer {wanted!r}, but {offered}")
    return option


def _id(wanted: str, ws: Workspace) -> str:
    if wanted in ws.users or wanted in ws.channels:
        return wanted
    channel = ws.channel_named(wanted)
    if channel is not None:
        return channel.id
    for user in ws.users.values():
        if wanted.removeprefix("@") in (user.name, user.real_name):
            return user.id
    raise NotOnScreen(f"no person or channel is called {wanted!r}")


def _rich_text(text: str) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def complaints(view: View) -> dict[str, str]:
    """What Slack's client says before it lets a form go: block_id -> sentence."""
    found: dict[str, str] = {}
    for block in view.blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        if element["type"] not in VALUE_FIELDS:
            continue
        held = view.values[block["block_id"]][element["action_id"]]
        value = held[VALUE_FIELDS[element["type"]][0]]
        if value in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = REQUIRED
        elif complaint := _complaint(element, value):
            found[block["block_id"]] = complaint
    return found


def _complaint(element: dict[str, Any], value: Any) -> str | None:
    kind = element["type"]
    if kind == "number_input":
        return _number_complaint(element, value)
    if kind == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if len(value) < least:
            return f"Please enter at least {least} characters."
        return f"Please enter no more than {most} characters." if len(value) > most else None
    if kind == "email_text_input" and not _EMAIL.fullmatch(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and urlsplit(value).scheme not in ("http", "https"):
        return "Please enter a valid URL."
    most = element.get("max_selected_items", 100)
    if isinstance(value, list) and len(value) > most:
        return f"Please choose no more than {most}."
    return None


def _number_complaint(element: dict[str, Any], value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a valid number."
    if not number.is_finite():
        return "Please enter a valid number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"Please enter a number no less than {least}."
    if most is not None and number > Decimal(most):
        return f"Please enter a number no more than {most}."
    return None
