"""A check is green, red with a reason, or out of time; it never stops the others."""

import asyncio
from typing import Any

import pytest

from bot.health import NotReady, examine
from domain.periods import Period
from handlers.registry import Occasion, Skip
from storage import agenda
from storage.agenda import Occurrence
from storage.database import Tx
from tests.bot.teamwork import team


async def fine() -> None:
    pass


async def waiting() -> None:
    raise NotReady("migrations are behind")


async def broken() -> None:
    raise ConnectionError("postgresql://ann:pw@db refused")


async def hanging() -> None:
    await asyncio.sleep(60)


async def test_each_check_has_its_own_state() -> None:
    checks = {"database": broken, "schema": waiting, "socket": fine, "scheduler": hanging}
    assert await examine(checks, patience=0.05) == {
        "database": "ConnectionError",
        "schema": "migrations are behind",
        "socket": "ok",
        "scheduler": "no answer within 0.05 s",
    }


async def test_thousands_that_fall_due_at_once_are_no_standstill(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planning them takes longer than a tick; meanwhile the process is alive and ready."""
    monkeypatch.setattr("bot.planner.BATCH", 1)
    states = []

    class Slow(Occasion):
        async def plan(self, services: Any, tx: Tx, due: Occurrence, now: Any) -> None:
            states.append((await examine({"scheduler": ticking}))["scheduler"])
            t.world.clock.move_to(now.replace(hour=now.hour + 1))
            await agenda.drop(tx, "slow", due.subject)

        async def compose(self, services: Any, tx: Any, delivery: Any, now: Any) -> Skip:
            raise AssertionError

    async with team(sqlite_url) as t:
        ticking = t.world.bot.schedule.check(t.world.clock)
        t.world.bot.registry.occasions["slow"] = Slow()
        async with t.world.bot.database.write(t.workspace_id) as tx:
            for number in range(3):
                await agenda.put(tx, "slow", str(number), Period(2026, 23), t.world.clock.now())
        await t.world.bot.schedule.tick()
        assert states[1:] == ["ok", "ok"]
