"""Recording and changing decisions: as typed, and through the form."""

import hashlib
from dataclasses import dataclass
from datetime import date

from domain.decisions import LONGEST, Decision
from domain.decisionwords import DecisionText, day_fault
from domain.eligibility import SkipReason, prompt_obstacle
from domain.localtime import zone_or_utc
from handlers import profiles
from handlers.call import Answer, Call, Errors, Reply
from handlers.decisionreminders import schedule_reminder
from handlers.errors import SayInstead, sentence
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.teamchoice import team_asked_for
from handlers.views import decisionform as form_view
from handlers.views.blocks import Message, View
from handlers.views.decisionform import DecisionForm, decision_modal, read_form, version
from handlers.views.decisions import EDIT, date_words, receipt
from storage import decisions, teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

WHAT_FOR = "its decisions"
#: Nobody could ever see to it.
_NOBODY = {
    SkipReason.BOT: "A bot cannot own a decision: choose a person.",
    SkipReason.DEACTIVATED: "That account is deactivated: choose somebody else.",
}


def register(registry: Registry) -> None:
    registry.submissions[form_view.FORM] = save


@dataclass(frozen=True)
class Standing:
    """A decision with its team and the person who acts on it."""

    decision: Decision
    team: Team
    member: Member


async def open_form(call: Call, form: DecisionForm, notice: str = "") -> None:
    """Open the form with these values; the receipt follows through the call's own way."""
    await open_modal(call, _modal(call, form, notice))


async def _modal(call: Call, form: DecisionForm, notice: str) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team_id = form.team_id or None
        team = await team_asked_for(call, tx, member, team_id=team_id, what=WHAT_FOR)
    filled = DecisionForm(
        team_id=team.team_id,
        what=form.what,
        owner=form.owner,
        due_on=form.due_on,
        url=call.response_url or "",
        replace=form.replace,
    )
    return decision_modal(filled, notice=notice, team_name=team.name)


async def open_edit(call: Call, decision_id: str, *, answered: bool = True) -> None:
    """Open the form for a decision; not `answered`: the message clicked in changes by itself."""
    await open_modal(call, _edit_modal(call, decision_id, answered))


async def _edit_modal(call: Call, decision_id: str, answered: bool) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        standing = await standing_of(call, tx, member, decision_id)
    decision = standing.decision
    if decision.state != "open":
        text = f"Decision #{decision.number} is {decision.state}: reopen it first."
        raise SayInstead(sentence(text))
    form = DecisionForm(
        team_id=decision.team_id,
        what=decision.what,
        owner=decision.owner,
        due_on=decision.due_on,
        decision_id=decision.decision_id,
        standing=version(decision),
        url=(call.response_url or "") if answered else "",
        replace=answered and call.id == EDIT,
    )
    return decision_modal(form, team_name=standing.team.name)


async def standing_of(call: Call, tx: Tx, member: Member, decision_id: str) -> Standing:
    """The decision, if this person may act on it: of the team, its owner, who recorded it."""
    decision = await decisions.get(tx, decision_id)
    team = await teams.get(tx, decision.team_id) if decision else None
    if decision is None or team is None:
        raise SayInstead(sentence("I no longer know that decision."))
    if call.user_id not in (decision.owner, decision.made_by):
        await team_asked_for(call, tx, member, team_id=decision.team_id, what=WHAT_FOR)
    return Standing(decision, team, member)


async def owner_fault(call: Call, owner: str | None) -> str | None:
    """Why this person cannot own a decision; meets people we do not know yet."""
    if owner is None:
        return None
    found = await profiles.ensure(call.services, call.workspace_id, owner)
    obstacle = prompt_obstacle(found.person, call.now.date(), call.now)
    return _NOBODY.get(obstacle) if obstacle else None


