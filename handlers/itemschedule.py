"""When the checklist speaks by itself: the weekly check-in, what is stuck, what changed since."""

from datetime import datetime, time, timedelta
from typing import Final

from domain.checklist import UNFINISHED, State, TeamItem
from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.rhythm import PromptDue, Rhythm, next_prompt, prompt_due, summary_due
from domain.workdays import Workdays, country_of_zone
from handlers.schedule import workdays_of, zone_of
from storage import agenda, checklist, people, teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

ASSIGNED: Final = "assigned"
ITEMS: Final = "items"
STUCK: Final = "stuck"
EFFECT: Final = "effect"

#: What keeps a person on the weekly round: things to do, and practices put to use.
OWNED: Final[tuple[State, ...]] = (*UNFINISHED, "done")
#: Owners are asked on Wednesday, so that leads hear on Thursday of what then still does not move.
CHECK = Rhythm(prompt_weekday=2, prompt_time=time(10))
STUCK_NOTE = Rhythm(prompt_weekday=3, prompt_time=time(10))
#: Complete weeks of logs on each side of the week in which an item was done.
EFFECT_WEEKS = 4
#: Nobody is asked how it goes in the morning in which they took their first item.
_NOT_AT_ONCE = timedelta(hours=12)
#: After the summary that has the last of these weeks in it.
_AFTER_SUMMARY = timedelta(hours=1)


def check_due(member: Member, team: Team, period: Period) -> PromptDue:
    """When the person's check-in of this week is due, in their own zone and off holidays."""
    return prompt_due(period, CHECK, zone_of(member, team), workdays_of(member, team))


def stuck_due(team: Team, period: Period) -> PromptDue:
    workdays = Workdays(team.country or country_of_zone(team.tz))
    return prompt_due(period, STUCK_NOTE, zone_or_utc(team.tz), workdays)


def effect_due(team: Team, period: Period) -> datetime:
    """When what followed the items done in this week can be told."""
    last = period.shift(EFFECT_WEEKS)
    return summary_due(last, team.rhythm, zone_or_utc(team.tz)) + _AFTER_SUMMARY


async def team_behind(tx: Tx, user_id: str) -> Team | None:
    """The team whose rules hold for the person's check-in: their own, else that of an item."""
    mine = await teams.of_member(tx, user_id)
    if mine:
        return mine[0]
    owned = await checklist.of_owner(tx, user_id, OWNED)
    return await teams.get(tx, owned[0].team_id) if owned else None


async def schedule_owner(tx: Tx, user_id: str, now: datetime) -> None:
    """Set the person's next check-in, or drop it where they own nothing any more."""
    if not await checklist.of_owner(tx, user_id, OWNED):
        await agenda.drop(tx, ITEMS, user_id)
        return
    member, team = await people.get(tx, user_id), await team_behind(tx, user_id)
    if member is None or team is None or await agenda.get(tx, ITEMS, user_id):
        return
    due = next_prompt(now + _NOT_AT_ONCE, CHECK, zone_of(member, team), workdays_of(member, team))
    await agenda.put(tx, ITEMS, user_id, due.period, due.at)


async def move_check_in(tx: Tx, user_id: str, now: datetime) -> None:
    """After a change of zone: this week's check-in at its new instant, now where that is over."""
    standing = await agenda.get(tx, ITEMS, user_id)
    member, team = await people.get(tx, user_id), await team_behind(tx, user_id)
    if standing is None or member is None or team is None:
        return
    due = check_due(member, team, standing.period)
    at = due.at if due.at > now else min(standing.due_at, now)
    await agenda.put(tx, ITEMS, user_id, standing.period, at)


async def schedule_stuck(tx: Tx, team: Team, now: datetime) -> None:
    """Look once a week for what does not move, from the first item on that was begun."""
    if await agenda.get(tx, STUCK, team.team_id):
        return
    workdays = Workdays(team.country or country_of_zone(team.tz))
    due = next_prompt(now, STUCK_NOTE, zone_or_utc(team.tz), workdays)
    await agenda.put(tx, STUCK, team.team_id, due.period, due.at)


async def schedule_effect(tx: Tx, item: TeamItem, team: Team, now: datetime) -> None:
    """After four complete weeks of logs, tell what changed; not for an item reopened since."""
    if item.item_id is None:
        return
    if item.state != "done":
        await agenda.drop(tx, EFFECT, item.item_id)
        return
    period = week_done(item, team, now)
    await agenda.put(tx, EFFECT, item.item_id, period, effect_due(team, period))


def week_done(item: TeamItem, team: Team, now: datetime) -> Period:
    """The week in which the item was done, in the team's zone."""
    return Period.containing((item.done_at or now).astimezone(zone_or_utc(team.tz)).date())
