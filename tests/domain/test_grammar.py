"""The grammar of `log`: every form of design section 2, its weeks, and its sentences."""

import time
from datetime import date
from decimal import Decimal

import pytest

from domain.categories import Catalog, CategoryOverride, with_overrides
from domain.grammar import (
    LogCommand,
    LogOpen,
    LogProblem,
    LogSame,
    LogSkip,
    LogSplit,
    parse_log,
)
from domain.periods import Period

TODAY = date(2026, 11, 23)
COUNTS_AS_PERCENT = "“{}” counts as percent and other amounts are times: please use one of the two."
THIS, LAST = Period(2026, 48), Period(2026, 47)


def log(text: str, catalog: Catalog) -> LogCommand:
    return parse_log(text, catalog, TODAY)


def percents(text: str, catalog: Catalog) -> dict[str, float]:
    command = log(text, catalog)
    assert isinstance(command, LogSplit), command
    assert command.split.minutes is None
    return {key: share / 100 for key, share in command.split.shares.items()}


def problem(text: str, catalog: Catalog) -> LogProblem:
    command = log(text, catalog)
    assert isinstance(command, LogProblem), command
    assert command.message.endswith((".", "?"))
    return command


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("40% strategy, 60% jira", {"strategy": 40, "tools": 60}),
        ("customer 20 strategy: 40 tools 40", {"customer": 20, "strategy": 40, "tools": 40}),
        ("strategy: 40; tools: 60", {"strategy": 40, "tools": 60}),
        ("40 on strategy and 60 on tools", {"strategy": 40, "tools": 60}),
        ("user research 20, strategy 80", {"customer": 20, "strategy": 80}),
        (
            "firefighting 10 specs delivery & launch 20 people 70",
            {"interrupts": 10, "delivery": 20, "people": 70},
        ),
        ("Specs, delivery & launch 30, tools 70", {"delivery": 30, "tools": 70}),
        ("70 tools Specs, delivery and launch 30", {"delivery": 30, "tools": 70}),
        ("40% strategy customer 60%", {"strategy": 40, "customer": 60}),
        ("40% stratgy customer 60%", {"strategy": 40, "customer": 60}),
        ("tools 20 jira 30 strategy 50", {"tools": 50, "strategy": 50}),
        ("33,5% tools, 66,5% strategy", {"tools": 33.5, "strategy": 66.5}),
        ("33.33 tools 66.67 strategy", {"tools": 33.33, "strategy": 66.67}),
        ("jira 40,20 strategy, 40 customer", {"tools": 40, "strategy": 20, "customer": 40}),
        ("tools, 40, strategy, 60", {"tools": 40, "strategy": 60}),
        ("50%strategy 50%tools", {"tools": 50, "strategy": 50}),
        ("strategy50 tools50", {"tools": 50, "strategy": 50}),
        ("- tools = 40\n- strategy = 60", {"tools": 40, "strategy": 60}),
        ("• 40 percent tools\n• 60 pct strategy", {"tools": 40, "strategy": 60}),
        ("1:1s 20, 1:1 30, strategy 50", {"people": 50, "strategy": 50}),
        ("1-on-1s 50 / okrs 50", {"people": 50, "strategy": 50}),
        ("Tools &amp; tickets 40, strategy 60", {"tools": 40, "strategy": 60}),
        ("TOOLS 40 STRATEGY 60", {"tools": 40, "strategy": 60}),
        ("４０％ tools，６０％ strategy", {"tools": 40, "strategy": 60}),
        ("40%\u00a0tools\u202e,\u200b 60% strategy", {"tools": 40, "strategy": 60}),
        ("0 tools, 100 strategy", {"strategy": 100}),
        (".5 tools 99.5 strategy", {"tools": 0.5, "strategy": 99.5}),
        ("40% of my time on strategy, about 60% on jira stuff", {"strategy": 40, "tools": 60}),
    ],
)
def test_splits_in_shares(catalog: Catalog, text: str, expected: dict[str, float]) -> None:
    assert percents(text, catalog) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jira 3h, 1h30m interviews", {"tools": 180, "customer": 90}),
        ("3h on jira", {"tools": 180}),
        ("2.5h jira\n90m 1on1s; 1h 30m prd", {"tools": 150, "people": 90, "delivery": 90}),
        ("2,5 hours jira, 30 minutes coaching", {"tools": 150, "people": 30}),
        ("jira 1h30 strategy 45min", {"tools": 90, "strategy": 45}),
        ("jira 3h 20m tools 10m", {"tools": 210}),
        ("jira 1:30, strategy 0:45", {"tools": 90, "strategy": 45}),
        ("0.333h jira", {"tools": 20}),
        ("112h jira", {"tools": 6720}),
    ],
)
def test_splits_in_time(catalog: Catalog, text: str, expected: dict[str, int]) -> None:
    command = log(text, catalog)
    assert isinstance(command, LogSplit), command
    assert command.split.minutes == expected


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("100 tools", THIS),
        ("this 100 tools", THIS),
        ("this week: 100 tools", THIS),
        ("last 100 tools", LAST),
        ("Last week, tools 100", LAST),
        ("W46 100 tools", Period(2026, 46)),
        ("w46: 100% tools", Period(2026, 46)),
        ("2026-W46 100 tools", Period(2026, 46)),
        ("week 46 - 100 tools", Period(2026, 46)),
        ("100 tools last week", LAST),
        ("100 tools for W45", Period(2026, 45)),
    ],
)
def test_the_week_of_a_split(catalog: Catalog, text: str, period: Period) -> None:
    command = log(text, catalog)
    assert isinstance(command, LogSplit), command
    assert command.period == period


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", LogOpen(THIS)),
        ("  \n", LogOpen(THIS)),
        ("last", LogOpen(LAST)),
        ("W45:", LogOpen(Period(2026, 45))),
        ("same", LogSame(THIS)),
        ("Same.", LogSame(THIS)),
        ("same last", LogSame(LAST)),
        ("last same", LogSame(LAST)),
        ("last week: same", LogSame(LAST)),
        ("same W46", LogSame(Period(2026, 46))),
        # The last week's split again, but for this week.
        ("same as last week", LogSame(THIS)),
        ("W46 same as before", LogSame(Period(2026, 46))),
        ("skip", LogSkip(THIS, "")),
        ("skip last", LogSkip(LAST, "")),
        ("last skip", LogSkip(LAST, "")),
        ("skip last week on leave", LogSkip(LAST, "on leave")),
        ("skip last on leave", LogSkip(LAST, "on leave")),
        ("skip: On Leave!", LogSkip(THIS, "On Leave")),
        ("skip last minute offsite", LogSkip(THIS, "last minute offsite")),
        ("last skip 40% sick", LogSkip(LAST, "40% sick")),
        ("2026-W46 skip parental leave", LogSkip(Period(2026, 46), "parental leave")),
        ("skip \u202eevil\u0007 reason", LogSkip(THIS, "evil reason")),
    ],
)
def test_commands_without_a_split(catalog: Catalog, text: str, command: LogCommand) -> None:
    assert log(text, catalog) == command


