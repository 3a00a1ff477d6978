"""Entering what the return is worked out from: leads only, and nothing typed is lost."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from domain.amounts import AmountProblem, read_amount
from domain.baseline import read_weeks
from domain.cleaning import clean
from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.roi import RoiInputs, worth_of
from handlers import profiles
from handlers.call import Answer, Call, Errors, Show
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.roi import baseline_words, lead_of, roi_of
from handlers.teamhistory import history_of
from handlers.teamreading import TeamReading
from handlers.views.blocks import View
from handlers.views.roi import EDIT, roi_saved
from handlers.views.roi_form import (
    AMOUNTS,
    BASELINE_WEEKS,
    OPS_PEOPLE,
    ROI_MODAL,
    RoiForm,
    changed_meanwhile,
    read_roi,
    roi_modal,
    typed,
    weeks_text,
)
from storage import roi
from storage.database import Tx
from storage.teams import Team

#: The most that each amount may be, where it is not money.
_MOST = {"ops_fte": Fraction(1000), "hours_per_week": Fraction(112)}
#: Weeks that a chosen baseline may span.
_LONGEST = 26


def register(registry: Registry) -> None:
    registry.actions[EDIT] = edit_clicked
    registry.submissions[ROI_MODAL] = save


async def edit_clicked(call: Call) -> Answer:
    """*Edit inputs*: the form with what stands; the button carries the team."""
    await open_modal(call, _form(call))
    return None


async def _form(call: Call) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await lead_of(call, tx, member, call.value or None)
        form = await _standing(call, tx, team)
        return roi_modal(form, proposed=await _usual_weeks(call, tx, team))


async def _standing(call: Call, tx: Tx, team: Team) -> RoiForm:
    inputs = await roi.inputs_of(tx, team.team_id) or RoiInputs()
    stays = await roi.ops_stays(tx, team.team_id)
    usual = f"{call.services.playbook.benchmarks.roi.hours_per_week:f}"
    return RoiForm(
        team_id=team.team_id,
        currency=inputs.currency,
        amounts=typed(inputs, usual),
        people=tuple(stay.user_id for stay in stays if stay.until is None),
        weeks=weeks_text(inputs),
        others=inputs.other_benefits,
        seen=inputs.saved_at.isoformat() if inputs.saved_at else "",
    )


async def _usual_weeks(call: Call, tx: Tx, team: Team) -> str:
    """Which weeks are compared with where none are chosen."""
    count = call.services.playbook.benchmarks.roi.baseline_weeks
    return f"the first {count} weeks of {team.name[:40]} with numbers"


async def save(call: Call) -> Answer:
    """*Save*: what another lead saved meanwhile is told before it is replaced."""
    form = read_roi(call.values, str(call.view.get("private_metadata") or ""))
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await lead_of(call, tx, member, form.team_id)
    read = _read(form, team, call.now)
    if isinstance(read, Errors):
        return read
    if len(await _active(call, form.people)) < len(form.people):
        return Errors({OPS_PEOPLE: "Choose people who are active in this workspace, no bots."})
    async with call.write() as tx:
        standing = await _standing(call, tx, team)
        if standing.seen != form.seen and not _same(standing, form):
            other = await roi.inputs_of(tx, team.team_id)
            notice = changed_meanwhile(other.saved_by if other else "", form, standing)
            again = replace(form, seen=standing.seen)
            usual = await _usual_weeks(call, tx, team)
            return Show(roi_modal(again, proposed=usual, notice=notice))
        await roi.save_inputs(tx, team.team_id, read, call.user_id, call.now)
        joined, left = await roi.set_product_ops(tx, team.team_id, form.people, call.now)
    return Show(await _outcome(call, team, _people_notes(joined, left)))


def _same(one: RoiForm, other: RoiForm) -> bool:
    return replace(one, seen="", team_id="") == replace(other, seen="", team_id="")


async def _active(call: Call, user_ids: tuple[str, ...]) -> list[str]:
    found = []
    for user_id in user_ids:
        person = (await profiles.ensure(call.services, call.workspace_id, user_id)).person
        if not (person.is_bot or person.is_deleted):
            found.append(user_id)
    return found


def _people_notes(joined: list[str], left: list[str]) -> list[str]:
    notes = []
    if joined:
        who = ", ".join(f"<@{user_id}>" for user_id in joined[:10])
        notes.append(f"Product operations from now on, and not counted as PMs: {who}.")
    if left:
        who = ", ".join(f"<@{user_id}>" for user_id in left[:10])
        notes.append(f"Counted as PMs again from now on: {who}.")
    return notes


async def _outcome(call: Call, team: Team, notes: list[str]) -> View:
    async with call.read() as tx:
        reading = TeamReading(call.services, tx, team, call.now)
        history, result = await history_of(reading), await roi_of(reading)
    worth = worth_of(result, history.inputs, call.services.playbook.benchmarks.roi)
    words = baseline_words(history)
    return roi_saved(result, worth, history.inputs, baseline=words, notes=notes)


def _read(form: RoiForm, team: Team, now: datetime) -> RoiInputs | Errors:
    """The inputs, or what is wrong with each field."""
    errors: dict[str, str] = {}
    amounts: dict[str, Fraction | None] = {}
    for name, (block, _, _) in AMOUNTS.items():
        try:
            most = _MOST.get(name)
            text = form.amount(name)
            amounts[name] = read_amount(text, most=most) if most else read_amount(text)
        except AmountProblem as problem:
            errors[block] = str(problem)
    if amounts.get("hours_per_week") == 0:
        errors[AMOUNTS["hours_per_week"][0]] = "Write the hours of a week, such as 40."
    last = Period.containing(now.astimezone(zone_or_utc(team.tz)).date()).shift(-1)
    weeks = read_weeks(form.weeks, last)
    if weeks is None and form.weeks.strip():
        errors[BASELINE_WEEKS] = "Write two weeks such as 2026-W23 to 2026-W26."
    elif weeks is not None:
        fault = _fault_of(weeks, last)
        errors |= {BASELINE_WEEKS: fault} if fault else {}
    if errors:
        return Errors(errors)
    return RoiInputs(
        currency=" ".join(clean(form.currency).split()),
        baseline=weeks,
        other_benefits=clean(form.others).strip(),
        pm_salary=amounts["pm_salary"],
        ops_salary=amounts["ops_salary"],
        ops_fte=amounts["ops_fte"],
        tools_per_quarter=amounts["tools_per_quarter"],
        setup_cost=amounts["setup_cost"],
        hours_per_week=amounts["hours_per_week"],
    )


def _fault_of(weeks: tuple[Period, Period], last: Period) -> str | None:
    first, end = weeks
    if end > last:
        return "The baseline lies in the past: choose weeks that are over."
    if first > end:
        return "The last week lies before the first."
    if (end.monday - first.monday).days // 7 >= _LONGEST:
        return f"Choose at most {_LONGEST} weeks."
    return None
