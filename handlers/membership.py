"""People and channels in motion: what Slack's events change about teams and their members."""

from collections.abc import Sequence

from domain.rhythm import is_expired
from handlers import audience, closing, profiles
from handlers.call import Answer, Call
from handlers.registry import Registry
from handlers.schedule import SUMMARY, schedule_person
from storage import audience as channels
from storage import deliveries, ledger, people, teams, workspaces
from storage.database import Tx
from storage.teams import Team

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
    profile = profiles.profile_of(call.body["event"]["user"], call.workspace_id)
    async with call.read() as tx:
        if await people.get(tx, profile.user_id) is None:
            # Slack tells of everybody in the workspace; we keep only those we deal with.
            return None
    await profiles.store(call.services, call.workspace_id, [profile], call.now)
    if profile.is_deleted:
        async with call.services.database.write(call.workspace_id) as tx:
            await closing.let_go(call.services, tx, profile.user_id, "deactivated", call.now)
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
            await teams.join(tx, team.team_id, user_id, by, call.now)
            await schedule_person(tx, user_id, call.now)


async def left_channel(call: Call) -> Answer:
    async with call.write() as tx:
        team = await teams.by_channel(tx, call.channel_id or "")
        if team is not None and team.members_from == "channel":
            await _let_go(call, tx, team, [call.user_id])
    return None


async def _let_go(call: Call, tx: Tx, team: Team, user_ids: Sequence[str]) -> None:
    for user_id in user_ids:
        if await teams.leave(tx, team.team_id, user_id, call.now):
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
    for team in following:
        await take_in(call, team, added, None)
    return None


async def channel_id_changed(call: Call) -> Answer:
    event = call.body["event"]
    async with call.write() as tx:
        await teams.move_channel(tx, event["old_channel_id"], event["new_channel_id"])
        await channels.move_channel(tx, event["old_channel_id"], event["new_channel_id"])
        await deliveries.move_channel(tx, event["old_channel_id"], event["new_channel_id"])
    return None


async def channel_back(call: Call) -> Answer:
    """The channel can be posted to again: a summary that found it closed goes out after all."""
    async with call.write() as tx:
        await audience.channel_back(tx, call.channel_id or "", call.now)
        team = await teams.by_channel(tx, call.channel_id or "")
        if team is None:
            call.services.wake()
            return None
        # The next trouble is news to its leads.
        await teams.set_trouble(tx, team.team_id, None)
        failed = await ledger.last_failed(tx, team.channel_id, SUMMARY)
        if failed is not None and not is_expired(SUMMARY, failed.due_at, call.now):
            await deliveries.plan_again(tx, failed, call.now)
    call.services.wake()
    return None


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
