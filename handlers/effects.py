"""The closed loop: what changed after items were done, told to owners, leads and in summaries."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.checklist import TeamItem
from domain.delivery import State
from domain.effects import WEEKS, Effect, levels_moved, metric_of, moved
from domain.eligibility import SkipReason
from domain.localtime import zone_or_utc
from domain.maturity import Assessment
from domain.periods import Period
from domain.rhythm import is_expired
from domain.team import TeamWeek
from handlers.items import worded
from handlers.itemschedule import EFFECT, effect_due, week_done
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import SUMMARY
from handlers.services import Services
from handlers.teamreading import TeamReading
from handlers.views.blocks import Message
from handlers.views.effects import after_items
from storage import agenda, checklist, deliveries, people, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teams import Team

#: How far back items are looked at: a quarter, and the weeks after its first items.
_SPAN = timedelta(weeks=20)


def register(registry: Registry) -> None:
    registry.occasions[EFFECT] = AfterItems()


async def effects_of(reading: TeamReading, done_in: Period | None = None) -> list[Effect]:
    """What changed after each item done in the last months, newest first.

    Those with anything to tell: four complete weeks of logs since, or a new assessment.
    """
    return [effect for effect in await _effects(reading, done_in=done_in) if effect.finding]


async def _effects(
    reading: TeamReading, since: datetime | None = None, done_in: Period | None = None
) -> list[Effect]:
    team, now, last = reading.team, reading.now, reading.last
    begin = since or now - _SPAN
    done = [
        item
        for item in await reading.stored_items()
        if item.state == "done"
        and item.done_at is not None
        and item.done_at >= begin
        and done_in in (None, week_done(item, team, now))
    ]
    if not done:
        return []
    first = min(week_done(item, team, now) for item in done).shift(-WEEKS)
    weeks = await reading.active_weeks(first, last)
    catalog, assessments = await reading.catalog(), await reading.assessments()
    playbook = reading.services.playbook
    model = playbook.maturity
    found = []
    for stored in done:
        item = worded(playbook.checklist, stored)
        period = week_done(item, team, now)
        full: Sequence[TeamWeek] = weeks if period.shift(WEEKS) <= last else ()
        change = moved(metric_of(item, model), period, full, catalog)
        levels = levels_moved(item, item.done_at or now, assessments, model)
        found.append(Effect(item, period, change, levels))
    return sorted(found, key=lambda effect: effect.item.done_at or now, reverse=True)


async def tell_after_assessment(
    services: Services, tx: Tx, team: Team, assessment: Assessment, now: datetime
) -> None:
    """At the next check-in: what became of the dimensions that items done since the last moved."""
    reading = TeamReading(services, tx, team, now)
    told = await _since_last(reading, assessment.checkin_id)
    if not told:
        return
    period = Period.containing(now.astimezone(zone_or_utc(team.tz)).date())
    for user_id in await _told(tx, team, [effect.item for effect in told]):
        await people.mention(tx, user_id)
        await deliveries.plan(
            tx,
            key=f"{EFFECT}:{assessment.checkin_id}:{user_id}",
            kind=EFFECT,
            team_id=team.team_id,
            recipient=user_id,
            period=period,
            due_at=now,
            now=now,
            note=assessment.checkin_id,
        )


async def _since_last(reading: TeamReading, checkin_id: str) -> list[Effect]:
    """Items done between the assessment before this one and this one, with levels on both."""
    known = sorted(await reading.assessments(), key=lambda found: found.closed_at)
    ids = [found.checkin_id for found in known]
    if checkin_id not in ids[1:]:
        return []
    this, before = known[ids.index(checkin_id)], known[ids.index(checkin_id) - 1]
    return [
        effect
        for effect in await _effects(reading, before.closed_at)
        if effect.levels and (effect.item.done_at or reading.now) < this.closed_at
    ]


async def _told(tx: Tx, team: Team, items: Sequence[TeamItem]) -> list[str]:
    """Whoever these items belong to, and the leads; each once."""
    owners = [owner for item in items if (owner := _owner_of(item))]
    return list(dict.fromkeys([*owners, *await teams.leads_of(tx, team.team_id)]))


def _owner_of(item: TeamItem) -> str | None:
    return item.owner or item.done_by


class AfterItems(Occasion):
    """Told to each owner and lead: four weeks after the week in which items were done, about all
    of that week; and after an assessment, whose id `note` then holds."""

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        item = await checklist.get(tx, due.subject)
        team = await teams.get(tx, item.team_id) if item else None
        await agenda.drop(tx, EFFECT, due.subject)
        if item is None or team is None or item.state != "done":
            return
        at = effect_due(team, due.period)
        if at > max(now, due.due_at):
            # The team's summary comes later by now, and this after it.
            await agenda.put(tx, EFFECT, due.subject, due.period, at)
            return
        for user_id in await _told(tx, team, [item]):
            await _enter(tx, due, team, user_id, now)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip(SkipReason.LEFT_TEAM)
        is_lead = delivery.recipient in await teams.leads_of(tx, team.team_id)
        reading = TeamReading(services, tx, team, now)
        if delivery.note:
            found = await _since_last(reading, delivery.note)
        else:
            found = await _effects(reading, done_in=delivery.period)
        done = [e for e in found if is_lead or delivery.recipient == _owner_of(e.item)]
        told = [effect.sentence for effect in done if effect.sentence]
        if not told:
            return Skip(SkipReason.TOO_FEW_WEEKS)
        return after_items(told, team_id=team.team_id, team_name=team.name)


async def _enter(tx: Tx, due: Occurrence, team: Team, user_id: str, now: datetime) -> None:
    """One message per person and week of items, whichever item asks for it first."""
    await people.mention(tx, user_id)
    expired = is_expired(SUMMARY, due.due_at, now)
    await deliveries.plan(
        tx,
        key=f"{EFFECT}:{team.team_id}:{due.period}:{user_id}",
        kind=EFFECT,
        team_id=team.team_id,
        recipient=user_id,
        period=due.period,
        due_at=due.due_at,
        now=now,
        state=State.EXPIRED if expired else State.PLANNED,
        reason=SkipReason.EXPIRED if expired else None,
    )
