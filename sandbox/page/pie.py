"""Pie charts: a ring of segments with a legend that carries names, values and shares."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from sandbox.page.html import tag
from sandbox.page.scales import number

Segment = tuple[str, float]

_CENTRE, _OUTER, _INNER = 100.0, 92.0, 52.0


def drawing(segments: Sequence[Segment], summary: str) -> Markup:
    total = sum(value for _, value in segments)
    if total <= 0:
        return tag("p", "Nothing to draw: all values are zero.", class_="unsupported")
    rings = []
    start = 0.0
    for at, (label, value) in enumerate(segments):
        part = value / total
        told = tag("title", f"{label}: {number(value)} ({part:.0%})")
        rings.append(tag("path", told, d=_ring(start, part), class_=f"area tone-{at % 12}"))
        start += part
    svg = tag("svg", *rings, viewBox="0 0 200 200", role="img", aria_label=summary)
    return tag("div", svg, _legend(segments), class_="pie")


def words(segments: Sequence[Segment]) -> str:
    told = "; ".join(f"{name} {value} ({share})" for name, value, share in rows(segments))
    return f"Pie chart. {told}."


def rows(segments: Sequence[Segment]) -> list[list[str]]:
    total = sum(value for _, value in segments) or 1
    return [[label, number(value), f"{value / total:.0%}"] for label, value in segments]


def _legend(segments: Sequence[Segment]) -> Markup:
    items = (
        tag(
            "li",
            tag("span", class_=f"swatch tone-{at % 12}"),
            tag("span", label),
            tag("b", share),
        )
        for at, (label, _, share) in enumerate(rows(segments))
    )
    return tag("ul", *items, class_="legend", aria_hidden="true")


def _ring(start: float, part: float) -> str:
    """The path of a segment that begins at `start` and covers `part` of the circle."""
    if part > 0.9999:
        return f"{_circle(_OUTER)} {_circle(_INNER)}"
    end = start + part
    large = int(part > 0.5)
    outer, inner = f"{_OUTER} {_OUTER} 0 {large} 1", f"{_INNER} {_INNER} 0 {large} 0"
    return (
        f"M{_point(start, _OUTER)} A{outer} {_point(end, _OUTER)} "
        f"L{_point(end, _INNER)} A{inner} {_point(start, _INNER)} Z"
    )


def _circle(radius: float) -> str:
    top, bottom = _CENTRE - radius, _CENTRE + radius
    arc = f"A{radius} {radius} 0 1 1"
    return f"M{_CENTRE} {top} {arc} {_CENTRE} {bottom} {arc} {_CENTRE} {top} Z"


def _point(turn: float, radius: float) -> str:
    angle = 2 * math.pi * turn - math.pi / 2
    return f"{_CENTRE + radius * math.cos(angle):.2f} {_CENTRE + radius * math.sin(angle):.2f}"
