"""Goals: which figures there are, what people may type, and when one is met."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.goals import (
    FIXED,
    Goal,
    GoalProblem,
    Metric,
    Reading,
    Unit,
    check_target,
    metric_of,
    metrics_of,
    progress_of,
    read_value,
    unit_of,
    value_text,
)
from domain.maturity import load_maturity

MODEL = load_maturity()
OPERATIONAL = FIXED["operational_share"]
LEVEL = metric_of("dimension:tools", MODEL)


def goal(baseline: str, target: str, metric: str = "operational_share") -> Goal:
    return Goal(
        "g",
        "t",
        metric,
        Fraction(baseline),
        Fraction(target),
        date(2026, 9, 30),
        None,
        "open",
        datetime(2026, 6, 1, tzinfo=UTC),
    )


def test_all_figures_of_the_brief_are_offered_and_each_dimension() -> None:
    names = [metric.name for metric in metrics_of(MODEL)]
    assert names[:6] == [
        "Operational share",
        "Strategic share",
        "Customer share",
        "Firefighting share",
        "Participation",
        "Overall maturity",
    ]
    assert names[-1] == "Checklist items done"
    assert len(names) == 7 + len(MODEL.dimensions)
    assert metric_of("dimension:gone", MODEL).name == "Level of gone"
    assert [unit_of(m.id) for m in metrics_of(MODEL)] == [m.unit for m in metrics_of(MODEL)]


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("25", "share", "1/4"),
        ("25%", "share", "1/4"),
        (" 25,5 % ", "share", "255/1000"),
        ("25.05", "share", "2505/10000"),
        ("0", "share", "0"),
        ("100", "share", "1"),
        ("3", "level", "3"),
        ("Level 3", "level", "3"),
        ("12 items", "count", "12"),
        ("3.0", "level", "3"),
    ],
)
def test_figures_as_people_write_them(text: str, unit: Unit, value: str) -> None:
    assert read_value(text, unit) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "share"),
        ("a third", "share"),
        ("101", "share"),
        ("-5", "share"),
        ("1e2", "share"),
        ("２５", "share"),
        ("25.555", "share"),
        ("0", "level"),
        ("6", "level"),
        ("2.5", "level"),
        ("3%", "level"),
        ("501", "count"),
        ("nan", "count"),
    ],
)
def test_what_is_no_figure_is_told(text: str, unit: Unit) -> None:
    with pytest.raises(GoalProblem, match="Write a "):
        read_value(text, unit)


@given(st.integers(0, 10_000))
def test_what_is_shown_reads_back(hundredths: int) -> None:
    value = Fraction(hundredths, 10_000)
    assert read_value(value_text(value, "share"), "share") == value


def test_a_target_betters_its_baseline() -> None:
    check_target(OPERATIONAL, Fraction(36, 100), Fraction(1, 4))
    check_target(LEVEL, Fraction(2), Fraction(3))
    with pytest.raises(GoalProblem, match="The baseline is 25% already"):
        check_target(OPERATIONAL, Fraction(1, 4), Fraction(1, 4))
    with pytest.raises(GoalProblem, match="choose a target below 25%"):
        check_target(OPERATIONAL, Fraction(1, 4), Fraction(3, 10))
    with pytest.raises(GoalProblem, match="choose a target above level 3"):
        check_target(LEVEL, Fraction(3), Fraction(2))


@pytest.mark.parametrize(
    ("now", "done", "met"),
    [
        ("0.36", "0", False),
        ("0.3050", "1/2", False),
        ("0.2550", "21/22", False),
        # It is shown as 25 %.
        ("0.2549", "1051/1100", True),
        ("0.20", "16/11", True),
        ("0.40", "-4/11", False),
    ],
)
def test_how_far_along_a_falling_share_is(now: str, done: str, met: bool) -> None:
    found = progress_of(
        goal("0.36", "0.25"), OPERATIONAL, Reading(Fraction(now), "", steady=True), "soon"
    )
    assert found.done == Fraction(done)
    assert found.met is met
    assert found.projection == "soon"


def test_a_rising_level_and_one_that_is_not_known() -> None:
    rising = goal("2", "3", "dimension:tools")
    assert progress_of(rising, LEVEL, Reading(Fraction(3), "", steady=True), "").met
    assert not progress_of(rising, LEVEL, Reading(Fraction(3), ""), "").met
    unknown = progress_of(rising, LEVEL, Reading(None, "none"), "")
    assert (unknown.current, unknown.done, unknown.met) == (None, None, False)


def test_figures_in_words() -> None:
    assert value_text(Fraction(255, 1000), "share") == "25.5%"
    assert value_text(Fraction(3), "level") == "level 3"
    assert value_text(Fraction(1), "count") == "1 item"
    assert value_text(Fraction(12), "count") == "12 items"
    assert Metric("x", "X", "share").falls is False
