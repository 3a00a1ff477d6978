"""Elements to choose from: selects, checkboxes, radio buttons and overflow menus."""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup, escape

from sandbox.page.html import Attribute, join, tag
from sandbox.page.mrkdwn import mrkdwn, plain
from sandbox.page.place import Element, Place, spoken_name
from sandbox.page.surface import Choice
from sandbox.page.values import Raw, choices, raw_value

#: A longer list gets a field that filters it.
_FILTER_FROM = 9


def select(source: Element, place: Place) -> Markup:
    """Every kind of single select as the browser's own."""
    offered = _offered(source, place)
    current = _current(source, place)
    first = tag("option", spoken_name(source), value="")
    groups = [
        _option_group(heading, [_option(one, current) for one in group])
        for heading, group in groupby(offered, key=lambda choice: choice.group)
    ]
    attrs: dict[str, Attribute] = {**place.hooks(source), **place.names(source)}
    return tag("select", first, *groups, id=place.element_id(source), class_="field", **attrs)


def external_select(source: Element, place: Place) -> Markup:
    """A menu that the bot fills while one types: a field with the browser's own list."""
    stored = place.surface.stored(place.block_id, str(source.get("action_id", "")))
    chosen = (stored or {}).get("selected_option") or source.get("initial_option") or {}
    list_id = place.element_id(source, "list")
    attrs: dict[str, Attribute] = {**place.hooks(source), "data_send": "change"}
    field = tag(
        "input",
        id=place.element_id(source),
        class_="field",
        value=str((chosen.get("text") or {}).get("text", "")),
        placeholder=spoken_name(source),
        list=list_id,
        autocomplete="off",
        data_load=str(source.get("min_query_length", 3)),
        **attrs,
        **place.names(source),
    )
    return field + tag("datalist", id=list_id)


def multi_select(source: Element, place: Place) -> Markup:
    """A list of boxes to tick; outside an input block it folds away behind its placeholder."""
    offered, current = _offered(source, place), _current(source, place) or []
    boxes = [_tick(source, place, one, one.value in current) for one in offered]
    search = Markup()
    if len(offered) >= _FILTER_FROM:
        name = "Filter the list"
        search = tag(
            "input", type="search", class_="field filter", placeholder=name, aria_label=name
        )
    attrs: dict[str, Attribute] = {
        **place.hooks(source),
        **place.names(source),
        "data_max": source.get("max_selected_items"),
    }
    listed = tag("div", *boxes, class_="options")
    if place.in_input:
        return tag("div", search, listed, role="group", class_="multi", **attrs)
    chosen = ", ".join(one.label for one in offered if one.value in current)
    empty = spoken_name(source)
    words = tag("summary", chosen or empty, class_="button", data_empty=empty)
    inner = tag("div", search, listed, role="group", class_="multi", **attrs)
    return tag("details", words, inner, class_="menu", data_menu=True)


def checkboxes(source: Element, place: Place) -> Markup:
    return _ticks(source, place, "checkboxes")


def radio_buttons(source: Element, place: Place) -> Markup:
    return _ticks(source, place, "radios")


def overflow(source: Element, place: Place) -> Markup:
    """The three dots; each entry is a button of its own, an address opens beside the event."""
    entries = []
    for one in choices(source, place.surface):
        hooks = {**place.hooks(source), "data_send": "click", "data_value": one.value}
        entries.append(tag("li", tag("button", plain(one.label), type="button", **hooks)))
    name = str(source.get("accessibility_label") or "More actions")
    dots = tag("summary", "⋯", class_="button dots", aria_label=name)
    return tag("details", dots, tag("ul", *entries), class_="menu", data_menu=True)


def _ticks(source: Element, place: Place, look: str) -> Markup:
    current = _current(source, place) or []
    chosen = [current] if isinstance(current, str) else current
    rows = [_tick(source, place, one, one.value in chosen) for one in _offered(source, place)]
    role = "radiogroup" if look == "radios" else "group"
    attrs: dict[str, Attribute] = {**place.hooks(source), **place.names(source)}
    return tag("div", *rows, role=role, class_=look, **attrs)


def _tick(source: Element, place: Place, choice: Choice, checked: bool) -> Markup:
    radio = source["type"] == "radio_buttons"
    box = tag(
        "input",
        type="radio" if radio else "checkbox",
        name=place.element_id(source) if radio else None,
        value=choice.value,
        checked=checked,
    )
    more = tag("small", _words(choice.description, place)) if choice.description else None
    label = _words(choice.text, place) if choice.text else escape(choice.label)
    return tag("label", box, tag("span", label, more), class_="tick")


def _words(text: Element, place: Place) -> Markup:
    words = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return mrkdwn(words, place.surface.reader)
    return plain(words)


def _option(choice: Choice, current: Raw) -> Markup:
    return tag("option", plain(choice.label), value=choice.value, selected=choice.value == current)


def _option_group(heading: str | None, options: list[Markup]) -> Markup:
    return join(*options) if heading is None else tag("optgroup", *options, label=heading)


def _current(source: Element, place: Place) -> Raw:
    stored = place.surface.stored(place.block_id, str(source.get("action_id", "")))
    return raw_value(source, stored)


def _offered(source: Element, place: Place) -> Sequence[Choice]:
    """The choices, and those that stand there though the workspace offers them no longer."""
    found = choices(source, place.surface)
    if "options" in source or "option_groups" in source:
        return found
    current, offered = _current(source, place) or [], {one.value for one in found}
    held = [current] if isinstance(current, str) else current
    label = place.surface.reader.label
    return [*found, *(Choice(one, label(one)) for one in held if one not in offered)]
