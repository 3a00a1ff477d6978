"""Reading a decision: owner and date only where they end the text, and nothing is ever lost."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decisionreminders import next_reminder, stage_of
from domain.decisions import Decision
from domain.decisionwords import DecisionProblem, DecisionText, mentioned, parse_decision, read_due
from domain.workdays import Workdays

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Keep one tool", DecisionText("Keep one tool")),
        ("Keep one tool by Friday", DecisionText("Keep one tool", due_on=date(2026, 11, 27))),
        ("Go <@U1|ada> by 30 Nov", DecisionText("Go", "U1", None, date(2026, 11, 30))),
        ("Go by 2026-12-01 <@U1>", DecisionText("Go", "U1", None, date(2026, 12, 1))),
        ("Go @ben by next week.", DecisionText("Go", None, "ben", date(2026, 12, 4))),
        (
            "Signed by Anna by 1st of December",
            DecisionText("Signed by Anna", None, None, date(2026, 12, 1)),
        ),
        # No date after "by": it belongs to what was decided.
        ("Cut churn by 5%", DecisionText("Cut churn by 5%")),
        ("Cut work in progress by 3", DecisionText("Cut work in progress by 3")),
        ("Freeze prices until Friday", DecisionText("Freeze prices until Friday")),
        ("Ship by Friday if legal agrees", DecisionText("Ship by Friday if legal agrees")),
        # A mention in the middle is no owner.
        ("Ask <@U1|ada> first", DecisionText("Ask @ada first")),
        ("Ask <@U7> first", DecisionText("Ask @Grace first")),
        ("Approved by <@U1|ada>", DecisionText("Approved by @ada", "U1")),
        (
            "Close <#C1|beta>, see <https://x.io/a|the plan>",
            DecisionText("Close #beta, see the plan (https://x.io/a)"),
        ),
        ("Tell &lt;everybody&gt; &amp; <!channel>", DecisionText("Tell <everybody> & @channel")),
        ("=HYPERLINK(1)", DecisionText("=HYPERLINK(1)")),
        ("قررنا الإيقاف by tomorrow", DecisionText("قررنا الإيقاف", due_on=date(2026, 11, 24))),
    ],
)
def test_reading(typed: str, read: DecisionText) -> None:
    assert parse_decision(typed, TODAY, {"U7": "Grace"}) == read


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", date(2026, 11, 23)),
        ("Mon", date(2026, 11, 23)),
        ("end of month", date(2026, 11, 30)),
        ("the end of next quarter", date(2027, 3, 31)),
        ("EOY", date(2026, 12, 31)),
        ("in 2 weeks", date(2026, 12, 7)),
        ("2 Jan", date(2027, 1, 2)),
        ("December", date(2026, 12, 31)),
        ("March", date(2027, 3, 31)),
        ("30.11.", date(2026, 11, 30)),
        ("1.2.2027", date(2027, 2, 1)),
        ("12/30", date(2026, 12, 30)),
        ("31 Feb", None),
        ("3/4", None),
        ("someday", None),
    ],
)
def test_days_in_words(words: str, day: date | None) -> None:
    assert read_due(words, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "message", "kept"),
    [
        ("x by 20 Nov", "20 Nov is over", DecisionText("x")),
        ("x by 2020-01-01 @ben", "2020-01-01 is over", DecisionText("x", None, "ben")),
        ("x by 31 Feb", "could not read the date 31 Feb", DecisionText("x")),
        ("x by 3/4", "could not read the date 3/4", DecisionText("x")),
        ("x by 2031-01-01", "too far off", DecisionText("x")),
        ("<@U1> by Friday", "Say what", DecisionText("", "U1", None, date(2026, 11, 27))),
        ("y" * 501, "501 characters", DecisionText("y" * 501)),
    ],
)
def test_problems_keep_what_was_understood(typed: str, message: str, kept: DecisionText) -> None:
    found = parse_decision(typed, TODAY)
    assert isinstance(found, DecisionProblem)
    assert message in found.message
    assert found.understood == kept


def test_nothing_typed() -> None:
    assert parse_decision("  \n ", TODAY) is None
    assert mentioned("a <@U1|x> b <@U2> <@U1>") == ["U1", "U2"]


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(["by", "Friday", "<@U1|a>", "@b", "30 Sep", "5%", "by by", "<", ">", "x"]),
        max_size=9,
    ).map(" ".join)
)
def test_anything_can_be_typed(text: str) -> None:
    found = parse_decision(text, TODAY)
    if isinstance(found, DecisionText):
        assert found.what.strip() == found.what != ""
        assert "<@U" not in found.what
        assert found.due_on is None or found.due_on >= TODAY


BERLIN = ZoneInfo("Europe/Berlin")


def at(day: int, hour: int = 8, minute: int = 30, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "after", "stage", "expected"),
    [
        (date(2026, 12, 1), at(23, month=11), "due", at(1)),
        (date(2026, 12, 1), at(1, minute=31), "again", at(8)),
        (date(2026, 12, 1), at(8), "lead", at(15)),
        # Saturday: the Friday before; once that is over, the Monday after.
        (date(2026, 12, 5), at(1), "due", at(4)),
        (date(2026, 12, 5), at(4, hour=12), "due", at(7)),
        # Christmas Day is a holiday, the 24th is not; a week later is New Year's Day: the Monday.
        (date(2026, 12, 25), at(1), "due", at(24)),
        (date(2026, 12, 25), at(28), "again", datetime(2027, 1, 4, 8, 30, tzinfo=UTC)),
    ],
)
def test_reminders_on_working_days(
    due: date, after: datetime, stage: str, expected: datetime
) -> None:
    found = next_reminder(due, after, BERLIN, Workdays("DE"))
    assert found == (stage, expected)
    assert stage_of(due, expected.date()) == stage


def test_reminders_end() -> None:
    # One that came on the Friday before does not come again on the Monday after.
    early = next_reminder(date(2026, 12, 5), at(4), BERLIN, Workdays("DE"), "due")
    assert early == ("again", at(14))
    assert next_reminder(date(2026, 12, 1), at(15), BERLIN, Workdays("DE")) is None


def test_overdue() -> None:
    made = Decision("d", "t", 1, "x", None, TODAY, "open", "", "U1", at(1), None)
    assert not made.is_overdue(TODAY)
    assert made.is_overdue(date(2026, 11, 24))
