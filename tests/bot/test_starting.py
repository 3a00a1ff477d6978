"""How `prodops run` starts, on good days and on bad ones."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import aiohttp
import pytest

from bot.manifest import manifest
from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from tests.bot.due import due_now, readiness
from tests.bot.processes import process
from tests.postgres_server import PostgresServer

OFFLINE = {
    "SLACK_BOT_TOKEN": "xoxb-sandbox",
    "SLACK_SIGNING_SECRET": "secret",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
}


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def taken_port() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        yield taken.getsockname()[1]


async def ready(port: int, wanted: dict[str, str]) -> None:
    """Wait until the checks say this, and nothing else is amiss."""
    said: object = None
    for _ in range(300):
        try:
            status, checks = await readiness(port)
        except aiohttp.ClientConnectionError:
            checks, status = {}, 0
        said = {name: state for name, state in checks.items() if state != "ok"}
        if checks and said == wanted:
            assert status == (503 if wanted else 200)
            return
        await asyncio.sleep(0.1)
    raise AssertionError(said)


def one_line(errors: str) -> str:
    lines = [line for line in errors.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, errors
    return lines[0]


async def test_a_refused_token_ends_it_with_one_line(sqlite_url: str) -> None:
    async with due_now(sqlite_url, count=3) as due:
        wrong = {**due.environment, "SLACK_BOT_TOKEN": "xoxb-wrong"}
        async with process(wrong) as started:
            status, errors = await started.ended()
        assert status == 2
        assert one_line(errors).startswith("prodops: SLACK_BOT_TOKEN is refused by Slack")
        # What was due meanwhile waits for the right one.
        async with process(due.environment):
            await due.all_prompted()
        assert set(due.prompts().values()) == {1}


async def test_a_second_one_on_the_same_file_is_refused(sqlite_url: str) -> None:
    port = free_port()
    environment = {**OFFLINE, "DATABASE_URL": sqlite_url, "PORT": str(port)}
    async with process(environment):
        await ready(port, {"slack": "Slack has not confirmed the token yet"})
        async with process({**environment, "PORT": "0"}) as second:
            status, errors = await second.ended()
    assert status == 2
    assert "is in use by another ProdOps process" in one_line(errors)


async def test_a_port_in_use_is_named(sqlite_url: str) -> None:
    with taken_port() as port:
        environment = {**OFFLINE, "DATABASE_URL": sqlite_url, "PORT": str(port)}
        async with process(environment) as started:
            status, errors = await started.ended()
    assert status == 2
    assert one_line(errors).startswith(f"prodops: PORT {port} is in use")


async def test_it_starts_without_slack_and_recovers(sqlite_url: str) -> None:
    port, slack = free_port(), free_port()
    environment = {
        **OFFLINE,
        "DATABASE_URL": sqlite_url,
        "PORT": str(port),
        "SLACK_API_URL": f"http://127.0.0.1:{slack}/api/",
    }
    async with process(environment) as started:
        await ready(port, {"slack": "Slack has not confirmed the token yet"})
        sandbox = Sandbox(SandboxClock(), manifest("https://prodops.test"))
        async with sandbox.serve(port=slack):
            await ready(port, {})
        status, errors = await started.told(signal.SIGTERM)
    assert status == 0, errors


@pytest.mark.postgres
async def test_it_starts_without_its_database_and_recovers(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    port = free_port()
    async with due_now(postgres_url, count=3) as due:
        environment = {**due.environment, "PORT": str(port)}
        postgres_server.stop()
        async with process(environment) as started:
            away = "StorageUnavailableError"
            slack, tick = "Slack has not confirmed the token yet", "has not ticked yet"
            await ready(
                port, {"database": away, "migrations": away, "slack": slack, "scheduler": tick}
            )
            postgres_server.start()
            await ready(port, {})
            await due.all_prompted()
            # And once more, while it runs; frozen this time, so that nothing is refused.
            postgres_server.pause()
            slow = "no answer within 2 s"
            await ready(port, {"database": slow, "migrations": slow, "slack": slow})
            postgres_server.resume()
            await ready(port, {})
            assert (await started.told(signal.SIGTERM))[0] == 0
        assert set(due.prompts().values()) == {1}


@pytest.mark.postgres
async def test_a_postgres_that_is_behind_is_not_touched(blank_postgres_url: str) -> None:
    async with process({**OFFLINE, "DATABASE_URL": blank_postgres_url}) as started:
        status, errors = await started.ended()
    assert status == 2
    assert "run `prodops migrate` first" in one_line(errors)


async def test_a_new_sqlite_file_gets_its_tables(blank_sqlite_url: str) -> None:
    port = free_port()
    environment = {**OFFLINE, "DATABASE_URL": blank_sqlite_url, "PORT": str(port)}
    async with process(environment):
        await ready(port, {"slack": "Slack has not confirmed the token yet"})
