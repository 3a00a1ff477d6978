"""Native charts (`data_visualization`), as Slack's reference of June 2026 describes them."""

from typing import Any

from sandbox.blockkit.rules import Check, Findings, by_type, each, number, shape, string

MOST_SERIES = 6
MOST_POINTS = 20
LABEL = string(20)


def _positive(value: Any, at: str, found: Findings) -> None:
    number(value, at, found)
    if isinstance(value, int | float) and not value > 0:
        found.add(at, "out_of_range", "must be greater than 0")


_SEGMENT = shape({"label": LABEL, "value": _positive})
_POINT = shape({"label": LABEL, "value": number})
_SERIES = shape({"name": LABEL, "data": each(_POINT, MOST_POINTS)})
_AXES = shape(
    {"categories": each(LABEL, MOST_POINTS)}, {"x_label": string(50), "y_label": string(50)}
)


def _unique(names: list[str], at: str, what: str, found: Findings) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            pointer = f"{at}/{index}"
            found.add(pointer, "not_unique", f"{what} must be unique: {name}")


def _segments(value: Any, at: str, found: Findings) -> None:
    _unique([part["label"] for part in value["segments"]], f"{at}/segments", "label", found)


def _points_on_axis(value: Any, at: str, found: Findings) -> None:
    categories = value["axis_config"]["categories"]
    _unique(categories, f"{at}/axis_config/categories", "category", found)
    _unique([series["name"] for series in value["series"]], f"{at}/series", "name", found)
    for index, series in enumerate(value["series"]):
        labels = [point["label"] for point in series["data"]]
        if sorted(labels) != sorted(categories):
            message = "must have exactly one data point for every category"
            found.add(f"{at}/series/{index}/data", "missing_point", message)


_PLOT = shape({"series": each(_SERIES, MOST_SERIES), "axis_config": _AXES}, also=_points_on_axis)
_PIE = shape({"segments": each(_SEGMENT, MOST_SERIES)}, also=_segments)

CHART_FIELDS: dict[str, Check] = {
    "title": string(50),
    "chart": by_type({"pie": _PIE, "bar": _PLOT, "line": _PLOT, "area": _PLOT}),
}
