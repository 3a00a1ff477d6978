"""table and data_table blocks to HTML tables; wide ones scroll inside their own frame."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from sandbox.page.html import tag
from sandbox.page.reader import Reader
from sandbox.page.richtext import rich_text
from sandbox.page.scales import number

Cell = Mapping[str, Any]


def table(block: Mapping[str, Any], reader: Reader) -> Markup:
    """A table block; its first row is drawn as the heading, as Slack draws it."""
    settings = [one or {} for one in block.get("column_settings") or []]
    rows: Sequence[Sequence[Cell]] = block.get("rows") or []
    return _framed(None, rows, settings, reader)


def data_table(block: Mapping[str, Any], reader: Reader) -> Markup:
    """A data_table block with its caption; all rows at once, without Slack's paging."""
    return _framed(str(block.get("caption", "")), block.get("rows") or [], [], reader)


def _framed(
    caption: str | None,
    rows: Sequence[Sequence[Cell]],
    settings: Sequence[Mapping[str, Any]],
    reader: Reader,
) -> Markup:
    head, body = rows[:1], rows[1:]
    shown = tag(
        "table",
        tag("caption", caption) if caption else None,
        tag("thead", *(_row(row, settings, reader, "th") for row in head)),
        tag("tbody", *(_row(row, settings, reader, "td") for row in body)),
    )
    return tag("div", shown, class_="table-scroll", tabindex="0", role="group", aria_label="Table")


def _row(
    cells: Sequence[Cell], settings: Sequence[Mapping[str, Any]], reader: Reader, name: str
) -> Markup:
    drawn = []
    for at, cell in enumerate(cells):
        setting = settings[at] if at < len(settings) else {}
        align = str(setting.get("align") or ("right" if cell.get("type") == "raw_number" else ""))
        look = [f"align-{align}"] if align in ("right", "center") else []
        look += ["wrapped"] if setting.get("is_wrapped") else []
        scope = "col" if name == "th" else None
        drawn.append(tag(name, _content(cell, reader), class_=" ".join(look) or None, scope=scope))
    return tag("tr", *drawn)


def _content(cell: Cell, reader: Reader) -> Markup:
    if cell.get("type") == "rich_text":
        return rich_text(cell.get("elements", []), reader)
    text = cell.get("text")
    value = cell.get("value")
    if text is None and isinstance(value, int | float):
        return escape(number(float(value)))
    return escape(str(text or ""))
