"""Killed at each point of delivery, and told to stop in the middle: nobody is left out or
asked twice."""

import signal

import pytest

from tests.bot.killed import POINTS
from tests.bot.processes import due_now, process, until


async def test_killed_at_each_point(database_url: str) -> None:
    async with due_now(database_url) as due:
        environment = {**due.environment, "PRODOPS_MESSAGES_PER_SECOND": "0"}
        for point in POINTS:
            async with process(environment, point, module="tests.bot.killed") as killed:
                status, errors = await killed.ended()
            assert status == -signal.SIGKILL, errors
            due.hurry(leased=True)
        assert "sending" in due.states()
        arrived = sum(due.prompts().values())
        assert arrived > 0
        async with process(due.environment) as last:
            await due.all_prompted()
            status, errors = await last.told(signal.SIGTERM)
        assert status == 0, errors
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
        assert sorted(due.states()) == ["planned"] * (9 - arrived) + ["sent"] * arrived
        async with process(due.environment):
            await due.all_prompted()
        assert set(due.prompts().values()) == {1}


@pytest.mark.postgres
async def test_two_processes_share_the_work_without_a_word(postgres_url: str) -> None:
    async with due_now(postgres_url, count=24) as due:
        environment = {**due.environment, "PRODOPS_MESSAGES_PER_SECOND": "4"}
        async with process(environment) as one, process(environment) as two:
            await due.all_prompted()
            assert (await one.told(signal.SIGTERM))[0] == 0
            assert (await two.told(signal.SIGTERM))[0] == 0
        assert set(due.prompts().values()) == {1}
        assert set(due.states()) == {"sent"}
