"""A team that has been set up, on the Friday its prompts are due, and what its ledger says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.delivery import State
from sandbox.calls import ApiCall
from sandbox.entities import Channel, Message, User
from storage import ledger
from storage.deliveries import Delivery
from tests.world import World, world

#: 14:00 in Berlin, where everybody lives unless a test says otherwise.
FRIDAY = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
POST = "chat.postMessage"


@dataclass
class Team:
    world: World
    lead: User
    members: list[User]
    channel: Channel

    @property
    def workspace_id(self) -> str:
        return self.world.sandbox.workspace.team_id

    async def ledger(self, recipient: User | Channel, *kinds: str) -> list[Delivery]:
        """What was to go to a person or channel, oldest first; of these kinds, or of all."""
        async with self.world.bot.database.read(self.workspace_id) as tx:
            found = await ledger.of_recipients(tx, [recipient.id], 100)
        return [d for d in reversed(found) if not kinds or d.kind in kinds]

    async def prompt(self, user: User) -> Delivery:
        return (await self.ledger(user, "prompt"))[-1]

    async def states(self, *kinds: str) -> dict[str, list[State]]:
        """By name of the person, the states of their deliveries."""
        return {
            user.name: [d.state for d in await self.ledger(user, *(kinds or ("prompt",)))]
            for user in self.members
        }

    async def why(self, user: User) -> str:
        """What `/prodops why` answers."""
        reply = await self.world.act.command(user.id, self.channel.id, "/prodops why")
        await self.world.settle()
        return " ".join(message.text for message in reply.messages)

    def said(self, place: User | Channel) -> list[Message]:
        """What the bot wrote there, by itself."""
        where = self.world.sandbox.workspace.dm(place.id).id if isinstance(place, User) else place
        bot = self.world.sandbox.workspace.bot_user_id
        return [m for m in self.world.messages(where) if m.user == bot and m.ephemeral_for is None]

    def keys(self, place: User | Channel) -> list[str]:
        """The delivery keys of what the bot wrote there, as its own marks tell."""
        return [str(m.metadata["event_payload"]["key"]) for m in self.said(place) if m.metadata]

    def calls(self, method: str = POST) -> list[ApiCall]:
        return [call for call in self.world.sandbox.calls if call.method == method]


@asynccontextmanager
async def team(database_url: str, count: int = 3, **options: Any) -> AsyncIterator[Team]:
    """A lead and so many members, set up on the Wednesday before `FRIDAY`."""
    async with world(database_url, **options) as w:
        everyone = w.add_people(count + 1)
        channel = w.sandbox.workspace.add_channel("product", [user.id for user in everyone])
        await w.set_up(everyone[0], channel)
        yield Team(w, everyone[0], everyone[1:], channel)
