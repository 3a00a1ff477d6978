"""Heals what lost events left wrong: asks Slack in turn, and has the listeners hear what changed.

What is found goes to the same listeners that Slack's events go to, as if those had come.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from handlers import membership
from handlers.call import Call
from handlers.services import Services
from handlers.slack import FAILURES, code_of, patience_of
from storage import memberships, pace, people, sweep, teams, workspaces
from storage.database import StorageUnavailableError, Tx
from storage.sweep import Wanted
from storage.teams import Team

#: How old a profile may be, and how long ago a team was compared with its channel or group.
PEOPLE_EVERY = timedelta(hours=24)
TEAMS_EVERY = timedelta(hours=1)
#: When something comes up again that Slack could not tell, or whose process died.
AGAIN = timedelta(minutes=10)
#: Asked about in one run; Slack lets us ask for twenty user groups a minute.
PEOPLE_AT_ONCE = 50
TEAMS_AT_ONCE = 10
#: Taken into one team in one run: Slack is asked who each of them is.
JOINS_AT_ONCE = 50
#: Members asked for at once, and how often: a larger channel is left to its events.
PAGE = 200
PAGES = 25
#: Slack's word that there is nothing to ask about; all else may be different the next time.
_GONE = frozenset({"user_not_found", "user_not_visible", "users_not_found"})

log = structlog.get_logger()


async def sweep_people(services: Services, now: datetime) -> int:
    """Fetch profiles that are missing or old; how many were asked for."""
    async with services.database.write_across() as connection:
        found = await sweep.claim_people(
            connection,
            now,
            fresh_since=now - PEOPLE_EVERY,
            again_at=now + AGAIN,
            next_at=now + PEOPLE_EVERY,
            limit=PEOPLE_AT_ONCE,
        )
    return await _each(services, [w for w in found if w.fetch], _PERSON, now)


async def sweep_teams(services: Services, now: datetime) -> int:
    """Compare teams with the channels and groups that they follow; how many were looked at."""
    async with services.database.write_across() as connection:
        found = await sweep.claim_teams(
            connection, now, again_at=now + TEAMS_EVERY, limit=TEAMS_AT_ONCE
        )
    return await _each(services, [w for w in found if w.fetch], _TEAM, now)


@dataclass(frozen=True)
class _Look:
    """How one subject is asked about: by which methods of Slack's, and how often.

    `ask` says whether that was all; what is left has its turn in the next run.
    """

    ask: Callable[[Services, Wanted, datetime], Awaitable[bool]]
    methods: tuple[str, ...]
    turn: Callable[[Tx, str, datetime], Awaitable[None]]
    every: timedelta


async def _each(services: Services, wanted: list[Wanted], look: _Look, now: datetime) -> int:
    """One after the other; a workspace whose Slack is busy is left alone as long as it asks."""
    async with services.database.read_across() as connection:
        busy = {w for m in look.methods for w in await pace.held_in(connection, m, now)}
    looked = 0
    for one in wanted:
        next_at = now + AGAIN
        if one.workspace_id not in busy:
            looked += 1
            try:
                next_at = now + look.every if await look.ask(services, one, now) else now
            except StorageUnavailableError:
                raise
            except FAILURES as problem:
                code = code_of(problem)
                log.warning("not swept", subject=one.subject, error=code)
                if code in _GONE:
                    next_at = now + look.every
                if await _heed(services, one, problem):
                    busy.add(one.workspace_id)
            except Exception as problem:
                # One whose answer lacks what it should have must not keep the others waiting.
                log.error("not swept", subject=one.subject, exc_info=problem)
        async with services.database.write(one.workspace_id) as tx:
            await look.turn(tx, one.subject, next_at)
    return looked


async def _heed(services: Services, one: Wanted, problem: BaseException) -> bool:
    """Whether Slack was asked too often; then no process asks that again before its time."""
    seconds = patience_of(problem)
    if seconds is None or not isinstance(problem, SlackApiError):
        return False
    method = str(problem.response.api_url).rpartition("/")[2]
    async with services.database.write(one.workspace_id) as tx:
        await pace.hold(tx, method, services.clock.now() + timedelta(seconds=seconds))
    return True


async def _person(services: Services, one: Wanted, now: datetime) -> bool:
    asked_at = services.clock.now()
    answer = await services.slack(one.workspace_id).users_info(user=one.subject)
    event = {"user": dict(answer["user"]), "event_ts": str(asked_at.timestamp())}
    await membership.user_changed(_heard(services, one, now, "user_change", event))
    return True


async def _team(services: Services, one: Wanted, now: datetime) -> bool:
    async with services.database.read(one.workspace_id) as tx:
        team = await teams.get(tx, one.subject)
    if team is None:
        return True
    if team.trouble is not None and await _is_open(services, one, team):
        heard = _heard(services, one, now, "channel_unarchive", {"channel": team.channel_id})
        await membership.channel_back(heard)
    if team.members_from == "picked":
        return True
    there = await _there(services, one, team)
    if not there:
        # Neither a channel nor a group is ever empty: one that seems so is archived or off.
        return True
    async with services.database.read(one.workspace_id) as tx:
        change = await _compare(tx, team, there, now)
    await _follow(services, one, team, change, now)
    return len(change.joined) < JOINS_AT_ONCE


async def _is_open(services: Services, one: Wanted, team: Team) -> bool:
    """Whether the channel can be posted to again."""
    answer = await services.slack(one.workspace_id).conversations_info(channel=team.channel_id)
    channel: Mapping[str, Any] = answer["channel"]
    return bool(channel.get("is_member")) and not channel.get("is_archived")


async def _there(services: Services, one: Wanted, team: Team) -> set[str] | None:
    """Who is in the channel or group the team follows; None where not all can be told."""
    client = services.slack(one.workspace_id)
    if team.members_from == "group":
        answer = await client.usergroups_users_list(usergroup=str(team.group_id))
        return {str(user) for user in answer["users"]}
    found: set[str] = set()
    cursor: str | None = None
    for _ in range(PAGES):
        page = await client.conversations_members(
            channel=team.channel_id, limit=PAGE, cursor=cursor
        )
        found |= {str(user) for user in page["members"]}
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return found
    return None


@dataclass(frozen=True)
class _Change:
    joined: list[str]
    left: list[str]


async def _compare(tx: Tx, team: Team, there: set[str], asked_at: datetime) -> _Change:
    """Who came and went. Whoever did so since we asked has been heard of by an event, which
    knows more than the answer; bots and strangers who are there never were members."""
    stays = await memberships.of_team(tx, team.team_id, since=asked_at - timedelta(seconds=1))
    current = {stay.user_id: stay for stay in stays if stay.left_at is None}
    just_left = {stay.user_id for stay in stays if stay.left_at is not None}
    fresh = sorted(there - current.keys() - just_left)
    others = {
        m.person.user_id
        for m in await people.get_many(tx, fresh)
        if m.person.is_bot or m.person.is_foreign
    }
    workspace = await workspaces.get(tx)
    if workspace is not None:
        others.add(workspace.bot_user_id)
    return _Change(
        joined=[user_id for user_id in fresh if user_id not in others][:JOINS_AT_ONCE],
        left=sorted(u for u, s in current.items() if u not in there and s.joined_at < asked_at),
    )


async def _follow(
    services: Services, one: Wanted, team: Team, change: _Change, now: datetime
) -> None:
    if team.members_from == "group":
        event = {
            "subteam_id": team.group_id,
            "added_users": change.joined,
            "removed_users": change.left,
        }
        if change.joined or change.left:
            heard = _heard(services, one, now, "subteam_members_changed", event)
            await membership.group_changed(heard)
        return
    for user_id in change.joined:
        event = {"user": user_id, "channel": team.channel_id}
        await membership.joined_channel(_heard(services, one, now, "member_joined_channel", event))
    for user_id in change.left:
        event = {"user": user_id, "channel": team.channel_id}
        await membership.left_channel(_heard(services, one, now, "member_left_channel", event))


def _heard(
    services: Services, one: Wanted, now: datetime, kind: str, event: Mapping[str, Any]
) -> Call:
    """What the listener would have got, had the event come."""
    user = event.get("user")
    return Call(
        kind="event",
        id=kind,
        workspace_id=one.workspace_id,
        user_id=user if isinstance(user, str) else "",
        services=services,
        now=now,
        body={"event": event},
        channel_id=event.get("channel"),
    )


_PERSON = _Look(_person, ("users.info",), sweep.look_at_person, PEOPLE_EVERY)
_TEAM = _Look(
    _team,
    ("conversations.info", "conversations.members", "usergroups.users.list"),
    sweep.look_at_team,
    TEAMS_EVERY,
)
