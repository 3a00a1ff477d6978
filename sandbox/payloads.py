"""The JSON objects in which Slack speaks of people, channels, messages and views."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.entities import Channel, Message, User, UserGroup, View
from sandbox.workspace import Workspace


def user_object(user: User, now: datetime, locale: bool, email: bool) -> dict[str, Any]:
    """A user as in users.info; a stranger's and a deactivated person's have fewer fields."""
    profile: dict[str, Any] = {
        "display_name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
        "team": user.team_id,
    }
    if email and user.email:
        profile["email"] = user.email
    shown: dict[str, Any] = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
        "profile": profile,
    }
    if user.deleted:
        return shown
    offset = _offset(user.tz, now)
    shown |= {"tz": user.tz, "tz_label": user.tz, "tz_offset": offset}
    if user.is_stranger:
        return shown | {"is_stranger": True}
    flags = ("is_admin", "is_owner", "is_restricted", "is_ultra_restricted")
    shown |= {flag: getattr(user, flag) for flag in flags}
    if locale:
        shown["locale"] = user.locale
    return shown


def _offset(tz: str, now: datetime) -> int:
    try:
        offset = now.astimezone(ZoneInfo(tz)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return 0
    return int(offset.total_seconds()) if offset else 0


def channel_object(channel: Channel, ws: Workspace) -> dict[str, Any]:
    """A conversation as in conversations.info."""
    shown: dict[str, Any] = {
        "id": channel.id,
        "created": channel.created,
        "is_im": channel.is_im,
        "is_mpim": False,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "context_team_id": ws.team_id,
    }
    if channel.is_im:
        deleted = channel.user in ws.users and ws.users[channel.user or ""].deleted
        return shown | {"user": channel.user, "is_open": True, "is_user_deleted": deleted}
    return shown | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_private": channel.is_private,
        "is_general": False,
        "is_shared": channel.is_ext_shared,
        "is_member": ws.bot_user_id in channel.members,
        "creator": channel.creator,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def message_object(message: Message, ws: Workspace, metadata: bool = False) -> dict[str, Any]:
    """A message as in conversations.history; its metadata only when asked for."""
    shown: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": ws.team_id,
    }
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.bot_id:
        shown |= {"bot_id": message.bot_id, "app_id": message.app_id}
    if message.username:
        shown["username"] = message.username
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.edited}
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.replies:
        last = message.replies[-1].ts
        shown |= {
            "thread_ts": message.ts,
            "reply_count": len(message.replies),
            "latest_reply": last,
        }
    if metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def view_object(view: View, ws: Workspace) -> dict[str, Any]:
    """A view as in answers of views.* and in interaction payloads."""
    source = view.source
    shown: dict[str, Any] = {
        "id": view.id,
        "team_id": ws.team_id,
        "app_id": ws.app_id,
        "app_installed_team_id": ws.team_id,
        "bot_id": ws.bot_id,
        "type": view.type,
        "title": source.get("title"),
        "submit": source.get("submit"),
        "close": source.get("close"),
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "external_id": view.external_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "clear_on_close": bool(source.get("clear_on_close")),
        "notify_on_close": bool(source.get("notify_on_close")),
        "root_view_id": view.root_view_id or view.id,
        "previous_view_id": view.previous_view_id,
    }
    return shown


def group_object(group: UserGroup, ws: Workspace, users: bool) -> dict[str, Any]:
    """A user group as in usergroups.list."""
    shown: dict[str, Any] = {
        "id": group.id,
        "team_id": ws.team_id,
        "is_usergroup": True,
        "handle": group.handle,
        "name": group.name,
        "date_delete": 1 if group.is_disabled else 0,
        "user_count": len(group.users),
    }
    return shown | {"users": group.users} if users else shown
