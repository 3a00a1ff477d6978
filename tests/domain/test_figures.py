"""The figures behind goals: what they are now, what they were, and what is said of their future."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from domain.baseline import baseline_of
from domain.categories import Catalog
from domain.figures import Figures, judged_from
from domain.goals import FIXED, Goal, Metric, metric_of
from domain.maturity import Assessment, DimensionScore, load_maturity
from tests.domain.team_weeks import NOW, operational

MODEL = load_maturity()
TODAY = NOW.shift(1).monday + timedelta(days=1)  # Tuesday 24 November 2026
SHARE, PARTICIPATION, ITEMS = (
    FIXED[name] for name in ("operational_share", "participation", "checklist")
)
LEVEL = metric_of("dimension:tools", MODEL)


@pytest.fixture
def figures(catalog: Catalog) -> Any:
    def make(*shares: float | None, **changes: Any) -> Figures:
        weeks = operational(*shares)
        values: dict[str, Any] = {
            "today": TODAY,
            "last": NOW,
            "weeks": weeks,
            "baseline": baseline_of(weeks, 4),
            "assessments": [],
            "done_on": [],
            "catalog": catalog,
            "stale_days": 180,
            **changes,
        }
        return Figures(**values)

    return make


def goal(metric: Metric = SHARE, due: date = date(2026, 12, 31)) -> Goal:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return Goal("g", "t", metric.id, Fraction(36, 100), Fraction(1, 4), due, None, "open", at)


def assessed(overall: int | None, tools: int | None, days_ago: int) -> Assessment:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC) - timedelta(days=days_ago)
    return Assessment("c", at, 5, 5, (DimensionScore("tools", tools, 5),), overall)


def test_a_share_is_the_mean_of_the_last_four_weeks(figures: Any) -> None:
    now = figures(40, 40, 40, 30, 32, 28, 30).now(SHARE)
    assert (now.value, now.steady) == (Fraction(30, 100), True)
    assert now.basis == "mean of the last 4 weeks"
    now = figures(40, 40, 40, None, None, 28, 30).now(SHARE)
    assert (now.value, now.basis) == (Fraction(29, 100), "mean of 2 of the last 4 weeks")
    now = figures(40, None, None, None, 30).now(SHARE)
    assert (now.value, now.steady) == (Fraction(30, 100), False)
    now = figures(40, None, None, None, None).now(SHARE)
    assert (now.value, now.basis) == (None, "no numbers in the last 4 weeks")
    # Participation is known of weeks without shares too.
    assert figures(40, None).now(PARTICIPATION).value == 1


def test_a_baseline_for_a_first_goal_and_for_the_next_one(figures: Any) -> None:
    found = figures(36, 34, 38, 36, 30, 28, 30, 32)
    before = found.before(SHARE)
    assert (before.value, before.basis) == (Fraction(36, 100), "4 weeks, 28 Sep – 25 Oct")
    assert found.before(SHARE, renewed=True).value == Fraction(30, 100)
    assert figures(None).before(SHARE).value is None


def test_levels_are_those_of_the_last_check_in_that_rated_them(figures: Any) -> None:
    found = figures(36, assessments=[assessed(3, None, 10), assessed(2, 2, 100)])
    assert (found.now(FIXED["maturity"]).value, found.now(LEVEL).value) == (3, 2)
    assert found.now(LEVEL).basis == "check-in of 16 Aug"
    assert found.before(LEVEL).value == 2
    assert not figures(36, assessments=[assessed(3, 3, 181)]).now(LEVEL).steady
    assert figures(36).now(LEVEL).basis == "no check-in has rated it yet"


def test_items_are_counted(figures: Any) -> None:
    now = figures(36, done_on=[date(2026, 11, 1), date(2026, 11, 20)]).now(ITEMS)
    assert (now.value, now.steady) == (2, True)


@pytest.mark.parametrize("known", [0, 1, 3])
def test_too_early_to_project(figures: Any, known: int) -> None:
    said = figures(*[36] * known).outlook(goal(), SHARE)
    verb = "is" if known == 1 else "are"
    assert said == f"Too early to project: it takes 4 weeks with numbers, and there {verb} {known}."


def test_a_projection_in_words(figures: Any) -> None:
    # The oracle of the projection, four weeks on: 31 December lies in W53, six weeks after W47.
    # At 10: 34 - 0.9 x 8 = 26.8; s x sqrt(1 + 1/5 + 64/10) = 2.194; times 1.638 is 3.6.
    said = figures(36, 34, 35, 33, 32).outlook(goal(), SHARE)
    assert said == (
        "At the pace of the last 5 weeks, about 27% by 31 Dec; "
        "anything from 23 to 30 would be no surprise."
    )


def test_a_straight_line_is_still_no_certainty(figures: Any) -> None:
    said = figures(36, 35, 34, 33).outlook(goal(), SHARE)
    assert said.endswith("about 27% by 31 Dec; anything from 26 to 28 would be no surprise.")


def test_a_projection_stays_between_nothing_and_everything(figures: Any) -> None:
    said = figures(40, 30, 20, 10).outlook(goal(), SHARE)
    assert "about 0% by 31 Dec; anything from 0 to 1 would" in said


def test_weeks_that_go_up_and_down_say_nothing_of_the_future(figures: Any) -> None:
    said = figures(20, 60, 10, 70, 20).outlook(goal(), SHARE)
    assert said.startswith("Too uncertain to project by 31 Dec: the last 5 weeks point to anything")


def test_levels_and_dates_that_have_passed_are_not_projected(figures: Any) -> None:
    found = figures(*[36] * 6)
    assert "levels move at check-ins" in found.outlook(goal(LEVEL), LEVEL)
    past = found.outlook(goal(due=TODAY - timedelta(days=1)), SHARE)
    assert past == "The date has passed: the goal is judged when its last week is in."


def test_the_pace_at_which_items_are_done(figures: Any) -> None:
    # One in each of the last five weeks: 0 before, then 1 to 5; six weeks on, 11.
    done = [NOW.shift(-n).monday for n in range(5)]
    said = figures(36, done_on=done).outlook(goal(ITEMS), ITEMS)
    assert "At the pace of the last 6 weeks, about 11 items by 31 Dec" in said


def test_a_goal_is_judged_when_the_week_of_its_date_is_over() -> None:
    assert judged_from(goal(due=date(2026, 9, 30))) == date(2026, 10, 5)
    assert judged_from(goal(due=date(2026, 10, 4))) == date(2026, 10, 5)
    assert judged_from(goal(due=date(2026, 10, 5))) == date(2026, 10, 12)
