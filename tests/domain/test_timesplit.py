"""Splits: exact integers from percentages and times, whatever was entered."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject as Data

from domain.categories import Catalog
from domain.timesplit import (
    WHOLE,
    Split,
    SplitProblem,
    duration,
    format_split,
    largest_remainder,
    metric_bp,
    plain,
    split_from_minutes,
    split_from_percent,
)

KEYS = st.sampled_from(["tools", "reporting", "customer", "strategy", "delivery", "people"])
WEIGHTS = st.dictionaries(KEYS, st.fractions(0, 1000), min_size=1).filter(
    lambda weights: sum(weights.values()) > 0
)


def percent(**amounts: str) -> dict[str, Decimal]:
    return {key: Decimal(amount) for key, amount in amounts.items()}


@given(WEIGHTS)
def test_largest_remainder_totals_and_stays_within_one(weights: dict[str, Fraction]) -> None:
    shares = largest_remainder(weights)
    total = sum(weights.values())
    assert sum(shares.values()) == WHOLE
    for key, weight in weights.items():
        assert abs(shares.get(key, 0) - weight * WHOLE / total) < 1


@given(WEIGHTS, st.data())
def test_the_order_of_entry_changes_nothing(weights: dict[str, Fraction], data: Data) -> None:
    keys = data.draw(st.permutations(sorted(weights)))
    assert largest_remainder({key: weights[key] for key in keys}) == largest_remainder(weights)


def test_thirds_by_hand() -> None:
    split = split_from_percent(percent(tools="33.33", customer="33.33", people="33.34"))
    assert split.shares == {"tools": 3333, "customer": 3333, "people": 3334}
    split = split_from_minutes({"tools": 20, "customer": 20, "people": 20})
    # 3333.33 each: the one basis point left goes to the first key.
    assert split.shares == {"customer": 3334, "people": 3333, "tools": 3333}


def test_hours_by_hand() -> None:
    split = split_from_minutes({"tools": 180, "customer": 90, "people": 0})
    assert split == Split({"tools": 6667, "customer": 3333}, {"tools": 180, "customer": 90})


@pytest.mark.parametrize("total", ["99.5", "99.99", "100", "100.5"])
def test_percentages_within_the_tolerance_are_scaled_to_the_whole(total: str) -> None:
    half = Decimal(total) / 2
    assert split_from_percent({"tools": half, "people": half}).shares == {
        "tools": 5000,
        "people": 5000,
    }


@pytest.mark.parametrize(
    ("amounts", "message"),
    [
        (percent(tools="99.49"), "99.49%: 0.51% is still missing to reach 100%."),
        (percent(tools="100.51"), "100.51%: 0.51% more than 100%."),
        (percent(tools="40", people="50"), "That adds up to 90%: 10% is still missing"),
        (percent(tools="80.5", people="50"), "That adds up to 130.5%: 30.5% more than 100%."),
        (percent(tools="0"), "Please give at least one category a share of the week."),
        ({}, "Please give at least one category a share of the week."),
        (percent(tools="-10", people="110"), "Percentages must be 0 or more."),
        (percent(tools="NaN"), "Percentages must be 0 or more."),
        (percent(tools="Infinity"), "Percentages must be 0 or more."),
    ],
)
def test_percentages_that_make_no_week(amounts: dict[str, Decimal], message: str) -> None:
    with pytest.raises(SplitProblem) as caught:
        split_from_percent(amounts)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("minutes", "message"),
    [
        ({}, "Please give at least one category some time."),
        ({"tools": 0}, "Please give at least one category some time."),
        ({"tools": -1, "people": 60}, "Times must be 0 or more."),
        ({"tools": 112 * 60 + 1}, "That adds up to 112h1m, and a week takes at most 112h here."),
    ],
)
def test_times_that_make_no_week(minutes: dict[str, int], message: str) -> None:
    with pytest.raises(SplitProblem) as caught:
        split_from_minutes(minutes)
    assert str(caught.value) == message


def test_the_longest_week_is_accepted() -> None:
    assert split_from_minutes({"tools": 112 * 60}).shares == {"tools": WHOLE}


@given(st.dictionaries(KEYS, st.integers(0, 1000), min_size=1))
def test_any_percentages_make_a_whole_or_a_sentence(whole: dict[str, int]) -> None:
    amounts = {key: Decimal(value) / 10 for key, value in whole.items()}
    try:
        split = split_from_percent(amounts)
    except SplitProblem:
        assert sum(whole.values()) < 995 or sum(whole.values()) > 1005
    else:
        assert sum(split.shares.values()) == WHOLE
        assert split.shares.keys() == {key for key, value in whole.items() if value}


def test_metrics_by_hand(catalog: Catalog) -> None:
    shares = {"tools": 1000, "reporting": 2000, "interrupts": 500, "customer": 1500}
    shares |= {"discovery": 1200, "strategy": 1800, "delivery": 2000}
    assert metric_bp(shares, "operational_share", catalog) == 3000
    assert metric_bp(shares, "strategic_share", catalog) == 4500
    assert metric_bp(Split(shares), "customer_share", catalog) == 1500
    assert metric_bp(shares, "reactive_share", catalog) == 500


def test_format(catalog: Catalog) -> None:
    shares = {"strategy": 4000, "tools": 3350, "people": 2650}
    assert format_split(Split(shares), catalog) == "33.5% tools, 40% strategy, 26.5% people"
    timed = split_from_minutes({"strategy": 90, "tools": 180, "people": 45})
    assert format_split(timed, catalog) == "3h tools, 1h30m strategy, 45m people"


def test_numbers_as_people_write_them() -> None:
    assert [plain(Decimal(n)) for n in ("100", "1E+2", "0.50", "33.333", "0")] == [
        "100",
        "100",
        "0.5",
        "33.33",
        "0",
    ]
    assert [duration(m) for m in (0, 45, 60, 90, 6720)] == ["0m", "45m", "1h", "1h30m", "112h"]
