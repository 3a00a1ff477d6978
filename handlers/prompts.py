"""The weekly prompt and its reminders: when they are due, what they say, what follows."""

from datetime import datetime
from typing import Final

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.periods import Period
from domain.rhythm import Kind, reminder_due
from handlers.obstacles import note_on, obstacle_now, verdict
from handlers.recording import describe
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import (
    PROMPT,
    due_of,
    local_day,
    rhythm_of,
    workdays_of,
    zone_of,
)
from handlers.services import Services
from handlers.views import notices, prompt
from handlers.views.blocks import Message
from storage import agenda, deliveries, edits, people, teams, timesplit
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.people import Member
from storage.teams import Team
from storage.timesplit import Log

REMINDER: Final = "reminder"
LATER = "later"
STOPPED_NOTICE = "stopped"


def register(registry: Registry) -> None:
    registry.occasions[PROMPT] = Prompt()
    registry.occasions[REMINDER] = Question()
    registry.occasions[LATER] = Question()
    registry.occasions[STOPPED_NOTICE] = StoppedNotice()


class Question(Occasion):
    """What prompt and reminder share: asked while there is no answer, then what became of it."""

    grace: Kind = REMINDER

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        member = await people.get(tx, delivery.recipient)
        mine = await teams.of_member(tx, delivery.recipient)
        if member is None or (not mine and delivery.state is not State.SENT):
            return Skip(SkipReason.LEFT_TEAM)
        log = await timesplit.get(tx, delivery.recipient, delivery.period)
        if delivery.state is not State.SENT:
            obstacle = obstacle_now(member, mine[0], log, now)
            return Skip(obstacle) if obstacle else await self.ask(tx, delivery, member, mine)
        over = await no_longer_asked(services, tx, delivery.recipient, delivery.period, now)
        return over or await self.ask(tx, delivery, member, mine)

    async def ask(self, tx: Tx, delivery: Delivery, member: Member, mine: list[Team]) -> Message:
        return prompt.reminder(
            delivery.period,
            can_repeat=await _can_repeat(tx, delivery),
            team_names=[team.name for team in mine],
        )


class Prompt(Question):
    """The question itself, once per person and week."""

    grace: Kind = PROMPT

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        member = await people.get(tx, due.subject)
        mine = await teams.of_member(tx, due.subject)
        if member is None or not mine:
            await agenda.drop(tx, PROMPT, due.subject)
            return
        team = mine[0]
        when = due_of(member, team, due.period)
        state, reason = await verdict(tx, member, team, due, when, now)
        await deliveries.plan(
            tx,
            key=f"{PROMPT}:{due.subject}:{due.period}",
            kind=PROMPT,
            team_id=team.team_id,
            recipient=due.subject,
            period=due.period,
            due_at=due.due_at,
            now=now,
            state=state,
            reason=reason,
            note=note_on(member, team, when),
        )
        following = due_of(member, team, due.period.shift(1))
        await agenda.put(tx, PROMPT, due.subject, following.period, following.at)

    async def ask(self, tx: Tx, delivery: Delivery, member: Member, mine: list[Team]) -> Message:
        first = delivery.state is not State.SENT and not member.introduced
        return prompt.prompt(
            delivery.period,
            team_names=[team.name for team in mine],
            can_repeat=await _can_repeat(tx, delivery),
            intro=await _introduction(tx, member, mine[0]) if first else None,
        )

    async def sent(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        member = await people.get(tx, delivery.recipient)
        mine = await teams.of_member(tx, delivery.recipient)
        if member is None or not mine:
            return
        if not member.introduced:
            await people.mark_introduced(tx, delivery.recipient, now)
        await _plan_reminder(tx, delivery, member, mine[0], now)
        # The question of the week before is over: its message says so from now on.
        await edits.want_prompts_edited(
            tx, delivery.recipient, now, period=delivery.period.shift(-1)
        )


async def _plan_reminder(
    tx: Tx, delivery: Delivery, member: Member, team: Team, now: datetime
) -> None:
    due_at = reminder_due(
        local_day(delivery.due_at, member, team),
        rhythm_of(member, team),
        zone_of(member, team),
        workdays_of(member, team),
    )
    await deliveries.plan(
        tx,
        key=f"{REMINDER}:{delivery.recipient}:{delivery.period}",
        kind=REMINDER,
        team_id=delivery.team_id,
        recipient=delivery.recipient,
        period=delivery.period,
        due_at=due_at,
        now=now,
    )


class StoppedNotice(Occasion):
    """Tells a lead that somebody wants no prompts; `note` holds who."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip(SkipReason.LEFT_TEAM)
        return notices.stopped_notice_for_lead(delivery.note or "", team.name)


async def no_longer_asked(
    services: Services, tx: Tx, user_id: str, period: Period, now: datetime
) -> Message | None:
    """What a question about this week has turned into; None while it is still asked."""
    log = await timesplit.get(tx, user_id, period)
    if log is not None:
        return await _answered(services, tx, log)
    member = await people.get(tx, user_id)
    mine = await teams.of_member(tx, user_id)
    if member is None or not mine:
        return prompt.left_team(period)
    if member.person.prompts_stopped:
        return prompt.stopped(mine[0].name, period)
    newest = await deliveries.last_prompt(tx, user_id)
    if newest is not None and newest.period > period:
        return prompt.superseded(period)
    until = member.person.paused_until
    if until is not None and until >= local_day(now, member, mine[0]):
        return prompt.paused(until, period)
    return None


async def _answered(services: Services, tx: Tx, log: Log) -> Message:
    if log.split is None:
        return prompt.skipped(log.period, log.reason)
    catalog = await services.catalog_of(tx)
    recorded = await describe(tx, log.user_id, log.period, log.split, catalog)
    return recorded.answered_prompt


async def _can_repeat(tx: Tx, delivery: Delivery) -> bool:
    earlier = delivery.period.shift(-1)
    return bool(await timesplit.recent(tx, delivery.recipient, earlier, 1, only_splits=True))


async def _introduction(tx: Tx, member: Member, team: Team) -> prompt.Introduction:
    stays = await teams.stays_of(tx, member.person.user_id)
    added_by = next((s.added_by for s in stays if s.team_id == team.team_id), None)
    if added_by == member.person.user_id:
        added_by = None
    return prompt.Introduction(added_by, team.name, team.channel_id)


async def ask_later(tx: Tx, user_id: str, period: Period, at: datetime, now: datetime) -> None:
    """The person chose their own moment; the reminder by the rule is then not sent."""
    own = SkipReason.OWN_REMINDER
    await deliveries.cancel(tx, user_id, (REMINDER, LATER), period, own, now)
    mine = await teams.of_member(tx, user_id)
    await deliveries.plan(
        tx,
        key=f"{LATER}:{user_id}:{period}:{at:%Y%m%dT%H%M}",
        kind=LATER,
        team_id=mine[0].team_id if mine else None,
        recipient=user_id,
        period=period,
        due_at=at,
        now=now,
    )
