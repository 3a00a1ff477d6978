"""Reviews of spans: figures worked by hand, and the guards at their edges."""

from fractions import Fraction

import pytest

from domain.baseline import Baseline
from domain.categories import Catalog
from domain.periods import Period
from domain.reviews import review
from domain.spans import Span
from domain.team import TeamWeek
from tests.domain.team_weeks import Percent, week

QUARTER = Span("quarter", 2026, 2)
JUNE = Span("month", 2026, 6)
AFTER = Period(2026, 27)


def weeks_of(span: Span, *percents: Percent | None) -> list[TeamWeek]:
    """The last weeks of the span, as many as are given."""
    periods = span.weeks[len(span.weeks) - len(percents) :]
    return [week(percent, period) for percent, period in zip(percents, periods, strict=True)]


def share(tools: int, strategy: int) -> Percent:
    return {"tools": tools, "strategy": strategy}


def test_a_quarter_by_hand(catalog: Catalog) -> None:
    """Baseline 40 and 36 %: 38. Then 30, 28, 26: 28, ten points less. Strategy 20 and 22: 21,
    then 24, 26, 28: 26, five more: half of what was freed."""
    known = weeks_of(
        QUARTER, share(40, 20), share(36, 22), share(30, 24), None, share(28, 26), share(26, 28)
    )
    found = review(QUARTER, known, AFTER, catalog, baseline=Baseline(tuple(known[:2])))
    assert found.figures is not None
    assert found.figures.shares["operational_share"] == Fraction(28, 100)
    assert found.figures.shares["strategic_share"] == Fraction(26, 100)
    assert found.figures.weeks == 3
    assert found.figures.points == -10
    assert found.figures.reached == Fraction(1, 2)
    assert found.weeks_with_numbers == 5
    assert len(found.weeks) == 6
    assert found.participation == 1
    assert found.line == tuple(known)
    # W21 and W22 lie in May, W23 to W26 in June.
    assert [(month.short, shares["operational"]) for month, shares in found.months] == [
        ("May", Fraction(38, 100)),
        ("June", Fraction(28, 100)),
    ]


def test_without_a_baseline_or_within_it_nothing_is_compared(catalog: Catalog) -> None:
    known = weeks_of(JUNE, share(40, 20), share(30, 20))
    for baseline in (None, Baseline(tuple(known))):
        figures = review(JUNE, known, AFTER, catalog, baseline=baseline).figures
        assert figures is not None
        assert figures.operational == Fraction(35, 100)
        assert (figures.baseline, figures.points, figures.reached) == (None, None, None)


@pytest.mark.parametrize(
    ("strategy", "reached"),
    [(20, Fraction(0)), (15, Fraction(0)), (25, Fraction(1, 2)), (30, Fraction(1)), (40, 1)],
)
def test_the_part_of_the_freed_time_that_was_put_to_use(
    catalog: Catalog, strategy: int, reached: Fraction
) -> None:
    known = weeks_of(QUARTER, share(40, 20), share(30, strategy))
    figures = review(QUARTER, known, AFTER, catalog, baseline=Baseline((known[0],))).figures
    assert figures is not None
    assert figures.reached == reached


def test_where_no_time_was_freed_none_was_put_to_use(catalog: Catalog) -> None:
    known = weeks_of(QUARTER, share(30, 20), share(40, 30))
    figures = review(QUARTER, known, AFTER, catalog, baseline=Baseline((known[0],))).figures
    assert figures is not None
    assert figures.points == 10
    assert figures.reached is None


def test_the_change_is_that_of_the_figures_shown(catalog: Catalog) -> None:
    known = weeks_of(QUARTER, {"tools": 33.5}, {"tools": 31.4})
    figures = review(QUARTER, known, AFTER, catalog, baseline=Baseline((known[0],))).figures
    assert figures is not None
    assert figures.points == -3


def counted(answered: int, active: int, period: Period, percent: Percent | None) -> TeamWeek:
    return week(percent, period, answered, active)


@pytest.mark.parametrize(
    ("second", "withheld"),
    # 6 of 8, then so many of 8: at eight of sixteen it is half.
    [((2, 8), None), ((1, 8), "low_participation")],
)
def test_half_of_all_logs_are_needed(
    catalog: Catalog, second: tuple[int, int], withheld: str | None
) -> None:
    first, last = JUNE.weeks[-2:]
    known = [counted(6, 8, first, share(30, 30)), counted(*second, last, None)]
    found = review(JUNE, known, AFTER, catalog)
    assert found.withheld == withheld
    assert (found.figures is None) == (withheld is not None)
    assert found.answered == 6 + second[0]
    if withheld:
        assert found.months == ()


def test_three_people_are_needed_in_one_week(catalog: Catalog) -> None:
    two = [counted(2, 2, period, None) for period in JUNE.weeks]
    assert review(JUNE, two, AFTER, catalog).withheld == "few_people"
    assert review(JUNE, [], AFTER, catalog).withheld == "few_people"


def test_weeks_that_are_not_over_do_not_count(catalog: Catalog) -> None:
    """On Friday 1 May the last week of April still runs."""
    april = Span("month", 2026, 4)
    known = [week(share(10 * n, 20), period) for n, period in enumerate(april.weeks, start=1)]
    found = review(april, known, april.last_week, catalog)
    assert found.running == 1
    assert len(found.weeks) == 4
    assert found.figures is not None
    assert found.figures.operational == Fraction(25, 100)
    assert review(april, known, april.last_week.shift(1), catalog).running == 0


def test_a_month_stands_beside_the_one_before_it(catalog: Catalog) -> None:
    known = [week(share(40, 20), period) for period in Span("month", 2026, 5).weeks]
    known += [week(share(30, 20), period) for period in JUNE.weeks]
    found = review(JUNE, known, AFTER, catalog)
    assert [(m.short, shares["operational"]) for m, shares in found.months] == [
        ("May", Fraction(40, 100)),
        ("June", Fraction(30, 100)),
    ]
    assert len(found.weeks) == 4
    assert len(found.line) == 8


def test_the_line_has_thirteen_weeks(catalog: Catalog) -> None:
    known = [week(share(30, 20), AFTER.shift(-n)) for n in range(20, 0, -1)]
    assert [w.period for w in review(QUARTER, known, AFTER, catalog).line] == list(QUARTER.weeks)
