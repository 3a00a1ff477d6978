"""The weekly summary: posted once a week, with details below, edited when late answers come."""

from datetime import datetime

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.rhythm import is_expired, next_summary, summary_due
from handlers.copies import plan_copies
from handlers.posts import plan_details
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import SUMMARY, ensure_reviews
from handlers.services import Services
from handlers.teamreading import TeamReading
from handlers.teamsummary import summary_of
from handlers.views.blocks import Message
from handlers.views.summary import weekly
from handlers.views.summary_details import weekly_details
from handlers.views.weeknotes import note_lines
from handlers.weeknotes import week_notes
from storage import agenda, deliveries, edits, summaries, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teams import Team

DETAILS = "details"


def register(registry: Registry) -> None:
    registry.occasions[SUMMARY] = Summary()
    registry.occasions[DETAILS] = Details()


def key_of(team_id: str, period: Period) -> str:
    return f"{SUMMARY}:{team_id}:{period}"


class Summary(Occasion):
    """One message per team and week."""

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        team = await teams.get(tx, due.subject)
        if team is None:
            await agenda.drop(tx, SUMMARY, due.subject)
            return
        await plan_summary(tx, team, due.period, due.due_at, now)
        await ensure_reviews(tx, team, now)
        zone = zone_or_utc(team.tz)
        period, _ = next_summary(due.due_at, team.rhythm, zone)
        period = max(period, due.period.shift(1))
        at = summary_due(period, team.rhythm, zone)
        await agenda.put(tx, SUMMARY, team.team_id, period, at)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip("left_team")
        updated = delivery.state is State.SENT
        reading = TeamReading(services, tx, team, now)
        return await weekly_of(reading, delivery.period, updated=updated)

    async def sent(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return
        await teams.set_trouble(tx, team.team_id, None)
        await _note_insights(services, tx, team, delivery.period, now)
        await plan_details(tx, delivery, _details_key(delivery), DETAILS, now)
        # The review of a month may have gone out before this week of it was over.
        await edits.want_reviews_edited(tx, team.team_id, delivery.period, now)

    async def edited(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        # Late answers may have brought the first numbers, and with them insights and details.
        team = await teams.get(tx, delivery.team_id or "")
        if team is not None:
            await _note_insights(services, tx, team, delivery.period, now)
        if await plan_details(tx, delivery, _details_key(delivery), DETAILS, now):
            services.wake()


def _details_key(summary: Delivery) -> str:
    return f"{DETAILS}:{summary.team_id}:{summary.period}"


async def _note_insights(
    services: Services, tx: Tx, team: Team, period: Period, now: datetime
) -> None:
    """Remember what the post points out; its short form points out nothing."""
    reading = TeamReading(services, tx, team, now)
    found = await summary_of(reading, period)
    if found.week.shares is None:
        return
    rules = [insight.rule for insight in found.insights]
    await summaries.show_insights(tx, team.team_id, period, rules, reading.today)


class Details(Occasion):
    """The thread under a summary."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip("left_team")
        reading = TeamReading(services, tx, team, now)
        found = await summary_of(reading, delivery.period)
        said = weekly_details(found, team_name=team.name, catalog=await reading.catalog())
        return said or Skip("too_few_answers")


async def plan_summary(tx: Tx, team: Team, period: Period, due_at: datetime, now: datetime) -> bool:
    """Enter a week's summary and its copies into the ledger; False: it is there already."""
    expired = is_expired(SUMMARY, due_at, now)
    state = State.EXPIRED if expired else State.PLANNED
    reason = SkipReason.EXPIRED if expired else None
    entered = await deliveries.plan(
        tx,
        key=key_of(team.team_id, period),
        kind=SUMMARY,
        team_id=team.team_id,
        recipient=team.channel_id,
        period=period,
        due_at=due_at,
        now=now,
        state=state,
        reason=reason,
    )
    await plan_copies(tx, team, period, due_at=due_at, now=now, state=state, reason=reason)
    return entered is not None


async def weekly_of(
    reading: TeamReading, period: Period, *, updated: bool = False, threaded: bool = True
) -> Message:
    return weekly(
        await summary_of(reading, period),
        team_name=reading.team.name,
        catalog=await reading.catalog(),
        charts=await reading.takes_charts(),
        updated=updated,
        threaded=threaded,
        besides=note_lines(await week_notes(reading, period)),
    )
