"""Killed at each point of delivery, and told to stop in the middle: nobody is left out or
asked twice."""

import signal
import time

import pytest

from tests.bot.due import due_now, until
from tests.bot.killed import POINTS
from tests.bot.processes import process
from tests.postgres_server import PostgresServer

#: Those after which something may have been sent, and those before.
AFTER = list(POINTS)[list(POINTS).index("marked") :]
BEFORE = list(POINTS)[: -len(AFTER)]


@pytest.mark.parametrize("points", [BEFORE, AFTER], ids=["before", "after"])
async def test_killed_at_each_point(database_url: str, points: list[str]) -> None:
    async with due_now(database_url, count=21) as due:
        environment = {**due.environment, "PRODOPS_MESSAGES_PER_SECOND": "0"}
        for point in points:
            async with process(environment, point) as killed:
                status, errors = await killed.ended()
            assert status == -signal.SIGKILL, (point, errors)
            if point == "marked":
                assert "sending" in due.states()
            due.hurry(leased=True)
        arrived = sum(due.prompts().values())
        assert arrived < 21
        assert (arrived > 0) is (points is AFTER)
        async with process(due.environment) as last:
            await due.all_prompted()
            status, errors = await last.told(signal.SIGTERM)
        assert status == 0, errors
        assert set(due.prompts().values()) == {1}


@pytest.mark.postgres
@pytest.mark.parametrize("point", ["claimed", "unrecorded"])
async def test_another_takes_over_within_a_lease(postgres_url: str, point: str) -> None:
    async with due_now(postgres_url) as due:
        # Ticks so far apart that only the lease's own end can be what wakes the other one.
        calm = {"PRODOPS_MESSAGES_PER_SECOND": "0", "PRODOPS_TICK_SECONDS": "60"}
        environment = {**due.environment, **calm}
        killed = process(environment, point, "4")
        other = process(environment, "never", "4")
        async with killed as one:
            assert (await one.ended())[0] == -signal.SIGKILL
        assert due.leased() == 3
        async with other:
            await until(lambda: set(due.states()) == {"sent"}, 15)
        assert set(due.prompts().values()) == {1}


async def test_told_to_stop_while_slack_does_not_answer(sqlite_url: str) -> None:
    async with due_now(sqlite_url) as due:
        due.sandbox.faults.add("chat.postMessage", "latency", times=None, seconds=60)
        hasty = {"PRODOPS_MESSAGES_PER_SECOND": "0", "PRODOPS_SHUTDOWN_SECONDS": "5"}
        async with process({**due.environment, **hasty}) as stuck:
            await until(lambda: "sending" in due.states())
            asked = time.monotonic()
            status, errors = await stuck.told(signal.SIGTERM)
        assert status == 0, errors
        assert time.monotonic() - asked < 8
        due.sandbox.faults.clear()
        due.hurry(leased=True)
        async with process(due.environment):
            await due.all_prompted()
        assert set(due.prompts().values()) == {1}


@pytest.mark.postgres
async def test_told_to_stop_while_the_database_does_not_answer(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    """The driver alone would go on for seconds, telling the server that it gives up."""
    async with due_now(postgres_url) as due:
        due.sandbox.faults.add("chat.postMessage", "latency", times=None, seconds=1)
        hasty = {"PRODOPS_MESSAGES_PER_SECOND": "0", "PRODOPS_SHUTDOWN_SECONDS": "4"}
        async with process({**due.environment, **hasty}) as stuck:
            await until(lambda: "sending" in due.states())
            postgres_server.pause()
            try:
                asked = time.monotonic()
                status, errors = await stuck.told(signal.SIGTERM)
                took = time.monotonic() - asked
            finally:
                postgres_server.resume()
        assert status == 0, errors
        assert took < 6, errors
        due.sandbox.faults.clear()
        due.hurry(leased=True)
        async with process(due.environment):
            await due.all_prompted()
        assert set(due.prompts().values()) == {1}


async def test_told_to_stop_in_the_middle_of_a_fan_out(database_url: str) -> None:
    async with due_now(database_url) as due:
        environment = {**due.environment, "PRODOPS_MESSAGES_PER_SECOND": "1"}
        async with process(environment) as first:
            await until(lambda: sum(due.prompts().values()))
            status, errors = await first.told(signal.SIGTERM)
        assert status == 0, errors
        arrived = sum(due.prompts().values())
        assert 0 < arrived < 9
        assert due.leased() == 0
        # What was marked and not begun is tried again, by whoever comes first.
        assert due.states().count("sent") == arrived
        assert set(due.states()) <= {"planned", "retry", "sent"}
        async with process(due.environment):
            await due.all_prompted()
        assert set(due.prompts().values()) == {1}


@pytest.mark.postgres
async def test_two_processes_share_the_work_without_a_word(postgres_url: str) -> None:
    async with due_now(postgres_url, count=24) as due:
        environment = {**due.environment, "PRODOPS_MESSAGES_PER_SECOND": "8"}
        async with process(environment) as one, process(environment) as two:
            await due.all_prompted()
            assert (await one.told(signal.SIGTERM))[0] == 0
            assert (await two.told(signal.SIGTERM))[0] == 0
        assert set(due.prompts().values()) == {1}
        assert set(due.states()) == {"sent"}
