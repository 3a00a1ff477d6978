"""The paths that must cost the same however much has been stored, each as the product takes it."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from bench.scale import starting
from bench.scale.filling import HERE, SOMEBODY, THIS
from bench.scale.starting import NOW
from bot.compose import Bot
from handlers import home, sweep
from handlers.services import Services
from handlers.summaries import weekly_of
from handlers.teamreading import TeamReading
from storage import deliveries, outbox, teams
from storage.teams import Team

WAITING = 50
CLAIMED = 48


class Nobody:
    """A Slack that agrees to everything at once."""

    async def views_publish(self, **_given: Any) -> None:
        return


class _UndoneError(Exception):
    pass


@dataclass
class Subject:
    """A bot on one of the databases; nothing it is asked to do here changes anything."""

    bot: Bot
    services: Services
    team: Team
    #: Where only the last part of a path is measured: its seconds and statements.
    taken: float | None = None
    of_claim: int = 0

    async def tick(self) -> None:
        """The clock's look for what is due, when nothing is."""
        await self.bot.schedule.tick()

    async def claim(self) -> None:
        """48 of 50 deliveries that are due."""
        try:
            async with self.bot.database.write(HERE) as tx:
                for number in range(WAITING):
                    await deliveries.plan(
                        tx,
                        key=f"due{number}",
                        kind="prompt",
                        recipient=f"U{number}",
                        period=THIS,
                        due_at=NOW,
                        now=NOW,
                    )
                later = NOW + timedelta(minutes=1)
                with statements(self.bot) as seen:
                    began = time.perf_counter()
                    found = await outbox.claim(tx.connection, "a", NOW, later, CLAIMED)
                    self.taken, self.of_claim = time.perf_counter() - began, len(seen)
                assert len(found) == CLAIMED
                raise _UndoneError
        except _UndoneError:
            return

    async def summary(self) -> None:
        """A team's weekly post: its week with trend, insights and notes, as Block Kit."""
        async with self.bot.database.read(HERE) as tx:
            reading = TeamReading(self.services, tx, self.team, NOW)
            found = await weekly_of(reading, THIS.shift(-1))
        assert found["blocks"]

    async def home(self) -> None:
        """App Home of a member, made and not sent."""
        await home.refresh(self.services, HERE, SOMEBODY)

    async def sweep(self) -> None:
        """The look for people and teams to ask Slack about, when it is nobody's turn."""
        assert await sweep.sweep_people(self.services, NOW) == 0
        assert await sweep.sweep_teams(self.services, NOW) == 0

    async def seconds(self, path: Callable[[], Awaitable[None]]) -> tuple[float, float]:
        """How long it takes as a whole, and how much of that its statements take."""
        self.taken = None
        with statements(self.bot) as seen:
            began = time.perf_counter()
            await path()
            whole = time.perf_counter() - began
        return (self.taken, sum(seen[-self.of_claim :])) if self.taken else (whole, sum(seen))

    async def server_seconds(self, path: Callable[[], Awaitable[None]]) -> float:
        """What PostgreSQL itself takes to plan and run what is read on this path."""
        with reads(self.bot) as seen:
            await path()
        total = 0.0
        async with self.bot.database.read_across() as connection:
            for statement, parameters in seen:
                explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
                found = (await connection.exec_driver_sql(explain, parameters)).scalar_one()
                total += found[0]["Planning Time"] + found[0]["Execution Time"]
        return total / 1e3

    @property
    def paths(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            "tick, nothing due": self.tick,
            "claim of 48": self.claim,
            "a team's summary": self.summary,
            "App Home": self.home,
            "sweep, nobody's turn": self.sweep,
        }


@contextmanager
def statements(bot: Bot) -> Iterator[list[float]]:
    """The seconds that each statement takes, from our side of the connection."""
    seen: list[float] = []
    began = 0.0

    def before(*_given: Any) -> None:
        nonlocal began
        began = time.perf_counter()

    def after(*_given: Any) -> None:
        seen.append(time.perf_counter() - began)

    engine = bot.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


@contextmanager
def reads(bot: Bot) -> Iterator[list[tuple[str, Any]]]:
    """What is selected meanwhile, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def before(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    engine = bot.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", before)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", before)


@asynccontextmanager
async def subject(url: str) -> AsyncIterator[Subject]:
    async with starting.bot(url) as bot:
        services = replace(bot.services, slack=lambda _workspace_id: Nobody())  # type: ignore[arg-type,return-value]
        async with bot.database.read(HERE) as tx:
            (team,) = await teams.every(tx)
        yield Subject(bot, services, team)
