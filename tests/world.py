"""A whole world for a test: the emulated workspace, a bot beside it, and one clock for both."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from bot.compose import Bot, build
from bot.manifest import manifest
from bot.running import begin, finish
from bot.serving import listen
from bot.serving import serve as serve_web
from bot.settings import Settings
from sandbox.clock import SandboxClock
from sandbox.entities import Channel, Message, User
from sandbox.server import Sandbox
from sandbox.timetravel import TimeTravel
from tests import compiled

if TYPE_CHECKING:
    from sandbox.people import People

compiled.share()

#: A Wednesday, well before the first Friday prompt.
WEDNESDAY = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)


@dataclass
class World:
    sandbox: Sandbox
    bot: Bot
    clock: SandboxClock

    @property
    def act(self) -> "People":
        return self.sandbox.people

    def messages(self, channel: Channel | str) -> list[Message]:
        found = channel if isinstance(channel, str) else channel.id
        return list(self.sandbox.workspace.messages(found))

    def dm(self, user: User) -> list[Message]:
        """What the bot and the person wrote to each other."""
        return self.messages(self.sandbox.workspace.dm(user.id).id)

    def add_people(self, count: int, tz: str = "Europe/Berlin") -> list[User]:
        names = ("Ada", "Ben", "Cem", "Dora", "Eva", "Finn", "Gus", "Hana", "Ida", "Jon")
        return [
            self.sandbox.workspace.add_user(names[n % 10] + "x" * (n // 10), tz=tz)
            for n in range(count)
        ]

    async def settle(self) -> None:
        """Wait until nothing is in flight: answers, wake-ups, edits."""
        for _ in range(500):
            await self.sandbox.people.settle(quiet=0.01)
            if not len(self.bot.tasks):
                return
            await asyncio.sleep(0.01)

    async def tick(self) -> None:
        await self.bot.schedule.tick()
        await self.settle()

    async def move_to(self, instant: datetime) -> None:
        """Let time pass, with a tick at every instant at which something falls due."""
        await TimeTravel(self.clock, self.bot.schedule, settled=self.settle).move_to(instant)

    async def move_to_local(self, text: str, tz: str = "Europe/Berlin") -> None:
        await self.move_to(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)))

    async def advance(self, **span: float) -> None:
        await self.move_to(self.clock.now() + timedelta(**span))

    async def set_up(
        self, lead: User, channel: Channel, values: Mapping[str, Any] | None = None
    ) -> None:
        """Set the channel up as a team, through the form, as its lead would."""
        await self.act.command(lead.id, channel.id, "/prodops setup")
        await self.settle()
        errors = await self.act.submit(lead.id, {"Team name": channel.name, **(values or {})})
        assert not errors, errors
        await self.settle()

    async def log(self, user: User, channel: Channel, text: str) -> str:
        """Type a log, and return what the person sees."""
        reply = await self.act.command(user.id, channel.id, f"/prodops log {text}")
        await self.settle()
        return " ".join(message.text for message in reply.messages)


@asynccontextmanager
async def world(
    database_url: str,
    *,
    now: datetime = WEDNESDAY,
    socket: bool = False,
    settings: Mapping[str, str] | None = None,
    **sandbox_options: Any,
) -> AsyncIterator[World]:
    """Sandbox and bot over real HTTP (or a real socket), on a clock that only tests move."""
    _plain_logs()
    clock = SandboxClock(now, frozen=True)
    document = manifest(None if socket else "https://prodops.test")
    sandbox = Sandbox(clock, document, **sandbox_options)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(sandbox.serve())
        environment = {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_SIGNING_SECRET": sandbox.signing_secret,
            "SLACK_API_URL": f"{sandbox.base_url}/api/",
            "DATABASE_URL": database_url,
            "PRODOPS_MESSAGES_PER_SECOND": "0",
            "PORT": "0",
            **({"SLACK_APP_TOKEN": sandbox.app_token} if socket else {}),
            **(settings or {}),
        }
        bot = await stack.enter_async_context(build(Settings.load(environment), clock))
        await bot.installation.identify()
        await begin(bot)
        stop = asyncio.Event()
        if bot.socket is not None:
            await bot.socket.start()
            stack.push_async_callback(bot.socket.stop, 5)
        else:
            listener = listen("127.0.0.1", 0)
            port = listener.getsockname()[1]
            sandbox.deliver_to = f"http://127.0.0.1:{port}/slack/events"
            serving = asyncio.create_task(serve_web(bot.web, listener, stop, 5))
            stack.push_async_callback(_ended, serving, stop)
        stack.push_async_callback(finish, bot)
        yield World(sandbox, bot, clock)


def _plain_logs() -> None:
    """Tracebacks as Python writes them: decorated ones, with all locals, take seconds each."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )


async def _ended(serving: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    stop.set()
    await serving
