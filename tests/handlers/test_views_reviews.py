"""The review's words, a whole quarter by hand; and that any content fits Slack's limits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.baseline import Baseline
from domain.categories import load_catalog
from domain.checklist import TeamItem, progress
from domain.maturity import Assessment
from domain.outcomes import Ended, MaturityChange, Standing
from domain.programme import programme
from domain.reviews import review
from domain.roi import RoiResult
from domain.spans import Span
from domain.summary import Target
from domain.team import TeamWeek
from handlers.views.reviewdetails import review_details
from handlers.views.reviews import Report, Rung, review_message
from tests.domain.team_weeks import week
from tests.handlers.views_samples import assert_sound, catalog_of, hostile, shown

CATALOG = load_catalog()
QUARTER = Span("quarter", 2026, 2)
CLOSED = datetime(2026, 6, 20, 12, tzinfo=UTC)


def weeks() -> list[TeamWeek]:
    """Four weeks in March at 36 %, then the quarter at 27 %; 8 of 8, in one week 5 of 8."""
    before = [week({"tools": 36, "strategy": 26}, QUARTER.weeks[0].shift(-n)) for n in (4, 3, 2, 1)]
    own = [
        week({"tools": 27, "strategy": 30.5}, period, answered=5 if n == 3 else 8)
        for n, period in enumerate(QUARTER.weeks)
    ]
    return [*before, *own]


def standing(
    key: str, name: str, level: int, before: int, counts: tuple[int, ...] = ()
) -> Standing:
    spread = "split" if counts else "aligned"
    return Standing(key, name, level, before, spread, counts, f"Milestone of {name}")  # type: ignore[arg-type]


NOW = Assessment("c2", CLOSED, 7, 6, (), 3)
THEN = Assessment("c1", CLOSED - timedelta(days=90), 7, 6, (), 2)
CHANGE = MaturityChange(
    NOW,
    THEN,
    (
        standing("process", "Process", 3, 2),
        standing("reporting", "Reporting", 3, 2),
        standing("insight", "Insight", 3, 3, (2, 0, 1, 3, 0)),
    ),
    (),
    fresh=True,
)
ROI = RoiResult(
    "ok",
    "",
    multiple=Fraction(2, 5),
    gross=Fraction(4, 5),
    hours_removed=Fraction(3456, 10),
    realisation=Fraction(1, 2),
    realisation_measured=True,
    breakeven_hours=Fraction(9),
    weeks=12,
    pms=8,
)


def item(ref: str, state: str, text: str, reason: str = "") -> TeamItem:
    return TeamItem(ref, ref, "t", "execute", text, state=state, reason=reason, done_at=CLOSED)  # type: ignore[arg-type]


ITEMS = [
    item("E2", "done", "Automate the most hated report"),
    item("E7", "done", "Turn one status meeting async"),
    item("E4", "blocked", "Open one feedback intake", "triage lapsed"),
]


def report(span: Span = QUARTER, known: list[TeamWeek] | None = None) -> Report:
    history = weeks() if known is None else known
    baseline = Baseline(tuple(history[:4])) if history else None
    after = span.last_week.shift(1)
    target = Target(Fraction(1, 4), date(2026, 9, 30))
    return Report(
        review=review(span, history, after, CATALOG, baseline=baseline, target=target),
        team_name="Product team",
        catalog=CATALOG,
        hire_line=Fraction(3, 10),
        maturity=CHANGE,
        ladders=(
            Rung("adoption", "Standardized"),
            Rung("maturity", "Level 3"),
            Rung("compliance", "Proactive"),
            Rung("roi", "<1x"),
        ),
        roi=ROI,
        steps=progress(ITEMS),
        programme=programme(ITEMS),
        ended=Ended(tuple(ITEMS[:2]), tuple(ITEMS[2:]), ()),
        worked=["After E2 reports fell from 14% to 9%."],
        failed=["After E7 meetings stayed at 12%."],
        wanted=("Keep or resize the role", "Which dimensions", "A new target"),
        next_step="Book two conversations per PM.",
    )


def test_a_quarter_as_the_playbook_has_it() -> None:
    """Operational 36 to 27, nine points freed; strategy 26 to 30.5, half of them. 101 of 104
    logs came: 97 %."""
    assert shown(review_message(report())).splitlines() == [
        "Product team · Q2 2026",
        "*Operational 36% → 27% (target 25% by 30 Sep)*",
        "Customers and strategy 26% → 31% · half of the freed time went there",
        "*Maturity 2 → 3*. Up: Process +1 and Reporting +1. Split: Insight (1:2 2:0 3:1 4:3 5:0)",
        (
            "*Ladder* (a reference, not survey data): adoption Standardized, maturity Level 3, "
            "compliance Proactive, ROI &lt;1x"
        ),
        "*ROI 0.4x realised* (0.8x gross) · break-even 9.0 h per PM and week",
        (
            "*What worked* 2 items done: E2 Automate the most hated report and "
            "E7 Turn one status meeting async"
        ),
        "• After E2 reports fell from 14% to 9%. Other things changed too.",
        "*What did not*",
        "• After E7 meetings stayed at 12%. Other things changed too.",
        "• E4 Open one feedback intake blocked: triage lapsed",
        "*Decisions wanted*",
        "(a) Keep or resize the role",
        "(b) Which dimensions",
        "(c) A new target",
        (
            "Participation 97% · 13 of 13 weeks with numbers · 6 raters · "
            "baseline 4 weeks, 2 Mar – 29 Mar · details in the thread"
        ),
    ]


def test_what_is_heard_holds_it_all() -> None:
    text = review_message(report())["text"]
    assert text.startswith("Product team · Q2 2026. Operational 36% → 27% (target 25% by 30 Sep).")
    for part in ("Maturity 2 → 3", "ROI 0.4x realised", "Decisions wanted", "Participation 97%"):
        assert part in text
    assert "*" not in text


def test_a_month_has_the_first_lines_and_the_next_step() -> None:
    june = report(Span("month", 2026, 6))
    said = shown(review_message(june, threaded=False))
    assert said.startswith("Product team · June 2026\n*Operational 36% → 27%")
    assert "*Maturity 2 → 3*" in said
    assert "*Do next:* Book two conversations per PM." in said
    assert "Now at Execute: 2 of 3 done, 1 item to finish it." in said
    assert "• E4 Open one feedback intake · _blocked_" in said
    for absent in ("ROI", "Ladder", "Decisions wanted", "thread"):
        assert absent not in said


def test_charts_and_what_stands_in_for_them() -> None:
    message = review_message(report())
    drawn = [b["title"] for b in message["blocks"] if b["type"] == "data_visualization"]
    assert drawn == ["Operational share, 13 weeks", "Time by group and month"]
    [line] = [b["chart"] for b in message["blocks"] if b.get("title") == drawn[0]]
    assert [series["name"] for series in line["series"]] == [
        "Operational",
        "30% line",
        "Target 25%",
        "Baseline 36%",
    ]
    assert [b["type"] for b in message["fallback_blocks"]] == [
        "header",
        "section",
        "table",
        "section",
        "context",
    ]
    plain = review_message(report(), charts=False)
    assert plain["blocks"] == message["fallback_blocks"]
    assert "fallback_blocks" not in plain


def test_the_thread_has_the_rest_and_never_money() -> None:
    message = review_details(report())
    assert message is not None
    said = shown(message)
    assert "345.6 h of operational work removed" in said
    assert "for each of 8 PMs over 12 weeks" in said
    assert "50% of them reached customers and strategy (measured)" in said
    assert "• Process 3 → 4: Milestone of Process" in said
    assert "W14 27" in said
    drawn = [b["title"] for b in message["blocks"] if b["type"] == "data_visualization"]
    assert drawn == ["Maturity by dimension", "Checklist by step"]
    plain = "\n".join(str(b) for b in message["fallback_blocks"])
    assert "Process    ●●●○○ 3 (was 2)" in plain
    assert "Execute      ████████····  67%  2/3" in plain


def withheld(*answered: tuple[int, int]) -> Report:
    periods = QUARTER.weeks[: len(answered)]
    known = [week(None, p, k, of) for p, (k, of) in zip(periods, answered, strict=True)]
    return replace(report(), review=review(QUARTER, known, QUARTER.last_week.shift(1), CATALOG))


@pytest.mark.parametrize(
    ("answered", "state", "fix"),
    [
        ([], "Nobody was due to log in Q2 2026.", "The next review follows"),
        (
            [(2, 2)],
            "Fewer than 3 people were due to log this quarter.",
            "`/prodops setup` adds some",
        ),
        ([(2, 8), (3, 8)], "5 of 16 logs came in this quarter.", "`/prodops log same`"),
    ],
)
def test_without_enough_answers_it_names_the_fix_and_no_share(
    answered: list[tuple[int, int]], state: str, fix: str
) -> None:
    found = withheld(*answered)
    message = review_message(found)
    assert state in shown(message)
    assert fix in shown(message)
    assert "%" not in shown(message)
    assert "ROI" not in shown(message)
    assert "*Maturity 2 → 3*" in shown(message)
    assert review_details(found) is None
    assert_sound(message)


def test_no_baseline_no_maturity_nothing_done() -> None:
    bare = Report(
        review=review(QUARTER, weeks()[4:], QUARTER.last_week.shift(1), CATALOG),
        team_name="A",
        catalog=CATALOG,
        hire_line=Fraction(3, 10),
        ladders=(Rung("adoption", None), Rung("roi", None)),
        roi=RoiResult("no_cost", "n/a - enter cost", gross=None),
    )
    said = shown(review_message(bare))
    assert "*Operational 27%, within the 30% line*" in said
    assert "no baseline to compare with yet" in said
    assert "*ROI* n/a - enter cost" in said
    assert "Ladder" not in said
    assert "What" not in said
    details = review_details(bare)
    assert details is not None
    assert "fallback_blocks" not in details
    assert_sound(details)


def test_marks() -> None:
    assert "updated with late answers" in shown(review_message(report(), updated=True))
    assert "thread" not in shown(review_message(report(), threaded=False))
    april = Span("month", 2026, 4)
    running = review(april, weeks(), april.last_week, CATALOG)
    assert "its last week is not over yet and not counted" in shown(
        review_message(replace(report(), review=running))
    )


@settings(max_examples=40, deadline=None)
@given(hostile, st.integers(1, 12), st.integers(0, 120), st.sampled_from(["month", "quarter"]))
def test_any_names_and_any_number_of_things_fit(
    text: str, dimensions: int, items: int, kind: str
) -> None:
    span = QUARTER if kind == "quarter" else Span("month", 2026, 6)
    some = text or "x"
    standings = tuple(
        Standing(f"d{n}", some[:60], n % 5 + 1, (n + 1) % 5 + 1, "split", (9, 9, 9, 9, 9), some)
        for n in range(dimensions)
    )
    held = tuple(some for _ in range(dimensions))
    states = ("done", "blocked", "dropped", "open")
    listed = [item(f"E{n}", states[n % 4], some[:200], some[:300]) for n in range(items)]
    found = replace(
        report(span),
        team_name=some,
        catalog=catalog_of(9, some),
        maturity=MaturityChange(NOW, THEN, standings, held, fresh=True),
        ladders=[Rung(some[:60], some[:60])] * 12,
        roi=replace(ROI, notes=(some[:300],) * 5),
        steps=progress(listed),
        programme=programme(listed),
        ended=Ended(tuple(listed), tuple(listed), tuple(listed)),
        worked=[some] * 9,
        failed=[some] * 9,
        wanted=(some,) * 3,
        next_step=some,
    )
    for charts in (True, False):
        assert_sound(review_message(found, charts=charts))
        details = review_details(found, charts=charts)
        assert details is not None
        assert_sound(details)
