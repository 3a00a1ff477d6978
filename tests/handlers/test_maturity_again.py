"""Time to assess again: told to leads, once for each reason, and never while one is running."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.checklist import NewItem
from storage import checklist, roi, teams
from tests.handlers.checkin_acts import rate, start
from tests.stage import Stage, team, words


@pytest.fixture
async def assessed(sqlite_url: str) -> AsyncIterator[Stage]:
    """Three people with a result of Wednesday, 3 June."""
    async with team(sqlite_url, count=3) as stage:
        assert await start(stage, Dimensions=["Toolstack"]) == {}
        for user in stage.people:
            await rate(stage, user)
        yield stage


def told(stage: Stage) -> list[str]:
    """What the lead was told about assessing again."""
    return [words(m) for m in stage.dm(stage.lead) if "time for a maturity check-in" in words(m)]


async def jump(stage: Stage, **span: float) -> None:
    """To another day without living through those between."""
    stage.world.clock.advance(timedelta(**span))
    await stage.world.tick()


async def test_due_overdue_and_stale_are_told_once_each(assessed: Stage) -> None:
    stage = assessed
    for days, said in ((91, "is 91 days old"), (30, "It is overdue"), (60, "benchmark is hidden")):
        before = len(told(stage))
        await jump(stage, days=days)
        await jump(stage, hours=1)
        assert len(told(stage)) == before + 1
        assert said in told(stage)[-1]
    await jump(stage, days=30)
    assert len(told(stage)) == 3
    assert not any("time for a maturity" in words(m) for m in stage.dm(stage.people[1]))
    shown = [m for m in stage.dm(stage.lead) if "time for a maturity" in words(m)][-1]
    await stage.click(stage.lead, shown, "Start check-in")
    assert stage.modal(stage.lead).text_of("submit") == "Start check-in"


async def test_nobody_is_told_while_a_check_in_runs(assessed: Stage) -> None:
    stage = assessed
    stage.world.clock.advance(timedelta(days=85))
    assert await start(stage, Raters=["ada", "ben", "cem"], Deadline="2026-09-15") == {}
    await jump(stage, days=7)
    assert told(stage) == []


async def test_a_team_that_changed_is_worth_a_look_after_a_month(assessed: Stage) -> None:
    stage = assessed
    for name in ("Zoe", "Yan"):
        user = stage.world.sandbox.workspace.add_user(name, tz="Europe/Berlin")
        await stage.world.sandbox.join_channel(stage.channel.id, user.id)
    await jump(stage, days=15)
    # Not within the first month, whatever has changed.
    assert told(stage) == []
    await jump(stage, days=22)
    assert ["from 3 to 5 product managers" in text for text in told(stage)] == [True]
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        growth = await teams.by_channel(tx, stage.channel.id)
        assert growth is not None
        await roi.set_product_ops(tx, growth.team_id, [stage.people[1].id], stage.world.clock.now())
    await jump(stage, days=7)
    assert ["product operations joined or left" in text for text in told(stage)] == [False, True]


async def test_three_finished_items_of_one_dimension_are_worth_a_look(assessed: Stage) -> None:
    stage = assessed
    done_at = stage.world.clock.now() + timedelta(days=1)
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        growth = await teams.by_channel(tx, stage.channel.id)
        assert growth is not None
        for number, dimensions in enumerate([("tools",), ("tools", "data"), ("all",), ("data",)]):
            new = NewItem(None, "execute", f"Item {number}", dimensions=dimensions)
            name = f"item-{number}"
            await checklist.add(tx, growth.team_id, new, stage.lead.id, done_at, item_id=name)
            done = {"state": "done", "done_at": done_at}
            await checklist.change(tx, name, states=["open"], values=done)
    await jump(stage, days=37)
    # Two of each: an item for all dimensions speaks for none.
    assert told(stage) == []
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        new = NewItem(None, "execute", "Another", dimensions=("tools",))
        now = stage.world.clock.now()
        await checklist.add(tx, growth.team_id, new, stage.lead.id, now, item_id="another")
        done = {"state": "done", "done_at": now}
        await checklist.change(tx, "another", states=["open"], values=done)
    await jump(stage, days=7)
    await jump(stage, days=7)
    [said] = told(stage)
    assert "3 checklist items of Toolstack were done since the last one" in said
