"""`/prodops checklist`: the team's items by step, and the pages they are on."""

from domain.checklist import STEPS
from domain.cleaning import clean
from handlers import (
    effects,
    itemactions,
    itemadding,
    itemchecks,
    itemforms,
    itemnews,
    milestones,
    profiles,
)
from handlers.call import Answer, Call, Reply
from handlers.itempages import item_page, items_page, mine, overview, page_at
from handlers.items import find_item
from handlers.registry import Registry
from handlers.teamchoice import team_asked_for
from handlers.views import checklist as view
from handlers.views.blocks import Message, name
from handlers.views.checklist import Place
from handlers.views.itemlines import Asked
from storage import checklist, teams
from storage.database import Tx
from storage.people import Member

_WHAT = "its checklist"


def register(registry: Registry) -> None:
    registry.commands["checklist"] = show
    registry.actions[view.OPEN] = open_clicked
    registry.actions[view.SHOW] = turn
    for part in (itemactions, itemforms, itemadding, itemchecks, itemnews, milestones, effects):
        part.register(registry)


async def show(call: Call) -> Answer:
    """The overview, or the page that was named: a step, `mine`, `open` or an item such as E2."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    typed = clean(call.text)
    words = typed.split(maxsplit=1)
    if words and words[0].casefold() == "add":
        return await itemadding.typed(call, member, words[1] if len(words) > 1 else "")
    async with call.read() as tx:
        return Reply(await _named(call, tx, member, " ".join(typed.split())))


async def _named(call: Call, tx: Tx, member: Member, word: str) -> Message:
    if word.casefold() in ("mine", "my items") or (not word and await _is_outside(call, tx)):
        team = await _own_team(call, tx)
        return await mine(call, tx, team, Place("mine"))
    team = await team_asked_for(call, tx, member, what=_WHAT)
    if not word:
        return await overview(call, tx, team)
    if word.casefold() in ("open", "open items"):
        return await items_page(call, tx, team, Place("unfinished"))
    step = step_named(word)
    if step is not None:
        return await items_page(call, tx, team, Place("step", step))
    item = await find_item(call.services, tx, team.team_id, word.upper())
    if item is not None:
        return await item_page(call, tx, team, item)
    known = ", ".join(f"`{key}`" for key in STEPS)
    notice = (
        f"I know no part of the checklist called “{name(word)}”. "
        f"Use {known}, `mine`, `open`, or an item such as `A1`."
    )
    return await overview(call, tx, team, notice)


def step_named(word: str) -> str | None:
    """A step by its id, its name, or the beginning of either: `execute`, `build plan`, `iter`."""
    wanted = word.casefold()
    for step, title in STEPS.items():
        names = (step, title.casefold(), title.casefold().split()[-1])
        if len(wanted) > 2 and any(known.startswith(wanted) for known in names):
            return step
    return None


async def _is_outside(call: Call, tx: Tx) -> bool:
    """Whether the person is in no team, but has items on the list of one."""
    if await teams.of_member(tx, call.user_id) or await teams.of_lead(tx, call.user_id):
        return False
    return bool(await checklist.of_owner(tx, call.user_id))


async def _own_team(call: Call, tx: Tx) -> teams.Team | None:
    """The team whose overview is a step away from one's own items."""
    own = {t.team_id: t for t in await teams.of_member(tx, call.user_id)}
    own |= {t.team_id: t for t in await teams.of_lead(tx, call.user_id)}
    here = await teams.by_channel(tx, call.channel_id) if call.channel_id else None
    if here is not None and here.team_id in own:
        return here
    return next(iter(own.values()), None)


async def open_clicked(call: Call) -> Answer:
    """*Checklist* in Home or in a message: the overview, as a message of its own."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        if not call.value and await _is_outside(call, tx):
            return Reply(await mine(call, tx, None, Place("mine")))
        team = await team_asked_for(call, tx, member, team_id=call.value or None, what=_WHAT)
        return Reply(await overview(call, tx, team))


async def turn(call: Call) -> Answer:
    """To another page, in the same message."""
    await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        return Reply(await page_at(call, tx, Asked.parse(call.value)), replace=True)
