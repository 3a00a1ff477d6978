"""The return on product operations: hours removed, what they are worth, and what they cost."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Literal

from domain.benchmarks import RoiRules
from domain.periods import Period
from domain.personhours import Evidence, change_between

Status = Literal["ok", "preliminary", "no_cost", "not_enough_data"]

#: Weeks in a quarter, those without work included.
CALENDAR_QUARTER = 13
NO_COST = "n/a - enter cost"
NOT_ENOUGH = "not enough data"


@dataclass(frozen=True)
class RoiInputs:
    """What a lead enters. Money in one currency: salaries and set-up as such, tools per quarter.

    `ops_fte` are full positions; `hours_per_week` None: the usual week; `baseline` None: the
    team's first weeks. `other_benefits` is told beside the multiple and never part of it.
    """

    currency: str = ""
    pm_salary: Fraction | None = None
    ops_salary: Fraction | None = None
    ops_fte: Fraction | None = None
    tools_per_quarter: Fraction | None = None
    setup_cost: Fraction | None = None
    hours_per_week: Fraction | None = None
    baseline: tuple[Period, Period] | None = None
    other_benefits: str = ""
    saved_by: str = ""
    saved_at: datetime | None = None

    def hourly(self, rules: RoiRules) -> Fraction:
        """What an hour of a PM costs, loaded."""
        loaded = (self.pm_salary or Fraction(0)) * Fraction(rules.loading)
        return loaded / Fraction(rules.hours_per_year)

    def quarterly_cost(self, rules: RoiRules) -> Fraction:
        """What product operations costs in a quarter, loaded; set-up is spread over four."""
        zero = Fraction(0)
        people = (self.ops_fte or zero) * (self.ops_salary or zero) * Fraction(rules.loading) / 4
        return people + (self.tools_per_quarter or zero) + (self.setup_cost or zero) / 4


@dataclass(frozen=True)
class RoiResult:
    """Multiples of the cost, and hours; nothing in money, so that a channel may see it.

    `gross` counts every removed hour, `multiple` the part realised. Break-evens are hours that
    each PM has to save a week, at this realisation and at a full one. `quarters`: the part of a
    quarter's cost that the weeks bear. `why` completes the status in words.
    """

    status: Status
    why: str
    multiple: Fraction | None = None
    gross: Fraction | None = None
    hours_removed: Fraction | None = None
    realisation: Fraction = Fraction(1, 2)
    realisation_measured: bool = False
    breakeven_hours: Fraction | None = None
    breakeven_full: Fraction | None = None
    load_grew: bool = False
    weeks: int = 0
    pms: int = 0
    notes: tuple[str, ...] = ()
    quarters: Fraction = Fraction(1)
    baseline_weeks: int = 0
    strategic_gained: Fraction | None = None
    joiners: int = 0


def return_of(evidence: Evidence, inputs: RoiInputs, rules: RoiRules) -> RoiResult:
    """The return, or why there is none; every edge case of the playbook's section 4."""
    missing = _too_little(evidence, rules)
    if missing is not None:
        return _without_data(missing, evidence, inputs, rules)
    change = change_between(evidence.before, evidence.after, evidence.hours_per_week)
    removed, gained = change.removed, change.gained
    realisation, measured = _realised(evidence, removed, gained, rules)
    quarters = cost_share(evidence.span, rules)
    cost = inputs.quarterly_cost(rules) * quarters
    rate = inputs.hourly(rules)
    status, why = _standing(evidence, cost, rate, rules)
    priced = cost > 0 and rate > 0
    full = cost / (evidence.pm_weeks * rate) if priced else None
    gross = removed * rate / cost if priced else None
    return RoiResult(
        status=status,
        why=why,
        multiple=gross * realisation if gross is not None else None,
        gross=gross,
        hours_removed=removed,
        realisation=realisation,
        realisation_measured=measured,
        breakeven_hours=full / realisation if full is not None and realisation else None,
        breakeven_full=full,
        load_grew=removed < 0,
        weeks=evidence.weeks,
        pms=evidence.pms,
        notes=(*_notes(evidence, change.joiners, quarters, rules), *evidence.cautions),
        quarters=quarters,
        baseline_weeks=evidence.baseline_weeks,
        strategic_gained=gained,
        joiners=change.joiners,
    )


