"""Views of goals, return and ladders: what they say, and that Slack takes them at any size."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.benchmarks import Band, ContextLine, Ladder, LadderRow, load_benchmarks
from domain.goals import FIXED, Goal, GoalProgress, Metric, metric_of, metrics_of
from domain.maturity import Dimension, MaturityModel, load_maturity
from domain.roi import RoiInputs, RoiResult, Worth
from handlers.views import benchmarks as ladders
from handlers.views import goal_form, goals, roi, roi_form
from handlers.views.goal_form import GoalForm, goal_modal, read_goal
from handlers.views.roi_form import RoiForm, read_roi, roi_modal
from tests.handlers.views_samples import (
    as_submitted,
    assert_sound,
    assert_sound_view,
    buttons,
    fields,
    hostile,
    shown,
)

MODEL = load_maturity()
SHARE = FIXED["operational_share"]
TODAY = date(2026, 6, 15)
GOAL = Goal(
    "g1",
    "t1",
    SHARE.id,
    Fraction(36, 100),
    Fraction(1, 4),
    date(2026, 9, 30),
    "U1",
    "open",
    datetime(2026, 6, 1, tzinfo=UTC),
    "4 weeks, 1 Jun – 28 Jun",
    "U2",
)
PROGRESS = GoalProgress(
    GOAL, Fraction(29, 100), Fraction(7, 11), "Soon.", False, SHARE, "mean of the last 4 weeks"
)
RESULT = RoiResult(
    "ok",
    "",
    Fraction(2, 5),
    Fraction(4, 5),
    Fraction("345.6"),
    breakeven_hours=Fraction(9),
    breakeven_full=Fraction(9, 2),
    weeks=12,
    pms=8,
    notes=("One note.",),
)
WORTH = Worth(Fraction("97.5"), Fraction(33_696), Fraction(16_848), Fraction(42_325))
INPUTS = RoiInputs(currency="EUR")


def page(
    found: Sequence[GoalProgress], *, name: str = "Growth", is_lead: bool = True, **more: Any
) -> Any:
    return goals.goals_message(
        found, team_id="t1", team_name=name, today=TODAY, is_lead=is_lead, leads=["U9"], **more
    )


def test_a_goal_reads_in_four_lines() -> None:
    assert goals.goal_text(PROGRESS, TODAY).split("\n") == [
        "*Operational share 36% → 25% by 30 Sep*",
        "`████████····  64%` of the way: now 29% (mean of the last 4 weeks).",
        "_Soon._",
        "Baseline 36% (4 weeks, 1 Jun – 28 Jun) · owner <@U1>",
    ]


@pytest.mark.parametrize(
    ("done", "met", "said"),
    [
        (Fraction(-1, 11), False, "`············   0%` Moved the other way: now 29%"),
        (Fraction(12, 11), False, "`████████████ 100%` of the way: now 29%"),
        (Fraction(12, 11), True, "Target reached: now 29%"),
        (None, False, "No figure yet: mean of the last 4 weeks."),
    ],
)
def test_progress_in_words(done: Fraction | None, met: bool, said: str) -> None:
    assert said in goals.way_text(replace(PROGRESS, done=done, met=met))


def test_another_year_is_named() -> None:
    later = replace(GOAL, due_on=date(2027, 3, 31))
    assert goals.goal_title(later, SHARE, TODAY).endswith("by 31 Mar 2027")


def test_members_read_and_leads_change() -> None:
    assert set(buttons(page([PROGRESS]))) == {"Edit goal", "Drop goal", "Set a goal"}
    for_member = page([PROGRESS], is_lead=False)
    assert buttons(for_member) == {}
    assert "Leads set goals: <@U9>" in shown(for_member)


def test_dropping_asks_first() -> None:
    assert buttons(page([PROGRESS]))["Drop goal"]["confirm"]["title"]["text"] == "Drop this goal?"


def test_the_form_comes_back_as_it_was_filled_in() -> None:
    form = GoalForm("t1", SHARE.id, "36%", "25", date(2026, 9, 30), "U1", proposed="36%", note="x")
    for sent in (form, replace(form, fixed=True)):
        view = goal_modal(sent, metrics_of(MODEL))
        assert read_goal(as_submitted(view), view["private_metadata"]) == sent
        assert_sound_view(view)
    assert list(fields(goal_modal(form, metrics_of(MODEL)))) == [
        "Metric",
        "Baseline",
        "Target",
        "Date",
        "Owner",
    ]
    assert "Metric" not in fields(goal_modal(replace(form, fixed=True), metrics_of(MODEL)))


def huge(text: str) -> MaturityModel:
    return MaturityModel(
        level_names=("a", "b", "c", "d", "e"),
        dimensions=tuple(
            Dimension(id=f"d{n}", name=text[:60], levels=("x",) * 5, up=("y",) * 4)
            for n in range(12)
        ),
    )


def every_goal(metrics: Sequence[Metric], text: str) -> list[GoalProgress]:
    return [
        replace(
            PROGRESS,
            goal=replace(GOAL, goal_id=f"g{n}", metric=metric.id, baseline_note=text[:120]),
            metric=metric,
        )
        for n, metric in enumerate(metrics)
    ]


@settings(max_examples=20, deadline=None)
@given(hostile, st.booleans())
def test_slack_takes_every_page_of_goals(text: str, is_lead: bool) -> None:
    model = huge(text.strip() or "x")
    metrics = metrics_of(model)
    found = every_goal(metrics, text)
    past = [goals.PastGoal(replace(p.goal, state="missed"), p.metric) for p in found[:6]]
    assert_sound(page(found, name=text, is_lead=is_lead, past=past, notice="Dropped."))
    assert_sound(page([*found, *found], name=text, is_lead=is_lead))
    assert_sound(page([], name=text, is_lead=is_lead))
    for state in ("met", "missed"):
        told = goals.outcome_message(
            replace(GOAL, state=state),
            metrics[6],
            PROGRESS,
            team_name=text,
            today=TODAY,
        )
        assert_sound(told)
    new = ("U1", replace(GOAL, due_on=date(2027, 1, 1)))
    assert_sound(
        goals.outcome_message(GOAL, SHARE, None, team_name=text, today=TODAY, replaced_by=new)
    )
    form = GoalForm("t" * 32, metrics[6].id, text[:20], "3", None, None, note=text)
    assert_sound_view(goal_modal(form, metrics))
    title = goals.goal_title(GOAL, metric_of("dimension:d1", model), TODAY)
    assert_sound_view(goal_form.goal_saved(title, [goals.goal_title(GOAL, SHARE, TODAY)]))


def lead_page(result: RoiResult = RESULT, worth: Worth = WORTH, inputs: RoiInputs = INPUTS) -> Any:
    return roi.roi_message(
        result, worth, inputs, team_id="t1", team_name="Growth", baseline="4 weeks"
    )


def test_the_lead_sees_formula_money_and_break_even() -> None:
    said = shown(lead_page())
    assert "*0.4x* realised (gross 0.8x)" in said
    assert "97.5 EUR an hour: 33.7k EUR gross, 16.8k EUR realised" in said
    assert "*Realisation:* 0.5, assumed: not measurable yet" in said
    assert "*Break-even:* 9.0 h per PM and week, 4.5 h if every freed hour is realised" in said
    assert set(buttons(lead_page())) == {"Edit inputs", "Post the multiple"}


def test_without_a_multiple_nothing_can_be_posted() -> None:
    bare = replace(RESULT, status="no_cost", why="n/a - enter cost", multiple=None, gross=None)
    assert set(buttons(lead_page(bare))) == {"Edit inputs"}
    assert "*n/a - enter cost*" in shown(lead_page(bare))
    with pytest.raises(ValueError, match="only a multiple"):
        roi.roi_post(bare, team_name="Growth", baseline="x")


def test_the_channel_sees_no_money() -> None:
    said = shown(roi.roi_post(RESULT, team_name="Growth", baseline="4 weeks"))
    assert "0.4x* (gross 0.8x)" in said
    assert not any(sign in said for sign in ("EUR", "97.5", "33", "16.8", "42", "345"))


def test_freed_hours_that_led_nowhere_break_even_nowhere() -> None:
    nowhere = replace(RESULT, realisation=Fraction(0), breakeven_hours=None)
    assert "*Break-even:* none while no freed hour" in shown(lead_page(nowhere))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("97.5", "97.5 EUR"),
        ("0", "0 EUR"),
        ("999.99", "999.99 EUR"),
        ("33696", "33.7k EUR"),
        ("-33696", "−33.7k EUR"),
        ("1234567", "1.2m EUR"),
        ("999999", "1.0m EUR"),
    ],
)
def test_money_in_words(amount: str, text: str) -> None:
    assert roi.money(Fraction(amount), "EUR") == text


def test_the_inputs_come_back_as_they_were_filled_in() -> None:
    amounts = tuple((name, f"{n}00") for n, name in enumerate(roi_form.AMOUNTS))
    form = RoiForm("t1", "EUR", amounts, ("U1", "U2"), "W1 to W4", "None yet", seen="2026")
    view = roi_modal(form, proposed="the first weeks")
    assert read_roi(as_submitted(view), view["private_metadata"]) == form
    assert list(fields(view)) == [
        "Currency",
        "PM salary",
        "Product ops salary",
        "Product ops FTE",
        "Tools per quarter",
        "Set-up cost",
        "Contracted hours per week",
        "Product ops people",
        "Baseline weeks",
        "Other benefits",
    ]


@settings(max_examples=20, deadline=None)
@given(hostile)
def test_slack_takes_every_view_of_the_return(text: str) -> None:
    inputs = RoiInputs(currency=text[:8], other_benefits=text[:500])
    notes = ("A note.",) * 6
    for result in (
        replace(RESULT, notes=notes),
        replace(RESULT, load_grew=True, multiple=Fraction(-9), notes=notes),
        replace(RESULT, status="preliminary", why="preliminary: 2 weeks after the baseline"),
        RoiResult("not_enough_data", "not enough data: 2 PMs, and it takes 3"),
        RoiResult("no_cost", "n/a - enter cost"),
    ):
        assert_sound(
            roi.roi_message(
                result, WORTH, inputs, team_id="t", team_name=text, baseline="4", notice="x"
            )
        )
        assert_sound_view(roi.roi_saved(result, WORTH, inputs, baseline="4", notes=["<@U1>"] * 2))
        if result.multiple is not None:
            assert_sound(roi.roi_post(result, team_name=text, baseline="4 weeks"))
    amounts = tuple((name, text[:40]) for name in roi_form.AMOUNTS)
    people = tuple(f"U{n:08d}" for n in range(200))
    form = RoiForm("t", text[:8], amounts, people, text[:40], text[:500])
    notice = roi_form.changed_meanwhile("U1", RoiForm("t"), form)
    assert_sound_view(roi_modal(form, proposed=f"the first weeks of {text[:40]}", notice=notice))


def rows(count: int, text: str) -> list[LadderRow]:
    words = (text or "x")[:60]
    ladder = Ladder(
        industry=words, metric=words, of="compliance", low=words, median=words, elite=words
    )
    bands: tuple[Band | None, ...] = (None, "elite", "below median")
    return [
        LadderRow(ladder, text[:100], bands[n % 3], words, text[:200], own_industry=n == 0)
        for n in range(count)
    ]


@settings(max_examples=20, deadline=None)
@given(hostile, st.integers(1, 12))
def test_slack_takes_ladders_of_any_length(text: str, count: int) -> None:
    words = text.strip()[:60] or "x"
    line = ContextLine(metric=words, value=words, survey=words, year=2024, n=words)
    compared = [ladders.Compared(text, text[:50], (line,) * 2)] * 10
    assert_sound(
        ladders.benchmark_message(
            rows(count, words), compared, label=words, team_name=text, industry=text
        )
    )
    assert_sound(ladders.unknown_industry(text, [f"{words}{n}" for n in range(count)], "t" * 16))


def test_the_label_and_the_sources_are_seen_and_heard() -> None:
    found = load_benchmarks()
    message = ladders.benchmark_message(
        rows(1, "x"),
        [ladders.Compared("Strategic share", "", found.context[1:3])],
        label=found.label,
        team_name="Growth",
        industry="Retail",
    )
    assert found.label in shown(message)
    assert found.label in message["text"]
    assert "_(Pragmatic Marketing, 2013, n 1,800)_" in shown(message)
    assert "no figure of yours yet" in shown(message)
