"""Fields to type into and to pick dates and times with."""

from markupsafe import Markup

from sandbox.page.html import Attribute, tag
from sandbox.page.place import Element, Place
from sandbox.page.values import local_moment, raw_value


def text_input(source: Element, place: Place) -> Markup:
    if source.get("multiline"):
        return _area(source, place, _current(source, place))
    return _line(source, place, "text")


def email_input(source: Element, place: Place) -> Markup:
    return _line(source, place, "email", autocomplete="off")


def url_input(source: Element, place: Place) -> Markup:
    return _line(source, place, "url")


def number_input(source: Element, place: Place) -> Markup:
    """A text field, as in Slack: what is not a number stays visible and gets a sentence."""
    mode = "decimal" if source.get("is_decimal_allowed") else "numeric"
    return _line(source, place, "text", inputmode=mode)


def rich_input(source: Element, place: Place) -> Markup:
    stored = place.surface.stored(place.block_id, str(source.get("action_id", "")))
    value = (stored or {}).get("rich_text_value") or source.get("initial_value") or {}
    return _area(source, place, rich_words(value))


def date_picker(source: Element, place: Place) -> Markup:
    return _line(source, place, "date")


def time_picker(source: Element, place: Place) -> Markup:
    zone = source.get("timezone")
    field = _line(source, place, "time")
    return field if not zone else field + tag("small", f"{zone} time", class_="hint")


def moment_picker(source: Element, place: Place) -> Markup:
    stored = place.surface.stored(place.block_id, str(source.get("action_id", "")))
    value = local_moment(source, stored, place.surface.reader.zone)
    return tag("input", **_common(source, place), type="datetime-local", value=value)


def file_input(source: Element, place: Place) -> Markup:
    note = "Files can't be uploaded in this workspace."
    return tag("span", note, class_="unsupported", **place.names(source))


def rich_words(value: object) -> str:
    """The plain text of a rich_text value: its lines, without their formatting."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            return str(value["text"])
        parts = [rich_words(one) for one in value.get("elements", [])]
        return ("\n" if value.get("type") == "rich_text" else "").join(parts)
    return ""


def _current(source: Element, place: Place) -> str:
    stored = place.surface.stored(place.block_id, str(source.get("action_id", "")))
    value = raw_value(source, stored)
    return value if isinstance(value, str) else ""


def _common(source: Element, place: Place) -> dict[str, Attribute]:
    return {
        "id": place.element_id(source),
        "class_": "field",
        "placeholder": (source.get("placeholder") or {}).get("text"),
        "autofocus": bool(source.get("focus_on_load")),
        **place.hooks(source),
        **place.names(source),
    }


def _line(source: Element, place: Place, kind: str, **more: Attribute) -> Markup:
    value = _current(source, place)
    attrs: dict[str, Attribute] = {"autocomplete": "off", **_common(source, place), **more}
    return tag("input", type=kind, value=value, **attrs)


def _area(source: Element, place: Place, value: str) -> Markup:
    # A line break right after the opening tag is not part of the content, hence the extra one.
    return tag("textarea", f"\n{value}", rows="4", **_common(source, place))
