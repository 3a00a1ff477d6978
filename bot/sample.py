"""A sample team with twelve weeks behind it, so that everything has something to show at once."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from bot.samplework import seed_work
from domain.categories import Catalog
from domain.localtime import resolve_local, zone_or_utc
from domain.periods import Period
from domain.rhythm import Rhythm
from domain.timesplit import Split
from handlers import profiles
from handlers.schedule import schedule_person, schedule_team
from handlers.services import Services
from handlers.teamweeks import HISTORY_WEEKS
from storage import memberships, people, teams, timesplit
from storage.database import Tx
from storage.teams import Team

#: Percent of a usual week, at the beginning and at the end of the twelve.
_USUAL = {
    "tools": (13, 10),
    "reporting": (12, 9),
    "coordination": (17, 14),
    "interrupts": (9, 8),
    "customer": (7, 10),
    "discovery": (9, 12),
    "strategy": (8, 11),
    "delivery": (20, 20),
    "people": (5, 6),
}
#: One person in so many leaves a week out, or marks it as not applicable.
_LEAVES_OUT, _NOT_APPLICABLE = 9, 14


async def seed(
    services: Services,
    workspace_id: str,
    *,
    channel_id: str,
    name: str,
    tz: str,
    lead: str,
    members: Sequence[str],
    newcomer: str | None = None,
) -> None:
    """Set up a team whose members have logged for twelve weeks; `newcomer` joins it today."""
    now = services.clock.now()
    begun = now - timedelta(weeks=HISTORY_WEEKS + 1)
    fetched = [await profiles.fetch(services, workspace_id, u) for u in {lead, *members}]
    async with services.database.write(workspace_id) as tx:
        for profile in fetched:
            if profile is not None:
                await people.refresh(tx, profile, now)
        team = await teams.save(
            tx,
            channel_id=channel_id,
            name=name,
            tz=tz,
            country=None,
            industry="Technology",
            rhythm=Rhythm(),
            members_from="picked",
            group_id=None,
            by=lead,
            now=begun,
        )
        await teams.set_leads(tx, team.team_id, [lead], begun)
        for user_id in members:
            joined = now if user_id == newcomer else begun
            await memberships.join(tx, team.team_id, user_id, lead, joined)
            if user_id != newcomer:
                await people.mark_introduced(tx, user_id, begun)
                await _history(tx, services.catalog, team, user_id, now)
            await schedule_person(tx, user_id, now)
        await schedule_team(tx, team, now)
        old = [user_id for user_id in members if user_id != newcomer]
        await seed_work(services, tx, team, lead, old, now)
    services.wake()


async def _history(tx: Tx, catalog: Catalog, team: Team, user_id: str, now: datetime) -> None:
    """Weeks like a person's own: a habit that differs from the next person's, and a slow trend."""
    chance = Random(user_id)  # noqa: S311 - believable, not secret
    habit = {key: chance.uniform(0.7, 1.3) for key in _USUAL}
    zone = zone_or_utc(team.tz)
    last = Period.containing(now.astimezone(zone).date()).shift(-1)
    for week in range(HISTORY_WEEKS):
        period = last.shift(week - HISTORY_WEEKS + 1)
        logged = resolve_local(period.monday + timedelta(days=4), time(15), zone)
        if chance.randrange(_LEAVES_OUT) == 0:
            continue
        away = chance.randrange(_NOT_APPLICABLE) == 0
        split = None if away else _week(chance, habit, week / (HISTORY_WEEKS - 1), catalog)
        reason = "holiday" if away else None
        await timesplit.record(
            tx, user_id, period, split, reason=reason, source="sample", now=logged
        )


def _week(chance: Random, habit: dict[str, float], progress: float, catalog: Catalog) -> Split:
    """One week, in steps of five per cent as people write it."""
    known = [key for key in _USUAL if catalog.get(key) is not None]
    wanted = {
        key: (_USUAL[key][0] + (_USUAL[key][1] - _USUAL[key][0]) * progress)
        * habit[key]
        * chance.uniform(0.75, 1.25)
        for key in known
    }
    total = sum(wanted.values())
    steps = {key: round(20 * share / total) for key, share in wanted.items()}
    most = max(steps, key=lambda key: steps[key])
    steps[most] += 20 - sum(steps.values())
    return Split({key: count * 500 for key, count in steps.items() if count > 0})
