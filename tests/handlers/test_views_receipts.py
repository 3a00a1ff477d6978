"""What a person hears back: the receipt, and a problem that loses nothing of what was typed."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.categories import load_catalog
from domain.grammar import LogProblem, LogSplit, parse_log
from domain.periods import Period
from domain.timesplit import Split, split_from_percent
from handlers.views import receipts
from handlers.views.blocks import Message
from tests.handlers.views_samples import assert_sound, buttons, catalog_of, hostile, shown

WEEK = Period(2026, 47)
CATALOG = load_catalog()
SPLIT = Split({"tools": 1500, "reporting": 2000, "strategy": 2700, "delivery": 3800})


def receipt_of(mean: tuple[int, int, int] | None = (3200, 2500, 4), first: bool = False) -> Message:
    return receipts.receipt(
        period=WEEK,
        split=SPLIT,
        catalog=CATALOG,
        own_operational=3500,
        own_strategic=2700,
        own_mean=mean,
        first=first,
    )


def test_the_receipt_compares_me_with_myself() -> None:
    message = receipt_of()
    said = "Your operational share 35% (4-week mean 32%), strategic 27% (25%)."
    assert said in shown(message)
    assert said in message["text"]
    assert "16–22 Nov" in message["text"]


def test_the_receipt_shows_the_split_largest_first() -> None:
    rows = [line for line in shown(receipt_of()).splitlines() if line.startswith("█")]
    assert [row.split("%  ")[1] for row in rows] == [
        "Specs, delivery &amp; launch",
        "Strategy &amp; decisions",
        "Reports &amp; status",
        "Tools &amp; tickets",
    ]
    assert " 38%  " in rows[0]


def test_the_receipt_can_be_edited_and_undone() -> None:
    choices = buttons(receipt_of()["blocks"])
    assert [(label, b["value"]) for label, b in choices.items()] == [
        ("Edit", "2026-W47"),
        ("Undo", "2026-W47"),
    ]


def test_without_earlier_weeks_there_is_nothing_to_compare_with() -> None:
    assert "mean" not in shown(receipt_of(mean=None))
    assert "(the week before 32%)" in shown(receipt_of(mean=(3200, 2500, 1)))
    assert "first week" in shown(receipt_of(mean=None, first=True))
    assert "first week" not in shown(receipt_of())


def test_undo_says_what_stands_now() -> None:
    assert "Nothing is logged for 16–22 Nov" in receipts.undone(WEEK, None)["text"]
    assert "40% tools" in receipts.undone(WEEK, "40% tools, 60% people")["text"]


def test_a_problem_says_what_was_wrong_and_keeps_the_text() -> None:
    read = parse_log("40% strategy, 30% delivery", CATALOG, WEEK.monday)
    assert isinstance(read, LogProblem)
    message = receipts.problem(read)
    assert "70%" in shown(message)
    assert ">40% strategy, 30% delivery" in shown(message)
    assert "40% strategy, 30% delivery" in message["text"]
    understood = receipts.read_understood(buttons(message["blocks"])["Open the form"]["value"])
    assert understood.period == WEEK
    assert understood.unit == "percent"
    assert understood.amounts == {"strategy": "40", "delivery": "30"}


def test_a_candidate_corrects_the_text_in_one_click() -> None:
    trouble = LogProblem(
        WEEK,
        "60% Stratgory, 40% tools",
        "I do not know stratgory.",
        {"tools": Decimal(40)},
        "percent",
        tuple(c for c in CATALOG.active if c.id in ("strategy", "reporting")),
        "stratgory",
    )
    picks = buttons(receipts.problem(trouble)["blocks"])
    assert list(picks) == ["Reports & status", "Strategy & decisions", "Open the form"]
    period, text = receipts.read_picked(picks["Strategy & decisions"]["value"])
    assert (period, text) == (WEEK, "60% strategy, 40% tools")
    read = parse_log(text, CATALOG, WEEK.monday)
    assert read == LogSplit(
        WEEK, split_from_percent({"strategy": Decimal(60), "tools": Decimal(40)})
    )


def test_candidates_stay_a_line_where_a_click_could_not_correct_the_text() -> None:
    trouble = LogProblem(
        None, "stuff 40", "Which one?", {}, "percent", CATALOG.active[:2], "something else"
    )
    message = receipts.problem(trouble)
    assert list(buttons(message["blocks"])) == ["Open the form"]
    assert "Did you mean *Tools &amp; tickets* or *Reports &amp; status*?" in shown(message)
    assert receipts.read_understood(buttons(message["blocks"])["Open the form"]["value"]) == (
        receipts.Understood(None, "percent", {})
    )


@pytest.mark.parametrize(
    "message",
    [
        receipts.skipped_receipt(WEEK, None),
        receipts.skipped_receipt(WEEK, "<!channel> " * 90),
        receipts.same_without_history(WEEK),
        receipts.same_without_history(),
        receipts.undone(WEEK, "<!channel>" * 900),
    ],
)
def test_small_answers_hold_the_limits(message: Message) -> None:
    assert_sound(message)


@settings(max_examples=40, deadline=None)
@given(hostile, st.integers(1, 30), st.booleans())
def test_receipt_and_problem_hold_the_limits_with_any_text(
    text: str, size: int, known: bool
) -> None:
    catalog = catalog_of(size, text)
    whole, rest = divmod(10_000, size)
    shares = {c.id: whole for c in catalog.active} | {"category-0": whole + rest}
    trouble = LogProblem(
        WEEK,
        text,
        text or "What was that?",
        {c.id: Decimal("3.25") for c in catalog.active},
        "hours",
        catalog.active[:3],
        text[:30] if known else None,
    )
    assert_sound(receipts.problem(trouble))
    assert_sound(
        receipts.receipt(
            period=WEEK,
            split=Split(shares),
            catalog=catalog,
            own_operational=0,
            own_strategic=10_000,
            own_mean=None,
            first=True,
        )
    )


def test_a_button_drops_amounts_rather_than_break() -> None:
    amounts = {f"{'a' * 100}{n}": Decimal(n) for n in range(40)}
    trouble = LogProblem(WEEK, "x", "y", amounts)
    value = buttons(receipts.problem(trouble)["blocks"])["Open the form"]["value"]
    kept = receipts.read_understood(value).amounts
    assert 10 < len(kept) < 40
    assert kept[f"{'a' * 100}3"] == "3"