def once(call: Call) -> str:
    """The same for all copies of one command or one form that was sent."""
    sent = call.trigger_id if call.kind == "command" else call.view.get("id")
    return hashlib.sha256(f"{call.kind}:{sent}:{call.user_id}".encode()).hexdigest()[:32]


async def record(call: Call, team: Team, member: Member, said: DecisionText) -> Message:
    """Enter what was decided; the receipt."""
    async with call.write() as tx:
        decision = await decisions.add(
            tx,
            team.team_id,
            once(call),
            what=said.what,
            owner=said.owner,
            due_on=said.due_on,
            by=call.user_id,
            now=call.now,
        )
        await schedule_reminder(tx, decision, call.now)
    lead_in = f"Decision #{decision.number} recorded"
    return receipt_for(call, member, decision, team.name, lead_in)


def receipt_for(
    call: Call, member: Member, decision: Decision, team_name: str, lead_in: str
) -> Message:
    """The receipt on the reader's own clock."""
    seen = decision.seen_in(zone_or_utc(member.person.tz))
    today = call.services.today(member.person.tz)
    return receipt(seen, team_name=team_name, lead_in=lead_in, today=today)


async def save(call: Call) -> Answer:
    """*Save*: enter or change the decision, or point at the field that is wrong."""
    form = read_form(call.values, str(call.view.get("private_metadata") or ""))
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    today = call.services.today(member.person.tz)
    wrong = _wrong(form)
    fault = await owner_fault(call, form.owner)
    if fault is not None:
        wrong[form_view.OWNER] = fault
    if form.decision_id:
        return await _save_changes(call, form, member, today, wrong)
    if form.due_on is not None and (fault := day_fault(form.due_on, today)):
        wrong[form_view.DUE] = fault.format(day=date_words(form.due_on, today))
    if wrong:
        return Errors(wrong)
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=form.team_id, what=WHAT_FOR)
    said = DecisionText(form.what, form.owner, None, form.due_on)
    return Reply(await record(call, team, member, said), form.replace, form.url or None)


def _wrong(form: DecisionForm) -> dict[str, str]:
    if not form.what:
        return {form_view.WHAT: "Say what was decided."}
    if len(form.what) > LONGEST:
        text = f"That is {len(form.what):,} characters: please put it into {LONGEST}."
        return {form_view.WHAT: text}
    return {}


async def _save_changes(
    call: Call, form: DecisionForm, member: Member, today: date, wrong: dict[str, str]
) -> Answer:
    async with call.write() as tx:
        standing = await standing_of(call, tx, member, form.decision_id)
        decision = standing.decision
        if form.due_on is not None and form.due_on != decision.due_on:
            fault = day_fault(form.due_on, today)
            if fault is not None:
                wrong[form_view.DUE] = fault.format(day=date_words(form.due_on, today))
        if not wrong and (decision.state != "open" or version(decision) != form.standing):
            wrong[form_view.WHAT] = _overtaken(decision)
        if wrong:
            return Errors(wrong)
        await decisions.change(
            tx, form.decision_id, what=form.what, owner=form.owner, due_on=form.due_on
        )
        decision = await follow(call, tx, form.decision_id)
    call.services.wake()
    if not form.url:
        return None
    lead_in = f"Decision #{decision.number} changed"
    said = receipt_for(call, member, decision, standing.team.name, lead_in)
    return Reply(said, form.replace, form.url)


def _overtaken(decision: Decision) -> str:
    if decision.state != "open":
        return f"Decision #{decision.number} is {decision.state} meanwhile: reopen it first."
    return (
        "Somebody changed this decision while the form was open. Copy your text, close the form "
        "and open it again."
    )


async def follow(call: Call, tx: Tx, decision_id: str) -> Decision:
    """After a change: reminders, and messages that no longer say what is so."""
    decision = await decisions.get(tx, decision_id)
    assert decision is not None
    await schedule_reminder(tx, decision, call.now)
    await decisions.outdate_messages(tx, decision_id, call.now)
    return decision
