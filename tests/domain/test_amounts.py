"""Amounts of money and hours, in all the ways in which people write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.amounts import AmountProblem, read_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("120000", "120000"),
        ("120,000", "120000"),
        ("120.000", "120000"),
        ("120 000", "120000"),
        ("1,234,567.89", "1234567.89"),
        ("120.000,50", "120000.5"),
        ("120k", "120000"),
        ("€120k", "120000"),
        ("120 k EUR", "120000"),
        ("120kEUR", "120000"),
        ("1.2m", "1200000"),
        ("12,5", "12.5"),
        ("0.5", "0.5"),
        ("0,125", "0.125"),
        ("0", "0"),
        ("EUR 90", "90"),
        ("90 kr", "90"),
        ("1 000 000,5 kr", "1000000.5"),
        ("120 MXN", "120"),
        ("$97.50", "97.5"),
    ],
)
def test_amounts(text: str, amount: str) -> None:
    assert read_amount(text) == Fraction(amount)


def test_nothing_is_no_amount_and_no_fault() -> None:
    assert read_amount("  ") is None


@pytest.mark.parametrize(
    "text", ["-5", "a lot", "1..2", "1,2,3", "１２", "12 34", "NaN", "1e9", "k"]
)
def test_no_amount(text: str) -> None:
    with pytest.raises(AmountProblem, match="Write a number, such as"):
        read_amount(text)


def test_too_much() -> None:
    with pytest.raises(AmountProblem, match="up to 112"):
        read_amount("113", most=Fraction(112))
    with pytest.raises(AmountProblem, match="up to 1,000,000,000,000"):
        read_amount("9" * 30)


@given(st.integers(0, 10**11), st.integers(0, 99))
def test_plain_numbers_read_back(whole: int, cents: int) -> None:
    assert read_amount(f"{whole}.{cents:02d}") == whole + Fraction(cents, 100)
    assert read_amount(f"{whole:,}") == whole


@given(st.text(max_size=80))
def test_never_anything_but_an_amount_or_a_sentence(text: str) -> None:
    try:
        found = read_amount(text)
    except AmountProblem:
        return
    assert found is None or found >= 0
