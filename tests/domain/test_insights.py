"""Rules R01 to R09, each at its threshold and just beside it, with numbers worked by hand."""

from collections.abc import Sequence

import pytest

from domain.categories import Catalog, CategoryOverride, with_overrides
from domain.insights import Insight, evaluate
from domain.team import TeamWeek
from tests.domain.team_weeks import NOW, answered, operational, series, week


def rule(
    name: str, weeks: Sequence[TeamWeek], catalog: Catalog, pm_count: int = 8
) -> Insight | None:
    found = [i for i in evaluate(weeks, pm_count, catalog) if i.rule == name]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("weeks", "pm_count", "holds"),
    [
        (operational(30, 30, 30, 30), 5, False),
        (operational(30, 30, 30, 30.04), 5, True),
        (operational(29.99, 30, 30, 30), 5, False),
        (operational(34, 34, 34, 34), 5, True),
        (operational(34, 34, 34, 34), 4, False),
        (operational(34, 34, 34), 5, False),
        (operational(34, None, 34, 34), 5, False),
        (operational(34, 34, 34, None), 5, False),
        (operational(90, 0, 34, 34, 34, 34), 5, True),
        (operational(90, 34, 10, 34, 34), 5, False),
    ],
)
def test_r01_hire_signal(
    catalog: Catalog, weeks: list[TeamWeek], pm_count: int, holds: bool
) -> None:
    assert (rule("R01", weeks, catalog, pm_count) is not None) is holds


def test_r01_numbers(catalog: Catalog) -> None:
    found = rule("R01", operational(32, 34, 33, 37), catalog)
    assert found is not None
    assert found.severity == "high"
    # 34 % of 8 people at 40 hours are 108.8 hours.
    assert {key: found.numbers[key] for key in ("pct", "n", "h")} == {
        "pct": "34",
        "n": "8",
        "h": "109",
    }
    assert found.text == (
        "Hire signal: operational work took 34% over 4 weeks for 8 PMs, about 109 hours a week. "
        "Decide on hire, part-time or rotation; its break-even needs the costs (/prodops roi)."
    )


def test_r01_and_r02_part_at_five_people(catalog: Catalog) -> None:
    weeks = operational(34, 34, 34, 34)
    for pm_count in range(1, 12):
        large = rule("R01", weeks, catalog, pm_count) is not None
        small = rule("R02", weeks, catalog, pm_count) is not None
        assert (large, small) == (pm_count >= 5, pm_count < 5)


def test_r02_names_the_largest_chore(catalog: Catalog) -> None:
    weeks = series([{"tools": 12, "reporting": 20, "interrupts": 40}] * 4)
    found = rule("R02", weeks, catalog, 4)
    assert found is not None
    assert found.severity == "med"
    assert found.numbers == {"pct": "32", "n": "4", "top_cat": "Reports & status"}
    assert rule("R02", operational(30, 30, 30, 30), catalog, 4) is None
    assert rule("R02", operational(30, 30, 30, 30.1), catalog, 4) is not None


@pytest.mark.parametrize(
    ("weeks", "holds"),
    [
        (operational(20, 21, 23, 25), True),
        (operational(20, 21, 23, 24.99), False),
        (operational(20, 23, 23, 26), False),
        (operational(20, 26, 25, 30), False),
        (operational(20, 21, 25), False),
        (operational(20, None, 23, 25), False),
        (operational(40, 20, 21, 23, 25), True),
    ],
)
def test_r03_climbing(catalog: Catalog, weeks: list[TeamWeek], holds: bool) -> None:
    found = rule("R03", weeks, catalog)
    assert (found is not None) is holds
    if found:
        assert found.severity == "low"
        assert found.numbers == {"series": "20 → 21 → 23 → 25%"}


