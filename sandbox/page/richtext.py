"""rich_text blocks to HTML: sections, lists, quotes and code with their inline elements."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from sandbox.page import emoji
from sandbox.page.dates import slack_date
from sandbox.page.html import join, tag
from sandbox.page.mrkdwn import broadcast, channel, emoji_sign, link, person
from sandbox.page.reader import Reader

Element = Mapping[str, Any]

_STYLES = (("code", "code"), ("bold", "b"), ("italic", "i"), ("strike", "s"), ("underline", "u"))


def rich_text(elements: Sequence[Element], reader: Reader) -> Markup:
    """The `elements` of a rich_text block or cell."""
    return join(*(_group(element, reader) for element in elements))


def _group(element: Element, reader: Reader) -> Markup:
    kind = element.get("type")
    if kind == "rich_text_list":
        return _list(element, reader)
    content = join(*(_inline(item, reader) for item in element.get("elements", [])))
    if kind == "rich_text_quote":
        return tag("blockquote", content)
    if kind == "rich_text_preformatted":
        return tag("pre", tag("code", content))
    return tag("p", content)


def _list(element: Element, reader: Reader) -> Markup:
    ordered = element.get("style") == "ordered"
    items = (
        tag("li", *(_inline(item, reader) for item in section.get("elements", [])))
        for section in element.get("elements", [])
    )
    indent = min(int(element.get("indent", 0)), 8)
    start = int(element.get("offset", 0)) + 1 if ordered and element.get("offset") else None
    return tag("ol" if ordered else "ul", *items, class_=f"indent-{indent}", start=start)


def _inline(item: Element, reader: Reader) -> Markup:
    draw = _INLINE.get(str(item.get("type")))
    content = draw(item, reader) if draw else escape(str(item.get("text", "")))
    style = item.get("style") or {}
    for name, element in _STYLES:
        if style.get(name):
            content = tag(element, content)
    return content


def _emoji(item: Element, _: Reader) -> Markup:
    name = str(item.get("name", ""))
    sign = emoji.character(name)
    return emoji_sign(sign, name) if sign else escape(f":{name}:")


def _date(item: Element, reader: Reader) -> Markup:
    text = slack_date(int(item.get("timestamp", 0)), str(item.get("format", "{date}")), reader)
    return tag("time", text or str(item.get("fallback", "")), class_="date")


def _link(item: Element, _: Reader) -> Markup:
    return link(str(item.get("url", "")), item.get("text"))


def _group_name(item: Element, reader: Reader) -> Markup:
    group = str(item.get("usergroup_id", ""))
    return tag("span", "@", tag("bdi", reader.groups.get(group, group)), class_="mention")


_INLINE: dict[str, Callable[[Element, Reader], Markup]] = {
    "text": lambda item, _: escape(str(item.get("text", ""))),
    "link": _link,
    "user": lambda item, reader: person(str(item.get("user_id", "")), reader),
    "channel": lambda item, reader: channel(str(item.get("channel_id", "")), reader),
    "usergroup": _group_name,
    "emoji": _emoji,
    "broadcast": lambda item, _: broadcast(str(item.get("range", "channel"))),
    "date": _date,
    "color": lambda item, _: escape(str(item.get("value", ""))),
}
