"""Buttons on an item that need nothing typed: take it, start, still going, reopen, details."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from domain.checklist import TeamItem
from handlers import itemchanges, itemforms, profiles
from handlers.call import Answer, Call, Reply
from handlers.errors import sentence
from handlers.itemaccess import held
from handlers.itemchanges import Hand
from handlers.itempages import page_at
from handlers.registry import Registry
from handlers.views import itemlines
from handlers.views.blocks import escape
from handlers.views.itemlines import Asked, read_choice

Change = Callable[[Hand, TeamItem], Awaitable[str | None]]

_AT_ONCE: dict[str, Change] = {
    itemlines.TAKE: itemchanges.take,
    itemlines.START: itemchanges.start,
    itemlines.CONFIRM: itemchanges.confirm,
    itemlines.REOPEN: itemchanges.reopen,
}


def register(registry: Registry) -> None:
    for action in _AT_ONCE:
        registry.actions[action] = change_clicked
    registry.actions[itemlines.MORE] = menu_chosen
    registry.actions[itemlines.DETAILS] = details_clicked


async def change_clicked(call: Call) -> Answer:
    """Change the item; the page it stands on follows, and so do messages in DMs about it."""
    return await change(call, _AT_ONCE[call.id], Asked.parse(call.value))


async def change(call: Call, how: Change, asked: Asked) -> Answer:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.write() as tx:
        found = await held(call, tx, member, asked)
        refusal = await how(found.hand, found.item)
        notice = f"*{escape(found.item.label)}* {refusal}." if refusal else ""
        answer: Answer = None
        if asked.place:
            answer = Reply(await page_at(call, tx, asked, notice), replace=True)
        elif notice:
            answer = Reply(sentence(notice))
    call.services.wake()
    return answer


async def menu_chosen(call: Call) -> Answer:
    """An item's menu: what its buttons would do, had they room."""
    action, asked = read_choice(call.value)
    if action == itemlines.DETAILS:
        return await _details(call, asked)
    return await itemforms.open_form(call, action, asked)


async def details_clicked(call: Call) -> Answer:
    return await _details(call, Asked.parse(call.value))


async def _details(call: Call, asked: Asked) -> Answer:
    await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        said = await page_at(call, tx, replace(asked, place="i.1"))
    # What lies in a DM to stay is not turned into a page.
    return Reply(said, replace=bool(asked.place))
