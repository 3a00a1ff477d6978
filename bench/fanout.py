"""`python -m bench.fanout`: a fan-out of prompts beside a bare loop of the same client.

The same messages to the same stub of Slack, in turns, each in a process of its own; the ratio is
the median of one round's rates. On PostgreSQL two replicas are measured beside one.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import delete

from bench.databases import Store, postgres, sqlite
from bench.payloads import WORKSPACE
from bench.people import populate, users
from bench.servers import ROOT, free_port, running
from domain.periods import Period
from storage import deliveries, ledger, schema, teams
from storage.database import open_database

GOAL, GOAL_TWO = 0.65, 1.6


@dataclass
class Side:
    """One way to send the messages; rates per second and CPU seconds per message, by round."""

    name: str
    store: Store | None = None
    replicas: int = 1
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


async def main(count: int, rounds: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="prodops-bench-")))
        port = free_port()
        stack.enter_context(running(["-m", "bench.slack", str(port)], port, folder / "slack.log"))
        sides = [Side("bare loop"), Side("SQLite", sqlite(folder))]
        if (found := stack.enter_context(postgres())) is not None:
            sides += [Side("PostgreSQL", found), Side("PostgreSQL, two", found, replicas=2)]
        for store in {side.store.url: side.store for side in sides if side.store}.values():
            await populate(store.url, count)
        print(
            f"Python {platform.python_version()}, {os.cpu_count()} cores; {rounds} rounds of "
            f"{count} prompts",
            flush=True,
        )
        for number in range(rounds):
            for side in sides if number % 2 == 0 else sides[::-1]:
                await _measure(side, f"http://127.0.0.1:{port}/api/", count)
        _print(sides)


async def _measure(side: Side, api_url: str, count: int) -> None:
    if side.store is None:
        results = _run([["bare", api_url, str(count)]])
    else:
        await plan(side.store.url, count)
        results = _run([["bot", api_url, str(count), side.store.url, "0"]] * side.replicas)
        await check(side.store.url, count)
    seconds = max(r["ended"] for r in results) - min(r["begun"] for r in results)
    side.rates.append(count / seconds)
    side.cpu.append(sum(r["cpu"] for r in results) / count)


async def plan(url: str, count: int) -> None:
    """Prompts for everybody, due now."""
    now = datetime.now(UTC)
    week = Period.containing(now.date())
    database = open_database(url)
    try:
        async with database.write(WORKSPACE) as tx:
            await tx.connection.execute(delete(schema.deliveries))
            (team, *_) = await teams.every(tx)
        everybody = users(count)
        for start in range(0, count, 500):
            async with database.write(WORKSPACE) as tx:
                for user in everybody[start : start + 500]:
                    await deliveries.plan(
                        tx,
                        key=f"prompt:{user}:{week}",
                        kind="prompt",
                        team_id=team.team_id,
                        recipient=user,
                        period=week,
                        due_at=now,
                        now=now - timedelta(seconds=1),
                    )
    finally:
        await database.close()


async def check(url: str, count: int) -> None:
    """All were sent, each once, and their reminders planned: else its speed means nothing."""
    database = open_database(url)
    try:
        async with database.read(WORKSPACE) as tx:
            found = await ledger.of_recipients(tx, users(count), 3 * count)
    finally:
        await database.close()
    states = sorted((d.kind, str(d.state), d.attempts) for d in found)
    wanted = [("prompt", "sent", 1)] * count + [("reminder", "planned", 0)] * count
    if states != wanted:
        raise RuntimeError(f"not all was sent: {len(states)} deliveries")


def _run(commands: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """Each in a process, all started at once when all are ready."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.runner", *command],
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
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        return [json.loads(process.communicate(timeout=300)[0]) for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _print(sides: Sequence[Side]) -> None:
    floor = sides[0]
    print(f"\n{'':24}{'msg/s':>8}{'CPU ms':>8}{'ratio':>8}")
    for side in sides:
        ratio = median(a / b for a, b in zip(side.rates, floor.rates, strict=True))
        print(
            f"{side.name:24}{median(side.rates):8.0f}{median(side.cpu) * 1e3:8.2f}{ratio:8.2f}"
            f"   {' '.join(f'{rate:.0f}' for rate in side.rates)}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.fanout", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="prompts in each round")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.count, chosen.rounds))
