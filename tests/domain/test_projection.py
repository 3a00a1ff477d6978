"""The line through recent weeks, and the range around it, against textbook arithmetic."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.projection import project


def series(*percent: float) -> list[tuple[int, Fraction]]:
    return [(n, Fraction(str(p)) / 100) for n, p in enumerate(percent)]


def test_an_oracle_by_hand() -> None:
    # x 0 to 4, mean 2, Sxx 10; y 36 34 35 33 32, mean 34; Sxy = -4 + 0 + 0 - 1 - 4 = -9.
    # Slope -0.9; residuals 0.2 -0.9 1 -0.1 -0.2: 1.9 in squares, over 3: s = 0.7958.
    # At 8: 34 - 0.9 x 6 = 28.6; s x sqrt(1 + 1/5 + 36/10) = 1.7436; t of 3 degrees 1.638.
    found = project(series(36, 34, 35, 33, 32), 8)
    assert found is not None
    assert found.value == pytest.approx(0.286)
    assert found.high - found.value == pytest.approx(0.017436 * 1.638, rel=1e-3)
    assert found.value - found.low == pytest.approx(found.high - found.value)
    assert found.weeks == 5


def test_fewer_than_four_weeks_tell_nothing() -> None:
    assert project(series(36, 34, 35), 8) is None
    assert project(series(36, 34, 35, 33), 8) is not None
    assert project([], 8) is None


def test_only_the_last_twelve_weeks_count() -> None:
    found = project([*series(*[90] * 9), *[(9 + x, y) for x, y in series(*[30] * 12)]], 30)
    assert found is not None
    assert found.value == pytest.approx(0.3)
    assert found.weeks == 12


@given(
    st.lists(st.fractions(0, 1, max_denominator=100), min_size=4, max_size=14),
    st.integers(0, 40),
)
def test_the_range_holds_the_value_and_widens_with_distance(
    shares: list[Fraction], ahead: int
) -> None:
    points = list(enumerate(shares))
    near = project(points, len(points) + ahead)
    far = project(points, len(points) + ahead + 1)
    assert near is not None
    assert far is not None
    assert near.low <= near.value <= near.high
    assert far.high - far.low >= near.high - near.low - 1e-9


@given(st.fractions(0, 1, max_denominator=100), st.integers(4, 12), st.integers(0, 50))
def test_what_never_moved_is_expected_to_stay(share: Fraction, weeks: int, ahead: int) -> None:
    found = project([(n, share) for n in range(weeks)], weeks + ahead)
    assert found is not None
    assert found.low == pytest.approx(float(share))
    assert found.high == pytest.approx(float(share))
