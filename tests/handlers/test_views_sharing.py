"""Roll-up, sharing forms and what a summary says besides: their words, and any content fits."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.categories import load_catalog
from domain.checklist import StepProgress, TeamItem
from domain.decisions import Decision
from domain.periods import Period
from domain.reviews import review
from domain.rollup import NoTotal, Rollup, TeamPart, Total
from domain.spans import Span
from domain.stalls import Stall
from domain.summary import weekly_summary
from handlers.views import audience, rollup, summary
from handlers.views.blocks import Message
from handlers.views.weeknotes import MaturityNote, WeekNotes, note_lines
from tests.domain.team_weeks import operational, week
from tests.handlers.views_samples import assert_sound, assert_sound_view, hostile, shown

CATALOG = load_catalog()
JUNE = Span("month", 2026, 6)
MADE = datetime(2026, 6, 23, 10, tzinfo=UTC)


def part(name: str, percent: int | None = 30) -> TeamPart:
    weeks = [week({"tools": percent} if percent else None, period) for period in JUNE.weeks]
    if percent is None:
        weeks = [week(None, period, answered=2) for period in JUNE.weeks]
    found = review(JUNE, weeks, Period(2026, 27), CATALOG)
    return TeamPart(name, found, {}, {}, {}, maturity=3, done=12, items=34)


def rolled(*parts: TeamPart, total: Total | None = None, why: NoTotal | None = None) -> Rollup:
    return Rollup(JUNE, parts, total, why)


def cells(message: Message) -> list[list[str]]:
    [table] = [block for block in message["blocks"] if block["type"] == "table"]
    return [[cell["text"] for cell in row] for row in table["rows"]]


def test_teams_side_by_side() -> None:
    total = Total(Fraction(29, 100), Fraction(1, 3), 1, 3)
    message = rollup.rollup_message(rolled(part("A"), part("B", None), total=total), left_out=2)
    assert cells(message)[1:] == [
        ["A", "30%", "0%", "3", "12/34", "100%"],
        ["B", "–", "–", "3", "12/34", "25%"],
    ]
    said = shown(message)
    assert "operational 29%, customers and strategy 33% (1 person in 3 teams)" in said
    assert "2 more teams are left out." in said
    assert "A: operational 30%, customers and strategy 0%. B: too few answers." in message["text"]


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("no_numbers", "No team has enough answers"),
        ("few_teams", "it takes 3 teams"),
        ("few_shared", "one or two people are in several teams"),
        ("low_participation", "too few of all these people"),
    ],
)
def test_why_there_is_no_total(why: NoTotal, said: str) -> None:
    assert said in shown(rollup.rollup_message(rolled(part("A"), why=why)))


def test_no_team_at_all() -> None:
    message = rollup.rollup_message(rolled(why="no_numbers"))
    assert "No team is set up yet" in shown(message)
    assert_sound(message)


def decision(number: int, what: str, owner: str | None, due: date | None) -> Decision:
    return Decision("d", "t", number, what, owner, due, "open", "", "U1", MADE, None)


ITEM = TeamItem("E2", "i", "t", "execute", "Automate", state="started")
NOTES = WeekNotes(
    done=12,
    total=34,
    current=StepProgress("execute", 3, 8),
    stuck=(Stall(ITEM, 24),),
    maturity=MaturityNote(2, ("Toolstack",), 78, 12),
    decided=(
        decision(12, "One tracker", "U1", date(2026, 6, 30)),
        decision(13, "Fewer", None, None),
    ),
    due=(decision(9, "Old deck", "U2", date(2026, 6, 12)),),
    owners={"U1": "Ada"},
    goals=("Goal met: Participation 80% by 30 Sep (now 85%)",),
    effects=("After E2 reports fell.",),
)


def test_a_line_for_each_subject_as_the_playbook_has_them() -> None:
    assert note_lines(NOTES) == [
        "After E2 reports fell.",
        "Checklist 12/34 · Execute 3/8 · stuck: E2 (24 days)",
        "Maturity 2, held back by Toolstack · reassess in 12 days",
        "Goal met: Participation 80% by 30 Sep (now 85%)",
        "Decided: #12 One tracker (Ada, by 30 Jun) and #13 Fewer",
        "Open and due: #9 Old deck (somebody who left, by 12 Jun)",
    ]
    assert note_lines(WeekNotes()) == []


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (MaturityNote(3, (), 89, 1), "Maturity 3 · reassess in 1 day"),
        (MaturityNote(3, (), 90, 0), "Maturity 3 · reassess now: 90 days old"),
        (MaturityNote(3, (), 181, -91, True), "stale: 181 days old, time for a new check-in"),
        (MaturityNote(3, (), 181, -91, True, (2, 8)), "check-in open, 2 of 8 answered"),
        (MaturityNote(None, (), 1, 89), "Maturity not rated overall"),
    ],
)
def test_when_to_assess_again(note: MaturityNote, said: str) -> None:
    [line] = note_lines(WeekNotes(maturity=note))
    assert said in line


def test_a_summary_without_numbers_says_the_rest_all_the_same() -> None:
    found = weekly_summary([week(None, answered=2)], 8, CATALOG)
    message = summary.weekly(found, team_name="A", catalog=CATALOG, besides=note_lines(NOTES))
    assert "Maturity 2, held back by Toolstack" in shown(message)
    assert "Checklist 12/34" in message["text"]


@settings(max_examples=40, deadline=None)
@given(hostile, st.integers(0, 99), st.integers(0, 12))
def test_any_names_and_any_number_of_teams_fit(text: str, teams: int, dimensions: int) -> None:
    some = text or "x"
    assert_sound(rollup.rollup_message(rolled(*[part(some)] * teams, why="few_teams")))
    assert_sound_view(audience.share_modal("t", some, ["C1"] * 10, most=10))
    assert_sound_view(audience.shared(some, [f"C{n}" for n in range(10)]))
    assert_sound_view(audience.rollup_modal("C1"))
    assert_sound_view(audience.rollup_set("C1", "Wednesday 1 Jul, 14:00"))
    long = TeamItem(None, "i", "t", "plan", some[:200], state="blocked")
    lines = note_lines(
        WeekNotes(
            done=1,
            total=120,
            current=StepProgress("plan", 1, 40),
            stuck=[Stall(long, 99)] * 120,
            maturity=MaturityNote(2, (some,) * dimensions, 10, 80),
            decided=[decision(n, some, "U1", MADE.date()) for n in range(10)],
            due=[decision(n, some, "U1", MADE.date() + timedelta(days=n)) for n in range(10)],
            owners={"U1": some},
            goals=(some,) * 9,
            effects=(some,) * 9,
        )
    )
    assert len(lines) <= 8
    found = weekly_summary(operational(20, 30, 40), 8, CATALOG)
    assert_sound(summary.weekly(found, team_name=some, catalog=CATALOG, besides=lines))
