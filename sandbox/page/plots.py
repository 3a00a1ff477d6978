"""Bar, line and area charts: axes, marks and labels that stay readable at any number of points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sandbox.page.html import tag
from sandbox.page.scales import CHARACTER, every, fits, number, scale_for, two_lines

KINDS = ("bar", "line", "area")

_WIDTH, _HEIGHT = 640.0, 280.0
_RIGHT, _TOP = 20.0, 20.0
_MAX_LABELLED_BARS = 24


@dataclass(frozen=True)
class Series:
    """One row of values; a value is None where the chart has no point for a category."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Axes:
    categories: tuple[str, ...]
    x_label: str
    y_label: str


class _Plot:
    """The coordinates of one drawing, in units of its view box."""

    def __init__(self, kind: str, axes: Axes, series: Sequence[Series]) -> None:
        self.axes, self.series = axes, series
        known = [v for row in series for v in row.values if v is not None]
        self.scale = scale_for(known)
        self.ticks = [(tick, number(round(tick, 9))) for tick in self.scale.ticks]
        widest = max(len(words) for _, words in self.ticks) * CHARACTER
        self.left = widest + (40 if axes.y_label else 16)
        self.right = _RIGHT if kind == "bar" else _RIGHT + 20
        self.band = self._band()
        self.labels, below = _category_labels(kind, axes.categories, self.band)
        if self.labels and self.labels[0] is None:
            # A slanted label ends below its bar and must begin within the picture.
            self.left += max(0.0, len(axes.categories[0]) * CHARACTER * 0.82 - self.x(0))
            self.band = self._band()
        self.bottom = _HEIGHT - below - (20 if axes.x_label else 0)

    def _band(self) -> float:
        return (_WIDTH - self.left - self.right) / max(1, len(self.axes.categories))

    def x(self, at: int) -> float:
        return self.left + self.band * (at + 0.5)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - _TOP) * self.scale.part(value)


def drawing(kind: str, axes: Axes, series: Sequence[Series], summary: str) -> Markup:
    plot = _Plot(kind, axes, series)
    marks = _bars(plot) if kind == "bar" else _lines(plot, filled=kind == "area")
    return tag(
        "svg",
        *_grid(plot),
        *marks,
        *_category_axis(plot),
        *_titles(plot),
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        role="img",
        aria_label=summary,
    )


def key(kind: str, at: int) -> Markup:
    """The sign of a series in a legend: a square of its colour, or its line and marker."""
    if kind == "bar":
        return tag("span", class_=f"swatch tone-{at % 12}")
    line = tag("path", d="M1 7 H27", class_=f"line tone-{at % 12} dash-{at % 4}")
    return tag("svg", line, _marker(at, 14, 7), viewBox="0 0 28 14", class_="key")


def _grid(plot: _Plot) -> Iterator[Markup]:
    for tick, words in plot.ticks:
        y = f"{plot.y(tick):.1f}"
        zero = " zero" if abs(tick) < plot.scale.step / 1000 else ""
        yield tag("path", d=f"M{plot.left:.1f} {y} H{_WIDTH - plot.right}", class_=f"grid{zero}")
        yield _text(plot.left - 8, plot.y(tick) + 4, words, "end")


def _bars(plot: _Plot) -> Iterator[Markup]:
    group = plot.band * (0.62 if len(plot.series) == 1 else 0.8)
    width = min(group / max(1, len(plot.series)), 64.0)
    labelled = len(plot.series) * len(plot.axes.categories) <= _MAX_LABELLED_BARS
    for nth, row in enumerate(plot.series):
        for at, value in enumerate(row.values):
            if value is None:
                continue
            x = plot.x(at) + width * (nth - len(plot.series) / 2)
            yield _bar(plot, row, nth, at, (x, width))
            if labelled and fits(number(value), width + 10):
                above = plot.y(max(value, 0)) - 5
                yield _text(x + width / 2, above, number(value), "middle", "value")


def _bar(plot: _Plot, row: Series, nth: int, at: int, place: tuple[float, float]) -> Markup:
    value = row.values[at] or 0.0
    x, width = place
    top, foot = plot.y(max(value, 0)), plot.y(min(value, 0))
    gap = 1.5 if width > 8 else 0.5
    return tag(
        "rect",
        tag("title", f"{row.name}, {plot.axes.categories[at]}: {number(value)}"),
        x=f"{x + gap:.1f}",
        y=f"{top:.1f}",
        width=f"{width - 2 * gap:.1f}",
        height=f"{max(foot - top, 0):.1f}",
        rx="2",
        class_=f"area tone-{nth % 12}",
    )


