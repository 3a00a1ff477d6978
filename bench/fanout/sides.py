"""Ways to send the same messages, each in processes of its own, and what each round took."""

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import delete

from bench.databases import Store
from bench.payloads import WORKSPACE
from bench.people import users
from bench.servers import ROOT
from domain.periods import Period
from storage import schema, teams
from storage.batches import Plan, plan_all
from storage.database import open_database
from storage.ledger import of_recipients

#: Messages sent before it counts: a process that has just started first makes its statements.
WARM_UP = 200
#: Rows entered in one transaction.
_TOGETHER = 500


@dataclass
class Side:
    """One way to send `count` messages; without a store it is the bare client, by its `loop`:
    "bare" on the SDK's own session, "wire" over that of the product's posts.

    `pace` in messages a second, 0 without any. Rates a second and CPU seconds a message, by round.
    """

    name: str
    api_url: str
    count: int
    store: Store | None = None
    replicas: int = 1
    pace: int = 0
    loop: str = "bare"
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def measure(self) -> None:
        """One round; RuntimeError when not everything was sent once."""
        if self.store is None:
            command = [self.loop, self.api_url, str(self.count)]
            results = await _run([command])
        else:
            await clear(self.store.url)
            await plan(self.store.url, 0, self._warm_up)
            command = ["bot", self.api_url, self.store.url, str(self.pace)]
            results = await _run([command] * self.replicas, partial(self._plan, self.store.url))
            await check(self.store.url, self._warm_up + self.count)
        seconds = max(r["ended"] for r in results) - min(r["begun"] for r in results)
        self.rates.append(self.count / seconds)
        self.cpu.append(sum(r["cpu"] for r in results) / self.count)

    async def _plan(self, url: str) -> None:
        await plan(url, self._warm_up, self._warm_up + self.count)

    @property
    def _warm_up(self) -> int:
        # At its pace a process has nothing to be warm for.
        return 0 if self.pace else WARM_UP

    def ratio(self, floor: "Side") -> float:
        """The median of one round's rates."""
        return median(a / b for a, b in zip(self.rates, floor.rates, strict=True))


async def clear(url: str) -> None:
    """Nothing is due, nothing was sent."""
    database = open_database(url)
    try:
        async with database.write(WORKSPACE) as tx:
            for table in (schema.deliveries, schema.delivery_events, schema.pace):
                await tx.connection.execute(delete(table))
    finally:
        await database.close()


async def plan(url: str, first: int, last: int) -> None:
    """Prompts for the people from `first` to before `last`, due now."""
    now = datetime.now(UTC)
    week = Period.containing(now.date())
    database = open_database(url)
    try:
        async with database.read(WORKSPACE) as tx:
            (team, *_) = await teams.every(tx)
        prompts = [
            Plan(f"prompt:{user}:{week}", "prompt", user, week, now, team.team_id)
            for user in users(last)[first:]
        ]
        for start in range(0, len(prompts), _TOGETHER):
            async with database.write(WORKSPACE) as tx:
                await plan_all(tx, prompts[start : start + _TOGETHER], now - timedelta(seconds=1))
    finally:
        await database.close()


async def check(url: str, count: int) -> None:
    """All were sent, each once, and their reminders planned: else its speed means nothing."""
    database = open_database(url)
    everybody = users(count)
    try:
        async with database.read(WORKSPACE) as tx:
            found = await of_recipients(tx, everybody, 3 * len(everybody))
    finally:
        await database.close()
    states = sorted((d.kind, str(d.state), d.attempts) for d in found)
    each = (("prompt", "sent", 1), ("reminder", "planned", 0))
    if states != [one for one in each for _ in everybody]:
        raise RuntimeError(f"not all was sent: {len(states)} deliveries")


async def _nothing() -> None:
    return


async def _run(
    commands: Sequence[Sequence[str]], prepare: Callable[[], Awaitable[None]] = _nothing
) -> list[dict[str, Any]]:
    """Each in a process; once all are warm `prepare` is called, and all begin at once."""
    started = [
        subprocess.Popen(  # noqa: ASYNC220 - nothing else is to run meanwhile
            [sys.executable, "-m", "bench.fanout.runner", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        for command in commands
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        await prepare()
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        return [json.loads(process.communicate(timeout=300)[0]) for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()
