"""The blocks hold Slack's limits whatever people type, and tear nothing apart."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.views import blocks
from tests.handlers.views_samples import NASTY, assert_sound, hostile


@pytest.mark.parametrize("text", NASTY)
def test_nothing_typed_by_people_keeps_its_markup(text: str) -> None:
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", blocks.escape(text))


def test_escaping_keeps_what_was_written_readable() -> None:
    assert blocks.escape("R&D <ops>\u202e\x00") == "R&amp;D &lt;ops&gt;"


@given(hostile, st.integers(1, 100))
def test_clipped_text_fits_and_says_that_it_was_cut(text: str, limit: int) -> None:
    clipped = blocks.clip(text, limit)
    assert blocks.length(clipped) <= limit
    assert clipped == text or clipped.endswith("…")


def test_clipping_counts_as_strictly_as_slack_may() -> None:
    assert blocks.length("𝕏") == 2
    assert blocks.clip("𝕏𝕏𝕏", 5) == "𝕏𝕏…"


def test_clipping_does_not_strand_an_accent() -> None:
    assert blocks.clip("ae\u0301e\u0301", 4) == "ae\u0301…"
    assert blocks.clip("ae\u0301e\u0301", 3) == "a…"


@given(hostile, st.integers(8, 200))
def test_fitted_mrkdwn_ends_neither_in_an_entity_nor_in_a_mention(text: str, limit: int) -> None:
    fitted = blocks.fit("<@U012345> " + blocks.escape(text), limit)
    assert blocks.length(fitted) <= limit
    assert fitted.count("<") == fitted.count(">")
    assert not re.search(r"&(?!amp;|lt;|gt;)", fitted)


def test_a_name_is_one_line_and_never_empty() -> None:
    assert blocks.name(" Growth\n & Ops ") == "Growth &amp; Ops"
    assert blocks.name("\u202e\x00 ") == "(no name)"
    assert blocks.length(blocks.one_line("𝕏" * 60)) <= 60


@given(st.lists(st.text("ab&", min_size=1, max_size=900), max_size=40))
def test_lines_are_packed_into_as_many_sections_as_they_need(lines: list[str]) -> None:
    packed = blocks.sections(lines)
    whole = "\n".join(block["text"]["text"] for block in packed)
    assert whole == "\n".join(lines)
    assert_sound(blocks.message("x", packed))


def test_two_sections_are_only_used_where_one_is_too_small() -> None:
    assert len(blocks.sections(["a"] * 100)) == 1
    assert len(blocks.sections(["a" * 2000, "b" * 2000])) == 2


def test_a_button_refuses_a_value_that_would_be_cut() -> None:
    with pytest.raises(ValueError, match="2,000"):
        blocks.button("Open", "prodops_x", "x" * 2001)
    with pytest.raises(ValueError, match="75"):
        blocks.option("Open", "x" * 76)


def test_a_table_shows_something_in_every_cell() -> None:
    rows = [["Group", "This week"], ["\x00", "5%"]]
    assert_sound(blocks.message("x", [blocks.table(rows)]))
    assert blocks.table(rows)["rows"][1][0]["text"] == "–"
