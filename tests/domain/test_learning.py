"""The texts to learn from: all there, found by words, and what each is called."""

import pytest

from domain.criteria import criterion
from domain.lessons import TOPICS, lessons, look_up
from domain.playbook import load_playbook
from domain.sources import source_words

PLAYBOOK = load_playbook()
KNOWN = lessons(PLAYBOOK)


def test_every_text_of_the_playbook_is_an_entry() -> None:
    learning = PLAYBOOK.learning
    counts = {topic: sum(lesson.topic == topic for lesson in KNOWN) for topic in TOPICS}
    assert counts["mistakes"] == len(learning.mistakes) == 8
    assert counts["practices"] == len(learning.best_practices) == 8
    assert counts["faq"] == len(learning.faq) == 10
    assert counts["comparisons"] == len(learning.comparisons) == 6
    assert counts["terms"] == len(learning.terms)
    assert (counts["steps"], counts["maturity"], counts["rules"]) == (5, 7, 15)
    assert len(learning.quiz) == 10
    first = [term.term for term in learning.terms[:3]]
    assert first == ["Product analytics", "Product roadmap", "OKRs"]


@pytest.mark.parametrize(
    ("query", "topic", "title"),
    [
        ("mistakes", "mistakes", None),
        ("Best Practises", "practices", None),
        ("related terms", "terms", None),
        ("compare", "comparisons", None),
        ("roi", None, "Return on product operations (ROI)"),
        ("hire", None, "When should we hire?"),
        ("okr", None, "OKRs"),
        ("consultent", None, "Consultant-Led Only"),
        ("who sees my log", None, "Who sees my time log?"),
        ("E2", None, "4. Execute"),
        ("r07", None, "R07"),
    ],
)
def test_look_up(query: str, topic: str | None, title: str | None) -> None:
    found = look_up(query, KNOWN)
    assert found.topic == topic
    assert (found.entries[0].title if found.entries else None) == title


def test_unknown_words_lead_to_what_is_near() -> None:
    assert look_up("productt oops", KNOWN).nearest or look_up("productt oops", KNOWN).entries
    assert look_up("zebra", KNOWN) == look_up("zebra", KNOWN)
    assert look_up("zebra", KNOWN).entries == ()
    assert look_up("", KNOWN).entries == ()
    assert look_up("x" * 5000, KNOWN).entries == ()


def test_sources_in_words() -> None:
    assert source_words(()) == ""
    assert source_words(["P"]) == "Source: our own proposal"
    assert source_words(["P", "OURS", "P"]) == "Sources: our own proposal; OURS"
    codes = {code for lesson in KNOWN for code in lesson.source.split("; ")}
    assert not any(code.isupper() and len(code) < 8 for code in codes)


def test_criteria_follow_the_thresholds() -> None:
    assert criterion("R01", PLAYBOOK.rules) == (
        "operational share over 30%, 4-week mean, with 5 or more PMs"
    )
    assert "up 3 weeks in a row, by 5 points" in criterion("R03", PLAYBOOK.rules)
    assert all("{" not in criterion(rule, PLAYBOOK.rules) for rule in PLAYBOOK.rules.rules)
