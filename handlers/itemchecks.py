"""The weekly check-in: each owner is asked once, about all of their items on any list."""

from datetime import datetime

from domain.checklist import TeamItem
from domain.delivery import State
from domain.eligibility import SkipReason, prompt_obstacle
from domain.itemchecks import asked_about
from domain.rhythm import Kind, PromptDue, is_expired
from handlers import itemactions, itemchanges, itemforms
from handlers.call import Answer, Call
from handlers.itemaccess import setting_of
from handlers.items import worded
from handlers.itemschedule import ITEMS, OWNED, check_due, team_behind
from handlers.obstacles import note_on
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import PROMPT, local_day
from handlers.services import Services
from handlers.views import itemchecks as view
from handlers.views import itemlines
from handlers.views.blocks import Message
from handlers.views.itemlines import Asked
from storage import agenda, checklist, deliveries, edits, ledger, people, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.people import Member
from storage.teams import Team

#: As far back as a person's last check-in is looked for.
_RECENT = 30


def register(registry: Registry) -> None:
    registry.occasions[ITEMS] = CheckIn()
    for action in (view.GOING, view.IN_USE):
        registry.actions[action] = going_clicked
    registry.actions[view.NO_LONGER] = no_longer_clicked
    registry.actions[view.CHECK_DONE] = done_clicked
    registry.actions[view.CHECK_BLOCKED] = blocked_clicked


async def going_clicked(call: Call) -> Answer:
    """*Still going* and *Still in use*: the message follows by itself, as others about it do."""
    return await itemactions.change(call, itemchanges.confirm, Asked.parse(call.value))


async def no_longer_clicked(call: Call) -> Answer:
    """*No longer*: a practice that lapsed is open again."""
    return await itemactions.change(call, itemchanges.reopen, Asked.parse(call.value))


async def done_clicked(call: Call) -> Answer:
    return await itemforms.open_form(call, itemlines.DONE, Asked.parse(call.value))


async def blocked_clicked(call: Call) -> Answer:
    return await itemforms.open_form(call, itemlines.BLOCK, Asked.parse(call.value))


class CheckIn(Occasion):
    """One message per person and week, while they have anything to tell about."""

    grace: Kind = PROMPT

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        member, team = await people.get(tx, due.subject), await team_behind(tx, due.subject)
        owned = await checklist.of_owner(tx, due.subject, OWNED)
        if member is None or team is None or not owned:
            await agenda.drop(tx, ITEMS, due.subject)
            return
        when = check_due(member, team, due.period)
        if when.at > max(now, due.due_at):
            # The person has moved west meanwhile: not before it is ten there.
            await agenda.put(tx, ITEMS, due.subject, due.period, when.at)
            return
        if asked_about(owned, services.playbook.benchmarks.practices, now):
            await _enter(tx, due, member, team, when, now)
        following = check_due(member, team, due.period.shift(1))
        await agenda.put(tx, ITEMS, due.subject, following.period, following.at)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        member, team = await people.get(tx, delivery.recipient), await _team(tx, delivery)
        if member is None:
            return Skip(SkipReason.NOTHING_OPEN)
        if delivery.state is not State.SENT:
            obstacle = item_obstacle(member, team, now)
            items = await _asked(services, tx, delivery.recipient, now)
            if obstacle or not items:
                return Skip(obstacle or SkipReason.NOTHING_OPEN)
            return view.check_in(items, await setting_of(services, tx, delivery.recipient, team))
        newest = await _last(tx, delivery.recipient)
        if newest is not None and newest.delivery_id != delivery.delivery_id:
            return view.superseded()
        items = await _asked(services, tx, delivery.recipient, now, delivery.settled_at)
        setting = await setting_of(services, tx, delivery.recipient, team)
        return view.check_in(items, setting, asked_at=delivery.settled_at)

    async def sent(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        before = await _last(tx, delivery.recipient, delivery)
        if before is not None and before.ts is not None:
            await edits.want_message_edited(tx, before.ts, now)


async def _enter(
    tx: Tx, due: Occurrence, member: Member, team: Team, when: PromptDue, now: datetime
) -> None:
    state, reason = State.PLANNED, None
    if when.skipped:
        state, reason = State.SKIPPED, SkipReason.HOLIDAY_WEEK
    elif is_expired(PROMPT, due.due_at, now):
        state, reason = State.EXPIRED, SkipReason.EXPIRED
    elif obstacle := item_obstacle(member, team, due.due_at):
        state, reason = State.SKIPPED, obstacle
    await deliveries.plan(
        tx,
        key=f"{ITEMS}:{due.subject}:{due.period}",
        kind=ITEMS,
        team_id=team.team_id,
        recipient=due.subject,
        period=due.period,
        due_at=due.due_at,
        now=now,
        state=state,
        reason=reason,
        note=note_on(member, team, when),
    )


def item_obstacle(member: Member, team: Team | None, at: datetime) -> SkipReason | None:
    """Why not to write to an owner now: as for prompts, but guests do have items."""
    person = member.person._replace(is_guest=False)
    return prompt_obstacle(person, local_day(at, member, team), at)


async def _asked(
    services: Services, tx: Tx, user_id: str, now: datetime, since: datetime | None = None
) -> list[TeamItem]:
    owned = await checklist.of_owner(tx, user_id, OWNED, since)
    playbook = services.playbook
    found = asked_about(owned, playbook.benchmarks.practices, now, since)
    return [worded(playbook.checklist, item) for item in found]


async def _team(tx: Tx, delivery: Delivery) -> Team | None:
    return await teams.get(tx, delivery.team_id or "")


async def _last(tx: Tx, user_id: str, before: Delivery | None = None) -> Delivery | None:
    """The newest check-in that reached the person; with `before`, the newest but that one."""
    return next(
        (
            found
            for found in await ledger.of_recipients(tx, [user_id], _RECENT)
            if found.kind == ITEMS
            and found.state is State.SENT
            and (before is None or found.delivery_id != before.delivery_id)
        ),
        None,
    )
