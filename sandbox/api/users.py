"""users.*, usergroups.*: people and groups of people."""

from typing import Any

from sandbox.api.call import Call, Method
from sandbox.entities import User
from sandbox.payloads import channel_object, group_object, user_object
from sandbox.refusal import Refused


def _shown(call: Call, user: User) -> dict[str, Any]:
    email = "users:read.email" in call.slack.manifest.scopes
    return user_object(user, call.ws.clock.now(), call.flag("include_locale"), email)


def _visible(call: Call, user: User) -> bool:
    return not user.is_stranger or call.ws.shares_channel(user.id, call.ws.bot_user_id)


def info(call: Call) -> dict[str, Any]:
    """users.info: one person."""
    user = call.ws.users.get(call.required("user"))
    if user is None:
        raise Refused("user_not_found")
    if not _visible(call, user):
        raise Refused("user_not_visible")
    return {"user": _shown(call, user)}


def list_(call: Call) -> dict[str, Any]:
    """users.list: everybody, bots and deactivated people included, page by page."""
    everybody = [user for user in call.ws.users.values() if not user.is_stranger]
    users, cursor = call.page(everybody, default=1000, most=1000)
    members = [_shown(call, user) for user in users]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def conversations(call: Call) -> dict[str, Any]:
    """users.conversations: the channels in which the bot, or `user`, is a member."""
    user_id = call.args.get("user") or call.ws.bot_user_id
    kinds = str(call.args.get("types") or "public_channel").split(",")
    wanted = [
        channel
        for channel in call.ws.channels.values()
        if user_id in channel.members
        and call.ws.bot_user_id in channel.members
        and _kind(channel.kind) in kinds
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    channels, cursor = call.page(wanted, default=100, most=1000)
    shown = [channel_object(channel, call.ws) for channel in channels]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def _kind(kind: str) -> str:
    return {"channels": "public_channel", "groups": "private_channel", "im": "im"}[kind]


def group_list(call: Call) -> dict[str, Any]:
    """usergroups.list: the user groups, with their people when asked."""
    users = call.flag("include_users")
    groups = [
        group_object(group, call.ws, users)
        for group in call.ws.user_groups.values()
        if call.flag("include_disabled") or not group.is_disabled
    ]
    return {"usergroups": groups}


def group_users(call: Call) -> dict[str, Any]:
    """usergroups.users.list: the people of one group."""
    group = call.ws.user_groups.get(call.required("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}


_READ_CHANNELS = ("channels:read", "groups:read", "im:read")
METHODS = (
    Method("users.info", info, "tier4", ("users:read",)),
    Method("users.list", list_, "tier2", ("users:read",)),
    Method("users.conversations", conversations, "tier2", _READ_CHANNELS),
    Method("usergroups.list", group_list, "tier2", ("usergroups:read",)),
    Method("usergroups.users.list", group_users, "tier2", ("usergroups:read",)),
)
