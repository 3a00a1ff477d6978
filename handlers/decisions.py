"""`/prodops decide` and `decisions`: the team's decision log."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

from domain.cleaning import clean, one_line
from domain.decisions import DecisionState
from domain.decisionwords import (
    LONGEST_READ,
    DecisionProblem,
    DecisionText,
    mentioned,
    parse_decision,
)
from domain.localtime import zone_or_utc
from handlers import decisionrecording, decisionreminders, profiles
from handlers.call import Answer, Call, Reply
from handlers.decisionrecording import (
    WHAT_FOR,
    follow,
    open_edit,
    open_form,
    owner_fault,
    receipt_for,
    record,
    standing_of,
)
from handlers.errors import SayInstead
from handlers.registry import Registry
from handlers.slack import FAILURES
from handlers.teamchoice import team_asked_for
from handlers.views import decisions as view
from handlers.views.blocks import Message, escape, fit, message
from handlers.views.decisionform import DecisionForm, packed, unpacked
from storage import decisions, memberships, people, teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

_MOST_WORDS, _LONGEST_WORD = 8, 40


def register(registry: Registry) -> None:
    registry.commands["decide"] = decide
    registry.commands["decisions"] = search
    registry.actions[view.RECORD] = record_clicked
    registry.actions[view.RETRY] = retry_clicked
    registry.actions[view.LIST] = list_clicked
    registry.actions[view.NEWER] = page_clicked
    registry.actions[view.OLDER] = page_clicked
    registry.actions[view.DONE] = done_clicked
    registry.actions[view.WITHDRAW] = withdraw_clicked
    registry.actions[view.REOPEN] = reopen_clicked
    registry.actions[view.EDIT] = edit_clicked
    registry.actions[view.MENU] = menu_chosen
    registry.actions[view.REMINDED_DONE] = reminded_done
    registry.actions[view.MOVE] = move_clicked
    decisionrecording.register(registry)
    decisionreminders.register(registry)


async def decide(call: Call) -> Answer:
    """`decide <what> [@owner] [by <date>]`; alone it opens the form."""
    if not call.text.strip():
        await open_form(call, DecisionForm(""))
        return None
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await _team_or_echo(call, tx, member)
        known = await people.get_many(tx, mentioned(call.text))
        names = {m.person.user_id: m.person.name for m in known}
        read = parse_decision(call.text, call.services.today(member.person.tz), names)
        if isinstance(read, DecisionText) and read.owner_name is not None:
            read = await _with_owner(tx, team, read)
    if isinstance(read, DecisionText) and (fault := await owner_fault(call, read.owner)):
        read = DecisionProblem(fault, DecisionText(read.what, None, None, read.due_on))
    if isinstance(read, DecisionText):
        said = await record(call, team, member, read)
        call.services.wake()
        return Reply(said)
    if read is None:
        await open_form(call, DecisionForm(team.team_id))
        return None
    return await _asked_again(call, team, read)


async def _team_or_echo(call: Call, tx: Tx, member: Member) -> Team:
    """The team; whoever is told that there is none gets their text back."""
    try:
        return await team_asked_for(call, tx, member, what=WHAT_FOR)
    except SayInstead as instead:
        typed = fit(escape(clean(call.text).strip()), 2500)
        blocks = [*instead.said["blocks"], view.typed_section(typed)]
        raise SayInstead(message(f"{instead.said['text']} You wrote: {typed}", blocks)) from None


async def _asked_again(call: Call, team: Team, trouble: DecisionProblem) -> Answer:
    """What was wrong, and the form beside it with what was understood."""
    read = trouble.understood
    form = DecisionForm(team.team_id, read.what, read.owner, read.due_on)
    # Where the form does not open, the answer alone leads to it as well.
    with suppress(*FAILURES):
        await open_form(call, form, trouble.message)
    echo = clean(call.text[: 2 * LONGEST_READ])
    return Reply(view.problem(trouble.message, echo, packed(form)))


async def _with_owner(tx: Tx, team: Team, read: DecisionText) -> DecisionText | DecisionProblem:
    """Look a typed name up among the team's people."""
    wanted = (read.owner_name or "").casefold().rstrip(".")
    ids = [*await memberships.members_of(tx, team.team_id), *await teams.leads_of(tx, team.team_id)]
    known = await people.get_many(tx, sorted(set(ids)))
    found = [m.person.user_id for m in known if wanted in _names(m.person.name)]
    if len(found) == 1:
        return DecisionText(read.what, found[0], None, read.due_on)
    without = DecisionText(read.what, None, None, read.due_on)
    if f"@{read.owner_name}" in read.what:
        # "Approved by @acme" says who approved, and asks nobody to see to it.
        return without
    fault = f"I do not know who @{one_line(wanted, 60)} is: choose the owner in the form."
    return DecisionProblem(fault, without)


