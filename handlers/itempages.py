"""The pages of the checklist: what stands on each for whoever looks at it now."""

from domain.checklist import TeamItem
from domain.periods import day_label
from handlers.call import Call
from handlers.itemaccess import may_change, setting_of
from handlers.items import find_item, items_of, items_owned
from handlers.profiles import is_lead_or_admin
from handlers.services import Services
from handlers.suggestions import weakest_of
from handlers.views import checklist as view
from handlers.views import itempage
from handlers.views.blocks import Message
from handlers.views.checklist import Place
from handlers.views.itemlines import Asked
from storage import checklist, people, teams
from storage.database import Tx
from storage.teams import Team

_HISTORY = 8


async def page_at(call: Call, tx: Tx, asked: Asked, notice: str = "") -> Message:
    """The page that a button leads to or stands on; the overview for one that is no more."""
    place = Place.parse(asked.place) or Place("overview")
    team = await teams.get(tx, asked.team_id)
    item = await find_item(call.services, tx, asked.team_id, asked.key) if team else None
    own = item is not None and item.owner == call.user_id
    if team is not None and place.kind == "item" and item is not None and own:
        return await item_page(call, tx, team, item, notice)
    member = await people.get(tx, call.user_id)
    if team is None or member is None or not await may_change(tx, member, team):
        # Owners from outside the team see their own items, not its list.
        return await mine(call, tx, None, Place("mine"), notice)
    if place.kind == "mine":
        return await mine(call, tx, team, place, notice)
    if place.kind == "item" and item is not None:
        return await item_page(call, tx, team, item, notice)
    if place.kind in ("step", "unfinished"):
        return await items_page(call, tx, team, place, notice)
    return await overview(call, tx, team, notice)


async def overview(call: Call, tx: Tx, team: Team, notice: str = "") -> Message:
    member = await people.get(tx, call.user_id)
    leads = member is not None and await is_lead_or_admin(tx, member, team.team_id)
    return view.overview(
        await items_of(call.services, tx, team.team_id),
        await setting_of(call.services, tx, call.user_id, team),
        team_id=team.team_id,
        team_name=team.name,
        weakest=await weakest_of(call.services, tx, team) if leads else (),
        notice=notice,
    )


async def items_page(call: Call, tx: Tx, team: Team, place: Place, notice: str = "") -> Message:
    """One step, or all that is left to do."""
    items = await items_of(call.services, tx, team.team_id)
    if place.kind == "step":
        items = [item for item in items if item.step == place.step]
    else:
        items = [item for item in items if not item.is_over]
    setting = await setting_of(call.services, tx, call.user_id, team)
    return view.page(
        items, place, setting, team_id=team.team_id, team_name=team.name, notice=notice
    )


async def mine(call: Call, tx: Tx, team: Team | None, place: Place, notice: str = "") -> Message:
    """What the person has to do on all lists; `team` is the one whose overview they came from."""
    items = await items_owned(call.services, tx, call.user_id)
    known = [await teams.get(tx, key) for key in sorted({item.team_id for item in items})]
    names = {found.team_id: found.name for found in known if found}
    several = {"team_names": names} if len(names) > 1 or not team else {}
    setting = await setting_of(call.services, tx, call.user_id, team, **several)
    team_id = team.team_id if team else ""
    return view.page(items, place, setting, team_id=team_id, team_name="", notice=notice)


async def item_page(call: Call, tx: Tx, team: Team, item: TeamItem, notice: str = "") -> Message:
    return itempage.item_page(
        item,
        await setting_of(call.services, tx, call.user_id, team),
        team_name=team.name,
        history=await _history(call.services, tx, item),
        is_practice=item.ref in call.services.playbook.benchmarks.practices,
        notice=notice,
    )


async def _history(services: Services, tx: Tx, item: TeamItem) -> list[str]:
    if item.item_id is None:
        return []
    events = await checklist.events_of(tx, item.item_id, _HISTORY)
    return [itempage.history_line(day_label(e.at.date()), e.change, e.by, e.note) for e in events]
