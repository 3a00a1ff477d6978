"""The baseline: which weeks it is made of, how a lead names them, and when it was the worst."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.baseline import Baseline, baseline_of, is_worst_month, read_weeks
from domain.categories import Catalog
from domain.periods import Period
from tests.domain.team_weeks import NOW, operational

LAST = Period(2026, 26)


def test_the_first_weeks_with_numbers(catalog: Catalog) -> None:
    found = baseline_of(operational(None, 36, None, 34, 38, 36, 20, 20), 4)
    assert found is not None
    assert found.weeks == 4
    assert (found.first, found.last) == (NOW.shift(-6), NOW.shift(-2))
    assert found.share("operational_share", catalog) == Fraction(36, 100)
    assert found.share("participation", catalog) == 1
    assert not found.chosen
    assert found.label == "4 weeks, 5 Oct – 8 Nov"


def test_fewer_weeks_than_that_and_none() -> None:
    found = baseline_of(operational(36, None), 4)
    assert found is not None
    assert found.weeks == 1
    assert found.label.startswith("1 week, ")
    assert baseline_of(operational(None, None), 4) is None
    assert baseline_of([], 4) is None


def test_the_weeks_a_lead_chose_may_be_more_or_fewer(catalog: Catalog) -> None:
    weeks = operational(10, 36, 34, None, 38, 36, 30)
    found = baseline_of(weeks, 4, (NOW.shift(-5), NOW.shift(-1)))
    assert found is not None
    assert found.weeks == 4
    assert found.chosen
    assert found.share("operational_share", catalog) == Fraction(36, 100)
    assert baseline_of(weeks, 4, (NOW.shift(1), NOW.shift(3))) is None


@pytest.mark.parametrize(
    ("shares", "worst"),
    [
        ((30, 30, 30, 30, 40, 40, 40, 40, 30, 30, 30, 30), True),
        # One single month to compare with is enough; fewer weeks are none.
        ((40, 40, 40, 40, 30, 30, 30, 30), True),
        ((40, 40, 40, 40, 30, 30, 30), False),
        ((40, 40, 40, 40, 40, 40, 40, 40), False),
        ((30, 30, 30, 30, 40, 40, 40, 40), False),
    ],
)
def test_whether_the_baseline_was_the_worst_month(
    catalog: Catalog, shares: tuple[float, ...], worst: bool
) -> None:
    weeks = operational(*shares)
    begin = 4 if len(shares) == 12 else 0
    baseline = Baseline(tuple(weeks[begin : begin + 4]))
    assert is_worst_month(baseline, weeks, catalog) is worst


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-W11 to 2026-W14", "2026-W11", "2026-W14"),
        ("W11-W14", "2026-W11", "2026-W14"),
        ("w11 – w14", "2026-W11", "2026-W14"),
        ("week 11 until week 14", "2026-W11", "2026-W14"),
        ("W50 to W2", "2025-W50", "2026-W02"),
        ("W20", "2026-W20", "2026-W20"),
        ("2025W40 .. 2025W43", "2025-W40", "2025-W43"),
        # What has not been yet is named as it was typed, and refused later.
        ("2026-W30 to 2026-W31", "2026-W30", "2026-W31"),
        ("W14 to W11", "2026-W14", "2026-W11"),
    ],
)
def test_weeks_as_people_write_them(text: str, first: str, last: str) -> None:
    assert read_weeks(text, LAST) == (Period.parse(first), Period.parse(last))


@given(st.text(max_size=40))
def test_anything_else_is_no_weeks(text: str) -> None:
    found = read_weeks(text, LAST)
    assert found is None or "w" in text.casefold()


@pytest.mark.parametrize("text", ["", "last month", "2026-W54", "W99", "11 to 14", "9999-W99"])
def test_no_such_weeks(text: str) -> None:
    assert read_weeks(text, LAST) is None
