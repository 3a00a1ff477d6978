"""What a span brought: maturity then and now, items ended, and the three decisions wanted."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from domain.checklist import TeamItem
from domain.insights import Insight
from domain.maturity import Assessment, DimensionScore, load_maturity
from domain.outcomes import MaturityChange, decisions_wanted, ended, maturity_change
from domain.roi import RoiResult
from domain.summary import Target

MODEL = load_maturity()
BEGINS, ENDS = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
TODAY = date(2026, 7, 1)


def assessment(day: date, overall: int | None, **levels: int | None) -> Assessment:
    scores = tuple(
        DimensionScore(dimension, level, 6, spread="split" if level == 4 else "aligned")
        for dimension, level in levels.items()
    )
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Assessment(f"c{day}", at, 7, 6, scores, overall, ("tools",))


MARCH = assessment(date(2026, 3, 10), 2, data=3, process=2, tools=1, insight=4)
MAY = assessment(date(2026, 5, 10), 2, data=3, process=2, tools=2, insight=4)
JUNE = assessment(date(2026, 6, 20), 3, data=2, process=3, tools=2, insight=4, outcomes=None)


def change_of(*assessments: Assessment) -> MaturityChange:
    found = maturity_change(assessments, BEGINS, ENDS, MODEL)
    assert found is not None
    return found


def test_the_last_one_is_compared_with_the_last_before_the_span() -> None:
    found = change_of(JUNE, MAY, MARCH)
    assert (found.then, found.now, found.fresh) == (MARCH, JUNE, True)
    assert [(s.dimension, s.change) for s in found.raised] == [("process", 1), ("tools", 1)]
    assert [(s.dimension, s.change) for s in found.fallen] == [("data", -1)]
    assert [s.dimension for s in found.split] == ["insight"]
    assert found.held_back_by == ("Toolstack",)
    # The lowest two, in the model's order.
    assert [s.dimension for s in found.lowest] == ["data", "tools"]
    assert found.lowest[1].milestone == MODEL.dimensions[3].up[1]


def test_with_none_before_the_span_its_first_one_serves() -> None:
    assert change_of(MAY, JUNE).then == MAY
    alone = change_of(JUNE)
    assert (alone.then, alone.raised, alone.fresh) == (None, [], True)


def test_an_older_one_is_told_as_such_and_a_later_one_not_at_all() -> None:
    later = assessment(date(2026, 7, 2), 4, data=4)
    found = change_of(MARCH, later)
    assert (found.now, found.then, found.fresh) == (MARCH, None, False)
    assert maturity_change([later], BEGINS, ENDS, MODEL) is None
    assert maturity_change([], BEGINS, ENDS, MODEL) is None


def test_dimensions_that_the_model_no_longer_has_are_left_out() -> None:
    odd = assessment(date(2026, 6, 20), 3, data=3, gone=1)
    assert [s.dimension for s in change_of(odd).standings] == ["data"]


def test_items_that_ended_within_the_span() -> None:
    def item(ref: str, state: str, at: datetime | None) -> TeamItem:
        done = at if state == "done" else None
        return TeamItem(ref, ref, "t", "execute", ref, state=state, state_since=at, done_at=done)  # type: ignore[arg-type]

    within, before = BEGINS, BEGINS - timedelta(seconds=1)
    items = [
        item("E1", "done", within),
        item("E2", "done", before),
        item("E3", "done", ENDS),
        item("E4", "blocked", before),
        item("E5", "dropped", within),
        item("E6", "dropped", ENDS),
        item("E7", "open", None),
    ]
    found = ended(items, BEGINS, ENDS)
    assert [i.ref for i in found.done] == ["E1"]
    assert [i.ref for i in found.blocked] == ["E4"]
    assert [i.ref for i in found.dropped] == ["E5"]


def wanted(
    *,
    insights: tuple[Insight, ...] = (),
    roi: RoiResult | None = None,
    change: MaturityChange | None = None,
    target: Target | None = None,
    operational: Fraction | None = Fraction(27, 100),
) -> tuple[str, str, str]:
    return decisions_wanted(
        insights=insights,
        roi=roi,
        change=change,
        target=target,
        operational=operational,
        today=TODAY,
        stale_days=180,
    )


HIRE = Insight("R01", "high", "Hire", {})


def returned(multiple: Fraction, *, status: str = "ok", grew: bool = False) -> RoiResult:
    return RoiResult(
        status=status,  # type: ignore[arg-type]
        why="",
        multiple=multiple,
        gross=multiple * 2,
        breakeven_hours=Fraction(9),
        load_grew=grew,
    )


@pytest.mark.parametrize(
    ("roi", "said"),
    [
        (returned(Fraction(2, 5)), "Keep or resize the product operations role: 0.4x realised"),
        (returned(Fraction(99, 100)), "Keep or resize"),
        (returned(Fraction(1)), "Keep the product operations role: 1.0x realised"),
        (returned(Fraction(3), status="preliminary"), "3.0x realised, still preliminary"),
        (returned(Fraction(-1, 2), grew=True), "the load grew (−0.5x realised)"),
        (RoiResult("no_cost", "n/a - enter cost"), "Agree what product operations costs"),
        (RoiResult("not_enough_data", "not enough data"), "nothing to decide"),
        (None, "nothing to decide"),
    ],
)
def test_a_the_role(roi: RoiResult | None, said: str) -> None:
    assert said in wanted(roi=roi)[0]


def test_a_the_hire_signal_asks_where_no_return_is_told() -> None:
    assert "the hire signal holds" in wanted(insights=(HIRE,))[0]
    assert "the hire signal holds" in wanted(insights=(HIRE,), roi=RoiResult("no_cost", ""))[0]
    assert "Keep or resize" in wanted(insights=(HIRE,), roi=returned(Fraction(2, 5)))[0]


def test_b_the_next_dimensions() -> None:
    assert "there is no check-in yet" in wanted()[1]
    named = wanted(change=change_of(JUNE))[1]
    assert named.endswith("Product analytics & data (level 2) and Toolstack (level 2)")
    stale = change_of(assessment(date(2026, 1, 1), 2, data=2))
    assert wanted(change=stale)[1] == "Assess maturity again: the last check-in is 181 days old"
    assert (
        "Which dimensions" in wanted(change=change_of(assessment(date(2026, 1, 2), 2, data=2)))[1]
    )


@pytest.mark.parametrize(
    ("by", "now", "said"),
    [
        (date(2026, 9, 30), 27, "Keep the target of 25% by 30 Sep, or change it, now 27%"),
        (date(2026, 9, 30), 25, "A new target: 25% is met, now 25%"),
        (date(2026, 6, 30), 27, "A new target or date: 25% by 30 Jun was missed, now 27%"),
        (date(2026, 7, 1), 27, "Keep the target"),
        (date(2026, 6, 30), 20, "A new target: 25% is met"),
    ],
)
def test_c_the_target(by: date, now: int, said: str) -> None:
    target = Target(Fraction(1, 4), by)
    assert said in wanted(target=target, operational=Fraction(now, 100))[2]


def test_c_without_a_target_one_is_to_be_set() -> None:
    assert wanted()[2] == "Set a target for operational time (`/prodops goals`), now 27%"
    assert wanted(operational=None)[2].endswith("(`/prodops goals`)")
