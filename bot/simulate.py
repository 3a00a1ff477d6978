"""Foresees every prompt, reminder and summary of some days, per person and zone; sends none."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.problems import SettingsProblem
from bot.settings import StorageSettings
from domain.eligibility import REASON_WORDS, SkipReason, prompt_obstacle
from domain.localtime import resolve_local, zone_or_utc
from domain.periods import Period
from domain.rhythm import reminder_due, summary_due
from handlers.schedule import due_of, local_day, rhythm_of, workdays_of, zone_of
from storage import people, teams, workspaces
from storage.database import StorageUnavailableError, Tx, open_database
from storage.people import Member
from storage.teams import Team


@dataclass(frozen=True, order=True)
class Foreseen:
    """One event; `local` is its instant on the clock of whom it concerns."""

    at: datetime
    kind: str
    team: str
    whom: str
    local: datetime
    note: str = ""

    def __str__(self) -> str:
        clock = f"{self.local:%a %Y-%m-%d %H:%M} {self.local.tzinfo}"
        note = f"  ({self.note})" if self.note else ""
        return f"{self.at:%Y-%m-%d %H:%M} UTC  {clock:<38} {self.kind:<9} {self.whom}{note}"


async def simulate(settings: StorageSettings, first: date, last: date) -> AsyncIterator[str]:
    """Lines for the days `first` to `last` (both included, UTC), in order of time."""
    database = open_database(settings.database_url)
    try:
        async with database.read_across() as connection:
            ids = await workspaces.every(connection)
        for workspace_id in ids:
            async with database.read(workspace_id) as tx:
                for team in await teams.every(tx):
                    yield f"# {team.name} (workspace {workspace_id}, channel {team.channel_id})"
                    for event in sorted(await _of_team(tx, team, first, last)):
                        yield str(event)
    except StorageUnavailableError:
        raise SettingsProblem(
            "DATABASE_URL: the database cannot be read: is it running, and migrated?"
        ) from None
    finally:
        await database.close()


async def _of_team(tx: Tx, team: Team, first: date, last: date) -> list[Foreseen]:
    begin = resolve_local(first, time(0), zone_or_utc("UTC"))
    end = begin + timedelta(days=(last - first).days + 1)
    periods = [Period.containing(first).shift(-1)]
    while periods[-1].monday <= last + timedelta(days=7):
        periods.append(periods[-1].shift(1))
    found = [_summary(team, period) for period in periods]
    for member in await people.get_many(tx, await teams.members_of(tx, team.team_id)):
        mine = await teams.of_member(tx, member.person.user_id)
        # Whoever is in several teams is asked once, at the time of the first.
        if mine and mine[0].team_id == team.team_id:
            for period in periods:
                found += _of_person(member, team, period)
    return [event for event in found if begin <= event.at < end]


def _summary(team: Team, period: Period) -> Foreseen:
    zone = zone_or_utc(team.tz)
    at = summary_due(period, team.rhythm, zone)
    whom = f"#{team.channel_id}, about {period}"
    return Foreseen(at, "summary", team.name, whom, at.astimezone(zone))


def _of_person(member: Member, team: Team, period: Period) -> list[Foreseen]:
    zone = zone_of(member, team)
    due = due_of(member, team, period)
    whom = f"{member.name or member.person.user_id}, about {period}"
    note = ""
    obstacle = prompt_obstacle(member.person, local_day(due.at, member, team), due.at)
    if due.skipped:
        obstacle = SkipReason.HOLIDAY_WEEK
    if member.person.prompts_stopped:
        obstacle = SkipReason.STOPPED
    if obstacle is not None:
        note = f"not sent: {REASON_WORDS[obstacle]}"
    elif due.moved_from is not None:
        note = f"moved from {due.moved_from:%a %Y-%m-%d}: {due.holiday}"
    events = [Foreseen(due.at, "prompt", team.name, whom, due.at.astimezone(zone), note)]
    if obstacle is None:
        day, rhythm = local_day(due.at, member, team), rhythm_of(member, team)
        at = reminder_due(day, rhythm, zone, workdays_of(member, team))
        local, unless = at.astimezone(zone), "unless answered"
        events.append(Foreseen(at, "reminder", team.name, whom, local, unless))
    return events
