"""Before and after an item: the weeks that count, the figures by hand, words without a cause."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from domain.categories import load_catalog
from domain.checklist import TeamItem
from domain.effects import Effect, LevelMoved, levels_moved, metric_of, moved
from domain.maturity import Assessment, DimensionScore, load_maturity
from domain.periods import Period
from domain.team import TeamWeek

CATALOG = load_catalog()
MODEL = load_maturity()
DONE = Period(2026, 23)
AT = datetime(2026, 6, 3, 9, tzinfo=UTC)
ITEM = TeamItem(
    "E2",
    "e2",
    "team",
    "execute",
    "Automate the most hated report",
    state="done",
    done_at=AT,
    dimensions=("reporting",),
)


def week(shift: int, operational: int | None, answered: int = 7, active: int = 8) -> TeamWeek:
    """A week so far from the one in which the item was done, with its operational percent."""
    shares = None
    if operational is not None:
        shares = {
            "tools": Fraction(operational, 100),
            "strategy": Fraction(100 - operational, 100),
        }
    return TeamWeek(DONE.shift(shift), answered, active, shares)


def weeks(before: Sequence[int | None], after: Sequence[int | None]) -> list[TeamWeek]:
    first = -len(before)
    return [
        *[week(first + n, share) for n, share in enumerate(before)],
        week(0, 99),
        *[week(1 + n, share) for n, share in enumerate(after)],
    ]


def test_means_of_four_weeks_on_each_side_by_hand() -> None:
    """(34+36+38+36)/4 = 36; (33+31+30+30)/4 = 31. The week itself, at 99, counts nowhere."""
    found = moved("operational_share", DONE, weeks([34, 36, 38, 36], [33, 31, 30, 30]), CATALOG)
    assert found is not None
    assert (found.before, found.after) == (Fraction(36, 100), Fraction(31, 100))
    assert (found.weeks_before, found.weeks_after) == (4, 4)
    assert found.is_better
    assert Effect(ITEM, DONE, found).sentence == (
        "After E2 Automate the most hated report (done 3 Jun), operational share went from 36% to "
        "31% (4 weeks before, 4 after; 7 of 8 logged). Other things changed too."
    )


def test_only_four_weeks_count_and_only_those_with_numbers() -> None:
    many = weeks([90, 30, None, 40, 50], [20, None, 40, None, 90])
    found = moved("operational_share", DONE, many, CATALOG)
    assert found is not None
    assert (found.before, found.weeks_before) == (Fraction(40, 100), 3)
    assert (found.after, found.weeks_after) == (Fraction(30, 100), 2)


@pytest.mark.parametrize(
    ("before", "after"), [([36], [31, 31, 31, 31]), ([36, 36], [31]), ([], []), ([None] * 4, [3])]
)
def test_one_week_on_a_side_tells_nothing(
    before: list[int | None], after: list[int | None]
) -> None:
    assert moved("operational_share", DONE, weeks(before, after), CATALOG) is None
    assert Effect(ITEM, DONE, None).sentence == ""


def test_more_customer_time_is_better_and_less_is_not() -> None:
    found = moved("strategic_share", DONE, weeks([40, 40], [30, 30]), CATALOG)
    assert found is not None
    assert (found.before, found.after, found.is_better) == (
        Fraction(60, 100),
        Fraction(70, 100),
        True,
    )
    worse = moved("strategic_share", DONE, weeks([30, 30], [40, 40]), CATALOG)
    assert worse is not None
    assert not worse.is_better


def test_what_stays_the_same_is_said_to_stay() -> None:
    found = moved("operational_share", DONE, weeks([30, 30], [30, 30]), CATALOG)
    assert "operational share stayed at 30%" in Effect(ITEM, DONE, found).sentence
    assert not Effect(ITEM, DONE, found).is_better


@pytest.mark.parametrize(
    ("dimensions", "metric"),
    [
        (("reporting",), "operational_share"),
        (("insight",), "customer_share"),
        (("outcomes", "data"), "strategic_share"),
        (("all",), "operational_share"),
        (("gone", "insight"), "customer_share"),
        ((), "operational_share"),
    ],
)
def test_which_share_an_item_moves_is_in_the_model(
    dimensions: tuple[str, ...], metric: str
) -> None:
    assert metric_of(ITEM._replace(dimensions=dimensions), MODEL) == metric


def assessment(days: int, **levels: int | None) -> Assessment:
    """Closed so many days after the item was done."""
    scores = tuple(DimensionScore(name, level, 4) for name, level in levels.items())
    return Assessment(f"c{days}", AT + timedelta(days=days), 4, 4, scores)


def test_levels_of_the_assessments_just_before_and_just_after() -> None:
    known = [
        assessment(90, reporting=5),
        assessment(10, reporting=3, tools=4),
        assessment(-10, reporting=2, tools=1),
        assessment(-90, reporting=1),
    ]
    found = levels_moved(ITEM, AT, known, MODEL)
    assert found == (LevelMoved("reporting", "Dashboards & reporting", 2, 3),)
    sentence = Effect(ITEM, DONE, None, found).sentence
    assert "Dashboards & reporting went from level 2 to 3. Other things changed too." in sentence
    assert Effect(ITEM, DONE, None, found).is_better


@pytest.mark.parametrize(
    "known",
    [
        [],
        [assessment(-10, reporting=2)],
        [assessment(10, reporting=2)],
        [assessment(-10, reporting=2), assessment(10, reporting=None)],
        [assessment(-10, reporting=2), assessment(10, tools=2)],
    ],
)
def test_no_level_on_one_side_tells_nothing(known: list[Assessment]) -> None:
    assert levels_moved(ITEM, AT, known, MODEL) == ()


def test_items_that_concern_all_dimensions_have_no_level_of_their_own() -> None:
    known = [assessment(-1, reporting=1), assessment(1, reporting=2)]
    assert levels_moved(ITEM._replace(dimensions=("all",)), AT, known, MODEL) == ()


def test_it_never_claims_a_cause() -> None:
    found = moved("operational_share", DONE, weeks([36, 36], [31, 31]), CATALOG)
    sentence = Effect(ITEM, DONE, found).sentence.casefold()
    assert sentence.startswith("after ")
    for word in ("because", "thanks to", "caused", "due to", "led to", "through"):
        assert word not in sentence