def test_a_prompt_may_ask_about_another_week(catalog: Catalog) -> None:
    asked = Period(2026, 46)
    command = parse_log("100 tools", catalog, TODAY, asked)
    assert isinstance(command, LogSplit)
    assert command.period == asked
    assert parse_log("", catalog, TODAY, asked) == LogOpen(asked)
    assert parse_log("last same", catalog, TODAY, asked) == LogSame(LAST)


def test_a_sum_that_misses_says_so_and_keeps_everything(catalog: Catalog) -> None:
    found = problem("strategy 50, tools 40", catalog)
    assert found.message == "That adds up to 90%: 10% is still missing to reach 100%."
    assert found.understood == {"strategy": Decimal(50), "tools": Decimal(40)}
    assert found.unit == "percent"
    assert found.text == "strategy 50, tools 40"
    assert found.period == THIS
    assert "130%: 30% more" in problem("strategy 90, tools 40", catalog).message
    assert "112h" in problem("tools 100h, strategy 13h", catalog).message
    assert "some time" in problem("tools 0h", catalog).message


def test_an_unknown_category_is_named_and_the_rest_kept(catalog: Catalog) -> None:
    found = problem("last: Xyzzy 30 strategy 70", catalog)
    assert found.unknown == "Xyzzy"
    assert found.message == ("I know no category called “Xyzzy”: please use one from the form.")
    assert found.understood == {"strategy": Decimal(70)}
    assert found.period == LAST


def test_an_ambiguous_category_gets_candidates(catalog: Catalog) -> None:
    found = problem("customer escalations 30, strategy 70", catalog)
    assert found.message == (
        "I am not sure which category “customer escalations” is: "
        "did you mean “Customer & market” or “Firefighting”?"
    )
    assert [c.id for c in found.candidates] == ["customer", "interrupts"]
    assert found.understood == {"strategy": Decimal(70)}


def test_a_stranger_between_two_entries_does_not_hide_them(catalog: Catalog) -> None:
    found = problem("40% strategy xyzzy 60%", catalog)
    assert found.unknown == "xyzzy"
    assert found.understood == {"strategy": Decimal(40)}


def test_an_archived_category_is_refused(catalog: Catalog) -> None:
    changed = with_overrides(catalog, [CategoryOverride("people", archived=True)])
    found = problem("1:1s 30, strategy 70", changed)
    assert found.message == (
        "“1:1s” means People & growth, which this workspace no longer uses: "
        "please choose another category."
    )
    assert found.understood == {"strategy": Decimal(70)}
    assert "no longer uses" in problem("40% strategy people 60%", changed).message


