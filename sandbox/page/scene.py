"""What one rendering of the page needs to know, gathered once: who looks, at what, with whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from sandbox.entities import Channel, User
from sandbox.page.address import Address, actors
from sandbox.page.memory import Memory
from sandbox.page.persons import Person, person, zone_of
from sandbox.page.reader import Reader
from sandbox.page.shown import Shown
from sandbox.page.surface import Block, Choice, Surface
from sandbox.pickable import pickable


@dataclass(frozen=True)
class Scene:
    """The workspace at one instant as one person sees it at one address."""

    sandbox: Shown
    memory: Memory
    address: Address

    @cached_property
    def user(self) -> User | None:
        return self.sandbox.workspace.users.get(self.address.user_id)

    @cached_property
    def channel(self) -> Channel | None:
        """The conversation shown; None on the Home tab and in a workspace without people."""
        ws = self.sandbox.workspace
        if self.address.channel_id:
            return ws.channels[self.address.channel_id]
        if self.address.where == "dm" and self.user and ws.has_dm(self.user.id):
            return ws.dm(self.user.id)
        return None

    @cached_property
    def reader(self) -> Reader:
        ws = self.sandbox.workspace
        return Reader(
            user_id=self.address.user_id,
            now=self.sandbox.clock.now(),
            zone=zone_of(self.user) if self.user else ZoneInfo("UTC"),
            people={user.id: user.real_name for user in ws.users.values()},
            channels={c.id: c.name for c in ws.channels.values() if not c.is_im},
            groups={group.id: group.handle for group in ws.user_groups.values()},
        )

    @cached_property
    def persons(self) -> Mapping[str, Person]:
        users = self.sandbox.workspace.users.values()
        return {user.id: person(user, self.reader.now) for user in users}

    @cached_property
    def me(self) -> Person | None:
        return self.persons.get(self.address.user_id)

    @property
    def bot(self) -> Person:
        return self.persons[self.sandbox.workspace.bot_user_id]

    @cached_property
    def people(self) -> list[Person]:
        """Everybody whom one can act as."""
        return [self.persons[user.id] for user in actors(self.sandbox.workspace)]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Words for the ids that calls carry."""
        found = {user_id: person.name for user_id, person in self.persons.items()}
        for channel in self.sandbox.workspace.channels.values():
            other = found.get(channel.user or "", "")
            found[channel.id] = f"DM with {other}" if channel.is_im else f"#{channel.name}"
        return found

    @cached_property
    def surface(self) -> Surface:
        """What blocks stand on, with what the workspace's own menus offer to this person."""
        return Surface("message", "", self.reader, offers=self._offers)

    def _offers(self, element: Block) -> list[Choice]:
        found = pickable(element, self.address.user_id, self.sandbox.workspace)
        return [Choice(one.id, self.reader.label(one.id)) for one in found]