def _lines(plot: _Plot, *, filled: bool) -> Iterator[Markup]:
    for nth, row in enumerate(plot.series):
        known = [(at, v) for at, v in enumerate(row.values) if v is not None]
        if not known:
            continue
        corners = " L".join(f"{plot.x(at):.1f} {plot.y(v):.1f}" for at, v in known)
        if filled:
            ground = f"{plot.y(0):.1f}"
            first, last = f"{plot.x(known[0][0]):.1f}", f"{plot.x(known[-1][0]):.1f}"
            under = f"M{first} {ground} L{corners} L{last} {ground} Z"
            yield tag("path", d=under, class_=f"under tone-{nth % 12}")
        yield tag("path", d=f"M{corners}", class_=f"line tone-{nth % 12} dash-{nth % 4}")
        for at, value in known:
            told = tag("title", f"{row.name}, {plot.axes.categories[at]}: {number(value)}")
            yield tag("g", told, _marker(nth, plot.x(at), plot.y(value)))
    yield from _last_values(plot)


def _last_values(plot: _Plot) -> Iterator[Markup]:
    """The newest value of each line beside its end, kept apart where lines end close together."""
    ends = [
        (plot.y(row.values[-1]), row.values[-1])
        for row in plot.series
        if row.values and row.values[-1] is not None
    ]
    x = plot.x(len(plot.axes.categories) - 1) + 9
    lowest = -100.0
    for y, value in sorted(ends):
        lowest = max(y + 4, lowest + 13)
        yield _text(x, lowest, number(value), "start", "value")


def _marker(nth: int, x: float, y: float) -> Markup:
    """A sign whose shape, not only its colour, tells the series."""
    shapes = (
        f"M{x - 3.5:.1f} {y:.1f} a3.5 3.5 0 1 1 7 0 a3.5 3.5 0 1 1 -7 0 Z",
        f"M{x - 3:.1f} {y - 3:.1f} h6 v6 h-6 Z",
        f"M{x:.1f} {y - 4.5:.1f} l4.5 4.5 l-4.5 4.5 l-4.5 -4.5 Z",
        f"M{x:.1f} {y - 4:.1f} l4 7 h-8 Z",
    )
    return tag("path", d=shapes[nth % 4], class_=f"marker tone-{nth % 12}")


def _category_labels(
    kind: str, names: Sequence[str], band: float
) -> tuple[list[list[str] | None], float]:
    """The lines of each label (None: slanted or left out) and the height that they need."""
    wrapped = [two_lines(name, band - 4) for name in names]
    if all(wrapped):
        return wrapped, 12.0 + 15 * max((len(lines or []) for lines in wrapped), default=1)
    if kind != "bar":
        step = every(list(names), band)
        last = len(names) - 1
        return [[n] if (last - at) % step == 0 else [] for at, n in enumerate(names)], 27.0
    longest = max(len(name) for name in names)
    return [None] * len(names), min(24 + longest * CHARACTER * 0.6, 110.0)


def _category_axis(plot: _Plot) -> Iterator[Markup]:
    for at, name in enumerate(plot.axes.categories):
        lines, x = plot.labels[at], plot.x(at)
        if lines is None:
            turn = f"rotate(-35 {x:.1f} {plot.bottom + 14:.1f})"
            yield _text(x + 4, plot.bottom + 14, name, "end", transform=turn)
            continue
        for nth, line in enumerate(lines):
            yield _text(x, plot.bottom + 18 + 15 * nth, line, "middle")


def _titles(plot: _Plot) -> Iterator[Markup]:
    if plot.axes.x_label:
        middle = (plot.left + _WIDTH - plot.right) / 2
        yield _text(middle, _HEIGHT - 6, plot.axes.x_label, "middle", "axis")
    if plot.axes.y_label:
        y = (_TOP + plot.bottom) / 2
        turn = f"rotate(-90 12 {y:.1f})"
        yield _text(12, y, plot.axes.y_label, "middle", "axis", transform=turn)


def _text(
    x: float, y: float, words: str, anchor: str, kind: str = "", transform: str | None = None
) -> Markup:
    return tag(
        "text",
        words,
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        text_anchor=anchor,
        class_=kind or None,
        transform=transform,
    )