def _too_little(evidence: Evidence, rules: RoiRules) -> str | None:
    """What is missing for any figure at all."""
    if evidence.people < rules.fewest_people:
        return f"{_count(evidence.people, 'PM')}, and it takes {rules.fewest_people}"
    least = Fraction(rules.fewest_participation)
    if evidence.participation < least:
        shown = int(evidence.participation * 100)
        return f"{shown}% of the PMs logged, and it takes {int(least * 100)}%"
    if evidence.baseline_weeks < rules.fewest_baseline_weeks:
        weeks = _count(evidence.baseline_weeks, "week")
        return f"the baseline has {weeks} with numbers, and it takes {rules.fewest_baseline_weeks}"
    if not evidence.after:
        return "no week after the baseline has numbers yet"
    return None


def _without_data(
    missing: str, evidence: Evidence, inputs: RoiInputs, rules: RoiRules
) -> RoiResult:
    """Even then it can be said from which saving on the cost would come back, for a quarter."""
    default = Fraction(rules.default_realisation)
    cost, rate = inputs.quarterly_cost(rules), inputs.hourly(rules)
    hours = evidence.people * rules.quarter_weeks * rate
    told = cost > 0 and rate > 0 and evidence.people >= rules.fewest_people
    full = cost / hours if told else None
    return RoiResult(
        status="not_enough_data",
        why=f"{NOT_ENOUGH}: {missing}",
        realisation=default,
        breakeven_hours=full / default if full is not None and default else None,
        breakeven_full=full,
        weeks=evidence.weeks,
        baseline_weeks=evidence.baseline_weeks,
    )


def _realised(
    evidence: Evidence, removed: Fraction, gained: Fraction, rules: RoiRules
) -> tuple[Fraction, bool]:
    """The part of the removed hours that became strategic work, and whether it was measured."""
    if removed < 0:
        return Fraction(1), False
    known = evidence.has_strategic and evidence.weeks >= rules.fewest_baseline_weeks
    if not known or removed == 0:
        return Fraction(rules.default_realisation), False
    return min(Fraction(1), max(Fraction(0), gained / removed)), True


def cost_share(span: int, rules: RoiRules) -> Fraction:
    """The part of a quarter's cost that falls on so many weeks; a quarter is one from
    `quarter_weeks` on, since some of its weeks are holidays."""
    if span < rules.quarter_weeks:
        return Fraction(span, rules.quarter_weeks)
    return max(Fraction(1), Fraction(span, CALENDAR_QUARTER))


def _standing(
    evidence: Evidence, cost: Fraction, rate: Fraction, rules: RoiRules
) -> tuple[Status, str]:
    if cost <= 0:
        return "no_cost", NO_COST
    if rate <= 0:
        return "no_cost", f"{NO_COST}: the salary of a PM is missing"
    if evidence.weeks < rules.preliminary_weeks:
        weeks = _count(evidence.weeks, "week")
        return "preliminary", f"preliminary: {weeks} after the baseline"
    return "ok", ""


def _notes(
    evidence: Evidence, joiners: int, quarters: Fraction, rules: RoiRules
) -> tuple[str, ...]:
    notes = []
    if joiners:
        were = "was" if joiners == 1 else "were"
        notes.append(
            f"{_count(joiners, 'PM')} {were} not there in the baseline: compared with its mean."
        )
    if evidence.span > evidence.weeks:
        silent = _count(evidence.span - evidence.weeks, "week")
        notes.append(f"{silent} without enough answers: nothing saved is counted for them.")
    if quarters < 1:
        part = f"{evidence.span} of {rules.quarter_weeks} weeks"
        notes.append(f"These weeks bear {part} of a quarter's cost.")
    return tuple(notes)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def multiple_text(multiple: Fraction) -> str:
    """`0.4x`; below zero `−0.3x`, and never a nought that hides the side it is on."""
    tenths = floor(abs(multiple) * 10 + Fraction(1, 2))
    if multiple < 0:
        return f"−{tenths / 10:.1f}x" if tenths else "just below 0x"
    return f"{tenths / 10:.1f}x"


def hours_text(hours: Fraction) -> str:
    """`345.6 h`, `9.0 h`, `−12.0 h`."""
    tenths = floor(abs(hours) * 10 + Fraction(1, 2))
    sign = "−" if hours < 0 and tenths else ""
    return f"{sign}{tenths / 10:,.1f} h"


@dataclass(frozen=True)
class Worth:
    """The same in money, for leads only: a PM's hour, the hours removed, and what is realised."""

    hourly: Fraction
    gross: Fraction
    realised: Fraction
    cost: Fraction


def worth_of(result: RoiResult, inputs: RoiInputs, rules: RoiRules) -> Worth:
    hourly = inputs.hourly(rules)
    gross = (result.hours_removed or Fraction(0)) * hourly
    cost = inputs.quarterly_cost(rules) * result.quarters
    return Worth(hourly, gross, gross * result.realisation, cost)
