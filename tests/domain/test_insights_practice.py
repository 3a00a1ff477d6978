"""Rules R10 to R15, each at its threshold and just beside it, and what they need to speak."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from domain.categories import Catalog
from domain.checklist import State, TeamItem, load_checklist
from domain.insights import Insight, evaluate, hire_signal
from domain.maturity import load_maturity
from domain.playbook import load_playbook
from domain.practice import AssessmentFact, BandChange, DimensionFact, Practice, Shift
from domain.practicefacts import stuck_facts
from domain.rules import packaged_rules
from domain.scoring import score_dimension
from domain.stalls import stalls
from domain.suggestions import suggestion_of
from domain.summary import weekly_summary
from tests.domain.team_weeks import NOW, operational, series

TODAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
ITEMS = {item.id: item.text for _, item in load_checklist().items()}
SCORING = load_maturity().scoring
E2 = "E2 (Automate the most hated report)"


def held(catalog: Catalog, practice: Practice, name: str) -> Insight | None:
    found = [i for i in evaluate([], 8, catalog, packaged_rules(), practice) if i.rule == name]
    return found[0] if found else None


def dimension(name: str, level: int | None, *ratings: int) -> DimensionFact:
    """With the spread and the counts that scoring makes of these ratings."""
    if not ratings:
        return DimensionFact(name, name.title(), level, None, (), f"Raise {name}.")
    score = score_dimension(name, ratings, SCORING, min_raters=3)
    return DimensionFact(name, name.title(), level, score.spread, score.counts, f"Raise {name}.")


def assessed(*dimensions: DimensionFact, age: int = 10, overall: int | None = 2) -> Practice:
    return Practice(AssessmentFact(age, overall, dimensions), items=ITEMS)


def test_without_practice_its_rules_are_silent(catalog: Catalog) -> None:
    weeks = operational(*[40] * 4, *[20] * 8)
    assert {i.rule for i in evaluate(weeks, 8, catalog)} & {f"R{n}" for n in range(10, 16)} == set()
    assert evaluate([], 8, catalog, packaged_rules(), Practice()) == []


@pytest.mark.parametrize(
    ("ratings", "holds"),
    [
        ((1, 1, 4, 4), True),  # range 3
        ((2, 3, 4), False),  # AD 2/3
        ((1, 2, 2, 3, 3, 3), False),  # AD 4/6 around 2.5
        ((1, 1, 3, 3, 3), False),  # AD 0.8, range 2
        ((1, 1, 3, 3), True),  # AD 1, range 2
    ],
)
def test_r10_split(catalog: Catalog, ratings: tuple[int, ...], holds: bool) -> None:
    found = held(catalog, assessed(dimension("tools", 2, *ratings)), "R10")
    assert (found is not None) is holds


def test_r10_shows_the_histogram_of_the_first_and_counts_the_others(catalog: Catalog) -> None:
    practice = assessed(
        dimension("data", 3, 3, 3, 3),
        dimension("tools", 3, 1, 1, 3, 4, 4, 4),
        *[dimension("insight", 1, 1, 1, 4)],
    )
    found = held(catalog, practice, "R10")
    assert found is not None
    assert found.text == (
        "Views on Tools (and 1 more) differ (1:2 2:0 3:1 4:3, level:ratings). Compare examples "
        "for 20 minutes before any number."
    )
    assert found.dimensions == ("tools", "insight")


@pytest.mark.parametrize(
    ("levels", "holds"),
    [((3, 3, 3, 1), True), ((3, 3, 3, 2), False), ((4, 4, 4, 2), True), ((1, 1, 1), False)],
)
def test_r11_weak_link(catalog: Catalog, levels: tuple[int, ...], holds: bool) -> None:
    facts = [dimension(f"d{n}", level) for n, level in enumerate(levels)]
    found = held(catalog, assessed(*facts), "R11")
    assert (found is not None) is holds


def test_r11_names_dimension_level_and_milestone(catalog: Catalog) -> None:
    facts = [dimension(name, 3) for name in ("data", "reporting", "insight")]
    found = held(catalog, assessed(*facts, dimension("tools", 1), dimension("x", None)), "R11")
    assert found is not None
    assert found.text == "Tools holds you at level 2. Next: Raise tools."
    assert found.dimensions == ("tools",)


def test_a_stale_assessment_tells_of_its_age_alone(catalog: Catalog) -> None:
    def rules(age: int) -> list[str]:
        facts = (dimension("data", 3), dimension("process", 3), dimension("tools", 1, 1, 1, 4))
        found = evaluate([], 8, catalog, packaged_rules(), assessed(*facts, age=age))
        return [insight.rule for insight in found]

    assert rules(10) == ["R10", "R11"]
    assert rules(180) == ["R13", "R10", "R11"]
    assert rules(181) == ["R13"]


def item(ref: str, state: State, days: int, step: str = "execute") -> TeamItem:
    since = TODAY - timedelta(days=days)
    return TeamItem(
        ref, ref, "team", step, ITEMS[ref], state=state, started_at=since, state_since=since
    )


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([item("E2", "started", 21)], None),
        (
            [item("E2", "started", 22)],
            f"{E2} is stuck: 22 days in progress. ",
        ),
        (
            [item("E2", "started", 22), item("E3", "blocked", 40)],
            "E3 (Standardise tracker set-up) is stuck: 40 days in progress (1 more). ",
        ),
        ([item("E1", "done", 30), item("E2", "open", 30)], None),
        (
            [item("E1", "done", 31), item("E2", "open", 31)],
            f"{E2} is stuck: nothing in Execute has moved for 31 days. ",
        ),
    ],
)
def test_r12_stuck(catalog: Catalog, items: list[TeamItem], text: str | None) -> None:
    practice = Practice(stuck=stuck_facts(stalls(items, TODAY, packaged_rules())), items=ITEMS)
    found = held(catalog, practice, "R12")
    assert (found.text if found else None) == (
        f"{text}Split it, reassign it or drop it?" if text else None
    )


@pytest.mark.parametrize(
    ("age", "severity"), [(90, None), (91, "low"), (120, "low"), (121, "high"), (200, "high")]
)
def test_r13_reassess(catalog: Catalog, age: int, severity: str | None) -> None:
    found = held(catalog, assessed(dimension("tools", 2), age=age), "R13")
    assert (found.severity if found else None) == severity
    if found and age < 180:
        assert found.text == (
            f"Reassess (I2): the last assessment is {age} days old, stale at 180."
        )


def test_r14_tells_of_a_new_band_with_the_next_milestone(catalog: Catalog) -> None:
    practice = Practice(
        assessment=AssessmentFact(20, 2, (dimension("data", 3), dimension("tools", 2))),
        bands=(BandChange("Product Operations Adoption", "Ad-hoc", "Standardized"),),
    )
    found = held(catalog, practice, "R14")
    assert found is not None
    assert found.text == (
        "You moved from Ad-hoc to Standardized on the Product Operations Adoption ladder "
        "(reference, not survey). Next: Raise tools."
    )
    assert held(catalog, Practice(), "R14") is None


def shift(fall: str, rise: str, weeks: int = 8, realised: str = "0.2") -> Practice:
    before, now = Fraction(36, 100), Fraction(36, 100) - Fraction(fall) / 100
    strategic = Fraction(25, 100)
    gained = strategic + Fraction(rise) / 100
    part = Fraction(realised)
    facts = Shift(weeks, before, now, strategic, gained, "Firefighting", part)
    return Practice(shift=facts, items=ITEMS)


@pytest.mark.parametrize(
    ("practice", "holds"),
    [
        (shift("5", "1.99"), True),
        (shift("4.99", "1.99"), False),
        (shift("5", "2"), False),
        (shift("5", "-3"), True),
        (shift("5", "1.99", weeks=7), False),
        (shift("-9", "0"), False),
    ],
)
def test_r15_freed_hours_went_elsewhere(catalog: Catalog, practice: Practice, holds: bool) -> None:
    assert (held(catalog, practice, "R15") is not None) is holds


def test_r15_says_where_they_went_and_what_counts(catalog: Catalog) -> None:
    found = held(catalog, shift("9", "1.8"), "R15")
    assert found is not None
    assert found.severity == "high"
    assert found.text == (
        "Operational share fell 9 points and strategic work changed by +2 over 8 weeks: the freed "
        "hours went to Firefighting. Revisit what freed time is for (G5); ROI counts only 20%."
    )


def test_r01_names_break_even_and_the_item_where_the_checklist_has_it(catalog: Catalog) -> None:
    def text(practice: Practice) -> str:
        [found] = [
            i
            for i in evaluate(operational(*[36] * 4), 8, catalog, packaged_rules(), practice)
            if i.rule == "R01"
        ]
        return found.text

    known = Practice(breakeven_hours=Fraction(9), items=ITEMS)
    assert text(known).endswith(
        "Decide on hire, part-time or rotation (P4); break-even is 9.0 hours per PM a week."
    )
    own = Practice(items={"X1": "Something else"})
    assert "rotation; its break-even needs the costs (/prodops roi)." in text(own)


def test_cooldown_is_kept_per_rule_and_three_are_shown(catalog: Catalog) -> None:
    practice = Practice(
        assessment=AssessmentFact(
            130, 2, (dimension("data", 3), dimension("process", 3), dimension("tools", 1, 1, 1, 4))
        ),
        shift=shift("9", "0").shift,
        items=ITEMS,
    )
    weeks = operational(*[36] * 4)

    def shown(recent: dict[str, date]) -> list[str]:
        summary = weekly_summary(
            weeks, 8, catalog, recent_rules=recent, rules=packaged_rules(), practice=practice
        )
        return [insight.rule for insight in summary.insights]

    monday = NOW.shift(1).monday
    assert shown({}) == ["R01", "R13", "R15"]
    assert shown({"R13": monday - timedelta(days=7)}) == ["R01", "R15", "R05"]
    assert shown({"R13": monday - timedelta(days=14)}) == ["R01", "R13", "R15"]


def test_hire_signal_states_both_conditions(catalog: Catalog) -> None:
    rules = packaged_rules()
    met = hire_signal(operational(28, 30, 32, 34), 8, catalog, rules)
    assert (met.pm_count, met.people, met.share) == (8, 5, Fraction(31, 100))
    assert met.is_met
    few = hire_signal(operational(28, 30, 32, 34), 4, catalog, rules)
    assert (few.enough_people, few.above_line, few.is_met) == (False, True, False)
    short = hire_signal(operational(28, None, 32, 34), 8, catalog, rules)
    assert (short.share, short.weeks, short.is_met) == (None, 3, False)


def test_suggestions_are_playbook_items_own_proposals_or_none(catalog: Catalog) -> None:
    playbook = load_playbook()
    weeks = series([{"reporting": 36, "interrupts": 30}] * 4)
    practice = Practice(items=ITEMS)
    found = {i.rule: i for i in evaluate(weeks, 8, catalog, playbook.rules, practice)}
    reports = suggestion_of(found["R05"], playbook, NOW)
    assert reports is not None
    assert (reports.ref, reports.step) == ("E2", "execute")
    assert found["R05"].text.endswith("Try automating the most hated report (E2).")
    triage = suggestion_of(found["R07"], playbook, NOW)
    assert triage is not None
    assert triage.ref == "insight:R07:2026-W47"
    assert triage.dimensions == ("process", "coordination")
    weak = evaluate(
        [],
        8,
        catalog,
        playbook.rules,
        assessed(dimension("data", 3), dimension("process", 3), dimension("tools", 1)),
    )
    assert suggestion_of(weak[0], playbook, NOW) is None
