"""The weekly summary's figures, against numbers worked by hand."""

from datetime import date
from fractions import Fraction

import pytest

from domain.categories import Catalog
from domain.periods import Period
from domain.summary import Target, weekly_summary
from tests.domain.team_weeks import NOW, answered, operational, series, week

SHOWN = NOW.shift(1).monday  # 23 November, the Monday on which it appears


def test_an_oracle_by_hand(catalog: Catalog) -> None:
    weeks = series(
        [
            {"tools": 20, "reporting": 10, "interrupts": 8, "strategy": 30, "people": 6},
            {"tools": 19, "reporting": 11, "interrupts": 8, "strategy": 28, "people": 6},
            None,
            {"tools": 21, "reporting": 12, "interrupts": 8, "strategy": 26, "people": 6},
            {"tools": 20, "reporting": 17, "interrupts": 8, "strategy": 26, "people": 2},
        ]
    )
    target = Target(Fraction(1, 4), date(2026, 12, 31))
    summary = weekly_summary(weeks, 8, catalog, target)
    # Operational 30, 30, 33 before: mean 31; now 37.
    assert summary.operational == Fraction(37, 100)
    assert summary.mean is not None
    assert summary.mean["operational"] == Fraction(31, 100)
    assert summary.mean["strategic"] == Fraction(28, 100)
    assert sum(summary.mean.values()) == 1
    assert summary.mean_weeks == 3
    assert summary.delta_points == 6
    assert summary.above_line
    # Reports were 10, 11, 12: mean 11, now 17. People fell by 4.
    assert summary.mover is not None
    assert summary.mover.category.id == "reporting"
    assert summary.mover.share == Fraction(17, 100)
    assert summary.mover.change == 6
    assert summary.confidence == "good"
    assert summary.target == target
    assert summary.week == weeks[-1]
    assert summary.history == tuple(weeks)


def test_the_difference_is_that_of_the_figures_shown(catalog: Catalog) -> None:
    # 33.5 shows as 34 and 32.4 as 32; their difference, 1.1, would show as 1.
    summary = weekly_summary(operational(32.4, 32.4, 33.5), 8, catalog)
    assert summary.delta_points == 2


@pytest.mark.parametrize(("share", "above"), [(29.9, False), (30, False), (30.01, True)])
def test_the_line_is_at_30_percent(catalog: Catalog, share: float, above: bool) -> None:
    assert weekly_summary(operational(share), 8, catalog).above_line is above


def test_the_mean_needs_two_of_the_four_weeks_before(catalog: Catalog) -> None:
    one = weekly_summary(operational(20, None, None, None, 30), 8, catalog)
    assert (one.mean, one.mean_weeks, one.delta_points, one.mover) == (None, 0, None, None)
    two = weekly_summary(operational(20, None, None, 22, 30), 8, catalog)
    assert (two.mean_weeks, two.delta_points) == (2, 9)
    older = weekly_summary(operational(90, 20, 20, 20, 20, 30), 8, catalog)
    assert (older.mean_weeks, older.delta_points) == (4, 10)
    too_old = weekly_summary(operational(20, 20, None, None, None, None, 30), 8, catalog)
    assert too_old.mean is None


@pytest.mark.parametrize(
    ("last", "change"),
    [(23, 3), (22.99, None), (17, -3), (17.01, None), (40, 20), (0, -20)],
)
def test_a_mover_moves_three_points(catalog: Catalog, last: float, change: int | None) -> None:
    # What tools gain or lose is spread over four others, each moving less.
    def spread(tools: float) -> dict[str, float]:
        rest = (100 - tools) / 4
        return {"tools": tools, "customer": rest, "strategy": rest, "people": rest}

    summary = weekly_summary(series([spread(20), spread(20), spread(last)]), 8, catalog)
    if change is None:
        assert summary.mover is None
    else:
        assert summary.mover is not None
        assert (summary.mover.category.id, summary.mover.change) == ("tools", change)


def test_of_equal_movers_the_first_in_order_counts(catalog: Catalog) -> None:
    summary = weekly_summary(series([{"people": 20}, {"people": 20}, {"tools": 20}]), 8, catalog)
    assert summary.mover is not None
    assert summary.mover.category.id == "tools"


def test_a_category_that_vanishes_moves_too(catalog: Catalog) -> None:
    weeks = series([{"tools": 8}, {"tools": 8}, {"people": 4, "customer": 4}])
    summary = weekly_summary(weeks, 8, catalog)
    assert summary.mover is not None
    assert (summary.mover.category.id, summary.mover.change) == ("tools", -8)
    assert summary.mover.share == 0


def test_withheld_numbers_stay_out_of_everything(catalog: Catalog) -> None:
    summary = weekly_summary([*operational(34, 34, 34, 34, 34)[:-1], week(None)], 8, catalog)
    assert summary.operational is None
    assert summary.delta_points is None
    assert summary.mover is None
    assert not summary.above_line
    assert summary.confidence == "none"
    assert summary.insights == ()
    assert summary.mean_weeks == 4


def test_few_answers_are_pointed_out_although_shares_hide(catalog: Catalog) -> None:
    summary = weekly_summary(answered((3, 8), (2, 8)), 8, catalog)
    assert [insight.rule for insight in summary.insights] == ["R09"]


def test_confidence(catalog: Catalog) -> None:
    shares = {"tools": 20}
    fair = weekly_summary([week(shares, answered=5, active=8)], 8, catalog)
    good = weekly_summary([week(shares, answered=6, active=8)], 8, catalog)
    assert (fair.confidence, good.confidence) == ("fair", "good")


def test_twelve_weeks_of_history(catalog: Catalog) -> None:
    weeks = operational(*range(20, 35))
    assert weekly_summary(weeks, 8, catalog).history == tuple(weeks[-12:])


def test_at_most_three_insights_the_most_severe(catalog: Catalog) -> None:
    weeks = series([{"tools": 36, "interrupts": 30}] * 4)
    summary = weekly_summary(weeks, 8, catalog)
    assert [insight.rule for insight in summary.insights] == ["R01", "R05", "R06"]


@pytest.mark.parametrize(
    ("last_shown", "quiet"),
    [
        (date(2026, 11, 16), True),  # last Monday
        (date(2026, 11, 20), True),
        (date(2026, 11, 15), False),  # two weeks ago by the calendar
        (date(2026, 11, 9), False),
        (SHOWN, False),  # this very summary, brought up to date
        (date(2026, 11, 25), False),
        (date(2026, 12, 7), False),  # an old week is looked at again
    ],
)
def test_a_rule_shown_keeps_quiet_for_14_days(
    catalog: Catalog, last_shown: date, quiet: bool
) -> None:
    weeks = series([{"tools": 36, "interrupts": 30}] * 4)
    summary = weekly_summary(weeks, 8, catalog, recent_rules={"R01": last_shown})
    rules = [insight.rule for insight in summary.insights]
    assert rules == (["R05", "R06", "R07"] if quiet else ["R01", "R05", "R06"])


def test_a_summary_needs_its_week(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="its own week"):
        weekly_summary([], 8, catalog)


def test_the_first_week_of_a_team(catalog: Catalog) -> None:
    summary = weekly_summary(operational(33), 8, catalog)
    assert summary.operational == Fraction(33, 100)
    assert summary.delta_points is None
    assert summary.week.period == Period(2026, 47)