@pytest.mark.parametrize(
    ("text", "message", "understood", "unit"),
    [
        (
            "3h jira, 20% strategy",
            "Percentages and times are mixed there: please use one of the two for the whole week.",
            {"tools": 3},
            "hours",
        ),
        (
            "3h jira, strategy 20, people 1h20m",
            COUNTS_AS_PERCENT.format("strategy 20"),
            {"tools": 3, "people": Decimal("1.33")},
            "hours",
        ),
        (
            "3h jira, strategy 20%, people 10",
            COUNTS_AS_PERCENT.format("people 10"),
            {"strategy": 20, "people": 10},
            "percent",
        ),
    ],
)
def test_mixed_units_are_refused(
    catalog: Catalog, text: str, message: str, understood: dict[str, Decimal], unit: str
) -> None:
    found = problem(text, catalog)
    assert found.message == message
    assert found.understood == understood
    assert found.unit == unit


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello there", "I found no amounts there: a split looks like"),
        ("🎉", "I found no amounts there"),
        ("strategy", "I found no amounts there"),
        ("40 strategy, 60", "“60” has no category beside it: write for example “60 tools”."),
        ("10-20% strategy", "“10” has no category beside it"),
        ("40 strategy, tools", "“tools” has no amount beside it: write for example “20% tools”."),
        ("same but less", "After “same” only a week can follow, such as “same last”."),
        ("12345678 tools, 10 strategy", "I know no category called “12345678”"),
        ("<!channel> 40 strategy 60", "I know no category called “channel”"),
        ("&lt;!channel&gt; 40 strategy 60", "I know no category called “channel”"),
        ("<@U123> 40, strategy 60", "I know no category called “U123”"),
        ("1234567890123456 tools", "I found no amounts there"),
    ],
)
def test_one_sentence_says_what_is_wrong(catalog: Catalog, text: str, message: str) -> None:
    found = problem(text, catalog)
    assert found.message.startswith(message), found.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("W49 100 tools", "30 Nov – 6 Dec has not begun yet"),
        ("W30 100 tools", "20–26 Jul is too far back"),
        ("W99 100 tools", "2026 has no week 99"),
    ],
)
def test_a_wrong_week_keeps_the_split(catalog: Catalog, text: str, message: str) -> None:
    found = problem(text, catalog)
    assert found.message.startswith(message)
    assert found.period is None
    assert found.understood == {"tools": Decimal(100)}
    assert found.text == text


def test_a_wrong_week_of_same_and_skip(catalog: Catalog) -> None:
    assert problem("same W30", catalog).period is None
    assert problem("skip W30 ill", catalog).text == "skip W30 ill"


def test_same_with_a_split_keeps_the_split(catalog: Catalog) -> None:
    found = problem("same but 40% strategy, 60% tools", catalog)
    assert found.message.startswith("After “same” only a week can follow")
    assert found.understood["tools"] == 60


def test_a_text_of_3000_characters_is_refused_and_kept(catalog: Catalog) -> None:
    found = problem("40% strategy, 60% tools, " + "blah " * 595, catalog)
    assert found.message.startswith("3,000 characters are too long for a split")
    assert found.understood == {"strategy": Decimal(40), "tools": Decimal(60)}
    assert found.text.startswith("40% strategy, 60% tools, blah")
    assert 1_900 < len(found.text) <= 2_000


def test_labels_with_digits_and_grammar_words_stay_names(catalog: Catalog) -> None:
    changed = with_overrides(
        catalog,
        [
            CategoryOverride("project2", group="delivery", name="Project 2"),
            CategoryOverride("rescues", group="reactive", name="Last minute requests"),
            CategoryOverride("sameday", group="reactive", name="Same day support"),
        ],
    )
    command = log("project 2 40, last minute requests 20, same day support 40", changed)
    assert isinstance(command, LogSplit), command
    assert command.split.shares == {"project2": 4000, "rescues": 2000, "sameday": 4000}
    assert log("last minute requests 100", changed) == log("100 rescues", changed)
    assert log("same day support 100", changed) == log("100 sameday", changed)
    assert log("project 20 tools 80", catalog) != log("project 2 tools 80", changed)


@pytest.mark.parametrize(
    "text",
    [
        "abcde fghij 1 " * 70,
        "1," * 500,
        "," * 4_000,
        "\n" * 4_000,
        "<@" * 2_000,
        "((" * 2_000 + "1" * 500,
        "9" * 4_000,
        "1h" * 500,
        "a " * 500,
        "ﷺ" * 1_000,
        "last " * 800,
        "skip " * 800,
        "\u0301" * 3_000,
        "x" * 1_000_000,
    ],
)
def test_hostile_texts_are_answered_quickly(catalog: Catalog, text: str) -> None:
    parse_log("foo 100", catalog, TODAY)  # the fuzzy matcher is imported once
    began = time.perf_counter()
    command = log(text, catalog)
    assert time.perf_counter() - began < 0.5
    assert isinstance(command, LogProblem | LogOpen | LogSkip)
