"""Whom and what the workspace's own menus offer to a person, as their filters ask for."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.entities import Channel, User
from sandbox.workspace import Workspace

SLACKBOT = "USLACKBOT"
_EVERY_KIND = ("im", "mpim", "private", "public")


def pickable(element: Mapping[str, Any], user_id: str, ws: Workspace) -> list[User | Channel]:
    """What a users, channels or conversations menu lists for this person, in its order."""
    source = str(element["type"]).removeprefix("multi_").partition("_")[0]
    if source == "users":
        return [*_people(ws, user_id)]
    if source == "channels":
        return [*_channels(ws, user_id, ("public",))]
    if source == "conversations":
        return [*_conversations(ws, user_id, element.get("filter") or {})]
    return []


def _people(ws: Workspace, user_id: str) -> list[User]:
    found = [
        user
        for user in ws.users.values()
        if not user.deleted
        and user.id != SLACKBOT
        and (not user.is_stranger or ws.shares_channel(user.id, user_id))
    ]
    return sorted(found, key=lambda user: (user.is_bot, user.real_name.casefold()))


def _channels(ws: Workspace, user_id: str, kinds: tuple[str, ...]) -> list[Channel]:
    """Public channels need not be joined to be found; archived ones are not offered."""
    found = [
        channel
        for channel in ws.channels.values()
        if not channel.is_im
        and not channel.is_archived
        and ("private" if channel.is_private else "public") in kinds
        and (not channel.is_private or user_id in channel.members)
    ]
    return sorted(found, key=lambda channel: channel.name)


def _conversations(
    ws: Workspace, user_id: str, wanted: Mapping[str, Any]
) -> Iterator[User | Channel]:
    kinds = tuple(wanted.get("include") or _EVERY_KIND)
    for channel in _channels(ws, user_id, kinds):
        if not (channel.is_ext_shared and wanted.get("exclude_external_shared_channels")):
            yield channel
    if "im" in kinds:
        for user in _people(ws, user_id):
            if not (user.is_bot and wanted.get("exclude_bot_users")):
                yield user
