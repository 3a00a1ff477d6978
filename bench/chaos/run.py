"""One chaos run from its seed to its reckoning; nothing is left running or on the disk."""

import random
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.chaos.clock import MovableClock
from bench.chaos.course import Course
from bench.chaos.plan import BEGIN, Plan
from bench.chaos.reckoning import Reckoning, ledger, received, reckon, unasked
from bench.chaos.replicas import ReplicaFailedError, Replicas
from bench.chaos.stage import TeamOnStage, expected_keys, set_up
from bench.chaos.weather import Weather
from bot.manifest import manifest
from sandbox.server import Sandbox
from storage import migrate
from storage.database import open_database
from tests.postgres_server import PostgresServer

TICK_SECONDS = 0.25
MESSAGES_PER_SECOND = 60


@dataclass
class Result:
    reckoning: Reckoning
    killed: int
    stopped: int
    outages: int
    jumps: int
    faults: Counter[str]
    problems: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.reckoning.good and not self.problems


async def run(plan: Plan, server: PostgresServer | None = None) -> Result:
    """All of it, on a PostgreSQL of its own unless one is lent."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="prodops-chaos-")))
        if server is None:
            server = PostgresServer()
            stack.callback(server.close)
        name = f"chaos_{plan.seed}"
        url = server.create_database(name)
        stack.callback(server.drop_database, name)
        migrate.migrate(url)
        clock = MovableClock(folder / "clock", BEGIN)
        sandbox = Sandbox(clock.sandbox, manifest("https://prodops.test"))
        teams = await _set_up(plan, sandbox, url)
        weather = Weather(plan.seed, frozenset(team.members[0] for team in teams))
        sandbox.faults = weather
        await stack.enter_async_context(sandbox.serve())
        replicas = await stack.enter_async_context(
            Replicas.running(
                plan.replicas,
                folder / "clock",
                folder,
                _environment(sandbox, url),
                random.Random(f"replicas {plan.seed}"),
            )
        )
        course = Course(plan, clock, sandbox, replicas, server, url)
        problems = []
        try:
            await course.run()
        except ReplicaFailedError as problem:
            problems.append(str(problem))
        except TimeoutError:
            problems.append(f"not at its end after {plan.seconds:.0f} s, at {clock.now()}")
        rows, passed = ledger(url)
        found = reckon(
            rows, passed, received(sandbox.workspace), expected_keys(plan, teams, BEGIN), plan.end
        )
        problems += unasked(rows)
        problems += [f"a replica ended with status {status}" for status in replicas.failed]
        if problems or not found.good:
            problems += _last_words(folder)
        return Result(
            found,
            replicas.killed,
            replicas.stopped,
            course.outages,
            course.jumps,
            weather.struck,
            problems,
        )


async def _set_up(plan: Plan, sandbox: Sandbox, url: str) -> list[TeamOnStage]:
    database = open_database(url)
    try:
        return await set_up(plan, sandbox, database, BEGIN)
    finally:
        await database.close()


def _environment(sandbox: Sandbox, url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_API_URL": f"{sandbox.base_url}/api/",
        "DATABASE_URL": url,
        "PRODOPS_TICK_SECONDS": str(TICK_SECONDS),
        "PRODOPS_MESSAGES_PER_SECOND": str(MESSAGES_PER_SECOND),
        "PRODOPS_LOG_FORMAT": "text",
    }


def _last_words(folder: Path) -> list[str]:
    """The last errors that each replica logged, and its last lines."""
    lines = []
    for log in sorted(folder.glob("*.log")):
        said = log.read_text().splitlines()
        errors = [line for line in said if "error" in line]
        lines += [f"{log.stem}: {line[:300]}" for line in [*errors[-5:], *said[-3:]]]
    return lines
