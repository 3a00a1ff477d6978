"""Insights, lessons and quiz within Slack's limits, with a company's own long and odd texts."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings

from domain.insights import HireSignal, Insight
from domain.learning import QuizQuestion, load_learning
from domain.lessons import TOPICS, Lesson
from domain.periods import Period
from domain.rules import packaged_rules
from handlers.views import insights, learn, quiz
from handlers.views.checklist import ADD_FROM_INSIGHT, ADD_FROM_MATURITY
from handlers.views.insights import InsightsPage
from tests.handlers.views_samples import assert_sound, buttons, elements, hostile, shown

WEEK = Period(2026, 47)
RULES = packaged_rules()
RUN = "f" * 32
UNKNOWN = "Hire rule: 8 PMs (5 or more); operational share not known yet (over 30%):"


def signal(share: Fraction | None, pm_count: int = 8, weeks: int = 4) -> HireSignal:
    return HireSignal(pm_count, 5, share, Fraction(3, 10), weeks)


def page(found: list[Insight], team: str = "Growth", **more: object) -> InsightsPage:
    values = {
        "shown": {"R07": date(2026, 11, 16)},
        "proposed": frozenset({"R07"}),
        "signal": signal(Fraction(28, 100)),
        **more,
    }
    return InsightsPage("team", team, WEEK, found, rules=RULES, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_signal", "line"),
    [
        (
            signal(Fraction(28, 100)),
            "Hire rule: 8 PMs (5 or more), operational 28% (over 30%): *not met*.",
        ),
        (
            signal(Fraction(34, 100)),
            "Hire rule: 8 PMs (5 or more), operational 34% (over 30%): *met*.",
        ),
        (
            signal(Fraction(3004, 10000)),
            "Hire rule: 8 PMs (5 or more), operational 30.0% (over 30%): *met*.",
        ),
        (
            signal(Fraction(34, 100), 1),
            "Hire rule: 1 PM (5 or more), operational 34% (over 30%): *not met*.",
        ),
        (
            signal(None, weeks=2),
            f"{UNKNOWN} it takes 4 weeks with numbers, and 2 of the last 4 weeks have them.",
        ),
    ],
)
def test_the_hire_rule_states_both_conditions(given_signal: HireSignal, line: str) -> None:
    assert insights.hire_line(given_signal) == line


def test_an_insight_shows_rule_severity_source_and_next_step() -> None:
    found = [
        Insight("R07", "med", "Firefighting took 25% over 4 weeks.", {"pct": "25"}),
        Insight("R11", "med", "Tools holds you back.", {}, dimensions=("tools",)),
        Insight("R12", "low", "E2 is stuck.", {}),
    ]
    said = insights.insights(page(found))
    text = shown(said)
    assert "*Medium · R07*\nFirefighting took 25% over 4 weeks." in text
    assert "Watches for firefighting at 25% or more, 4-week mean" in text
    assert "shown on 16 Nov" in text
    adds = [e for e in elements(said["blocks"]) if e["text"]["text"] == "Add to the checklist"]
    assert [(e["action_id"], e["value"]) for e in adds] == [
        (ADD_FROM_INSIGHT, "team|R07"),
        (ADD_FROM_MATURITY, "team|tools"),
    ]
    assert_sound(said)


@settings(max_examples=20, deadline=None)
@given(hostile, hostile)
def test_all_rules_at_once_are_sound(text: str, team: str) -> None:
    found = [Insight(rule, "high", text * 5, {}) for rule in RULES.rules]
    said = insights.insights(page(found, team, proposed=frozenset(RULES.rules), missing=[text]))
    assert_sound(said)
    assert_sound(insights.insights(page([], team, signal=signal(None, 0, 0))))


def test_nothing_stands_out_lists_what_is_watched() -> None:
    said = insights.insights(page([], missing=insights.missing(signal(None, 8, 2), assessed=False)))
    assert "*Nothing stands out.* This is what is watched:" in shown(said)
    assert all(f"• {rule}: " in shown(said) for rule in RULES.rules)
    assert "Rules about shares need 4 weeks with numbers; now 2." in shown(said)
    assert insights.missing(signal(Fraction(1, 3)), assessed=True) == []
    assert (
        "Numbers need 3 people in the team; it has 2"
        in insights.missing(signal(None, 2, 0), assessed=True)[0]
    )


@settings(max_examples=20, deadline=None)
@given(hostile, hostile)
def test_lessons_of_any_text_are_sound(text: str, other: str) -> None:
    long = (text * 20)[:1000]
    entries = [
        Lesson(topic, (other or "x")[:150], (("Effect", long), ("", long)) * 20, other)
        for topic in TOPICS
    ] * 3
    assert_sound(learn.overview(dict.fromkeys(TOPICS, 60)))
    assert_sound(learn.topic_page("mistakes", entries, 8))
    assert_sound(learn.found_page(text, entries, 8))
    assert_sound(learn.nothing_found(text, [other] * 4, list(TOPICS)))
    assert_sound(learn.nothing_found(text, [], list(TOPICS)))


def test_turns_lead_to_the_same_pages() -> None:
    entries = [Lesson("faq", f"Q{n}", (("", "A"),)) for n in range(20)]
    topic = buttons(learn.topic_page("faq", entries, 8))
    assert learn.read_turn(topic["Previous"]["value"]) == ("faq", "", 0)
    assert learn.read_turn(topic["Next"]["value"]) == ("faq", "", 16)
    found = buttons(learn.found_page("a|b ?", entries, 8))
    assert learn.read_turn(found["Next"]["value"]) == ("", "a|b ?", 16)


@settings(max_examples=20, deadline=None)
@given(hostile)
def test_questions_of_any_text_are_sound(text: str) -> None:
    name = (" ".join(text.split()) or "x")[:60]
    asked = QuizQuestion.model_construct(
        question=(text or "x")[:150], options=(name,) * 6, right=5, explanation=(text or "x")[:300]
    )
    assert_sound(quiz.question(asked, RUN, 39, 40, text))
    assert_sound(quiz.explanation(asked, 0, RUN, 39, 40, repeated=True))
    assert_sound(quiz.score(0, 40, best=(1, 40), last=None, missed=[asked] * 40))
    assert_sound(quiz.under_way(RUN, 3, 40, best=None, last=(1, 40)))


def test_the_score_knows_what_was_before() -> None:
    asked = load_learning().quiz[0]
    assert list(buttons(quiz.question(asked, RUN, 0, 10))) == list(asked.options)
    assert "See my score" in buttons(quiz.explanation(asked, 1, RUN, 9, 10))
    assert "Next question" in buttons(quiz.explanation(asked, 1, RUN, 8, 10))
    first = shown(quiz.score(7, 10, best=None, last=None))
    assert "*You scored 7 of 10.*\nYour first run." in first
    # 3 of 4 is better than 7 of 10.
    assert "Your best is 3 of 4." in shown(quiz.score(7, 10, best=(3, 4), last=(3, 4)))
    better = shown(quiz.score(4, 5, best=(3, 4), last=(1, 4)))
    assert "Your best so far; before it was 3 of 4. Last time: 1 of 4." in better
