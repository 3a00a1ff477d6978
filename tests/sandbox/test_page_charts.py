"""Charts as SVG: every number is told, marks lie where the numbers say, labels stay readable."""

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.page.charts import chart
from sandbox.page.scales import number, scale_for, two_lines
from tests.sandbox.page_reading import Page

GROUPS = ["Operational", "Firefighting", "Customer", "Strategic", "Delivery", "People"]


def plot(kind: str, categories: list[str], **series: list[float]) -> dict[str, Any]:
    return {
        "type": "data_visualization",
        "title": "Where the week went",
        "chart": {
            "type": kind,
            "series": [
                {
                    "name": name,
                    "data": [
                        {"label": c, "value": v} for c, v in zip(categories, values, strict=True)
                    ],
                }
                for name, values in series.items()
            ],
            "axis_config": {"categories": categories, "x_label": "Week", "y_label": "% of time"},
        },
    }


def drawn(block: dict[str, Any]) -> Page:
    page = Page(str(chart(block)))
    assert page.balanced
    return page


def svg_of(page: Page) -> str:
    return next(tag.attrs["aria-label"] or "" for tag in page.all("svg") if "role" in tag.attrs)


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
def test_every_number_is_told_in_words_and_in_a_table(kind: str) -> None:
    page = drawn(plot(kind, ["W46", "W47"], Team=[31, 38.5], Target=[25, 25]))
    assert page.one("figcaption").text == "Where the week went"
    assert "Team: W46 31, W47 38.5. Target: W46 25, W47 25. In % of time." in svg_of(page)
    assert [tag.text for tag in page.all("td")] == ["31", "25", "38.5", "25"]
    assert [tag.text for tag in page.all("th")] == ["", "Team", "Target", "W46", "W47"]


def test_bars_are_as_high_as_their_numbers() -> None:
    bars = drawn(plot("bar", ["a", "b"], one=[10, 20])).all("rect")
    low, high = (float(bar.attrs["height"] or 0) for bar in bars)
    assert high == pytest.approx(2 * low, rel=0.01)


def test_bars_below_zero_hang_from_the_zero_line() -> None:
    up, down = drawn(plot("bar", ["a", "b"], one=[10, -10])).all("rect")
    zero = float(up.attrs["y"] or 0) + float(up.attrs["height"] or 0)
    assert float(down.attrs["y"] or 0) == pytest.approx(zero, abs=0.2)


def test_lines_are_told_apart_by_more_than_colour() -> None:
    page = drawn(plot("line", ["a", "b"], one=[1, 2], two=[2, 3]))
    lines = [tag.attrs["class"] for tag in page.all("path") if "line" in (tag.attrs["class"] or "")]
    assert {"line tone-0 dash-0", "line tone-1 dash-1"} <= set(lines)
    assert page.one("ul", class_="legend").text == "onetwo"


def test_one_series_needs_no_legend() -> None:
    assert drawn(plot("bar", ["a"], one=[1])).all("ul") == []


def test_pie_shares() -> None:
    segments = [{"label": "Discovery", "value": 38}, {"label": "Delivery", "value": 62}]
    page = drawn({"title": "My week", "chart": {"type": "pie", "segments": segments}})
    assert "Discovery 38 (38%); Delivery 62 (62%)" in svg_of(page)
    assert len(page.all("path")) == 2


def test_a_pie_of_one_part_is_a_whole_ring() -> None:
    page = drawn(
        {"title": "All", "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]}}
    )
    assert "nan" not in str(page.one("path").attrs["d"])
    assert page.one("b").text == "100%"


@pytest.mark.parametrize(
    "source",
    [
        {"type": "pie", "segments": []},
        {"type": "pie", "segments": [{"label": "a", "value": 0}]},
        {"type": "bar", "series": [], "axis_config": {"categories": []}},
        {
            "type": "line",
            "series": [{"name": "a", "data": []}],
            "axis_config": {"categories": ["x"]},
        },
        {"type": "radar"},
        {},
    ],
)
def test_poor_charts_are_drawn_without_falling_over(source: dict[str, Any]) -> None:
    drawn({"title": "Poor", "chart": source})


def test_hostile_names_are_text() -> None:
    page = drawn(plot("bar", ["<script>"], **{'"><img src=x>': [1.0]}))
    assert {tag.name for tag in page.tags}.isdisjoint({"script", "img"})


def test_long_names_of_groups_are_broken_or_slanted_never_on_top_of_each_other() -> None:
    assert two_lines("Meetings & coordination", 90) == ["Meetings &", "coordination"]
    assert two_lines("Incomprehensibilities", 60) is None
    page = drawn(plot("bar", [f"{g} and more" for g in GROUPS * 2][:12], one=[1.0] * 12))
    slanted = [
        tag for tag in page.all("text") if "rotate(-35" in (tag.attrs.get("transform") or "")
    ]
    assert len(slanted) == 12
    # Each begins within the picture; 6.6 is the width of a character.
    assert all(float(t.attrs["x"] or 0) >= len(t.text) * 6.6 * 0.8 for t in slanted)


def test_twenty_weeks_on_a_line_show_only_labels_that_fit() -> None:
    weeks = [f"2026-W{n}" for n in range(28, 48)]
    page = drawn(plot("line", weeks, one=list(map(float, range(20)))))
    shown = [
        float(tag.attrs["x"] or 0)
        for tag in page.all("text")
        if re.fullmatch(r"2026-W\d\d", tag.text)
    ]
    assert len(shown) >= 5
    assert all(right - left > 50 for left, right in pairwise(shown))
    assert any(tag.text == "2026-W47" for tag in page.all("text"))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12))
def test_an_axis_covers_its_values_with_few_round_steps(values: list[float]) -> None:
    scale = scale_for(values)
    assert scale.low <= min(0.0, *values) + 1e-6
    assert scale.high >= max(0.0, *values) - 1e-6
    assert 2 <= len(scale.ticks) <= 8
    assert any(abs(tick) < scale.step / 100 for tick in scale.ticks)


@pytest.mark.parametrize(
    ("value", "words"),
    [(38.0, "38"), (7.5, "7.5"), (12400.0, "12,400"), (0.333, "0.33"), (0.0, "0")],
)
def test_numbers_as_people_write_them(value: float, words: str) -> None:
    assert number(value) == words
