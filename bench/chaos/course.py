"""The course of a chaos run: time that jumps to what is due next, and what befalls meanwhile."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from bench.chaos.clock import MovableClock
from bench.chaos.plan import Plan
from bench.chaos.replicas import Replicas
from sandbox.server import Sandbox
from tests.postgres_server import PostgresServer

LOOK_SECONDS = 0.1
TELL_SECONDS = 10.0
#: So long is waited for one that lives and holds leases: it may have lost interest, by an error.
STILL_SECONDS = 3.0
#: What is due as soon is waited for, as one waits for the turns that the pace has given.
SOON = timedelta(seconds=4)
#: How far beyond the next due instant time jumps: what falls due as closely goes with it.
TOGETHER = timedelta(seconds=20)

_DUE = """
SELECT
  (SELECT count(*) FROM agenda WHERE due_at <= %(now)s)
  + (SELECT count(*) FROM deliveries WHERE work_at <= %(now)s AND lease_owner IS NULL)
  + (SELECT count(*) FROM deliveries WHERE edit_at <= %(now)s),
  (SELECT count(*) FROM deliveries
    WHERE split_part(lease_owner, '.', 1) = ANY(%(living)s) AND work_at IS NOT NULL),
  (SELECT min(at) FROM (
    SELECT min(due_at) AS at FROM agenda
    UNION ALL SELECT min(work_at) FROM deliveries WHERE work_at IS NOT NULL
    UNION ALL SELECT min(edit_at) FROM deliveries WHERE edit_at IS NOT NULL
  ) AS next)
"""


@dataclass
class Course:
    plan: Plan
    clock: MovableClock
    sandbox: Sandbox
    replicas: Replicas
    server: PostgresServer
    url: str
    jumps: int = 0
    outages: int = 0
    _seen: Any = None
    _still_since: float = 0.0
    _database_away: bool = False
    _connection: "psycopg.Connection[Any] | None" = None

    @property
    def arrived(self) -> int:
        """Calls that were to post a message and did, so far."""
        return sum(len(channel.by_ts) for channel in list(self.sandbox.workspace.channels.values()))

    async def run(self) -> None:
        """Until all that is due by the plan's end is done; TimeoutError past its seconds,
        ReplicaFailedError for a replica that ends by itself."""
        befalling: list[asyncio.Task[None]] = []
        try:
            async with asyncio.timeout(self.plan.seconds):
                befalling = [
                    asyncio.create_task(self._tell()),
                    asyncio.create_task(self._end_replicas()),
                    asyncio.create_task(self._restart_database()),
                ]
                await self._pass_time()
        finally:
            for task in befalling:
                task.cancel()
            await asyncio.gather(*befalling, return_exceptions=True)
            if self._connection is not None:
                self._connection.close()

    async def _tell(self) -> None:
        """Now and then a word on how far it is."""
        while True:
            await asyncio.sleep(TELL_SECONDS)
            at = f"{self.clock.now():%a %d %b %H:%M:%S}"
            print(f"  {at}: {self.arrived} arrived, {self.replicas.killed} killed", flush=True)

    async def _end_replicas(self) -> None:
        """One task for each replica's ends, so that several may be down at once."""

        async def ends_of(number: int) -> None:
            for kill in self.plan.ends:
                if kill.replica == number:
                    await self._reach(kill.arrived)
                    await asyncio.sleep(kill.after_seconds)
                    await self.replicas.end(kill)

        async with asyncio.TaskGroup() as group:
            for number in range(self.plan.replicas):
                group.create_task(ends_of(number))

    async def _restart_database(self) -> None:
        for arrived, seconds in self.plan.outages:
            await self._reach(arrived)
            self._database_away = True
            await asyncio.to_thread(self.server.stop)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.server.start)
            self._database_away = False
            self.outages += 1

    async def _reach(self, arrived: int) -> None:
        version = 0
        while self.arrived < arrived:
            version = await self.sandbox.changed(version, 1.0)

    async def _pass_time(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            following = await self._next_when_calm()
            if following is None:
                continue
            if following > self.plan.end:
                return
            self.clock.move_to(max(following + TOGETHER, self.clock.now()))
            self.jumps += 1

    async def _next_when_calm(self) -> datetime | None:
        """When something falls due next; None while somebody is at work or about to be."""
        if self._database_away or not self.replicas.all_up:
            return None
        try:
            due, leased, following = await asyncio.to_thread(self._look)
        except psycopg.Error:
            return None
        seen = (due, leased, following, self.sandbox.traffic.started)
        if due or self.sandbox.traffic.under_way or seen != self._seen:
            self._seen, self._still_since = seen, time.monotonic()
            return None
        if leased and time.monotonic() - self._still_since < STILL_SECONDS:
            return None
        assert following is not None
        return None if following < self.clock.now() + SOON else following

    def _look(self) -> tuple[int, int, datetime | None]:
        if self._connection is None or self._connection.broken or self._connection.closed:
            self._connection = psycopg.connect(self.url, connect_timeout=2, autocommit=True)
        row = self._connection.execute(
            _DUE, {"now": self.clock.now(), "living": self.replicas.owners}
        ).fetchone()
        assert row is not None
        return row[0], row[1], row[2]
