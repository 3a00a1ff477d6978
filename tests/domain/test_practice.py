"""The facts of a team's practice, out of its assessment, ladders and weeks, worked by hand."""

from datetime import UTC, date, datetime
from fractions import Fraction

from domain.baseline import baseline_of
from domain.benchmarks import Band, LadderRow, band_name, load_benchmarks
from domain.categories import Catalog
from domain.maturity import Assessment, DimensionScore, load_maturity
from domain.practice import BandChange
from domain.practicefacts import assessment_fact, band_changes, shift_of
from tests.domain.team_weeks import series


def test_an_assessment_keeps_the_models_names_and_milestones() -> None:
    model = load_maturity()
    scores = (
        DimensionScore("tools", level=1, raters=4, spread="aligned", counts=(4, 0, 0, 0, 0)),
        DimensionScore("gone", level=2, raters=4),
        DimensionScore("data", level=5, raters=4),
    )
    closed = Assessment("c1", datetime(2026, 8, 25, tzinfo=UTC), 5, 4, scores, overall=2)
    fact = assessment_fact(closed, model, date(2026, 11, 23))
    assert (fact.age_days, fact.overall) == (90, 2)
    # In the model's order; what the model no longer has is left out.
    assert [d.id for d in fact.dimensions] == ["data", "tools"]
    data, tools = fact.dimensions
    assert data.milestone is None
    assert tools.name == "Toolstack"
    assert tools.milestone == "Write an inventory: tool, owner, users, cost"


def test_a_band_that_was_unknown_is_no_change() -> None:
    bands: tuple[Band | None, ...] = ("median", "elite", None, "low")
    now = [
        LadderRow(ladder, "", band, band_name(ladder, band) if band else "", "", False)
        for ladder, band in zip(load_benchmarks().rows, bands, strict=True)
    ]
    before = {"adoption": "low", "maturity": "elite", "compliance": "low"}
    assert band_changes(before, now) == (
        BandChange("Product Operations Adoption", "Ad-hoc", "Standardized"),
    )
    assert band_changes({"adoption": "a band of old"}, now) == ()


def test_where_the_hours_went(catalog: Catalog) -> None:
    weeks = series(
        [{"tools": 36, "strategy": 20, "interrupts": 10}] * 4
        + [None]
        + [{"tools": 28, "strategy": 20, "interrupts": 14}] * 2
        + [{"tools": 26, "strategy": 22, "interrupts": 18}] * 2
    )
    baseline = baseline_of(weeks, 4)
    assert baseline is not None
    found = shift_of(baseline, weeks, 8, catalog)
    assert found is not None
    # 36 to 27 operational, 20 to 21 strategic: 1 of 9 points; firefighting 10 to 16.
    assert found.weeks == 4
    assert found.operational_before - found.operational_now == Fraction(9, 100)
    assert found.strategic_now - found.strategic_before == Fraction(1, 100)
    assert found.realisation == Fraction(1, 9)
    assert found.grown == "Firefighting"
    newest = shift_of(baseline, weeks, 2, catalog)
    assert newest is not None
    assert (newest.weeks, newest.operational_now) == (2, Fraction(26, 100))
    assert shift_of(baseline, weeks[:4], 8, catalog) is None
