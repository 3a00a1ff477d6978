"""data_visualization blocks as accessible inline SVG; colours come from the style sheet."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from sandbox.page import pie, plots
from sandbox.page.html import tag
from sandbox.page.plots import Axes, Series
from sandbox.page.scales import number


def chart(block: Mapping[str, Any]) -> Markup:
    """The figure for a block: title, drawing, legend, and the same numbers as a table."""
    return _figure(json.dumps(block))


@lru_cache(maxsize=256)
def _figure(described: str) -> Markup:
    # A channel's charts are drawn again with every change in it, always the same.
    block = json.loads(described)
    title, source = str(block.get("title") or "Chart"), block.get("chart") or {}
    kind = str(source.get("type"))
    if kind == "pie":
        segments = _segments(source)
        drawing = pie.drawing(segments, f"{title}. {pie.words(segments)}")
        table = _table(["Part", "Value", "Share"], pie.rows(segments))
    elif kind in plots.KINDS:
        axes, series = _axes(source), _series(source)
        summary = f"{title}. {kind.capitalize()} chart. {_words(axes, series)}"
        drawing = plots.drawing(kind, axes, series, summary) + _legend(kind, series)
        table = _table(["", *(one.name for one in series)], _rows(axes, series))
    else:
        return tag("p", f"Chart of an unknown type: {kind}", class_="unsupported")
    numbers = tag("details", tag("summary", "Show the numbers"), table, class_="chart-data")
    caption = tag("figcaption", title)
    return tag("figure", caption, drawing, numbers, class_="chart", data_chart=kind)


def _segments(source: Mapping[str, Any]) -> list[tuple[str, float]]:
    return [
        (str(one.get("label", "")), value)
        for one in source.get("segments", [])
        if (value := _value(one.get("value"))) is not None
    ]


def _axes(source: Mapping[str, Any]) -> Axes:
    config = source.get("axis_config") or {}
    categories = tuple(str(name) for name in config.get("categories", []))
    return Axes(categories, str(config.get("x_label") or ""), str(config.get("y_label") or ""))


def _series(source: Mapping[str, Any]) -> list[Series]:
    categories = _axes(source).categories
    rows = []
    for one in source.get("series", []):
        points = {str(p.get("label")): _value(p.get("value")) for p in one.get("data", [])}
        rows.append(Series(str(one.get("name", "")), tuple(points.get(c) for c in categories)))
    return rows


def _value(raw: Any) -> float | None:
    return float(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else None


def _words(axes: Axes, series: list[Series]) -> str:
    """The numbers as a sentence per series, for those who hear the chart."""
    sentences = []
    for one in series:
        pairs = zip(axes.categories, one.values, strict=True)
        told = ", ".join(f"{c} {number(v)}" for c, v in pairs if v is not None)
        sentences.append(f"{one.name}: {told}.")
    unit = f" In {axes.y_label}." if axes.y_label else ""
    return " ".join(sentences) + unit


def _legend(kind: str, series: list[Series]) -> Markup:
    if len(series) < 2:
        return Markup()
    items = (tag("li", plots.key(kind, at), tag("span", one.name)) for at, one in enumerate(series))
    return tag("ul", *items, class_="legend", aria_hidden="true")


def _rows(axes: Axes, series: list[Series]) -> list[list[str]]:
    return [
        [category, *("" if (v := one.values[at]) is None else number(v) for one in series)]
        for at, category in enumerate(axes.categories)
    ]


def _table(head: list[str], rows: list[list[str]]) -> Markup:
    heading = tag("tr", *(tag("th", cell, scope="col") for cell in head))
    body = (
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:]))
        for row in rows
    )
    return tag("table", tag("thead", heading), tag("tbody", *body))
