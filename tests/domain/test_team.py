"""Team shares: one PM one vote, exact, and shown only behind the guards."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.categories import GROUPS, Catalog, load_catalog
from domain.periods import Period
from domain.team import Guards, TeamWeek, confidence, percent, points, team_week
from domain.timesplit import Split, split_from_minutes, split_from_percent

WEEK = Period(2026, 47)
PACKAGED = load_catalog()
IDS = [category.id for category in PACKAGED.categories]
SPLITS = st.lists(
    st.dictionaries(st.sampled_from(IDS), st.integers(1, 900), min_size=1).map(split_from_minutes),
    min_size=3,
    max_size=12,
)


def share(**amounts: int) -> Split:
    return split_from_percent({key: Decimal(amount) for key, amount in amounts.items()})


def test_a_team_by_hand(catalog: Catalog) -> None:
    splits = [
        share(tools=40, strategy=60),
        share(tools=10, reporting=20, customer=30, delivery=40),
        # A week of 80 hours has no more weight than one of 20.
        split_from_minutes({"interrupts": 40 * 60, "people": 40 * 60}),
        split_from_minutes({"tools": 5 * 60, "discovery": 15 * 60}),
    ]
    week = team_week(WEEK, splits, 5, catalog)
    assert week.shares == {
        "tools": Fraction(40 + 10 + 25, 400),
        "reporting": Fraction(20, 400),
        "interrupts": Fraction(50, 400),
        "customer": Fraction(30, 400),
        "discovery": Fraction(75, 400),
        "strategy": Fraction(60, 400),
        "delivery": Fraction(40, 400),
        "people": Fraction(50, 400),
    }
    assert week.metric("operational_share", catalog) == Fraction(95, 400)
    assert week.metric("strategic_share", catalog) == Fraction(165, 400)
    assert week.metric("customer_share", catalog) == Fraction(30, 400)
    assert week.metric("reactive_share", catalog) == Fraction(50, 400)
    assert week.group("strategic", catalog) == Fraction(135, 400)
    assert week.participation == Fraction(4, 5)
    assert list(week.shares or {}) == [i for i in IDS if i != "coordination"]


@given(SPLITS)
def test_shares_total_one_and_stay_in_bounds(splits: list[Split]) -> None:
    week = team_week(WEEK, splits, len(splits), PACKAGED)
    assert week.shares is not None
    assert sum(week.shares.values()) == 1
    for key, team_share in week.shares.items():
        personal = [split.shares.get(key, 0) for split in splits]
        assert Fraction(min(personal), 10_000) <= team_share <= Fraction(max(personal), 10_000)
    assert sum(week.group(group, PACKAGED) or 0 for group in GROUPS) == 1


@given(SPLITS, st.data())
def test_the_order_of_answers_changes_nothing(splits: list[Split], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(splits))
    assert team_week(WEEK, shuffled, 12, PACKAGED) == team_week(WEEK, splits, 12, PACKAGED)


@given(SPLITS)
def test_everybody_answering_alike_is_the_team(splits: list[Split]) -> None:
    one = splits[0]
    week = team_week(WEEK, [one] * len(splits), len(splits), PACKAGED)
    assert week.shares == {key: Fraction(bp, 10_000) for key, bp in one.shares.items()}


@pytest.mark.parametrize(
    ("answered", "active", "withheld", "label"),
    [
        (0, 0, "few_people", "none"),
        (0, 8, "few_people", "none"),
        (2, 2, "few_people", "none"),
        (3, 3, None, "good"),
        (3, 6, None, "fair"),
        (3, 7, "low_participation", "none"),
        (4, 8, None, "fair"),
        (3, 4, None, "good"),
        (5, 7, None, "fair"),
        (6, 8, None, "good"),
        (5, 8, None, "fair"),
        (49, 99, "low_participation", "none"),
    ],
)
def test_guards_at_their_edges(
    catalog: Catalog, answered: int, active: int, withheld: str | None, label: str
) -> None:
    week = team_week(WEEK, [share(tools=100)] * answered, active, catalog)
    assert week.withheld == withheld
    assert (week.shares is None) is (withheld is not None)
    assert confidence(week) == label
    assert (week.answered, week.active) == (answered, active)


def test_withheld_numbers_are_nowhere(catalog: Catalog) -> None:
    week = team_week(WEEK, [share(tools=100)] * 2, 2, catalog)
    assert week.metric("operational_share", catalog) is None
    assert week.group("operational", catalog) is None


def test_whoever_answers_counts_as_active(catalog: Catalog) -> None:
    # Somebody who stopped the prompts logged all the same.
    week = team_week(WEEK, [share(tools=100)] * 4, 3, catalog)
    assert week.participation == 1


def test_a_team_may_set_its_guards(catalog: Catalog) -> None:
    strict = Guards(min_people=5, min_participation=0.7, good=0.9)
    answers = [share(tools=100)] * 7
    assert team_week(WEEK, answers[:4], 4, catalog, strict).withheld == "few_people"
    exact = team_week(WEEK, answers, 10, catalog, strict)
    assert exact.withheld is None
    assert confidence(exact, strict) == "fair"
    assert team_week(WEEK, answers, 11, catalog, strict).withheld == "low_participation"


def test_archived_categories_still_count(catalog: Catalog) -> None:
    gone = team_week(WEEK, [Split({"gone": 10_000})] * 3, 3, catalog)
    assert gone.shares == {"gone": Fraction(1)}
    assert gone.group("operational", catalog) == 0


def test_no_team_yet() -> None:
    assert TeamWeek(WEEK, 0, 0).participation == 0


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(0), 0),
        (Fraction(1, 200), 1),
        (Fraction(99, 20_000), 0),
        (Fraction(345, 1000), 35),
        (Fraction(1, 3), 33),
        (Fraction(1), 100),
    ],
)
def test_percent_rounds_halves_up(exact: Fraction, shown: int) -> None:
    assert percent(exact) == shown


def test_changes_round_alike_both_ways() -> None:
    assert points(Fraction(35, 1000)) == 4
    assert points(Fraction(-35, 1000)) == -4
    assert points(Fraction(-34, 1000)) == -3
