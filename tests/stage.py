"""A team on stage: a world with people in it, watched for anything that Slack would refuse."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.periods import Period
from sandbox.entities import Channel, Message, User, View
from storage import ledger, timesplit
from storage.deliveries import Delivery
from storage.timesplit import Log
from tests.usual import CHANNEL, COUNT, usual_team
from tests.world import World, world

#: Seconds in which the bot must answer here: more than Slack's three, for busy machines.
PATIENCE = 10.0


@dataclass
class Stage:
    """A channel, its people (the first one leads the team once it is set up), and the world."""

    world: World
    people: list[User]
    channel: Channel
    #: Codes that Slack may answer with in this test, since it provokes them.
    provoked: set[str] = field(default_factory=set)

    @property
    def lead(self) -> User:
        return self.people[0]

    @property
    def act(self) -> Any:
        return self.world.act

    def dm(self, user: User) -> list[Message]:
        """What stands in the person's DM, apart from what they wrote themselves."""
        return [m for m in self.world.dm(user) if m.user != user.id]

    def last(self, user: User) -> Message:
        return self.dm(user)[-1]

    async def type(self, user: User, line: str, channel: Channel | None = None) -> list[Message]:
        """Type `/prodops …`; what the person is shown."""
        where = (channel or self.channel).id
        reply = await self.act.command(user.id, where, f"/prodops {line}".strip())
        await self.world.settle()
        assert reply.ok, reply
        return list(reply.messages)

    async def typed(self, user: User, line: str, channel: Channel | None = None) -> str:
        """The same, as the words on the screen."""
        return "\n".join(words(message) for message in await self.type(user, line, channel))

    async def typed_anywhere(self, user: User, line: str) -> str:
        """The same in a channel of their own, for somebody who left this one."""
        own = self.world.sandbox.workspace.add_channel(f"own-{user.name}", [user], bot_in=False)
        return await self.typed(user, line, own)

    async def click(self, user: User, place: Message | View, button: str) -> str:
        """Press a button; the words of new messages that only this person sees."""
        reply = await self.act.click(user.id, place, button)
        await self.world.settle()
        assert reply.ok, reply
        return "\n".join(words(message) for message in reply.messages)

    async def choose(self, user: User, place: Message | View, menu: str, option: str) -> str:
        reply = await self.act.choose(user.id, place, menu, option)
        await self.world.settle()
        assert reply.ok, reply
        return "\n".join(words(message) for message in reply.messages)

    async def say(self, user: User, text: str) -> str:
        """Write in the DM; the words of what the bot answers."""
        before = len(self.dm(user))
        reply = await self.act.say(user.id, self.world.sandbox.workspace.dm(user.id).id, text)
        await self.world.settle()
        assert reply.ok, reply
        return "\n".join(words(message) for message in self.dm(user)[before:])

    async def fill(self, user: User, values: dict[str, Any]) -> None:
        await self.act.fill(user.id, values)
        await self.world.settle()

    async def submit(self, user: User, values: dict[str, Any] | None = None) -> dict[str, str]:
        errors = await self.act.submit(user.id, values or {})
        await self.world.settle()
        return dict(errors or {})

    def modal(self, user: User) -> View:
        found: View = self.act.modal(user.id)
        return found

    def has_modal(self, user: User) -> bool:
        return bool(self.world.sandbox.workspace.views.get(user.id))

    async def home(self, user: User) -> str:
        """Open the Home tab; its words."""
        await self.act.open_home(user.id)
        await self.world.settle()
        return words(self.world.sandbox.workspace.homes[user.id])

    def home_now(self, user: User) -> str:
        """The words on the Home tab that is open already."""
        return words(self.world.sandbox.workspace.homes[user.id])

    async def logged(self, user: User, week: str) -> dict[str, int] | None:
        """The shares that stand in the database, in basis points; empty for a skipped week."""
        log = await self.log_of(user, week)
        return None if log is None else dict(log.split.shares) if log.split else {}

    async def log_of(self, user: User, week: str) -> Log | None:
        async with self.world.bot.database.read(self.world.sandbox.workspace.team_id) as tx:
            return await timesplit.get(tx, user.id, Period.parse(week))

    async def ledger(self, *recipients: str) -> list[Delivery]:
        """Deliveries to these people or channels, oldest first."""
        async with self.world.bot.database.read(self.world.sandbox.workspace.team_id) as tx:
            return (await ledger.of_recipients(tx, recipients, 100))[::-1]

    async def jump_to_local(self, text: str, tz: str = "Europe/Berlin") -> None:
        """One tick at that instant and none before, as after a downtime: quick over weeks."""
        self.world.clock.move_to(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)))
        await self.world.tick()

    def assert_clean(self) -> None:
        """Slack refused nothing, and got an answer to everything."""
        found = [
            (call.method, problem)
            for call in self.world.sandbox.calls
            for problem in call.problems
            if problem.code not in self.provoked
        ]
        assert not found, found
        refused = self.world.sandbox.events_refused
        assert not refused, [(d.kind, d.payload.get("type"), d.ack) for d in refused]


@asynccontextmanager
async def team(
    database_url: str,
    *,
    count: int = 4,
    set_up: bool = True,
    values: dict[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[Stage]:
    """A channel of so many people in Berlin; with `set_up` it is a team that they all belong to."""
    usual = set_up and count == COUNT and not values and not options
    if usual and database_url.startswith("sqlite"):
        async with usual_team(database_url) as found, _watched(*found) as stage:
            yield stage
        return
    async with world(database_url, **options) as made:
        people = made.add_people(count)
        channel = made.sandbox.workspace.add_channel(CHANNEL, people)
        async with _watched(made, people, channel) as stage:
            if set_up:
                await made.set_up(stage.lead, stage.channel, values)
                await made.act.close(stage.lead.id)
            yield stage


@asynccontextmanager
async def _watched(made: World, people: list[User], channel: Channel) -> AsyncIterator[Stage]:
    made.sandbox.courier.ack_seconds = PATIENCE
    stage = Stage(made, people, channel)
    yield stage
    await made.settle()
    stage.assert_clean()


def words(place: Message | View) -> str:
    """All the words on the screen, one text a line."""
    blocks = place.blocks
    found = "\n".join(_texts(blocks))
    return found or getattr(place, "text", "")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for key, item in value.items():
            if key not in ("option_groups", "options"):
                yield from _texts(item)