def _names(name: str) -> set[str]:
    whole = name.casefold().strip()
    return {whole, "".join(whole.split()), ".".join(whole.split()), *whole.split()[:1]}


async def search(call: Call) -> Answer:
    """`decisions [words]`: open ones first, then the newest."""
    return Reply(await _page(call, None, 0, call.text))


async def list_clicked(call: Call) -> Answer:
    return Reply(await _page(call, call.value or None, 0, ""))


async def page_clicked(call: Call) -> Answer:
    team_id, first, words = view.read_turn(call.value)
    return Reply(await _page(call, team_id, first, words), replace=True)


async def _page(call: Call, team_id: str | None, first: int, typed: str) -> Message:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    owners = mentioned(typed)
    words = _words(typed)
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=team_id, what=WHAT_FOR)
        owner = owners[0] if owners else None
        found, count = await decisions.find(
            tx, team.team_id, words, view.PER_PAGE, first, owner=owner
        )
    zone = zone_or_utc(member.person.tz)
    return view.log_page(
        view.DecisionPage(
            team_id=team.team_id,
            team_name=team.name,
            decisions=[decision.seen_in(zone) for decision in found],
            all_found=count,
            first=first if found else 0,
            words=" ".join(words),
            owner=owner,
            today=call.services.today(member.person.tz),
        )
    )


def _words(typed: str) -> Sequence[str]:
    plain = typed
    for owner in mentioned(typed):
        plain = " ".join(part for part in plain.split() if not part.startswith(f"<@{owner}"))
    return [word[:_LONGEST_WORD] for word in clean(plain[:1000]).split()[:_MOST_WORDS]]


async def record_clicked(call: Call) -> Answer:
    await open_form(call, DecisionForm(call.value))
    return None


async def retry_clicked(call: Call) -> Answer:
    await open_form(call, unpacked(call.value))
    return None


async def edit_clicked(call: Call) -> Answer:
    await open_edit(call, call.value)
    return None


async def move_clicked(call: Call) -> Answer:
    """*Move the date* under a reminder, which says by itself what became of it."""
    await open_edit(call, call.value, answered=False)
    return None


async def menu_chosen(call: Call) -> Answer:
    """The menu beside a decision in the list."""
    what, _, decision_id = call.value.partition("|")
    if what == "edit":
        await open_edit(call, decision_id)
        return None
    state: Literal["done", "withdrawn"] = "done" if what == "done" else "withdrawn"
    return Reply(await _closed(call, decision_id, state))


async def done_clicked(call: Call) -> Answer:
    return Reply(await _closed(call, call.value, "done"), replace=True)


async def withdraw_clicked(call: Call) -> Answer:
    return Reply(await _closed(call, call.value, "withdrawn"), replace=True)


async def reopen_clicked(call: Call) -> Answer:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.write() as tx:
        standing = await standing_of(call, tx, member, call.value)
        changed = await decisions.reopen(tx, call.value)
        decision = await follow(call, tx, call.value)
    call.services.wake()
    lead_in = f"Decision #{decision.number} is open {'again' if changed else 'already'}"
    said = receipt_for(call, member, decision, standing.team.name, lead_in)
    return Reply(said, replace=True)


async def reminded_done(call: Call) -> Answer:
    """*Done* under a reminder: the message itself tells so from now on."""
    await _closed(call, call.value, "done")
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        standing = await standing_of(call, tx, member, call.value)
    today = call.services.today(member.person.tz)
    said = view.reminder(standing.decision, team_name=standing.team.name, today=today, stage="due")
    return Reply(said, replace=True)


async def _closed(call: Call, decision_id: str, state: DecisionState) -> Message:
    """Close it, or say that somebody was first."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.write() as tx:
        standing = await standing_of(call, tx, member, decision_id)
        changed = await decisions.close(tx, decision_id, state, call.now)
        decision = await follow(call, tx, decision_id) if changed else standing.decision
    call.services.wake()
    lead_in = f"Decision #{decision.number} is {decision.state}{'' if changed else ' already'}"
    return receipt_for(call, member, decision, standing.team.name, lead_in)
