"""Reminders of decisions: on the day, a week later, and then once to the leads."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from domain.decisionreminders import Stage, next_reminder, stage_of
from domain.decisions import Decision
from domain.delivery import State
from domain.eligibility import SkipReason, prompt_obstacle
from domain.periods import Period
from domain.rhythm import is_expired
from domain.workdays import Workdays
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import local_day, team_workdays, workdays_of, zone_of
from handlers.services import Services
from handlers.views.blocks import Message
from handlers.views.decisions import reminder
from storage import agenda, decisions, deliveries, people, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.people import Member
from storage.teams import Team

DECISION: Final = "decision"


def register(registry: Registry) -> None:
    registry.occasions[DECISION] = Reminder()


async def schedule_reminder(
    tx: Tx, decision: Decision, after: datetime, past: Stage | None = None
) -> None:
    """Set the decision's next reminder; drop it where there is nothing to remind of."""
    due = None
    if decision.state == "open" and decision.due_on is not None:
        team = await teams.get(tx, decision.team_id)
        zone, workdays = await _calendar(tx, decision, team)
        due = next_reminder(decision.due_on, after, zone, workdays, past)
    if due is None:
        await agenda.drop(tx, DECISION, decision.decision_id)
        return
    period = Period.containing(due[1].date())
    await agenda.put(tx, DECISION, decision.decision_id, period, due[1])


async def _calendar(tx: Tx, decision: Decision, team: Team | None) -> tuple[ZoneInfo, Workdays]:
    """The owner's zone and holidays; the team's where we do not know theirs."""
    member = await people.get(tx, decision.owner or decision.made_by)
    if team is None:
        return zone_of(member, None), Workdays(None)
    workdays = workdays_of(member, team) if member is not None else team_workdays(team)
    return zone_of(member, team), workdays


class Reminder(Occasion):
    """Asks whether it is done; `note` holds the decision's id."""

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        decision = await decisions.get(tx, due.subject)
        team = await teams.get(tx, decision.team_id) if decision else None
        if decision is None or team is None or decision.due_on is None or decision.state != "open":
            await agenda.drop(tx, DECISION, due.subject)
            return
        zone, _ = await _calendar(tx, decision, team)
        stage = stage_of(decision.due_on, due.due_at.astimezone(zone).date())
        for user_id in await _recipients(tx, decision, stage):
            member = await people.get(tx, user_id)
            state, reason = _verdict(member, team, due, now)
            await deliveries.plan(
                tx,
                key=f"{DECISION}:{due.subject}:{decision.due_on}:{stage}:{user_id}",
                kind=DECISION,
                team_id=decision.team_id,
                recipient=user_id,
                period=due.period,
                due_at=due.due_at,
                now=now,
                state=state,
                reason=reason,
                note=due.subject,
            )
        await schedule_reminder(tx, decision, due.due_at, stage)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        decision = await decisions.get(tx, delivery.note or "")
        team = await teams.get(tx, delivery.team_id or "")
        if decision is None or team is None:
            return Skip(SkipReason.DECISION_CLOSED)
        _, _, due_on, stage, _ = delivery.key.split(":")
        member = await people.get(tx, delivery.recipient)
        if delivery.state is not State.SENT:
            if decision.state != "open":
                return Skip(SkipReason.DECISION_CLOSED)
            if due_on != str(decision.due_on):
                return Skip(SkipReason.DATE_MOVED)
            obstacle = _obstacle(member, team, now)
            if obstacle is not None:
                return Skip(obstacle)
        today = local_day(now, member, team)
        return reminder(decision, team_name=team.name, today=today, stage=stage)


async def _recipients(tx: Tx, decision: Decision, stage: Stage) -> list[str]:
    if stage == "lead":
        return await teams.leads_of(tx, decision.team_id)
    return [decision.owner or decision.made_by]


def _verdict(
    member: Member | None, team: Team, due: Occurrence, now: datetime
) -> tuple[State, str | None]:
    obstacle = _obstacle(member, team, due.due_at)
    if obstacle is not None:
        return State.SKIPPED, obstacle
    if is_expired(Reminder.grace, due.due_at, now):
        return State.EXPIRED, SkipReason.EXPIRED
    return State.PLANNED, None


def _obstacle(member: Member | None, team: Team, at: datetime) -> SkipReason | None:
    if member is None:
        return None
    return prompt_obstacle(member.person, local_day(at, member, team), at)
