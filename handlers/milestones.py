"""The closed loop's form: what an assessment or an insight proposes, by whom and by when."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.checklist import NewItem, TeamItem
from handlers import itemchanges, profiles
from handlers.call import Answer, Call, Errors, Reply
from handlers.errors import SayInstead, sentence
from handlers.itemaccess import setting_of
from handlers.itemchanges import Hand
from handlers.itemforms import can_own, past_due
from handlers.items import MOST_ITEMS, TooManyItems, add_items, items_of
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.suggestions import proposals, standing_for
from handlers.teamchoice import must_lead, team_asked_for
from handlers.views import milestones as view
from handlers.views.blocks import View
from handlers.views.checklist import ADD_FROM_INSIGHT, ADD_FROM_MATURITY
from handlers.views.milestones import Filled, LoopOrigin, Row
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

_NOT_YOURS = "Pick a person of this workspace: no bots, nobody who has left."


def register(registry: Registry) -> None:
    registry.actions[ADD_FROM_MATURITY] = add_clicked
    registry.actions[ADD_FROM_INSIGHT] = add_clicked
    registry.submissions[view.MILESTONES_MODAL] = save


async def add_clicked(call: Call) -> Answer:
    """*Add next milestones* (value `team id|dimension,dimension`), or an insight's button."""
    await open_modal(call, _form(call))
    return None


async def _form(call: Call) -> View:
    team_id, _, source = call.value.partition("|")
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await _team(call, tx, member, team_id, source)
        proposed = await proposals(call.services, tx, team, source, call.now)
        setting = await setting_of(call.services, tx, call.user_id, team)
        items = await items_of(call.services, tx, team.team_id)
    if not proposed:
        raise SayInstead(sentence("There is nothing to add from this any more."))
    rows = [_row(new, items, setting.dimensions) for new in proposed]
    origin = LoopOrigin(
        team.team_id,
        source,
        tuple(row.ref for row in rows if row.standing is None),
        call.response_url or "",
    )
    return view.loop_modal(rows, origin, setting, team_name=team.name)


async def _team(call: Call, tx: Tx, member: Member, team_id: str, source: str) -> Team:
    """Milestones are for leads to hand out; an insight's answer any member may add."""
    team = await team_asked_for(call, tx, member, team_id=team_id, what="its checklist")
    if source not in call.services.playbook.rules.rules:
        await must_lead(tx, member, team, "add milestones to the checklist")
    return team


def _row(new: NewItem, items: Sequence[TeamItem], names: Mapping[str, str]) -> Row:
    about = next((names[key] for key in new.dimensions if key in names), "")
    if new.ref is not None and ":" not in new.ref:
        about = new.ref
    standing = standing_for(new, items)
    return Row(new.ref or "", about or new.text, new.text, new.done_when, standing)


async def save(call: Call) -> Answer:
    """*Add*: what is on the list meanwhile is left as it is, whoever put it there."""
    origin = LoopOrigin.of(call.view)
    chosen = view.read_rows(call.values, origin.refs)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    complaints = await _complaints(call, chosen, call.services.today(member.person.tz))
    if complaints:
        return Errors(complaints)
    if not chosen:
        return Errors({view.CHOSEN: "Tick what is to be added, or press Cancel."})
    async with call.write() as tx:
        team = await _team(call, tx, member, origin.team_id, origin.source)
        try:
            added = await _add(call, tx, team, origin.source, chosen)
        except TooManyItems:
            first = next(iter(call.values))
            return Errors({first: f"The list holds {MOST_ITEMS} items: no more fit on it."})
        if not added:
            first = next(iter(call.values))
            return Errors({first: "There is a newer assessment by now: open this form again."})
        setting = await setting_of(call.services, tx, call.user_id, team)
        said = view.added(added, setting, team_id=team.team_id, team_name=team.name)
    call.services.wake()
    return Reply(said, url=origin.url or None)


async def _complaints(call: Call, chosen: Mapping[str, Filled], today: date) -> dict[str, str]:
    found: dict[str, str] = {}
    for ref, filled in chosen.items():
        found |= past_due(filled.due_on, today, f"{view.DUE_ON}:{ref}")
        if filled.owner and not await can_own(call, filled.owner):
            found[f"{view.OWNER}:{ref}"] = _NOT_YOURS
    return found


async def _add(
    call: Call, tx: Tx, team: Team, source: str, chosen: Mapping[str, Filled]
) -> list[TeamItem]:
    """The proposals as they are now, with what was filled in; those gone meanwhile are left out."""
    proposed = await proposals(call.services, tx, team, source, call.now)
    items = await items_of(call.services, tx, team.team_id)
    found = []
    for new in proposed:
        if new.ref not in chosen:
            continue
        standing = standing_for(new, items)
        if standing is not None:
            found.append(standing)
            continue
        wanted = chosen[new.ref or ""]
        new = replace(new, owner=wanted.owner, due_on=wanted.due_on)
        [item] = await add_items(call.services, tx, team, [new], call.user_id, call.now)
        found.append(await _given(call, tx, team, item, wanted))
    return found


async def _given(call: Call, tx: Tx, team: Team, item: TeamItem, wanted: Filled) -> TeamItem:
    """An item of the playbook that somebody had looked at before: it gets its owner now."""
    if wanted.owner is None or item.owner is not None:
        return item
    hand = Hand(call.services, tx, team, call.user_id, call.now)
    await itemchanges.assign(hand, item, wanted.owner, wanted.due_on)
    return item._replace(owner=wanted.owner, due_on=wanted.due_on)
