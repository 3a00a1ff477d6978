"""The workspace's clock, and the feed of changes that follows it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from sandbox.workspace import Channel
from tests.sandbox.conftest import FRIDAY, Api


def test_a_frozen_clock_moves_when_told() -> None:
    clock = SandboxClock(FRIDAY, frozen=True)
    assert clock.now() == FRIDAY
    clock.advance(timedelta(hours=1))
    assert clock.now() == FRIDAY + timedelta(hours=1)
    clock.move_to(FRIDAY)
    assert clock.now() == FRIDAY


async def test_a_running_clock_runs_on_from_its_start() -> None:
    clock = SandboxClock(FRIDAY)
    first = clock.now()
    await asyncio.sleep(0.02)
    assert timedelta(0) < clock.now() - first < timedelta(seconds=5)
    assert clock.now().tzinfo == UTC


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        SandboxClock(datetime(2026, 11, 20))  # noqa: DTZ001


async def test_waiting_for_an_instant() -> None:
    clock = SandboxClock(FRIDAY, frozen=True)
    waiting = asyncio.create_task(clock.reach(FRIDAY + timedelta(minutes=5)))
    clock.advance(timedelta(minutes=4))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    clock.advance(timedelta(minutes=1))
    await asyncio.wait_for(waiting, 1)
    running = SandboxClock(FRIDAY)
    await asyncio.wait_for(running.reach(FRIDAY + timedelta(milliseconds=20)), 1)


async def test_changes_wake_those_who_wait(sandbox: Sandbox, api: Api, channel: Channel) -> None:
    seen = sandbox.version
    assert await sandbox.changed(seen, timeout=0.05) == seen
    waiting = asyncio.create_task(sandbox.changed(seen, timeout=2))
    await asyncio.sleep(0.01)
    await api("chat.postMessage", channel=channel.id, text="t")
    assert await asyncio.wait_for(waiting, 1) > seen
    assert await sandbox.changed(seen, timeout=2) > seen
    seen = sandbox.version
    sandbox.clock.advance(timedelta(hours=1))
    assert sandbox.version > seen
