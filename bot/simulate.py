"""Foresees every prompt, reminder and summary of some days, per person and zone; sends none."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.playbook import playbook_of
from bot.problems import SettingsProblem
from bot.settings import StorageSettings
from domain.eligibility import REASON_WORDS, SkipReason, prompt_obstacle
from domain.localtime import resolve_local, zone_or_utc
from domain.periods import Period
from domain.rhythm import PromptDue, reminder_due, summary_due
from domain.spans import Span, SpanKind
from handlers.copies import REVIEW_COPY, SUMMARY_COPY
from handlers.following import REMINDER
from handlers.schedule import (
    MONTH,
    PROMPT,
    QUARTER,
    SUMMARY,
    due_of,
    local_day,
    next_review_of,
    rhythm_of,
    workdays_of,
    zone_of,
)
from storage import agenda, audience, ledger, memberships, people, teams, timesplit, workspaces
from storage.database import StorageUnavailableError, Tx, open_database
from storage.people import Member
from storage.teams import Team

UNLESS = "unless answered"
#: More than a workspace ever has waiting.
MOST_PLANNED = 100_000


@dataclass(frozen=True)
class Foreseen:
    """One event, of a person (by their id and name) or a channel."""

    at: datetime
    kind: str
    recipient: str
    whom: str
    period: Period
    #: Where its instant is a time of day.
    zone: ZoneInfo
    note: str = ""
    #: False for what is only said to be left out.
    goes_out: bool = True

    def __str__(self) -> str:
        local = self.at.astimezone(self.zone)
        clock = f"{local:%a %Y-%m-%d %H:%M} {self.zone}"
        note = f"  ({self.note})" if self.note else ""
        about = f"{self.kind:<9} {self.whom}, about {self.period}"
        return f"{self.at:%Y-%m-%d %H:%M} UTC  {clock:<38} {about}{note}"


async def simulate(settings: StorageSettings, first: date, last: date) -> AsyncIterator[str]:
    """Lines for the days `first` to `last` (both included, UTC), in order of time."""
    # Nothing goes out from a process that its content keeps from starting.
    playbook_of(settings)
    database = open_database(settings.database_url)
    try:
        async with database.read_across() as connection:
            ids = await workspaces.every(connection)
        for workspace_id in ids:
            async with database.read(workspace_id) as tx:
                for team in await teams.every(tx):
                    yield f"# {team.name} (workspace {workspace_id}, channel {team.channel_id})"
                    for event in await foresee(tx, team, first, last):
                        yield str(event)
    except StorageUnavailableError:
        raise SettingsProblem(
            "DATABASE_URL: the database cannot be read: is it running, and migrated?"
        ) from None
    finally:
        await database.close()


async def foresee(tx: Tx, team: Team, first: date, last: date) -> list[Foreseen]:
    """What goes out for one team in these days, in order of time.

    It begins where the agenda stands: what is over is in the ledger, and no rule repeats it.
    """
    begin = resolve_local(first, time(0), zone_or_utc("UTC"))
    end = begin + timedelta(days=(last - first).days + 1)
    to_come = [*await _summaries(tx, team, end), *await _reviews(tx, team, end)]
    found = [*to_come, *await _copies(tx, team, to_come), *await _planned(tx, team)]
    for member in await people.get_many(tx, await memberships.members_of(tx, team.team_id)):
        mine = await teams.of_member(tx, member.person.user_id)
        # Whoever is in several teams is asked once, at the time of the first.
        if mine and mine[0].team_id == team.team_id:
            found += await _prompts(tx, member, team, end)
    within = [event for event in found if begin <= event.at < end]
    return sorted(within, key=lambda event: (event.at, event.kind, event.whom))


async def _summaries(tx: Tx, team: Team, end: datetime) -> list[Foreseen]:
    standing = await agenda.get(tx, SUMMARY, team.team_id)
    if standing is None:
        return []
    zone, channel = zone_or_utc(team.tz), team.channel_id
    found, period, at = [], standing.period, standing.due_at
    while at < end:
        found.append(Foreseen(at, SUMMARY, channel, f"#{channel}", period, zone))
        period = period.shift(1)
        at = summary_due(period, team.rhythm, zone)
    return found


async def _reviews(tx: Tx, team: Team, end: datetime) -> list[Foreseen]:
    """Those of months and quarters, each under its last week."""
    zone, channel = zone_or_utc(team.tz), team.channel_id
    kinds: tuple[SpanKind, ...] = (MONTH, QUARTER)
    found = []
    for kind in kinds:
        standing = await agenda.get(tx, kind, team.team_id)
        if standing is None:
            continue
        span, at = Span.of_week(kind, standing.period), standing.due_at
        while at < end:
            week = span.last_week
            found.append(Foreseen(at, kind, channel, f"#{channel}", week, zone, span.label))
            span, at = next_review_of(team, kind, at, span.shift(1))
    return found


async def _copies(tx: Tx, team: Team, originals: list[Foreseen]) -> list[Foreseen]:
    """Those for the further channels that the team shares with."""
    found = []
    for channel in await audience.channels_of(tx, team.team_id):
        for event in originals:
            kind = SUMMARY_COPY if event.kind == SUMMARY else REVIEW_COPY
            found.append(replace(event, kind=kind, recipient=channel, whom=f"#{channel}"))
    return found


async def _planned(tx: Tx, team: Team) -> list[Foreseen]:
    """What is in the ledger already and still to be sent, such as reminders."""
    waiting = [d for d in await ledger.planned(tx, MOST_PLANNED) if d.team_id == team.team_id]
    members = await people.get_many(tx, [d.recipient for d in waiting])
    known = {member.person.user_id: member for member in members}
    found = []
    for d in waiting:
        at, member = d.work_at or d.due_at, known.get(d.recipient)
        if member is None:
            zone = zone_or_utc(team.tz)
            found.append(Foreseen(at, d.kind, d.recipient, f"#{d.recipient}", d.period, zone))
            continue
        note = UNLESS if d.kind == REMINDER else ""
        away = prompt_obstacle(member.person, local_day(at, member, team), at)
        found.append(_event(d.kind, at, member, team, d.period, note, away))
    return found


async def _prompts(tx: Tx, member: Member, team: Team, end: datetime) -> list[Foreseen]:
    standing = await agenda.get(tx, PROMPT, member.person.user_id)
    if standing is None:
        return []
    found: list[Foreseen] = []
    due = replace(
        due_of(member, team, standing.period),
        at=standing.due_at,
        day=local_day(standing.due_at, member, team),
    )
    logged = await timesplit.get(tx, member.person.user_id, standing.period)
    while due.at < end:
        known = logged is not None and due.period == standing.period
        found += _prompt(member, team, due, known)
        due = due_of(member, team, due.period.shift(1))
    return found


def _prompt(member: Member, team: Team, due: PromptDue, logged: bool) -> list[Foreseen]:
    """The prompt about one week, with the reminder that follows unless it is answered."""
    obstacle = prompt_obstacle(member.person, due.day, due.at)
    if due.skipped:
        obstacle = SkipReason.HOLIDAY_WEEK
    elif logged:
        obstacle = SkipReason.ALREADY_LOGGED
    note = ""
    if due.moved_from is not None:
        note = f"moved from {due.moved_from:%a %Y-%m-%d}: {due.holiday}"
    found = [_event(PROMPT, due.at, member, team, due.period, note, obstacle)]
    if obstacle is None:
        zone, workdays = zone_of(member, team), workdays_of(member, team)
        at = reminder_due(due.day, rhythm_of(member, team), zone, workdays)
        away = prompt_obstacle(member.person, local_day(at, member, team), at)
        found.append(_event(REMINDER, at, member, team, due.period, UNLESS, away))
    return found


def _event(
    kind: str,
    at: datetime,
    member: Member,
    team: Team,
    period: Period,
    note: str,
    obstacle: SkipReason | None,
) -> Foreseen:
    if obstacle is not None:
        note = f"not sent: {REASON_WORDS[obstacle]}"
    user_id, zone = member.person.user_id, zone_of(member, team)
    return Foreseen(at, kind, user_id, member.name or user_id, period, zone, note, obstacle is None)
