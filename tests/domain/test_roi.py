"""The return on product operations against figures worked by hand, every edge case among them."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.benchmarks import RoiRules, load_benchmarks
from domain.personhours import Evidence, Logged, PersonLog, change_between
from domain.roi import (
    RoiInputs,
    RoiResult,
    cost_share,
    hours_text,
    multiple_text,
    return_of,
    worth_of,
)

RULES = load_benchmarks().roi
Amount = Fraction | float
#: The playbook's worked example: 120k for a PM, one product operations person at 110k, 3k of tools.
INPUTS = RoiInputs(
    currency="EUR",
    pm_salary=Fraction(120_000),
    ops_salary=Fraction(110_000),
    ops_fte=Fraction(1),
    tools_per_quarter=Fraction(3_000),
)


def log(user_id: str, weeks: int, operational: Amount, strategic: Amount) -> PersonLog:
    """So many weeks of one PM, each with these hours, entered in time."""

    def logged(hours: Amount) -> Logged:
        minutes = Fraction(str(hours)) * 60 * weeks
        assert minutes.denominator == 1
        return Logged(minutes=int(minutes))

    return PersonLog(user_id, weeks, logged(operational), logged(strategic))


def logs(count: int, people: int, operational: Amount, strategic: Amount) -> list[PersonLog]:
    """So many weeks of so many PMs, all with these hours."""
    return [log(f"U{n}", count, operational, strategic) for n in range(people)]


def evidence(
    *,
    before: tuple[Amount, Amount] = (14.4, 10.8),
    after: tuple[Amount, Amount] = (10.8, 12.6),
    people: int = 8,
    baseline_weeks: int = 4,
    span: int = 12,
) -> Evidence:
    """The worked example: 40 h, 36 % operational before and 27 % after; strategic +1.8 h."""
    return Evidence(
        baseline_weeks=baseline_weeks,
        weeks=span,
        before=logs(baseline_weeks, people, *before),
        after=logs(span, people, *after),
        span=span,
        people=people,
        participation=Fraction(1),
        hours_per_week=Fraction(40),
    )


def returned(found: Evidence, inputs: RoiInputs = INPUTS, rules: RoiRules = RULES) -> RoiResult:
    return return_of(found, inputs, rules)


def test_the_worked_example_of_the_playbook() -> None:
    result = returned(evidence())
    worth = worth_of(result, INPUTS, RULES)
    assert result.status == "ok"
    # 3.6 h x 8 PMs x 12 weeks.
    assert result.hours_removed == Fraction("345.6")
    # 120,000 x 1.43 / 1760, and 110,000 x 1.43 / 4 + 3,000.
    assert worth.hourly == Fraction("97.5")
    assert worth.cost == Fraction(42_325)
    # Half of the removed hours, 1.8 of 3.6, went to customers and strategy.
    assert result.realisation == Fraction(1, 2)
    assert result.realisation_measured
    assert worth.gross == Fraction(33_696)
    assert worth.realised == Fraction(16_848)
    assert multiple_text(result.multiple or Fraction(0)) == "0.4x"
    assert multiple_text(result.gross or Fraction(0)) == "0.8x"
    assert result.breakeven_hours is not None
    assert result.breakeven_full is not None
    # 42,325 / (8 x 12 x 97.5) = 4.52, and twice that at a half.
    assert hours_text(result.breakeven_hours) == "9.0 h"
    assert hours_text(result.breakeven_full) == "4.5 h"
    assert (result.weeks, result.pms) == (12, 8)


def test_five_times_takes_eleven_and_a_half_pms() -> None:
    """The playbook: even if all 40 % of 44 weeks went, one person at 110k needs 11.5 PMs for 5x."""
    per_pm = 16 * 44 * INPUTS.hourly(RULES)
    person = replace(INPUTS, tools_per_quarter=None)
    assert round(float(5 * 4 * person.quarterly_cost(RULES) / per_pm), 1) == 11.5


@pytest.mark.parametrize(
    "inputs",
    [
        RoiInputs(pm_salary=Fraction(120_000)),
        RoiInputs(pm_salary=Fraction(120_000), ops_salary=Fraction(0), ops_fte=Fraction(1)),
        RoiInputs(pm_salary=Fraction(120_000), ops_salary=Fraction(90_000)),
    ],
)
def test_without_a_cost_there_is_no_multiple(inputs: RoiInputs) -> None:
    result = returned(evidence(), inputs)
    assert result.status == "no_cost"
    assert result.why == "n/a - enter cost"
    assert (result.multiple, result.gross, result.breakeven_hours) == (None, None, None)
    assert result.hours_removed == Fraction("345.6")


def test_without_a_salary_of_pms_there_is_none_either() -> None:
    result = returned(evidence(), replace(INPUTS, pm_salary=None))
    assert result.status == "no_cost"
    assert result.why == "n/a - enter cost: the salary of a PM is missing"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            evidence(baseline_weeks=1),
            "not enough data: the baseline has 1 week with numbers, and it takes 2",
        ),
        (evidence(people=2), "not enough data: 2 PMs, and it takes 3"),
        (
            replace(evidence(), participation=Fraction(49, 100)),
            "not enough data: 49% of the PMs logged, and it takes 50%",
        ),
        (
            replace(evidence(), after=[], span=0, weeks=0),
            "not enough data: no week after the baseline has numbers yet",
        ),
    ],
)
def test_too_little_to_go_by(found: Evidence, said: str) -> None:
    result = returned(found)
    assert result.status == "not_enough_data"
    assert result.why == said
    assert result.multiple is None
    assert result.hours_removed is None


def test_just_enough_to_go_by() -> None:
    assert returned(evidence(baseline_weeks=2)).status == "ok"
    assert returned(evidence(people=3)).status == "ok"
    assert returned(replace(evidence(), participation=Fraction(1, 2))).status == "ok"


def test_before_there_are_numbers_the_break_even_of_a_quarter_can_be_told() -> None:
    result = returned(replace(evidence(), after=[], span=0, weeks=0))
    # As in the worked example, whose twelve weeks are a quarter's.
    assert hours_text(result.breakeven_full or Fraction(0)) == "4.5 h"
    assert hours_text(result.breakeven_hours or Fraction(0)) == "9.0 h"
    assert returned(evidence(people=2)).breakeven_hours is None


@pytest.mark.parametrize(("span", "status"), [(7, "preliminary"), (8, "ok")])
def test_under_eight_weeks_it_is_preliminary(span: int, status: str) -> None:
    result = returned(evidence(span=span))
    assert result.status == status
    if span == 7:
        assert result.why == "preliminary: 7 weeks after the baseline"
    # Seven weeks bear seven twelfths of a quarter's cost: the multiple is that of a quarter.
    assert multiple_text(result.multiple or Fraction(0)) == "0.4x"


def test_when_hours_rose_it_is_below_zero_and_never_clipped() -> None:
    result = returned(evidence(before=(10.8, 12.6), after=(14.4, 10.8)))
    assert result.load_grew
    assert result.hours_removed == Fraction("-345.6")
    assert result.realisation == 1
    assert not result.realisation_measured
    assert multiple_text(result.multiple or Fraction(0)) == "−0.8x"


def test_hours_freed_that_reached_no_strategy_are_worth_nothing() -> None:
    result = returned(evidence(after=(10.8, 9.0)))
    assert result.realisation == 0
    assert result.multiple == 0
    assert result.breakeven_hours is None
    assert hours_text(result.breakeven_full or Fraction(0)) == "4.5 h"


def test_more_strategy_than_was_freed_counts_as_all_of_it() -> None:
    assert returned(evidence(after=(10.8, 20))).realisation == 1


def test_without_strategic_categories_half_is_assumed() -> None:
    result = returned(replace(evidence(), has_strategic=False))
    assert result.realisation == Fraction(1, 2)
    assert not result.realisation_measured
    assert returned(evidence(span=1)).realisation_measured is False


def test_joiners_are_compared_with_the_teams_mean_and_leavers_stop_at_their_last_log() -> None:
    # Three PMs of 10, 12 and 14 h: mean 12. A fourth joins with 9 h in two weeks: 3 h less each.
    # The first leaves after one week with 8 h; the others stay as they were.
    before = [log(f"U{n}", 2, 10 + 2 * n, 10) for n in range(3)]
    after = [log("U0", 1, 8, 10), log("U1", 1, 12, 10), log("U2", 1, 14, 10), log("U9", 2, 9, 10)]
    found = replace(evidence(span=2), before=before, after=after, people=3, baseline_weeks=2)
    result = returned(found)
    assert result.hours_removed == 2 + 2 * 3
    assert result.pms == 4
    assert "1 PM was not there in the baseline: compared with its mean." in result.notes


def test_weeks_of_leave_are_simply_not_there() -> None:
    """U0 logs every other week only: six weeks of 3.6 h fewer than the others' twelve."""
    whole = evidence()
    after = [log("U0", 6, 10.8, 12.6), *whole.after[1:]]
    assert returned(replace(whole, after=after)).hours_removed == Fraction("345.6") - 6 * Fraction(
        "3.6"
    )


