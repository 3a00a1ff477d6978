"""The weekly summary: posted once a week, with details below, edited when late answers come."""

from datetime import datetime

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.rhythm import is_expired, next_summary, summary_due
from handlers.copies import plan_copies
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import SUMMARY, ensure_reviews
from handlers.services import Services
from handlers.teamsummary import summary_of
from handlers.views.blocks import Message
from handlers.views.summary import weekly
from handlers.views.summary_details import weekly_details
from handlers.views.weeknotes import note_lines
from handlers.weeknotes import week_notes
from storage import agenda, deliveries, edits, ledger, summaries, teams, workspaces
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
        return await weekly_of(services, tx, team, delivery.period, now=now, updated=updated)

    async def sent(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return
        await teams.set_trouble(tx, team.team_id, None)
        await _note_insights(services, tx, team, delivery.period, now)
        await _plan_details(tx, delivery, now)
        # The review of a month may have gone out before this week of it was over.
        await edits.want_reviews_edited(tx, team.team_id, delivery.period, now)

    async def edited(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        # Late answers may have brought the first numbers, and with them insights and details.
        team = await teams.get(tx, delivery.team_id or "")
        if team is not None:
            await _note_insights(services, tx, team, delivery.period, now)
        if await _plan_details(tx, delivery, now):
            services.wake()


async def _note_insights(
    services: Services, tx: Tx, team: Team, period: Period, now: datetime
) -> None:
    """Remember what the post points out; its short form points out nothing."""
    catalog = await services.catalog_of(tx)
    found = await summary_of(services, tx, team, period, catalog, now=now)
    if found.week.shares is None:
        return
    today = now.astimezone(zone_or_utc(team.tz)).date()
    rules = [insight.rule for insight in found.insights]
    await summaries.show_insights(tx, team.team_id, period, rules, today)


class Details(Occasion):
    """The thread under a summary."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip("left_team")
        catalog = await services.catalog_of(tx)
        found = await summary_of(services, tx, team, delivery.period, catalog, now=now)
        said = weekly_details(found, team_name=team.name, catalog=catalog)
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


async def _plan_details(tx: Tx, summary: Delivery, now: datetime) -> bool:
    """Whether there are details to post that were not posted yet."""
    if summary.ts is None:
        # A lead says that it arrived; we know no thread to put them in.
        return False
    key = f"{DETAILS}:{summary.team_id}:{summary.period}"
    standing = await ledger.by_key(tx, key)
    if standing is not None:
        return await deliveries.plan_again(tx, standing, now)
    entered = await deliveries.plan(
        tx,
        key=key,
        kind=DETAILS,
        team_id=summary.team_id,
        recipient=summary.recipient,
        period=summary.period,
        due_at=now,
        now=now,
        thread_ts=summary.ts,
    )
    return entered is not None


async def weekly_of(
    services: Services,
    tx: Tx,
    team: Team,
    period: Period,
    *,
    now: datetime,
    updated: bool = False,
    threaded: bool = True,
) -> Message:
    catalog = await services.catalog_of(tx)
    return weekly(
        await summary_of(services, tx, team, period, catalog, now=now),
        team_name=team.name,
        catalog=catalog,
        charts=await takes_charts(tx),
        updated=updated,
        threaded=threaded,
        besides=note_lines(await week_notes(services, tx, team, period, now)),
    )


async def takes_charts(tx: Tx) -> bool:
    """Whether this workspace takes native charts, as far as we know."""
    workspace = await workspaces.get(tx)
    return workspace.charts if workspace else True