@pytest.mark.parametrize(
    ("weeks", "holds"),
    [
        # Median of the first four: (28 + 30) / 2 = 29.
        (operational(26, 28, 30, 32, 30, 31, 33, 30, 29.1, 35), True),
        (operational(26, 28, 30, 32, 30, 31, 33, 30, 35), False),
        # A week on the median neither counts nor breaks the run.
        (operational(26, 28, 30, 32, 30, 31, 29, 33, 30, 31, 35), True),
        (operational(26, 28, 30, 32, 30, 31, 29, 33, 30, 35), False),
        (operational(26, 28, 30, 32, 30, 31, 33, 30, 30, 29, 35), True),
        # Nor does one without numbers.
        (operational(26, 28, 30, 32, 30, 31, None, 33, 30, 31, 35), True),
        # One on the other side breaks it.
        (operational(26, 28, 30, 32, 30, 31, 33, 28.9, 30, 31, 35), False),
        # The week itself must lie off the median and have numbers.
        (operational(26, 28, 30, 32, 30, 31, 33, 30, 29.1, 35, 29), False),
        (operational(26, 28, 30, 32, 30, 31, 33, 30, 29.1, 35, None), False),
        (operational(26, 28, 30, 32, 20, 0, 10, 28.9, 25, 27), True),
        # Only the last twelve weeks are in view.
        (operational(*[10] * 4, *[30] * 12), False),
        (operational(30, 30, 30), False),
    ],
)
def test_r04_shift(catalog: Catalog, weeks: list[TeamWeek], holds: bool) -> None:
    assert (rule("R04", weeks, catalog) is not None) is holds


def test_r04_numbers(catalog: Catalog) -> None:
    found = rule("R04", operational(36, 35, 37, 36, 30, 30, 29, 30, 28, 27), catalog)
    assert found is not None
    assert found.severity == "high"
    # Six weeks to 2026-W47 began on Monday of W42.
    assert found.text == (
        "A real shift down since 12 Oct: 6 weeks below the starting median of 36% operational. "
        "Note the cause, and reset the baseline after a month."
    )


@pytest.mark.parametrize(
    ("shares", "holds"),
    [
        ([35, 35, 35, 0], True),
        ([35, 0, 35, 35], True),
        ([35, 35, 34.99, 0], False),
        ([0, 35, 35, 34.99], False),
        ([36, 36, 36, 36], True),
    ],
)
@pytest.mark.parametrize("category", ["tools", "strategy", "people", "interrupts"])
def test_r05_one_sided(catalog: Catalog, category: str, shares: list[float], holds: bool) -> None:
    found = rule("R05", series([{category: share} for share in shares]), catalog)
    assert (found is not None) is holds


def test_r05_spares_delivery_and_names_a_remedy(catalog: Catalog) -> None:
    assert rule("R05", series([{"delivery": 90}] * 4), catalog) is None
    changed = with_overrides(catalog, [CategoryOverride("bugs", group="delivery", name="Bugs")])
    assert rule("R05", series([{"bugs": 90}] * 4), changed) is None
    found = rule("R05", series([{"reporting": 36, "tools": 35}] * 3 + [{"reporting": 40}]), catalog)
    assert found is not None
    assert found.numbers == {
        "cat": "Reports & status",
        "pct": "37",
        "line": "35",
        "k": "4",
        "item": "automating the most hated report",
    }


def test_r05_falls_back_to_the_remedy_of_the_group(catalog: Catalog) -> None:
    found = rule("R05", series([{"interrupts": 40}] * 4), catalog)
    assert found is not None
    assert found.numbers["item"] == "a triage rota with one escalation path"
    added = with_overrides(catalog, [CategoryOverride("bids", group="operational", name="Bids")])
    found = rule("R05", series([{"bids": 40}] * 4), added)
    assert found is not None
    assert found.numbers["item"] == "the step that most people would drop first"


def test_r05_needs_three_weeks_with_numbers(catalog: Catalog) -> None:
    assert rule("R05", series([{"tools": 50}, {"tools": 50}]), catalog) is None
    assert rule("R05", series([None, {"tools": 50}, {"tools": 50}, {"tools": 50}]), catalog)
    assert rule("R05", series([{"tools": 50}] * 3 + [None]), catalog) is None


