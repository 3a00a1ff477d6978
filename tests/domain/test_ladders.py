"""The bands of the reference ladders, at each cut and just beside it, and what is counted."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.benchmarks import (
    Band,
    ladder_rows,
    level_band,
    load_benchmarks,
    multiple_band,
    share_band,
)
from domain.checklist import State, TeamItem
from domain.commitments import CheckinKept, Commitments, commitments
from domain.ladders import ADOPTION, in_use, not_yet, of_count, of_maturity, of_return
from domain.maturity import Assessment, DimensionScore, load_maturity
from domain.roi import RoiResult

BENCHMARKS, MODEL = load_benchmarks(), load_maturity()
CUTS = BENCHMARKS.cuts
TODAY = date(2026, 11, 24)
ORDER: list[Band] = ["low", "below median", "median", "above median", "elite"]


def assessed(overall: int | None = 4, days_ago: int = 10, **levels: int) -> Assessment:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC) - timedelta(days=days_ago)
    scores = tuple(DimensionScore(name, level, 5) for name, level in levels.items())
    return Assessment("c", at, 5, 5, scores, overall)


def item(ref: str, state: State = "done", **changes: object) -> TeamItem:
    values = {"item_id": ref, "team_id": "t", "step": "execute", "text": ref, **changes}
    return TeamItem(ref=ref, state=state, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("multiple", "band"),
    [
        ("-0.5", "low"),
        ("0.99", "low"),
        ("1", "below median"),
        ("1.99", "below median"),
        ("2", "median"),
        ("3", "median"),
        ("3.01", "above median"),
        ("5", "above median"),
        ("5.01", "elite"),
    ],
)
def test_bands_of_a_multiple(multiple: str, band: Band) -> None:
    assert multiple_band(Fraction(multiple), CUTS.roi) == band


@given(st.fractions(-2, 9), st.fractions(-2, 9))
def test_a_higher_multiple_is_never_in_a_lower_band(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert ORDER.index(multiple_band(low, CUTS.roi)) <= ORDER.index(multiple_band(high, CUTS.roi))


@pytest.mark.parametrize(
    ("level", "band"), [(1, "low"), (2, "low"), (3, "median"), (4, "elite"), (5, "elite")]
)
def test_bands_of_a_level(level: int, band: Band) -> None:
    assert level_band(level, CUTS.maturity) == band


@pytest.mark.parametrize(
    ("share", "process", "band"),
    [
        ("0.39", 5, "low"),
        ("0.40", 5, "median"),
        ("0.79", 5, "median"),
        ("0.80", 4, "elite"),
        ("0.80", 3, "median"),
        ("1", None, "median"),
    ],
)
def test_bands_of_adoption(share: str, process: int | None, band: Band) -> None:
    assert share_band(Fraction(share), process, CUTS.adoption) == band


@pytest.mark.parametrize(
    ("share", "band"), [("0.49", "low"), ("0.50", "median"), ("0.84", "median"), ("0.85", "elite")]
)
def test_bands_of_compliance(share: str, band: Band) -> None:
    assert share_band(Fraction(share), 4, CUTS.compliance) == band


def test_the_ladders_words_and_its_gaps() -> None:
    found = of_return(RoiResult("ok", "", Fraction(3, 2), Fraction(3), weeks=12), CUTS.roi)
    nothing = not_yet("x")
    measured = {"roi": found, "maturity": nothing, "adoption": nothing, "compliance": nothing}
    rows = ladder_rows(BENCHMARKS, measured, "e-commerce")  # type: ignore[arg-type]
    assert [row.own_industry for row in rows] == [False, False, False, True]
    assert rows[3].band_name == "between <1x and 2-3x"
    assert (rows[3].value_text, rows[3].why) == ("1.5x", "12 weeks after the baseline")
    assert (rows[0].band, rows[0].band_name, rows[0].why) == (None, "", "not measurable yet: x")
    assert [(r.ladder.low, r.ladder.median, r.ladder.elite) for r in rows] == [
        ("Ad-hoc", "Standardized", "Optimized"),
        ("Level 1-2", "Level 3", "Level 4-5"),
        ("Reactive", "Proactive", "Predictive"),
        ("<1x", "2-3x", ">5x"),
    ]


@pytest.mark.parametrize(
    ("multiple", "shown"), [("0.96", "0.96x"), ("0.94", "0.9x"), ("1", "1.0x")]
)
def test_a_rounded_multiple_never_seems_to_be_in_another_band(multiple: str, shown: str) -> None:
    result = RoiResult("ok", "", Fraction(multiple), Fraction(multiple), weeks=12)
    assert of_return(result, CUTS.roi).value_text == shown


def test_returns_that_cannot_be_placed() -> None:
    assert of_return(RoiResult("no_cost", "n/a - enter cost"), CUTS.roi).why == "n/a - enter cost"
    little = of_return(RoiResult("not_enough_data", "not enough data: 2 PMs"), CUTS.roi)
    assert (little.band, little.why) == (None, "not measurable yet: not enough data: 2 PMs")
    grown = RoiResult("ok", "", Fraction(-1, 2), Fraction(-1, 2), load_grew=True, weeks=9)
    assert of_return(grown, CUTS.roi).band == "low"
    assert of_return(grown, CUTS.roi).why.endswith("load grew")


def test_maturity_that_is_missing_stale_or_rated_too_thinly() -> None:
    def why(*found: Assessment) -> str:
        return of_maturity(found, MODEL, TODAY, CUTS.maturity).why

    assert "no maturity check-in" in why()
    assert "181 days old, and counts for 180" in why(assessed(days_ago=181))
    assert "too few dimensions" in why(assessed(None))
    assert why(assessed(days_ago=180)) == "the last check-in"
    # A stale level of a dimension opens no top band either.
    assert of_count((8, 8), CUTS.adoption, None, MODEL, ADOPTION).band == "median"


def test_the_top_band_says_what_else_it_asks_for() -> None:
    found = of_count((8, 8), CUTS.adoption, assessed(process=3), MODEL, ADOPTION)
    assert found.band == "median"
    assert "the top band also asks for level 4 in Process standards" in found.why
    assert of_count((8, 8), CUTS.adoption, assessed(process=4), MODEL, ADOPTION).band == "elite"


def test_practices_in_use() -> None:
    def ago(days: int) -> datetime:
        return datetime(2026, 11, 24, 12, tzinfo=UTC) - timedelta(days=days)

    items = [
        item("E1", done_at=ago(30)),
        item("E2", done_at=ago(31)),
        item("E3", done_at=ago(90), confirmed_at=ago(2)),
        item("E4", "started", confirmed_at=ago(1)),
        item("E5", "dropped"),
        item("A1", done_at=ago(1)),
    ]
    assert in_use(items, BENCHMARKS.practices, TODAY, 30, UTC) == (2, 5)
    untouched = [item("E1", "open", item_id=None)]
    assert (
        in_use(untouched, BENCHMARKS.practices, TODAY, 30, UTC) == "nobody has begun the checklist."
    )
    assert "none of the practices" in str(in_use([item("A1")], ("E1",), TODAY, 30, UTC))


SINCE = TODAY - timedelta(days=90)


def of(*items: tuple[TeamItem, date | None], **more: object) -> Commitments:
    values = {"checkins": (), "assessed_on": (), **more}
    return commitments(items, due=MODEL.due, since=SINCE, today=TODAY, **values)  # type: ignore[arg-type]


def test_dated_items() -> None:
    day = TODAY - timedelta(days=10)
    late = day + timedelta(days=1)
    assert of((item("E1", due_on=day), day)) == Commitments(1, 1)
    assert of((item("E1", due_on=day), late)) == Commitments(1, 0)
    assert of((item("E1", "started", due_on=day), None)) == Commitments(1, 0)
    assert of((item("E1", "dropped", due_on=day), None)) == Commitments(0, 0)
    assert of((item("E1", due_on=None), day)) == Commitments(0, 0)
    # Neither what is due today or later, nor what is long over.
    assert of((item("E1", due_on=TODAY), TODAY)) == Commitments(0, 0)
    assert of((item("E1", due_on=SINCE), SINCE)) == Commitments(1, 1)
    before = SINCE - timedelta(days=1)
    assert of((item("E1", due_on=before), before)) == Commitments(0, 0)


def test_check_ins_and_reassessments() -> None:
    kept = [CheckinKept(TODAY - timedelta(days=n), n != 20) for n in (10, 20, 91)]
    assert of(checkins=kept) == Commitments(2, 1)
    # 150 days ago: overdue after 120, that is 30 days ago, and nothing followed.
    assert of(assessed_on=[TODAY - timedelta(days=150)]) == Commitments(1, 0)
    # Followed after 90 days, in time; the second one is not due yet.
    both = [TODAY - timedelta(days=n) for n in (60, 150)]
    assert of(assessed_on=both) == Commitments(1, 1)
    # Followed after 130 days: too late, whenever that was.
    assert of(assessed_on=[TODAY - timedelta(days=n) for n in (10, 140)]) == Commitments(1, 0)
    assert Commitments(8, 6).share == Fraction(3, 4)
