"""The state of the emulated workspace: plain data and the few rules that keep it whole."""

import itertools
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.entities import Channel, Message, User, UserGroup, View

__all__ = ["Channel", "Message", "User", "UserGroup", "View", "Workspace"]


class Workspace:
    """People, channels, messages and views; no network, no opinion about the bot.

    Functions given to `watch` are called after every visible change.
    """

    def __init__(
        self, clock: SandboxClock, name: str = "Sandbox", bot_name: str = "ProdOps"
    ) -> None:
        self.clock = clock
        self.name = name
        self.domain = "".join(c if c.isalnum() else "-" for c in name.lower())
        self.team_id = "T0SANDBOX01"
        self.app_id = "A0SANDBOX01"
        self.bot_id = "B0SANDBOX01"
        self.bot_user_id = "U0SANDBOXBT"
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.user_groups: dict[str, UserGroup] = {}
        self.views: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._watchers: list[Callable[[], None]] = []
        self._counters: dict[str, itertools.count[int]] = {}
        self._dms: dict[str, str] = {}
        self._last_micros = 0
        self.add_user(bot_name, tz="UTC", user_id=self.bot_user_id, is_bot=True)
        # The real one, too, claims not to be a bot.
        self.add_user("Slackbot", tz="UTC", user_id="USLACKBOT")

    def add_user(
        self, name: str, tz: str = "Europe/Berlin", user_id: str | None = None, **flags: Any
    ) -> User:
        """Adds a person; `flags` are further fields of `User` (`is_admin=True`, `deleted=True`)."""
        user = User(
            id=user_id or self.new_id("U"),
            name=name.lower().replace(" ", "."),
            real_name=flags.pop("real_name", name),
            tz=tz,
            team_id=flags.pop("team_id", "T0STRANGER1" if flags.get("is_stranger") else ""),
        )
        user.team_id = user.team_id or self.team_id
        user.updated = int(self.clock.now().timestamp())
        for field, value in flags.items():
            _set_field(user, field, value)
        self.users[user.id] = user
        self.changed()
        return user

    def change_user(self, user_id: str, **fields: Any) -> User:
        """Sets fields of a person's profile; AttributeError for one that does not exist."""
        user = self.users[user_id]
        for field, value in fields.items():
            _set_field(user, field, value)
        user.updated = int(self.clock.now().timestamp())
        self.changed()
        return user

    def add_channel(
        self,
        name: str,
        members: Iterable[str | User],
        is_private: bool = False,
        bot_in: bool = True,
        channel_id: str | None = None,
        is_ext_shared: bool = False,
    ) -> Channel:
        """Adds a channel with these members (ids or users), by default with the bot among them."""
        ids = [member.id if isinstance(member, User) else member for member in members]
        if bot_in and self.bot_user_id not in ids:
            ids.append(self.bot_user_id)
        channel = Channel(
            id=channel_id or self.new_id("C"),
            name=name.removeprefix("#"),
            creator=next(iter(ids), "USLACKBOT"),
            created=int(self.clock.now().timestamp()),
            members=ids,
            is_private=is_private,
            is_ext_shared=is_ext_shared,
        )
        self.channels[channel.id] = channel
        self.changed()
        return channel

    def add_user_group(
        self, handle: str, users: Iterable[str | User], group_id: str | None = None
    ) -> UserGroup:
        """Adds a user group; `handle` is what follows the @."""
        ids = [user.id if isinstance(user, User) else user for user in users]
        group = UserGroup(group_id or self.new_id("S"), handle, handle.title(), ids)
        self.user_groups[group.id] = group
        self.changed()
        return group

    def dm(self, user_id: str) -> Channel:
        """The direct message between this person and the bot, opened when there is none."""
        if user_id in self._dms:
            return self.channels[self._dms[user_id]]
        channel = Channel(
            id=self.new_id("D"),
            name="",
            creator=self.bot_user_id,
            created=int(self.clock.now().timestamp()),
            members=[user_id, self.bot_user_id],
            is_im=True,
            user=user_id,
        )
        self.channels[channel.id] = channel
        self._dms[user_id] = channel.id
        self.changed()
        return channel

    def has_dm(self, user_id: str) -> bool:
        """Whether that direct message was opened before."""
        return user_id in self._dms

    def channel_named(self, name: str) -> Channel | None:
        """The channel of that name, with or without #."""
        wanted = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == wanted and not c.is_im), None)

    def shares_channel(self, user_id: str, other: str) -> bool:
        """Whether both sit in one channel (not a DM)."""
        return any(
            user_id in channel.members and other in channel.members
            for channel in self.channels.values()
            if not channel.is_im
        )

    def messages(self, channel_id: str) -> list[Message]:
        """The channel's messages, oldest first, without thread replies; ephemeral ones included."""
        return self.channels[channel_id].timeline

    def post(self, message: Message, broadcast: bool = False) -> Message:
        """Puts a message into its channel, or into its thread (`broadcast`: into both)."""
        channel = self.channels[message.channel]
        parent = channel.by_ts.get(message.thread_ts or "")
        if parent is not None:
            parent.replies.append(message)
        if parent is None or broadcast:
            channel.timeline.append(message)
        channel.by_ts[message.ts] = message
        self.changed()
        return message

    def remove(self, message: Message) -> None:
        """Takes a message away, also from its thread."""
        channel = self.channels[message.channel]
        channel.by_ts.pop(message.ts, None)
        parent = channel.by_ts.get(message.thread_ts or "")
        for shelf in (channel.timeline, parent.replies if parent else []):
            if message in shelf:
                shelf.remove(message)
        self.changed()

    def find_view(self, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """An open modal or published home by its id, or by the bot's own external id."""
        stacks = itertools.chain(self.homes.values(), *self.views.values())
        for view in stacks:
            if (view_id and view.id == view_id) or (
                external_id and view.external_id == external_id
            ):
                return view
        return None

    def new_ts(self) -> str:
        """A message timestamp by the clock, never given twice."""
        micros = _micros(self.clock.now())
        self._last_micros = max(micros, self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """The next id of a kind: eleven characters, in order of creation."""
        counter = self._counters.setdefault(prefix, itertools.count(1))
        return f"{prefix}0SBX{next(counter):0{max(1, 7 - len(prefix))}d}"

    def new_hash(self) -> str:
        """A fresh state hash for a view."""
        counter = self._counters.setdefault("hash", itertools.count(1))
        return f"{int(self.clock.now().timestamp())}.{next(counter):08x}"

    def changed(self) -> None:
        """Tells of a visible change."""
        for watcher in self._watchers:
            watcher()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Has `watcher` called after every visible change."""
        self._watchers.append(watcher)


def _set_field(user: User, field: str, value: Any) -> None:
    if not hasattr(user, field):
        raise AttributeError(f"a user has no field {field!r}")
    setattr(user, field, value)


def _micros(instant: datetime) -> int:
    return int(instant.timestamp()) * 1_000_000 + instant.microsecond
