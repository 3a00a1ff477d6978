"""Forms about one item: opened by its buttons, saved if the item still stands as it was."""

from collections.abc import Awaitable, Callable
from datetime import date

from domain.checklist import TeamItem
from handlers import itemchanges, profiles
from handlers.call import Answer, Call, Errors, Reply
from handlers.itemaccess import Held, held, setting_of
from handlers.itemchanges import Hand
from handlers.itempages import page_at
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.views import itemforms as view
from handlers.views import itemlines
from handlers.views.blocks import View
from handlers.views.itemforms import Origin
from handlers.views.itemlines import Asked
from storage import people
from storage.database import Tx

_FORMS = (itemlines.ASSIGN, itemlines.DUE, itemlines.DONE, itemlines.BLOCK, itemlines.DROP)


def register(registry: Registry) -> None:
    for action in _FORMS:
        registry.actions[action] = form_clicked
    registry.submissions[view.ITEM_MODAL] = save


async def form_clicked(call: Call) -> Answer:
    return await open_form(call, call.id, Asked.parse(call.value))


async def open_form(call: Call, action: str, asked: Asked) -> Answer:
    await open_modal(call, _form(call, action, asked))
    return None


async def _form(call: Call, action: str, asked: Asked) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        found = await held(call, tx, member, asked)
        setting = await setting_of(call.services, tx, call.user_id, found.team)
    return view.item_modal(found.item, Origin(action, asked, page_url(call, asked)), setting)


def page_url(call: Call, asked: Asked) -> str:
    """Where the page that was clicked on can be brought up to date; lasting messages are edited."""
    return (call.response_url or "") if asked.place else ""


async def save(call: Call) -> Answer:
    """Save of any of these forms; what stands in its way is said at the field."""
    origin = Origin.of(call.view)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    today = call.services.today(member.person.tz)
    complaints = await _complaints(call, origin.action)
    if complaints:
        return Errors(complaints)
    async with call.write() as tx:
        found = await held(call, tx, member, origin.asked)
        if view.read_due(call.values) != found.item.due_on:
            complaints = past_due(view.read_due(call.values), today)
        if complaints:
            return Errors(complaints)
        refusal = await _SAVES[origin.action](call, found.hand, found.item)
        if refusal:
            said = refusal.replace(f"<@{found.item.owner}>", "somebody")
            return Errors({_FIELD[origin.action]: f"Not saved: this item {said}."})
        answer = await _answer(call, tx, found, origin)
    call.services.wake()
    return answer


async def _answer(call: Call, tx: Tx, found: Held, origin: Origin) -> Answer:
    """The page anew; a message in the person's DM is edited by itself."""
    if not origin.url:
        return None
    return Reply(await page_at(call, tx, found.asked), replace=True, url=origin.url)


_FIELD = {
    itemlines.ASSIGN: view.OWNER,
    itemlines.DUE: view.DUE_ON,
    itemlines.DONE: view.EVIDENCE,
    itemlines.BLOCK: view.REASON,
    itemlines.DROP: view.REASON,
}


async def _complaints(call: Call, action: str) -> dict[str, str]:
    if action == itemlines.DONE and not view.read_evidence(call.values):
        return {view.EVIDENCE: "Give a link or a sentence that shows it done."}
    if action in (itemlines.BLOCK, itemlines.DROP) and not view.read_reason(call.values):
        return {view.REASON: "Say why in a sentence."}
    if action == itemlines.ASSIGN:
        owner = view.read_owner(call.values)
        if owner is None:
            return {view.OWNER: "Pick the person who is to do it."}
        if not await can_own(call, owner):
            return {view.OWNER: "Pick a person of this workspace: no bots, nobody who has left."}
    return {}


def past_due(due: date | None, today: date, block: str = view.DUE_ON) -> dict[str, str]:
    """The complaint about a due date that is over already."""
    if due is not None and due < today:
        return {block: "Choose today or a later day."}
    return {}


async def can_own(call: Call, user_id: str) -> bool:
    """Whether this is a person of the workspace; asks Slack about those we have not met."""
    return may_belong_here(await profiles.ensure(call.services, call.workspace_id, user_id))


def may_belong_here(member: people.Member) -> bool:
    person = member.person
    return not (person.is_bot or person.is_foreign or person.is_deleted)


async def _assign(call: Call, hand: Hand, item: TeamItem) -> str | None:
    owner = view.read_owner(call.values) or hand.by
    return await itemchanges.assign(hand, item, owner, view.read_due(call.values))


async def _set_due(call: Call, hand: Hand, item: TeamItem) -> str | None:
    return await itemchanges.set_due(hand, item, view.read_due(call.values))


async def _finish(call: Call, hand: Hand, item: TeamItem) -> str | None:
    return await itemchanges.finish(hand, item, view.read_evidence(call.values))


async def _block(call: Call, hand: Hand, item: TeamItem) -> str | None:
    return await itemchanges.block(hand, item, view.read_reason(call.values))


async def _drop(call: Call, hand: Hand, item: TeamItem) -> str | None:
    return await itemchanges.drop(hand, item, view.read_reason(call.values))


_SAVES: dict[str, Callable[[Call, Hand, TeamItem], Awaitable[str | None]]] = {
    itemlines.ASSIGN: _assign,
    itemlines.DUE: _set_due,
    itemlines.DONE: _finish,
    itemlines.BLOCK: _block,
    itemlines.DROP: _drop,
}
