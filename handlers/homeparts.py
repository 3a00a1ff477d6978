"""Gathers what App Home shows beyond one's own week, in a bounded number of queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.periods import Period, day_label
from domain.programme import programme
from domain.summary import WeeklySummary, weekly_summary
from domain.team import percent
from handlers.goals import target_of
from handlers.items import items_owned
from handlers.services import Services
from handlers.teamreading import TeamReading, read_together
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
    readings = read_together(services, tx, mine[:_WITH_FIGURES], now)
    posted = {reading: await ledger.last_summary(tx, reading.team.team_id) for reading in readings}
    weeks = [delivery.period for delivery in posted.values() if delivery is not None]
    if weeks:
        # One reading for all of them.
        await readings[0].records(min(weeks), max(weeks))
    full = [
        await _team(reading, reading.team.team_id in led, delivery.period if delivery else None)
        for reading, delivery in posted.items()
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


async def _team(reading: TeamReading, is_lead: bool, week: Period | None) -> HomeTeam:
    """A team with its last posted summary, that of `week`, whose figures are the channel's."""
    team = reading.team
    state = programme(await reading.items())
    return HomeTeam(
        team.name,
        team.channel_id,
        is_lead,
        await _figures(reading, week) if week else None,
        team_id=team.team_id,
        facts=await _facts(reading, state.done, state.total),
        programme=state,
        can_start=is_lead and await reading.open_checkin() is None,
    )


async def _facts(reading: TeamReading, done: int, total: int) -> list[str]:
    facts = [f"Checklist {done}/{total}"]
    found = await reading.assessments()
    if found:
        facts.append(maturity_text(maturity_note(reading, found[0])))
    target = await target_of(reading)
    if target is not None:
        by = f" by {day_label(target.by)}" if target.by else ""
        facts.append(f"target {percent(target.share)}%{by}")
    return facts


async def _figures(reading: TeamReading, week: Period) -> WeeklySummary:
    weeks, catalog = await reading.weeks(week, week), await reading.catalog()
    rules = reading.services.playbook.rules
    return weekly_summary(weeks, await reading.headcount(), catalog, rules=rules)
