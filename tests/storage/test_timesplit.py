"""Logged weeks keep what stood before each change: who, when, what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select

from domain.timesplit import Split
from storage import timesplit, workspaces
from storage.database import Database, Tx
from storage.schema import split_history, split_shares
from tests.storage.tenants import NOW, PERSON, WEEK, populate

FIRST = Split({"strategy": 4_000, "delivery": 6_000}, None)
SECOND = Split({"tools": 2_500, "delivery": 7_500}, {"tools": 600, "delivery": 1_800})


@asynccontextmanager
async def acme(database: Database) -> AsyncIterator[Tx]:
    async with database.write("T1") as tx:
        await workspaces.remember(tx, "Acme", "UBOT", NOW)
        yield tx


async def record(tx: Tx, split: Split | None, minute: int, source: str = "text") -> None:
    now = NOW.replace(minute=minute)
    await timesplit.record(tx, PERSON, WEEK, split, reason=None, source=source, now=now)


async def standing(tx: Tx) -> Split | None:
    log = await timesplit.get(tx, PERSON, WEEK)
    return log.split if log else None


async def test_each_change_is_kept(database: Database) -> None:
    async with acme(database) as tx:
        await record(tx, FIRST, 1)
        await record(tx, SECOND, 2, "form")
        await record(tx, None, 3, "button")
        assert await standing(tx) is None
        log = await timesplit.get(tx, PERSON, WEEK)
        assert log is not None
        assert (log.logged_at.minute, log.edited_at and log.edited_at.minute) == (1, 3)
        rows = (
            await tx.connection.execute(select(split_history).order_by(split_history.c.history_id))
        ).all()
        assert [(row.changed_at.minute, row.changed_by, row.source) for row in rows] == [
            (1, PERSON, "text"),
            (2, PERSON, "form"),
            (3, PERSON, "button"),
        ]
        assert rows[0].before is None
        assert rows[1].before == {"applicable": True, "shares": dict(FIRST.shares), "minutes": None}
        assert rows[2].before["minutes"] == {"tools": 600, "delivery": 1_800}


async def test_minutes_and_shares_come_back_as_they_were(database: Database) -> None:
    async with acme(database) as tx:
        await record(tx, SECOND, 1)
        assert await standing(tx) == SECOND
        await record(tx, FIRST, 2)
        assert await standing(tx) == FIRST


async def test_undo_goes_back_one_step_and_no_further(database: Database) -> None:
    async with acme(database) as tx:
        await record(tx, FIRST, 1)
        await record(tx, SECOND, 2)
        done, log = await timesplit.undo(tx, PERSON, WEEK, NOW)
        assert done
        assert log is not None
        assert log.split == FIRST
        assert await timesplit.undo(tx, PERSON, WEEK, NOW) == (False, log)


async def test_undoing_the_first_log_leaves_none(database: Database) -> None:
    async with acme(database) as tx:
        await record(tx, FIRST, 1)
        assert await timesplit.undo(tx, PERSON, WEEK, NOW) == (True, None)
        assert await standing(tx) is None
        assert (await tx.connection.execute(select(split_shares))).all() == []
        await record(tx, SECOND, 5)
        assert await standing(tx) == SECOND


async def test_of_nobody_there_is_nothing(database: Database) -> None:
    async with database.write("T1") as tx:
        await populate(tx)
    async with database.read("T1") as tx:
        assert await timesplit.of_people(tx, [], WEEK, WEEK) == []
        assert await timesplit.of_people(tx, [PERSON], WEEK.shift(1), WEEK.shift(9)) == []
        assert [log.period for log in await timesplit.recent(tx, PERSON, WEEK, 3)] == [WEEK]
        assert await timesplit.recent(tx, PERSON, WEEK.shift(-1), 3) == []
