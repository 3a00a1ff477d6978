"""Block Kit to HTML: one function per block, the same for messages, modals and the Home tab."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from sandbox.page.charts import chart
from sandbox.page.elements import element, text_object
from sandbox.page.html import join, tag
from sandbox.page.markdown import markdown
from sandbox.page.mrkdwn import mrkdwn
from sandbox.page.pictures import image
from sandbox.page.place import Place
from sandbox.page.richtext import rich_text
from sandbox.page.surface import Block, Surface
from sandbox.page.tables import data_table, table


def render_blocks(blocks: Sequence[Block], surface: Surface) -> Markup:
    """All blocks in order; an unknown type is named, never dropped without a trace."""
    return join(*(render_block(block, surface) for block in blocks))


def render_block(block: Block, surface: Surface) -> Markup:
    kind = str(block.get("type"))
    draw = _DRAWN.get(kind)
    if draw is None:
        return tag("p", f"Block of an unknown type: {kind}", class_="unsupported")
    block_id = str(block.get("block_id", ""))
    name = kind.replace("_", "-")
    return tag("div", draw(block, surface), class_=f"block {name}", data_block_id=block_id or None)


def text_of(source: Mapping[str, Any] | None, surface: Surface) -> Markup:
    """A text object of either kind."""
    if source and source.get("type") == "mrkdwn":
        return mrkdwn(str(source.get("text", "")), surface.reader)
    return text_object(source)


def _section(block: Block, surface: Surface) -> Markup:
    parts = []
    if block.get("text"):
        parts.append(tag("div", text_of(block["text"], surface), class_="text", dir="auto"))
    if block.get("fields"):
        cells = (text_of(one, surface) for one in block["fields"])
        shown = (tag("div", cell, class_="text", dir="auto") for cell in cells)
        parts.append(tag("div", *shown, class_="fields"))
    body = tag("div", *parts, class_="body")
    accessory = block.get("accessory")
    if not accessory:
        return body
    place = Place(surface, str(block.get("block_id", "")))
    return body + tag("div", element(accessory, place), class_="accessory")


def _header(block: Block, surface: Surface) -> Markup:
    # Headings of messages lie below those of the page: level 1 becomes h3.
    level = min(max(int(block.get("level") or 1), 1), 4) + 2
    return tag(f"h{level}", text_of(block.get("text"), surface), dir="auto")


def _context(block: Block, surface: Surface) -> Markup:
    parts = []
    for one in block.get("elements", []):
        if one.get("type") == "image":
            parts.append(image(one, thumbnail=True))
        else:
            parts.append(tag("span", text_of(one, surface), dir="auto"))
    return join(*parts)


def _actions(block: Block, surface: Surface) -> Markup:
    place = Place(surface, str(block.get("block_id", "")))
    return join(*(element(one, place) for one in block.get("elements", [])))


def _input(block: Block, surface: Surface) -> Markup:
    block_id, source = str(block.get("block_id", "")), block.get("element") or {}
    ids = {
        part: surface.element_id(block_id, str(source.get("action_id", "")), part)
        for part in ("", "label", "hint", "error")
    }
    error = surface.errors.get(block_id)
    hint = text_object(block.get("hint"))
    described = [ids["error"]] * bool(error) + [ids["hint"]] * bool(hint)
    place = Place(
        surface,
        block_id,
        label_id=ids["label"],
        described_by=" ".join(described) or None,
        in_input=True,
        dispatches=bool(block.get("dispatch_action")),
    )
    optional = tag("small", " (optional)") if block.get("optional") else None
    return join(
        tag("label", text_object(block.get("label")), optional, id=ids["label"], for_=ids[""]),
        element(source, place),
        tag("p", error, id=ids["error"], class_="error", role="alert") if error else None,
        tag("p", hint, id=ids["hint"], class_="hint") if hint else None,
    )


def _image(block: Block, surface: Surface) -> Markup:
    title = text_of(block["title"], surface) if block.get("title") else None
    caption = tag("figcaption", title) if title else None
    return tag("figure", caption, image(block))


def _alert(block: Block, surface: Surface) -> Markup:
    level = str(block.get("level"))
    known = level if level in ("info", "success", "warning", "error") else "default"
    return tag("div", text_of(block.get("text"), surface), class_=f"level-{known}", role="note")


def _container(block: Block, surface: Surface) -> Markup:
    inner = render_blocks(block.get("child_blocks") or [], surface)
    title = text_of(block.get("title"), surface)
    if block.get("is_collapsible"):
        return tag("details", tag("summary", title), inner, open=not block.get("default_collapsed"))
    return tag("div", tag("b", title) if title else None, inner)


def _card(block: Block, surface: Surface) -> Markup:
    place = Place(surface, str(block.get("block_id", "")))
    words = [text_of(block.get(part), surface) for part in ("title", "subtitle", "body", "subtext")]
    shown = (tag("p", text, class_=f"card-{at}") for at, text in enumerate(words) if text)
    buttons = [element(one, place) for one in block.get("actions") or []]
    return join(*shown, tag("div", *buttons, class_="actions") if buttons else None)


def _carousel(block: Block, surface: Surface) -> Markup:
    return render_blocks(block.get("elements") or [], surface)


def _video(block: Block, surface: Surface) -> Markup:
    return tag("p", "▶ ", text_of(block.get("title"), surface), class_="picture-away")


def _task_card(block: Block, _: Surface) -> Markup:
    status = str(block.get("status") or "").replace("_", " ")
    return join(tag("b", str(block.get("title", ""))), tag("small", f" {status}"))


def _plan(block: Block, surface: Surface) -> Markup:
    tasks = (_task_card(one, surface) for one in block.get("tasks", []))
    return tag("b", str(block.get("title", ""))) + tag("ul", *(tag("li", one) for one in tasks))


_DRAWN: dict[str, Callable[[Block, Surface], Markup]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "context_actions": _actions,
    "input": _input,
    "image": _image,
    "divider": lambda _, __: tag("hr"),
    "rich_text": lambda block, surface: rich_text(block.get("elements", []), surface.reader),
    "markdown": lambda block, _: markdown(str(block.get("text", ""))),
    "table": lambda block, surface: table(block, surface.reader),
    "data_table": lambda block, surface: data_table(block, surface.reader),
    "data_visualization": lambda block, _: chart(block),
    "alert": _alert,
    "container": _container,
    "card": _card,
    "carousel": _carousel,
    "video": _video,
    "task_card": _task_card,
    "plan": _plan,
}
