"""A database with prompts that are due at once, for the processes that are to send them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import psycopg

from bot.manifest import manifest
from domain.periods import Period
from domain.rhythm import Rhythm
from handlers.schedule import PROMPT
from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from storage import agenda, memberships, people, teams, workspaces
from storage.database import open_database
from storage.people import Profile

PATIENCE = 60


async def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Look again and again until it is so."""
    for _ in range(int(seconds / 0.1)):
        if true():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come about")


@dataclass
class Due:
    """A served workspace in which everybody is due for a prompt now, by the machine's clock."""

    sandbox: Sandbox
    database_url: str
    user_ids: list[str]
    _connection: Any = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_SIGNING_SECRET": self.sandbox.signing_secret,
            "SLACK_API_URL": f"{self.sandbox.base_url}/api/",
            "DATABASE_URL": self.database_url,
            "PRODOPS_TICK_SECONDS": "0.1",
            "PRODOPS_MESSAGES_PER_SECOND": "20",
        }

    def prompts(self) -> dict[str, int]:
        """How many messages each person has got."""
        ws = self.sandbox.workspace
        return {user: len(ws.messages(ws.dm(user).id)) for user in self.user_ids}

    async def all_prompted(self) -> None:
        """Wait until all is sent and recorded; what waits for a time is made to come up now."""

        def done() -> bool:
            self.hurry()
            return set(self.states()) == {"sent"} and all(self.prompts().values())

        await until(done)

    def states(self) -> list[str]:
        return [row[0] for row in self._sql("SELECT state FROM deliveries WHERE kind = 'prompt'")]

    def hurry(self, leased: bool = False) -> None:
        """Let pauses be over, and leases too where no process is alive to hold them.

        Whoever is next in line then has their turn now: call it again for those behind.
        """
        where = "work_at IS NOT NULL AND kind = 'prompt'"
        where += "" if leased else " AND lease_owner IS NULL"
        now = datetime.now(UTC)
        self._sql("DELETE FROM pace")
        for states, at in (("IN", now - timedelta(seconds=1)), ("NOT IN", now)):
            # What may have been sent comes first.
            self._sql(
                f"UPDATE deliveries SET work_at = '{at:%Y-%m-%d %H:%M:%S.%f}' "
                f"WHERE {where} AND state {states} ('sending', 'unknown')"
            )

    def leased(self) -> int:
        rows = self._sql("SELECT count(*) FROM deliveries WHERE lease_owner IS NOT NULL")
        return int(rows[0][0])

    def _sql(self, statement: str) -> list[Any]:
        if self._connection is None and self.database_url.startswith("sqlite"):
            file = self.database_url.removeprefix("sqlite:///")
            self._connection = sqlite3.connect(file, timeout=10)
        elif self._connection is None:
            self._connection = psycopg.connect(self.database_url, options="-c timezone=UTC")
        cursor = self._connection.execute(statement)
        rows = list(cursor.fetchall()) if cursor.description else []
        self._connection.commit()
        return rows

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


@asynccontextmanager
async def due_now(database_url: str, count: int = 9) -> AsyncIterator[Due]:
    clock = SandboxClock()
    sandbox = Sandbox(clock, manifest("https://prodops.test"))
    users = [sandbox.workspace.add_user(f"member{n}", tz="UTC") for n in range(count)]
    channel = sandbox.workspace.add_channel("product", [user.id for user in users])
    await _seed(database_url, sandbox, channel.id, [user.id for user in users])
    async with sandbox.serve():
        with closing(Due(sandbox, database_url, [user.id for user in users])) as due:
            yield due


async def _seed(database_url: str, sandbox: Sandbox, channel: str, users: list[str]) -> None:
    now = datetime.now(UTC)
    ws = sandbox.workspace
    database = open_database(database_url)
    try:
        async with database.write(ws.team_id) as tx:
            await workspaces.remember(tx, "Sandbox", ws.bot_user_id, now)
            team = await teams.save(
                tx,
                channel_id=channel,
                name="product",
                tz="UTC",
                country=None,
                industry="",
                rhythm=Rhythm(),
                members_from="picked",
                group_id=None,
                by=users[0],
                now=now,
            )
            for user_id in users:
                await people.refresh(tx, Profile(user_id, user_id, "UTC"), now)
                await memberships.join(tx, team.team_id, user_id, None, now)
                await agenda.put(tx, PROMPT, user_id, Period.containing(now.date()), now)
    finally:
        await database.close()


async def readiness(port: int) -> tuple[int, dict[str, str]]:
    """What `/readyz` says: its status, and each check's state."""
    address = f"http://127.0.0.1:{port}/readyz"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, (await answer.json())["checks"]