def test_weeks_without_numbers_cost_and_save_nothing() -> None:
    found = evidence(span=9)
    result = returned(replace(found, span=12))
    assert result.hours_removed == Fraction("259.2")
    assert result.quarters == 1
    assert "3 weeks without enough answers: nothing saved is counted for them." in result.notes


@pytest.mark.parametrize(
    ("span", "share"), [(1, "1/12"), (6, "1/2"), (12, "1"), (13, "1"), (26, "2"), (39, "3")]
)
def test_the_cost_of_so_many_weeks(span: int, share: str) -> None:
    assert cost_share(span, RULES) == Fraction(share)


def test_shares_take_contracted_hours_and_times_their_own() -> None:
    """36 % of 40 h are 14.4 h; of a week entered in time 90 minutes are an hour and a half."""
    nothing = Logged()
    before = [PersonLog("U1", 1, nothing, nothing)]
    shares = PersonLog("U1", 1, Logged(share_bp=3600), Logged(share_bp=2400))
    times = PersonLog("U1", 1, Logged(minutes=90), Logged(minutes=600))
    both = PersonLog("U1", 2, Logged(90, 3600), Logged(600, 2400))
    for hours, found, operational, strategic in (
        (40, shares, "14.4", "9.6"),
        (20, shares, "7.2", "4.8"),
        (40, times, "1.5", "10"),
        (20, times, "1.5", "10"),
        (40, both, "15.9", "19.6"),
    ):
        change = change_between(before, [found], Fraction(hours))
        assert (-change.removed, change.gained) == (Fraction(operational), Fraction(strategic))


