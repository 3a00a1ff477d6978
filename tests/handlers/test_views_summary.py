"""The weekly summary: what it says aloud, what it draws, what it withholds, and that it fits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.categories import GROUP_NAMES, Catalog, load_catalog
from domain.periods import Period
from domain.summary import Target, WeeklySummary, weekly_summary
from domain.team import TeamWeek, team_week
from domain.timesplit import Split
from handlers.views import summary, summary_details
from handlers.views.blocks import Message
from tests.handlers.views_samples import assert_sound, catalog_of, elements, hostile, shown

WEEK = Period(2026, 47)
CATALOG = load_catalog()
TARGET = Target(Fraction(25, 100), date(2027, 6, 30))


def split(operational: int) -> Split:
    """A week with that many percent of reports, the rest on delivery and customers."""
    rest = 10_000 - operational * 100
    return Split(
        {"reporting": operational * 100, "delivery": rest // 2, "customer": rest - rest // 2}
    )


def weeks(*operational: int | None, active: int = 8) -> list[TeamWeek]:
    """Weeks up to WEEK, oldest first, seven answers each; None: three answers of eight."""
    first = WEEK.shift(1 - len(operational))
    return [
        team_week(
            first.shift(n), [split(share or 40)] * (3 if share is None else 7), active, CATALOG
        )
        for n, share in enumerate(operational)
    ]


def summed(*operational: int | None, target: Target | None = TARGET) -> WeeklySummary:
    return weekly_summary(weeks(*operational), 8, CATALOG, target)


def posted(figures: WeeklySummary, **changes: Any) -> Message:
    return summary.weekly(figures, team_name="Growth", catalog=CATALOG, **changes)


def drawn(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [b for b in blocks if b["type"] == "data_visualization"]


def test_the_post_reads_aloud_in_full() -> None:
    message = posted(summed(32, 32, 32, 32, 36))
    assert message["text"].startswith(
        "Growth · 16–22 Nov. Operational 36%, above the 30% line. "
        "+4 vs 4-week mean 32% · target 25% by 30 Jun. "
        "Firefighting 0%, Customer 32%, Strategic 0%, Delivery 32%, People 0%. "
        "Mover: Reports &amp; status 36% (+4 points). Do next: "
    )
    assert message["text"].endswith("Confidence: good (7 of 8 logged).")


def test_the_blocks_lead_with_headline_direction_and_confidence() -> None:
    blocks = posted(summed(32, 32, 32, 32, 36))["blocks"]
    assert blocks[0]["text"]["text"] == "Growth · 16–22 Nov"
    assert blocks[1]["text"]["text"] == (
        "*Operational 36%, above the 30% line*\n"
        "+4 vs 4-week mean 32% · target 25% by 30 Jun · confidence: good (7 of 8 logged)"
    )
    assert "Operational  ████········  36%" in blocks[2]["text"]["text"]


def test_within_the_line_is_said_as_plainly_as_above() -> None:
    assert "Operational 20%, within the 30% line" in posted(summed(20, 20, 20))["text"]


def test_two_charts_this_week_by_group_and_the_trend_with_line_and_target() -> None:
    bars, trend = drawn(posted(summed(32, 33, 34, 35, 36))["blocks"])
    assert bars["title"] == "This week by group"
    assert bars["chart"]["axis_config"]["categories"] == list(GROUP_NAMES.values())
    assert [s["name"] for s in bars["chart"]["series"]] == ["This week", "4-week mean"]
    assert [p["value"] for p in bars["chart"]["series"][0]["data"]] == [36, 0, 32, 0, 32, 0]
    names = [s["name"] for s in trend["chart"]["series"]]
    assert names == ["Operational", "30% line", "Target 25%"]
    assert [p["value"] for p in trend["chart"]["series"][0]["data"]] == [32, 33, 34, 35, 36]


def test_the_trend_leaves_out_weeks_without_numbers_and_the_target_that_is_not_set() -> None:
    _, trend = drawn(posted(summed(32, None, 34, 36, target=None))["blocks"])
    assert trend["chart"]["axis_config"]["categories"] == ["W44", "W46", "W47"]
    assert [s["name"] for s in trend["chart"]["series"]] == ["Operational", "30% line"]


def test_the_first_week_has_no_mean_and_no_trend() -> None:
    message = posted(summed(36))
    (bars,) = drawn(message["blocks"])
    assert [s["name"] for s in bars["chart"]["series"]] == ["This week"]
    assert "No mean yet" in message["text"]
    assert_sound(message)


def test_the_trend_shows_twelve_weeks_at_most() -> None:
    _, trend = drawn(posted(summed(*range(20, 40)))["blocks"])
    assert len(trend["chart"]["axis_config"]["categories"]) == 12


def test_the_fallback_says_the_same_with_one_table() -> None:
    message = posted(summed(32, 32, 32, 32, 36))
    fallback = message["fallback_blocks"]
    assert drawn(fallback) == []
    (table,) = [b for b in fallback if b["type"] == "table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[0] == ["Group", "This week", "4-week mean", "Change"]
    assert rows[1] == ["Operational", "36%", "32%", "+4"]
    assert rows[3] == ["Customer", "32%", "34%", "−2"]
    assert rows[2] == ["Firefighting", "0%", "0%", "±0"]
    assert posted(summed(32, 32, 32, 32, 36), charts=False)["blocks"] == fallback


def test_charts_can_be_left_out_for_good() -> None:
    assert "fallback_blocks" not in posted(summed(36), charts=False)


def test_late_answers_are_marked() -> None:
    assert "updated with late answers" in shown(posted(summed(36), updated=True))
    assert "late answers" not in shown(posted(summed(36)))
    assert "updated with late answers" in shown(posted(summed(None), updated=True))


def test_a_running_week_says_so_and_points_to_no_thread() -> None:
    message = posted(summed(36), so_far=True)
    assert message["text"].startswith("Growth · 16–22 Nov so far. Operational 36%")
    assert "16–22 Nov so far" in shown(message)
    assert "thread" not in shown(message)


def test_an_answer_to_one_person_points_to_no_thread() -> None:
    assert "Details in the thread" in shown(posted(summed(36)))
    assert "thread" not in shown(posted(summed(36), threaded=False))


def test_too_few_answers_give_the_short_form_that_names_the_fix() -> None:
    message = posted(summed(36, None))
    assert "3 of 8 logged: numbers need 4." in message["text"]
    assert "1 more answer will do: `/prodops log last`" in message["text"]
    assert "%" not in message["text"] + shown(message)
    assert drawn(message["blocks"]) == []
    assert "fallback_blocks" not in message
    assert summary_details.weekly_details(summed(36, None), team_name="G", catalog=CATALOG) is None


@pytest.mark.parametrize(
    ("answered", "active", "said"),
    [
        (0, 0, "Nobody was due to log this week."),
        (2, 2, "A team of 2 this week: numbers need 3 people."),
        (0, 8, "0 of 8 logged: numbers need 4."),
        (2, 3, "2 of 3 logged: numbers need 3."),
        (4, 11, "4 of 11 logged: numbers need 6."),
    ],
)
def test_the_short_form_names_the_number_that_is_needed(
    answered: int, active: int, said: str
) -> None:
    week = team_week(WEEK, [split(40)] * answered, active, CATALOG)
    message = posted(weekly_summary([week], 8, CATALOG))
    assert said in message["text"]
    assert said in shown(message)
    assert_sound(message)


def test_the_details_list_every_category_largest_first() -> None:
    message = summary_details.weekly_details(
        summed(32, 32, None, 32, 36), team_name="Growth", catalog=CATALOG
    )
    assert message is not None
    (table,) = [b for b in message["blocks"] if b["type"] == "table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[0] == ["Category", "This week", "3-week mean", "Change"]
    assert rows[1] == ["Reports & status", "36%", "32%", "+4"]
    assert len(rows) == 1 + len(CATALOG.active)
    assert "W43 32 · W44 32 · W45 – · W46 32 · W47 36" in shown(message)
    assert_sound(message)


def test_the_details_give_every_rule_with_its_number() -> None:
    message = summary_details.weekly_details(
        summed(32, 33, 34, 35, 36), team_name="Growth", catalog=CATALOG
    )
    assert message is not None
    for insight in summed(32, 33, 34, 35, 36).insights:
        assert f"_{insight.rule}_" in shown(message)


def test_the_running_week_shows_who_is_missing_as_a_number_and_no_share() -> None:
    week = team_week(WEEK, [split(40)] * 5, 8, CATALOG)
    message = summary.so_far(week, team_name="Growth", due="Monday 23 Nov, 14:00")
    assert "5 of 8 logged" in message["text"]
    assert "Monday 23 Nov, 14:00" in message["text"]
    assert "%" not in shown(message)


def test_nothing_in_a_summary_can_be_clicked_or_names_anybody() -> None:
    message = posted(summed(32, 33, 34, 35, 36))
    assert list(elements(message)) == []
    assert "<@" not in shown(message) + message["text"]


def even(catalog: Catalog, people: int) -> list[Split]:
    whole, rest = divmod(10_000, len(catalog.active))
    shares = {c.id: whole for c in catalog.active} | {catalog.active[0].id: whole + rest}
    return [Split(shares)] * people


@settings(max_examples=25, deadline=None)
@given(hostile, st.integers(1, 30), st.integers(0, 200), st.integers(1, 14))
def test_any_team_fits_a_message(name: str, size: int, people: int, many: int) -> None:
    catalog = catalog_of(size, name)
    history = [
        team_week(WEEK.shift(1 + n - many), even(catalog, people), 200, catalog)
        for n in range(many)
    ]
    figures = weekly_summary(history, people, catalog, TARGET)
    figures = replace(figures, insights=figures.insights * 3)
    assert_sound(summary.weekly(figures, team_name=name, catalog=catalog, updated=True))
    assert_sound(summary.so_far(history[-1], team_name=name, due=""))
    details = summary_details.weekly_details(figures, team_name=name, catalog=catalog)
    if details is not None:
        assert_sound(details)
