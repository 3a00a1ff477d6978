"""People and channels in motion: what Slack's events change about teams and their members."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.rhythm import is_expired
from handlers import audience, closing, profiles
from handlers.call import Answer, Call
from handlers.registry import Registry
from handlers.schedule import SUMMARY, schedule_person
from storage import audience as channels
from storage import deliveries, ledger, memberships, people, sweep, teams, workspaces
from storage.database import Tx
from storage.people import Profile
from storage.teams import Team

#: When a team that something was told of is compared with Slack.
SOON = timedelta(minutes=2)
#: Channels are kept by id, so a new name changes nothing; that one is archived or gone shows
#: when it is next posted to, and its leads are told then.
_NOTED = (
    "channel_rename",
    "group_rename",
    "channel_archive",
    "group_archive",
    "channel_deleted",
    "group_deleted",
)


def register(registry: Registry) -> None:
    events = registry.events
    events["user_change"] = user_changed
    events["member_joined_channel"] = joined_channel
    events["member_left_channel"] = left_channel
    events["subteam_members_changed"] = group_changed
    events["subteam_updated"] = group_edited
    events["channel_id_changed"] = channel_id_changed
    for kind in ("channel_unarchive", "group_unarchive"):
        events[kind] = channel_back
    for kind in _NOTED:
        events[kind] = nothing_to_do
    events["app_uninstalled"] = uninstalled
    events["tokens_revoked"] = tokens_revoked


async def nothing_to_do(call: Call) -> Answer:
    """Heard, so that Slack does not send it again."""
    return None


async def user_changed(call: Call) -> Answer:
    """A new time zone moves the next prompt; a new standing or status decides about it."""
    event = call.body["event"]
    told = profiles.profile_of(event["user"], call.workspace_id)
    async with call.read() as tx:
        if await people.get(tx, told.user_id) is None:
            # Slack tells of everybody in the workspace; we keep only those we deal with.
            return None
    profile = await _newest(call, told, _told_at(event))
    if profile is not None and profile.is_deleted:
        async with call.services.database.write(call.workspace_id) as tx:
            await closing.let_go(call.services, tx, profile.user_id, "deactivated", call.now)
    return None


async def _newest(call: Call, told: Profile, told_at: datetime | None) -> Profile | None:
    """What holds of the person now, which is kept. An event that had to be sent again may have
    been overtaken by another: then Slack is asked; None where it cannot say."""
    services, workspace_id = call.services, call.workspace_id
    if await profiles.store(services, workspace_id, told, call.now, told_at):
        return told
    fetched = await profiles.fetch(services, workspace_id, told.user_id)
    if fetched is not None:
        await profiles.store(services, workspace_id, fetched, services.clock.now())
    return fetched


def _told_at(event: Mapping[str, Any]) -> datetime | None:
    """When it happened, where the event says so."""
    try:
        return datetime.fromtimestamp(float(event["event_ts"]), UTC)
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return None


async def joined_channel(call: Call) -> Answer:
    """Whoever joins the channel joins its team, where the team is everyone in the channel."""
    async with call.read() as tx:
        team = await teams.by_channel(tx, call.channel_id or "")
        workspace = await workspaces.get(tx)
    if workspace is not None and call.user_id == workspace.bot_user_id:
        return await channel_back(call)
    if team is None:
        return None
    if team.members_from == "channel":
        inviter = call.body["event"].get("inviter")
        await take_in(call, team, [call.user_id], inviter)
    return None


async def take_in(call: Call, team: Team, user_ids: Sequence[str], by: str | None) -> None:
    """Make people members; bots and people of other organisations are left out."""
    for user_id in user_ids:
        member = await profiles.ensure(call.services, call.workspace_id, user_id)
        if member.person.is_bot or member.person.is_foreign:
            continue
        async with call.write() as tx:
            await memberships.join(tx, team.team_id, user_id, by, call.now)
            await schedule_person(tx, user_id, call.now)
            await _make_sure(tx, team, call.now)


async def _make_sure(tx: Tx, team: Team, now: datetime) -> None:
    """Events may be overtaken, as one is that had to be sent again: the sweep looks soon."""
    await sweep.look_at_team_by(tx, team.team_id, now + SOON)


async def left_channel(call: Call) -> Answer:
    async with call.write() as tx:
        team = await teams.by_channel(tx, call.channel_id or "")
        if team is not None and team.members_from == "channel":
            await _let_go(call, tx, team, [call.user_id])
            await _make_sure(tx, team, call.now)
    return None


async def _let_go(call: Call, tx: Tx, team: Team, user_ids: Sequence[str]) -> None:
    for user_id in user_ids:
        if await memberships.leave(tx, team.team_id, user_id, call.now):
            await schedule_person(tx, user_id, call.now)
            await closing.let_go(
                call.services, tx, user_id, "left_team", call.now, team_id=team.team_id
            )


async def group_changed(call: Call) -> Answer:
    """A user group's members came or went; the event names only the difference."""
    event = call.body["event"]
    added = [str(user) for user in event.get("added_users") or []]
    removed = [str(user) for user in event.get("removed_users") or []]
    async with call.write() as tx:
        following = await teams.of_group(tx, str(event.get("subteam_id")))
        for team in following:
            await _let_go(call, tx, team, removed)
            await _make_sure(tx, team, call.now)
    for team in following:
        await take_in(call, team, added, None)
    return None


async def group_edited(call: Call) -> Answer:
    """The group was renamed, switched off, or its people changed: the sweep finds out which."""
    group = call.body["event"].get("subteam") or {}
    async with call.services.database.write(call.workspace_id) as tx:
        for team in await teams.of_group(tx, str(group.get("id"))):
            await _make_sure(tx, team, call.now)
    return None


async def channel_id_changed(call: Call) -> Answer:
    """All that belongs to the channel moves; what found the old id gone goes out after all."""
    event = call.body["event"]
    old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
    async with call.write() as tx:
        await teams.move_channel(tx, old, new)
        await channels.move_channel(tx, old, new)
        await deliveries.move_channel(tx, old, new)
        await _open_again(tx, new, call.now)
    call.services.wake()
    return None


async def channel_back(call: Call) -> Answer:
    """The channel can be posted to again, and the bot hears of its people again."""
    async with call.write() as tx:
        await _open_again(tx, call.channel_id or "", call.now)
    call.services.wake()
    return None


async def _open_again(tx: Tx, channel_id: str, now: datetime) -> None:
    """What was due lately and found the channel closed goes out after all."""
    await audience.channel_back(tx, channel_id, now)
    team = await teams.by_channel(tx, channel_id)
    if team is None:
        return
    # The next trouble is news to its leads.
    await teams.set_trouble(tx, team.team_id, None)
    # Nobody told us meanwhile who came and went.
    await sweep.look_at_team_by(tx, team.team_id, now)
    failed = await ledger.last_failed(tx, team.channel_id, SUMMARY)
    if failed is not None and not is_expired(SUMMARY, failed.due_at, now):
        await deliveries.plan_again(tx, failed, now)


async def uninstalled(call: Call) -> Answer:
    async with call.write() as tx:
        await workspaces.pause(tx, "app_uninstalled")
    return None


async def tokens_revoked(call: Call) -> Answer:
    tokens = call.body["event"].get("tokens") or {}
    if tokens.get("bot"):
        async with call.write() as tx:
            await workspaces.pause(tx, "token_revoked")
    return None