def test_means_of_different_numbers_of_weeks_are_each_persons_own() -> None:
    """10 h a week in one week and 16 h in three; then 12 h each: −2 h, and three times 4 h less.
    A third PM with 12 h stands beside the mean of the two, 13 h."""
    before = [log("U1", 1, 10, 0), log("U2", 3, 16, 0)]
    after = [log("U1", 1, 12, 0), log("U2", 3, 12, 0), log("U3", 2, 12, 0)]
    change = change_between(before, after, Fraction(40))
    assert change.removed == -2 + 3 * 4 + 2 * 1
    assert change.joiners == 1


def test_how_multiples_are_written() -> None:
    for value, text in (("0.44", "0.4x"), ("0.45", "0.5x"), ("-0.3", "−0.3x"), ("0", "0.0x")):
        assert multiple_text(Fraction(value)) == text
    assert multiple_text(Fraction("-0.01")) == "just below 0x"


positive = st.integers(6, 60 * 60).map(lambda minutes: Fraction(minutes, 60))


@given(before=positive, after=positive, factor=st.integers(2, 9))
def test_linear_in_the_rate_and_inverse_in_the_cost(
    before: Fraction, after: Fraction, factor: int
) -> None:
    found = evidence(before=(before, 5), after=(after, 6))
    once = returned(found).multiple
    assert once is not None
    dearer = replace(INPUTS, pm_salary=factor * Fraction(120_000))
    assert returned(found, dearer).multiple == factor * once
    twice = replace(INPUTS, ops_fte=Fraction(factor), tools_per_quarter=Fraction(3_000) * factor)
    assert returned(found, twice).multiple == once / factor


@given(
    before=positive,
    after=positive,
    gained=positive,
    people=st.integers(3, 12),
    span=st.integers(1, 30),
)
def test_signs_and_bounds(
    before: Fraction, after: Fraction, gained: Fraction, people: int, span: int
) -> None:
    found = evidence(before=(before, 5), after=(after, gained), people=people, span=span)
    result = returned(found)
    assert result.multiple is not None
    assert result.gross is not None
    assert 0 <= result.realisation <= 1
    assert abs(result.multiple) <= abs(result.gross)
    assert (result.multiple < 0) == result.load_grew == (after > before)
    assert result.breakeven_full is not None
    # Saving just the break-even makes a multiple of one.
    assume(before != after)
    saved = (result.hours_removed or 0) / found.pm_weeks
    assert result.gross == saved / result.breakeven_full
