"""Gathers what App Home shows beyond one's own week, in a bounded number of queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.periods import day_label
from domain.programme import programme
from domain.summary import WeeklySummary, weekly_summary
from domain.team import percent
from handlers.assessments import assessments_of, open_checkin_of
from handlers.goals import target_of
from handlers.items import items_of, items_owned
from handlers.services import Services
from handlers.teamweeks import headcount, records_of
from handlers.views.homeparts import HomeTeam, ToRate, Waiting
from handlers.views.weeknotes import maturity_text
from handlers.weeknotes import maturity_note
from storage import decisions, ledger, maturity, teams
from storage.database import Tx
from storage.teams import Team

#: Teams that come with their figures; more of them come by name and buttons alone.
_WITH_FIGURES = 5
_MOST_CHECKINS, _MOST_DECISIONS = 5, 20


async def waiting_for(services: Services, tx: Tx, user_id: str) -> Waiting:
    """Check-ins to rate, open items and open decisions of one person, whatever the team."""
    return Waiting(
        to_rate=await _to_rate(tx, user_id),
        items=await items_owned(services, tx, user_id),
        decisions=await decisions.owned_by(tx, user_id, _MOST_DECISIONS),
    )


async def _to_rate(tx: Tx, user_id: str) -> list[ToRate]:
    found = []
    for checkin in await maturity.open_for(tx, user_id, _MOST_CHECKINS):
        raters = await maturity.raters_of(tx, checkin.checkin_id)
        team = await teams.get(tx, checkin.team_id)
        if team is not None and any(r.user_id == user_id and r.is_awaited for r in raters):
            found.append(ToRate(checkin.checkin_id, team.name, checkin.deadline_at))
    return found


async def home_teams(
    services: Services, tx: Tx, mine: Sequence[Team], led: Mapping[str, Team], now: datetime
) -> list[HomeTeam]:
    """My teams in order, the first few with all there is to say about them."""
    full = [
        await _team(services, tx, team, team.team_id in led, now) for team in mine[:_WITH_FIGURES]
    ]
    bare = [
        HomeTeam(
            team.name,
            team.channel_id,
            team.team_id in led,
            team_id=team.team_id,
            is_bare=True,
        )
        for team in mine[_WITH_FIGURES:]
    ]
    return full + bare


async def _team(services: Services, tx: Tx, team: Team, is_lead: bool, now: datetime) -> HomeTeam:
    """A team with its last posted summary, whose figures are the channel's."""
    items = await items_of(services, tx, team.team_id)
    state = programme(items)
    checkin = await open_checkin_of(tx, team.team_id)
    return HomeTeam(
        team.name,
        team.channel_id,
        is_lead,
        await _last_summary(services, tx, team),
        team_id=team.team_id,
        facts=await _facts(services, tx, team, state.done, state.total, now),
        programme=state,
        can_start=is_lead and checkin is None,
    )


async def _facts(
    services: Services, tx: Tx, team: Team, done: int, total: int, now: datetime
) -> list[str]:
    facts = [f"Checklist {done}/{total}"]
    found = await assessments_of(tx, team.team_id, limit=1)
    if found:
        facts.append(maturity_text(maturity_note(services, team, found[0], now)))
    target = await target_of(tx, team)
    if target is not None:
        by = f" by {day_label(target.by)}" if target.by else ""
        facts.append(f"target {percent(target.share)}%{by}")
    return facts


async def _last_summary(services: Services, tx: Tx, team: Team) -> WeeklySummary | None:
    posted = await ledger.last_summary(tx, team.team_id)
    if posted is None:
        return None
    catalog = await services.catalog_of(tx)
    records = await records_of(tx, team, posted.period, posted.period)
    week = records.week(posted.period, catalog)
    rules = services.playbook.rules
    return weekly_summary([week], headcount(records), catalog, rules=rules)
