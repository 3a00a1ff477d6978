"""What the bot tells of items by itself: to a new owner, and to leads of what does not move."""

from datetime import datetime

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.rhythm import Kind, is_expired
from domain.stalls import Stall, stalls
from handlers import itemadding, itemforms
from handlers.call import Answer, Call
from handlers.itemaccess import setting_of
from handlers.itemchecks import item_obstacle
from handlers.items import items_of, worded
from handlers.itemschedule import ASSIGNED, STUCK, stuck_due
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import PROMPT
from handlers.services import Services
from handlers.views import itemchecks, itemlines
from handlers.views import stuckitems as stuck_view
from handlers.views.blocks import Message
from handlers.views.itemlines import Asked
from storage import agenda, checklist, deliveries, memberships, people, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teams import Team


def register(registry: Registry) -> None:
    registry.occasions[ASSIGNED] = Assigned()
    registry.occasions[STUCK] = Stuck()
    registry.actions[stuck_view.SPLIT] = split_clicked
    registry.actions[stuck_view.REASSIGN] = reassign_clicked
    registry.actions[stuck_view.DROP_IT] = drop_clicked


class Assigned(Occasion):
    """Tells somebody of an item that others gave them; `note` holds its id."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        found = await checklist.get(tx, delivery.note or "")
        team = await teams.get(tx, delivery.team_id or "")
        if found is None or team is None:
            return Skip(SkipReason.PASSED_ON)
        item = worded(services.playbook.checklist, found)
        if item.owner != delivery.recipient:
            sent = delivery.state is State.SENT
            return itemchecks.passed_on(item) if sent else Skip(SkipReason.PASSED_ON)
        return itemchecks.assigned(
            item,
            await setting_of(services, tx, delivery.recipient, team),
            by=await _giver(tx, item.key, delivery.key),
            team_name=team.name,
            outside=delivery.recipient not in await memberships.members_of(tx, team.team_id),
        )


async def _giver(tx: Tx, item_id: str, key: str) -> str | None:
    """Who made the change that the delivery's key ends with."""
    number = key.rsplit(":", 1)[-1]
    events = await checklist.events_of(tx, item_id, 50)
    return next((event.by for event in events if str(event.event_id) == number), None)


class Stuck(Occasion):
    """Once a week at most: what is in progress for too long, and steps where nothing moves."""

    grace: Kind = PROMPT

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        team = await teams.get(tx, due.subject)
        if team is None:
            await agenda.drop(tx, STUCK, due.subject)
            return
        if await _stalls(services, tx, team, now):
            for lead in await teams.leads_of(tx, team.team_id):
                await _enter(tx, due, team, lead, now)
        following = stuck_due(team, due.period.shift(1))
        await agenda.put(tx, STUCK, team.team_id, following.period, following.at)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip(SkipReason.LEFT_TEAM)
        found = await _stalls(services, tx, team, now)
        if not found and delivery.state is not State.SENT:
            return Skip(SkipReason.NOTHING_STUCK)
        setting = await setting_of(services, tx, delivery.recipient, team)
        return stuck_view.stuck_items(found, setting, team_id=team.team_id, team_name=team.name)


async def _stalls(services: Services, tx: Tx, team: Team, now: datetime) -> list[Stall]:
    items = await items_of(services, tx, team.team_id)
    return stalls(items, now, services.playbook.rules)


async def _enter(tx: Tx, due: Occurrence, team: Team, lead: str, now: datetime) -> None:
    member = await people.get(tx, lead)
    obstacle = item_obstacle(member, team, due.due_at) if member else None
    state, reason = State.PLANNED, None
    if is_expired(PROMPT, due.due_at, now):
        state, reason = State.EXPIRED, SkipReason.EXPIRED
    elif obstacle is not None:
        state, reason = State.SKIPPED, obstacle
    await deliveries.plan(
        tx,
        key=f"{STUCK}:{team.team_id}:{lead}:{due.period}",
        kind=STUCK,
        team_id=team.team_id,
        recipient=lead,
        period=due.period,
        due_at=due.due_at,
        now=now,
        state=state,
        reason=reason,
    )


async def split_clicked(call: Call) -> Answer:
    """*Split*: the form for a smaller item beside the one that is stuck."""
    return await itemadding.open_for_part(call, Asked.parse(call.value))


async def reassign_clicked(call: Call) -> Answer:
    return await itemforms.open_form(call, itemlines.ASSIGN, Asked.parse(call.value))


async def drop_clicked(call: Call) -> Answer:
    return await itemforms.open_form(call, itemlines.DROP, Asked.parse(call.value))
