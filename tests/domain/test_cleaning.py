"""Cleaning: nothing unseen survives, and nothing grows beyond its limit."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning import clean, one_line

ANY_TEXT = st.text(st.characters(), max_size=300)


@given(ANY_TEXT)
def test_nothing_unseen_survives(text: str) -> None:
    cleaned = clean(text)
    assert all(c == "\n" or unicodedata.category(c)[0] not in "C" for c in cleaned)
    assert clean(cleaned).isprintable() or "\n" in cleaned
    cleaned.encode()  # lone surrogates could not be stored or sent


@given(ANY_TEXT, st.integers(1, 80))
def test_one_line_is_short_and_one_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line
    assert line == line.strip()


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\x00b\x07c", "abc"),
        ("40%\u202e strategy\u2066", "40% strategy"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("two\u2028lines\r\nhere", "two lines here"),
        ("hard\u00a0blank\tand tab", "hard blank and tab"),
        ("\ud800lone", "lone"),
        ("naïve — ünïcode ✓ 🎉", "naïve — ünïcode ✓ 🎉"),
    ],
)
def test_what_is_seen(text: str, seen: str) -> None:
    assert one_line(text, 80) == seen


def test_a_long_line_is_cut_with_an_ellipsis() -> None:
    assert one_line("word " * 100, 12) == "word word w…"


def test_escapes_are_undone_once() -> None:
    assert clean("Tools &amp; tickets &lt;!channel&gt;") == "Tools & tickets <!channel>"
    assert clean("&amp;lt;") == "&lt;"
