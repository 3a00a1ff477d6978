"""Keeps the agenda in step: whenever a team, a person or a rule changes, the next due instant."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.rhythm import (
    PromptDue,
    Rhythm,
    first_summary,
    next_prompt,
    next_summary,
    prompt_due,
)
from domain.spans import Span, SpanKind, next_review, review_due
from domain.workdays import Workdays, country_of_zone
from storage import agenda, people, teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

PROMPT: Final = "prompt"
SUMMARY: Final = "summary"
MONTH: Final = "month"
QUARTER: Final = "quarter"


def zone_of(member: Member | None, team: Team | None) -> ZoneInfo:
    """The person's own zone; until Slack has told it, the team's."""
    own = member.person.tz if member else None
    return zone_or_utc(own or (team.tz if team else None))


def workdays_of(member: Member, team: Team) -> Workdays:
    """Holidays by the person's own choice, else the team's country, else their time zone's."""
    tz = member.person.tz or team.tz
    return Workdays(member.person.country or team.country or country_of_zone(tz))


def rhythm_of(member: Member, team: Team) -> Rhythm:
    """The team's rhythm with the person's own prompt day and time in it."""
    rhythm = team.rhythm
    if member.prompt_weekday is not None:
        rhythm = replace(rhythm, prompt_weekday=member.prompt_weekday)
    if member.prompt_time is not None:
        rhythm = replace(rhythm, prompt_time=time.fromisoformat(member.prompt_time))
    return rhythm


def due_of(member: Member, team: Team, period: Period) -> PromptDue:
    return prompt_due(
        period, rhythm_of(member, team), zone_of(member, team), workdays_of(member, team)
    )


def prompt_after(member: Member, team: Team, after: datetime) -> PromptDue:
    """The person's first prompt after an instant."""
    return next_prompt(
        after, rhythm_of(member, team), zone_of(member, team), workdays_of(member, team)
    )


async def schedule_person(tx: Tx, user_id: str, now: datetime) -> None:
    """Set the person's next prompt by their first team; drop it when they have none.

    A week that is on the agenda already stays on it: where a move leaves its new instant
    in the past, it goes out now, so that no week is asked for twice, and none left out.
    """
    member = await people.get(tx, user_id)
    mine = await teams.of_member(tx, user_id)
    if member is None or not mine or member.person.prompts_stopped:
        await agenda.drop(tx, PROMPT, user_id)
        return
    team = mine[0]
    standing = await agenda.get(tx, PROMPT, user_id)
    if standing is None:
        due = prompt_after(member, team, now)
        await agenda.put(tx, PROMPT, user_id, due.period, due.at)
        return
    due = due_of(member, team, standing.period)
    at = due.at if due.at > now else min(standing.due_at, now)
    await agenda.put(tx, PROMPT, user_id, standing.period, at)


async def reschedule_person(tx: Tx, user_id: str, now: datetime) -> None:
    """After a change of the rhythm: a week whose new instant has passed keeps its old one."""
    standing = await agenda.get(tx, PROMPT, user_id)
    await schedule_person(tx, user_id, now)
    moved = await agenda.get(tx, PROMPT, user_id)
    if standing and moved and moved.due_at <= now < standing.due_at:
        await agenda.put(tx, PROMPT, user_id, standing.period, standing.due_at)


async def schedule_team(tx: Tx, team: Team, now: datetime) -> None:
    """Set the team's next summary; a new team's first is about the first week prompted."""
    standing = await agenda.get(tx, SUMMARY, team.team_id)
    zone = zone_or_utc(team.tz)
    workdays = team_workdays(team)
    first = first_summary(team.created_at, team.rhythm, zone, workdays)
    if standing is None:
        period, at = max(first, next_summary(now, team.rhythm, zone))
    else:
        period, at = max(first, next_summary(now, team.rhythm, zone))
        if period > standing.period:
            # The rule moved past this week's summary: it still goes out, as it was planned.
            period, at = standing.period, standing.due_at
    await agenda.put(tx, SUMMARY, team.team_id, period, at)
    await schedule_reviews(tx, team, now)


def team_workdays(team: Team) -> Workdays:
    return Workdays(team.country or country_of_zone(team.tz))


def first_week(team: Team) -> Period:
    """The first week that the team was prompted for."""
    period, _ = first_summary(
        team.created_at, team.rhythm, zone_or_utc(team.tz), team_workdays(team)
    )
    return period


def next_review_of(
    team: Team, kind: SpanKind, after: datetime, since: Span | None = None
) -> tuple[Span, datetime]:
    """The team's first review due after an instant: of no span before `since`, nor before the
    one with the first week that the team was prompted for."""
    zone, workdays = zone_or_utc(team.tz), team_workdays(team)
    first = Span.of_week(kind, first_week(team))
    return next_review(kind, after, max(first, since or first), team.rhythm, zone, workdays)


async def schedule_reviews(tx: Tx, team: Team, now: datetime) -> None:
    """Set the next reviews of a month and a quarter; one that was planned still goes out."""
    for kind in (MONTH, QUARTER):
        span, at = next_review_of(team, kind, now)
        standing = await agenda.get(tx, kind, team.team_id)
        if standing is not None and standing.period < span.last_week:
            planned = Span.of_week(kind, standing.period)
            at = review_due(planned, team.rhythm, zone_or_utc(team.tz), team_workdays(team))
            span, at = planned, at if at > now else standing.due_at
        await agenda.put(tx, kind, team.team_id, span.last_week, at)


async def ensure_reviews(tx: Tx, team: Team, now: datetime) -> None:
    """Teams of an older version have no reviews on the agenda yet."""
    for kind in (MONTH, QUARTER):
        if await agenda.get(tx, kind, team.team_id) is None:
            await schedule_reviews(tx, team, now)
            return


def local_day(instant: datetime, member: Member | None, team: Team | None) -> date:
    return instant.astimezone(zone_of(member, team)).date()
