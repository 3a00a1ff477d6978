"""Addresses of the page: who looks and where, `/?as=U…&in=C…`, so that every view has a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from sandbox.entities import Channel, User
from sandbox.pickable import SLACKBOT
from sandbox.workspace import Workspace

Where = Literal["channel", "dm", "home"]


@dataclass(frozen=True)
class Address:
    """One view: `channel_id` is set for channels only; DM and Home are always the person's own."""

    user_id: str
    where: Where
    channel_id: str | None = None

    @property
    def href(self) -> str:
        return href(self.user_id, self.channel_id or self.where)


def href(user_id: str, where: str) -> str:
    return "/?" + urlencode({"as": user_id, "in": where})


def read(query: "Mapping[str, str]", ws: "Workspace") -> Address:
    """The view that a query string names; what it names wrongly falls back to the nearest one."""
    people = actors(ws)
    user_id = query.get("as", "")
    if user_id not in {user.id for user in people}:
        user_id = next((user.id for user in people if not user.deleted), "")
    wanted = query.get("in", "")
    if wanted == "home":
        return Address(user_id, "home")
    if wanted == "dm" or wanted.startswith("D"):
        return Address(user_id, "dm")
    channels = joined(ws, user_id)
    if wanted in {channel.id for channel in channels}:
        return Address(user_id, "channel", wanted)
    if channels:
        return Address(user_id, "channel", channels[0].id)
    return Address(user_id, "dm")


def actors(ws: "Workspace") -> list[User]:
    """Everybody whom one can act as: people, not bots."""
    return [user for user in ws.users.values() if not user.is_bot and user.id != SLACKBOT]


def joined(ws: "Workspace", user_id: str) -> list[Channel]:
    """The channels that a person sees, by name."""
    found = [c for c in ws.channels.values() if not c.is_im and user_id in c.members]
    return sorted(found, key=lambda channel: channel.name)