@pytest.mark.parametrize(
    ("name", "category", "threshold", "holds_at", "holds_below", "holds_above"),
    [
        ("R06", "customer", 7, False, True, False),
        ("R07", "interrupts", 25, True, False, True),
        ("R08", "strategy", 27, False, True, False),
    ],
)
def test_r06_to_r08_at_their_thresholds(
    catalog: Catalog,
    name: str,
    category: str,
    threshold: float,
    holds_at: bool,
    holds_below: bool,
    holds_above: bool,
) -> None:
    def holds(last: float) -> bool:
        weeks = series([{category: threshold}] * 3 + [{category: last}])
        return rule(name, weeks, catalog) is not None

    assert holds(threshold) is holds_at
    assert holds(threshold - 0.04) is holds_below
    assert holds(threshold + 0.04) is holds_above
    assert rule(name, series([{category: 50 - threshold}] * 3), catalog) is None


def test_r08_counts_customer_time_as_strategic(catalog: Catalog) -> None:
    enough = {"customer": 10, "discovery": 8, "strategy": 9}
    assert rule("R08", series([enough] * 4), catalog) is None
    found = rule("R08", series([{**enough, "strategy": 8}] * 4), catalog)
    assert found is not None
    assert found.numbers == {"pct": "26"}


@pytest.mark.parametrize(
    ("weeks", "holds"),
    [
        (answered((4, 8), (4, 8)), True),
        (answered((11, 20), (10, 20)), False),  # 55 % is enough
        (answered((10, 20), (11, 20)), False),
        (answered((10, 20), (10, 20)), True),
        (answered((2, 8), (1, 8)), True),  # shares are hidden, participation is not
        (answered((0, 8), (0, 8)), True),
        (answered((0, 0), (0, 8)), False),  # nobody was there
        (answered((4, 8)), False),
        (answered((4, 8), (8, 8), (4, 8)), False),
    ],
)
def test_r09_few_answers(catalog: Catalog, weeks: list[TeamWeek], holds: bool) -> None:
    found = rule("R09", weeks, catalog)
    assert (found is not None) is holds


def test_r09_numbers(catalog: Catalog) -> None:
    found = rule("R09", answered((2, 8), (3, 9)), catalog)
    assert found is not None
    assert found.severity == "high"
    assert found.numbers == {"k": "3", "n": "9"}
    assert "3 of 9" in found.text


def test_weeks_that_are_missing_do_not_close_up(catalog: Catalog) -> None:
    # Four weeks with numbers, but a hole in the calendar between them.
    weeks = operational(34, 34, 34, 34, 34)
    assert rule("R01", weeks, catalog) is not None
    assert rule("R01", [*weeks[:2], *weeks[3:]], catalog) is None
    apart = [week(None, NOW.shift(-2), 1, 8), week(None, NOW, 1, 8)]
    assert rule("R09", apart, catalog) is None


def test_high_severity_first_then_by_number(catalog: Catalog) -> None:
    weeks = series([{"tools": 36, "interrupts": 30}] * 4)
    found = evaluate(weeks, 8, catalog)
    assert [i.rule for i in found] == ["R01", "R05", "R06", "R07", "R08"]
    assert evaluate(weeks, 8, catalog) == found


def test_no_weeks_no_insights(catalog: Catalog) -> None:
    assert evaluate([], 8, catalog) == []


def test_every_text_is_filled_in(catalog: Catalog) -> None:
    weeks = [
        *operational(10, 10, 10, 10, 20),
        *series([{"tools": 20 + n, "interrupts": 36} for n in range(3, 11)]),
    ]
    for pm_count in (4, 8):
        for insight in evaluate(series([{}] * 12), pm_count, catalog) + evaluate(
            weeks, pm_count, catalog
        ):
            assert "{" not in insight.text
            assert insight.text.endswith(".")
            numbers = {k: v for k, v in insight.numbers.items() if k != "be"}
            assert all(number in insight.text for number in numbers.values())
