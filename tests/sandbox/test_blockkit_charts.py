"""Charts and tables: their own schema, their number, and where they may stand."""

from copy import deepcopy
from typing import Any

import pytest

from sandbox.blockkit import validate_blocks
from tests.sandbox.conftest import section

WEEKS = ["W46", "W47"]
LINE: dict[str, Any] = {
    "type": "data_visualization",
    "title": "Trend",
    "chart": {
        "type": "line",
        "series": [{"name": "Us", "data": [{"label": week, "value": 31} for week in WEEKS]}],
        "axis_config": {"categories": WEEKS, "x_label": "Week", "y_label": "%"},
    },
}
PIE: dict[str, Any] = {
    "type": "data_visualization",
    "title": "Week",
    "chart": {"type": "pie", "segments": [{"label": "Customer", "value": 38}]},
}
TABLE: dict[str, Any] = {
    "type": "table",
    "column_settings": [{"is_wrapped": True}, {"align": "right"}],
    "rows": [
        [{"type": "raw_text", "text": "Area"}, {"type": "raw_text", "text": "%"}],
        [{"type": "raw_text", "text": "Customer"}, {"type": "raw_number", "value": 38}],
    ],
}
DATA_TABLE: dict[str, Any] = {"type": "data_table", "caption": "Areas", "rows": TABLE["rows"]}


def codes(*blocks: dict[str, Any], surface: Any = "message") -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in validate_blocks(list(blocks), surface)]


def changed(block: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    copy = deepcopy(block)
    place: Any = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return copy


def test_sound_charts_and_tables() -> None:
    assert codes(LINE, PIE, TABLE, DATA_TABLE) == []
    for kind in ("bar", "area"):
        assert codes(changed(LINE, "chart", "type", to=kind)) == []


POINT = {"label": "W46", "value": 1}
SERIES = {"name": "Us", "data": LINE["chart"]["series"][0]["data"]}


@pytest.mark.parametrize(
    ("block", "pointer", "code"),
    [
        (changed(LINE, "title", to="t" * 51), "/title", "too_long"),
        (
            changed(LINE, "chart", "axis_config", "x_label", to="x" * 51),
            "/chart/axis_config/x_label",
            "too_long",
        ),
        (
            changed(LINE, "chart", "series", 0, "name", to="n" * 21),
            "/chart/series/0/name",
            "too_long",
        ),
        (changed(LINE, "chart", "series", to=[SERIES] * 7), "/chart/series", "too_many_items"),
        (
            changed(LINE, "chart", "series", to=[SERIES, SERIES]),
            "/chart/series/1",
            "not_unique",
        ),
        (
            changed(LINE, "chart", "series", 0, "data", to=[POINT]),
            "/chart/series/0/data",
            "missing_point",
        ),
        (
            changed(LINE, "chart", "series", 0, "data", to=[POINT, POINT]),
            "/chart/series/0/data",
            "missing_point",
        ),
        (
            changed(LINE, "chart", "series", 0, "data", 0, "value", to="31"),
            "/chart/series/0/data/0/value",
            "wrong_type",
        ),
        (changed(LINE, "chart", "stacked", to=True), "/chart/stacked", "unknown_field"),
        (changed(LINE, "chart", "type", to="donut"), "/chart/type", "unsupported_type"),
        (
            changed(PIE, "chart", "segments", 0, "value", to=0),
            "/chart/segments/0/value",
            "out_of_range",
        ),
        (
            changed(PIE, "chart", "segments", 0, "label", to="l" * 21),
            "/chart/segments/0/label",
            "too_long",
        ),
        (changed(PIE, "colour", to="red"), "/colour", "unknown_field"),
    ],
)
def test_unsound_charts(block: dict[str, Any], pointer: str, code: str) -> None:
    assert (f"/blocks/0{pointer}", code) in codes(block)


def test_two_charts_and_one_table_in_a_message() -> None:
    assert codes(LINE, PIE, LINE) == [("/blocks/2", "too_many_charts")]
    assert codes(TABLE, section(), TABLE) == [("/blocks/2", "too_many_tables")]


@pytest.mark.parametrize("surface", ["home", "modal"])
def test_charts_and_tables_stand_in_messages_only(surface: str) -> None:
    assert codes(LINE, surface=surface) == [("/blocks/0/type", "unsupported_type")]
    assert codes(TABLE, surface=surface) == [("/blocks/0/type", "unsupported_type")]


def test_sizes_of_tables() -> None:
    row = TABLE["rows"][0]
    assert codes(changed(TABLE, "rows", to=[row] * 100)) == []
    assert codes(changed(TABLE, "rows", to=[row] * 101)) == [("/blocks/0/rows", "too_many_items")]
    assert codes(changed(TABLE, "rows", 0, to=[row[0]] * 21)) == [
        ("/blocks/0/rows/0", "too_many_items")
    ]
    long = [{"type": "raw_text", "text": "x" * 2500}] * 4
    assert codes(changed(TABLE, "rows", to=[long])) == []
    assert codes(changed(TABLE, "rows", to=[long, row])) == [("/blocks/0/rows", "too_long")]


def test_data_tables_are_even_and_captioned() -> None:
    uneven = changed(DATA_TABLE, "rows", 1, to=DATA_TABLE["rows"][1][:1])
    assert codes(uneven) == [("/blocks/0/rows/1", "uneven_rows")]
    without = {key: value for key, value in DATA_TABLE.items() if key != "caption"}
    assert codes(without) == [("/blocks/0", "missing_field")]
    assert codes(changed(DATA_TABLE, "rows", to=DATA_TABLE["rows"][:1])) == [
        ("/blocks/0/rows", "too_few_items")
    ]
    assert codes(DATA_TABLE, surface="home") == []
    assert codes(DATA_TABLE, surface="modal") == [("/blocks/0/type", "unsupported_type")]
