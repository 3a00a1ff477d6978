"""Buttons, pictures and the choice of how each interactive element is drawn."""

from collections.abc import Callable

from markupsafe import Markup, escape

from sandbox.page import inputs, menus
from sandbox.page.html import tag
from sandbox.page.mrkdwn import linkable, plain
from sandbox.page.pictures import image
from sandbox.page.place import Element, Place, spoken_name


def element(source: Element, place: Place) -> Markup:
    """One element of an actions or input block, or the accessory of a section."""
    kind = str(source.get("type"))
    draw = _DRAWN.get(kind)
    if draw is None:
        return tag("span", f"Unknown element: {kind}", class_="unsupported")
    return draw(source, place)


def text_object(source: Element | None) -> Markup:
    """A plain_text object."""
    if not source:
        return Markup()
    return plain(str(source.get("text", "")), shortcodes=source.get("emoji") is not False)


def _button(source: Element, place: Place) -> Markup:
    style = str(source.get("style") or "")
    hooks = place.hooks(source)
    hooks["data_send"] = "click"
    look = f"button {style}" if style in ("primary", "danger") else "button"
    words = text_object(source.get("text"))
    title = source.get("accessibility_label")
    value = str(source.get("value") or "")
    url = str(source.get("url") or "")
    if url and linkable(url):
        return tag(
            "a",
            words,
            href=url,
            target="_blank",
            rel="noopener noreferrer",
            class_=look,
            title=title,
            data_value=value,
            **hooks,
        )
    return tag("button", words, type="button", class_=look, title=title, data_value=value, **hooks)


def _feedback(source: Element, place: Place) -> Markup:
    parts = []
    for side in ("positive_button", "negative_button"):
        one = source.get(side) or {}
        hooks = {**place.hooks(source), "data_send": "click"}
        words, value = text_object(one.get("text")), str(one.get("value") or "")
        parts.append(
            tag("button", words, type="button", class_="button small", data_value=value, **hooks)
        )
    return tag("span", *parts, class_="feedback", role="group", aria_label="Feedback")


def _icon_button(source: Element, place: Place) -> Markup:
    hooks = {**place.hooks(source), "data_send": "click"}
    words = text_object(source.get("text")) or escape(spoken_name(source))
    return tag("button", words, type="button", class_="button small", data_value="", **hooks)


def _inert(source: Element, _: Place) -> Markup:
    words = text_object(source.get("text")) or escape(spoken_name(source))
    return tag("button", words, type="button", class_="button", disabled=True, title=_NOT_HERE)


_NOT_HERE = "Not available in this workspace"
_SELECTED_FROM = ("static", "users", "channels", "conversations")

_DRAWN: dict[str, Callable[[Element, Place], Markup]] = {
    "button": _button,
    "feedback_buttons": _feedback,
    "icon_button": _icon_button,
    "workflow_button": _inert,
    "image": lambda source, _: image(source, thumbnail=True),
    "overflow": menus.overflow,
    "checkboxes": menus.checkboxes,
    "radio_buttons": menus.radio_buttons,
    "datepicker": inputs.date_picker,
    "timepicker": inputs.time_picker,
    "datetimepicker": inputs.moment_picker,
    "plain_text_input": inputs.text_input,
    "rich_text_input": inputs.rich_input,
    "number_input": inputs.number_input,
    "email_text_input": inputs.email_input,
    "url_text_input": inputs.url_input,
    "file_input": inputs.file_input,
    "external_select": menus.external_select,
    "multi_external_select": _inert,
    **{f"{source}_select": menus.select for source in _SELECTED_FROM},
    **{f"multi_{source}_select": menus.multi_select for source in _SELECTED_FROM},
}
