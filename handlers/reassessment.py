"""When to assess again: leads are told once for each reason that an assessment gives."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from domain.checkin import headcount_moved, stage_of
from domain.checklist import ALL_DIMENSIONS
from domain.eligibility import SkipReason
from domain.localtime import resolve_local, zone_or_utc
from domain.maturity import Assessment, MaturityModel, Reassessment
from domain.periods import Period
from handlers.assessments import assessments_of, headcount_of
from handlers.items import items_of
from handlers.presence import free_moment_of
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import team_workdays
from handlers.services import Services
from handlers.views.blocks import Message
from handlers.views.maturity_notes import reassess
from storage import agenda, deliveries, maturity, people, roi, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teams import Team

REASSESS: Final = "reassess"
#: Between two looks at the early triggers.
_EVERY = timedelta(days=7)
#: How long a lead's absence may put the message off.
_PATIENCE = timedelta(days=60)


def register(registry: Registry) -> None:
    registry.occasions[REASSESS] = TimeToReassess()


async def schedule_reassessment(
    tx: Tx, team: Team, due: Reassessment, last: Assessment, now: datetime
) -> None:
    """Set the next look: in a week, or on the day from which it is due, overdue or stale."""
    zone, workdays = zone_or_utc(team.tz), team_workdays(team)
    closed = last.closed_at.date()
    today = now.astimezone(zone).date()
    stages = [
        closed + timedelta(days=days)
        for days in (due.reassess_days, due.overdue_days, due.stale_days + 1)
    ]
    ahead = [day for day in stages if day > today]
    if not ahead:
        await agenda.drop(tx, REASSESS, team.team_id)
        return
    day = min(today + _EVERY, *ahead)
    if not workdays.is_working_day(day):
        day = workdays.next_working_day_after(day)
    at = resolve_local(day, team.rhythm.reminder_time, zone)
    await agenda.put(tx, REASSESS, team.team_id, Period.containing(day), at)


class TimeToReassess(Occasion):
    """A message to each lead; `note` holds the check-in it is about, and why."""

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        team = await teams.get(tx, due.subject)
        last = next(iter(await assessments_of(tx, due.subject, 1)), None)
        if team is None or last is None:
            await agenda.drop(tx, REASSESS, due.subject)
            return
        rules = services.playbook.maturity.due
        if await maturity.open_of(tx, team.team_id) is None:
            for reason in await _reasons(services, tx, team, last, now):
                await _tell_leads(tx, team, last, reason, due.period, now)
        await schedule_reassessment(tx, team, rules, last, now)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        checkin_id, _, reason = (delivery.note or "").partition(" ")
        team = await teams.get(tx, delivery.team_id or "")
        last = next(iter(await assessments_of(tx, delivery.team_id or "", 1)), None)
        is_open = await maturity.open_of(tx, delivery.team_id or "") is not None
        if team is None or last is None or last.checkin_id != checkin_id or is_open:
            return Skip(SkipReason.NOT_DUE_ANY_MORE)
        zone = zone_or_utc(team.tz)
        age = last.age_days(now.astimezone(zone).date())
        why = _why(reason, age, services.playbook.maturity)
        return reassess(team.team_id, team.name, why, stale=reason == "stale")


async def _reasons(
    services: Services, tx: Tx, team: Team, last: Assessment, now: datetime
) -> list[str]:
    """Why to assess again: its age, else the playbook's early triggers."""
    rules = services.playbook.maturity.due
    age = last.age_days(now.astimezone(zone_or_utc(team.tz)).date())
    stage = stage_of(age, rules)
    if stage is not None:
        return [stage]
    if age < rules.min_gap_days:
        return []
    moved = await _most_finished(services, tx, team, last)
    found = [f"items {moved}"] if moved else []
    count = await headcount_of(tx, team.team_id)
    if headcount_moved(last.headcount, count, rules):
        found.append(f"headcount {last.headcount} {count}")
    if await _ops_moved(tx, team, last.closed_at):
        found.append("ops")
    return found


async def _most_finished(services: Services, tx: Tx, team: Team, last: Assessment) -> str | None:
    """The dimension with the most items done since, and how many; None below the threshold."""
    model = services.playbook.maturity
    finished = Counter(
        dimension
        for item in await items_of(services, tx, team.team_id)
        if item.done_at is not None and item.done_at > last.closed_at and item.state == "done"
        for dimension in item.dimensions
        if dimension != ALL_DIMENSIONS and model.get(dimension) is not None
    )
    for dimension, count in finished.most_common(1):
        if count >= model.due.items_done:
            return f"{dimension} {count}"
    return None


async def _ops_moved(tx: Tx, team: Team, since: datetime) -> bool:
    return any(
        stay.since > since or (stay.until is not None and stay.until > since)
        for stay in await roi.ops_stays(tx, team.team_id)
    )


async def _tell_leads(
    tx: Tx, team: Team, last: Assessment, reason: str, period: Period, now: datetime
) -> None:
    """Each lead once per assessment and kind of reason, when they are there."""
    kind = reason.partition(" ")[0]
    for lead in await teams.leads_of(tx, team.team_id):
        member = await people.get(tx, lead)
        at = free_moment_of(member, team, now, now + _PATIENCE) if member else None
        await deliveries.plan(
            tx,
            key=f"{REASSESS}:{last.checkin_id}:{kind}:{lead}",
            kind=REASSESS,
            team_id=team.team_id,
            recipient=lead,
            period=period,
            due_at=at or now,
            now=now,
            note=f"{last.checkin_id} {reason}",
        )


def _why(reason: str, age: int, model: MaturityModel) -> str:
    """The reason in a sentence, with its numbers."""
    kind, *facts = reason.split()
    match kind, facts:
        case "items", [dimension, count]:
            known = model.get(dimension)
            of = f" of {known.name}" if known else ""
            return f"{count} checklist items{of} were done since the last one: see what it moved."
        case "headcount", [before, now]:
            return f"The team went from {before} to {now} product managers since the last one."
        case "ops", _:
            return "Somebody in product operations joined or left since the last one."
        case "due", _:
            return f"The last one is {age} days old."
        case "overdue", _:
            return f"It is overdue: the last one is {age} days old."
    return f"The last one is {age} days old, and no longer says where the team stands."
