"""Connections that are cut, closed behind our back, or given back half used do no harm."""

import asyncio

import pytest
from sqlalchemy import text

from storage.database import Database, open_database
from tests.postgres_server import PostgresServer

COUNT = text("SELECT count(*) FROM workspaces")
INSERT = text(
    "INSERT INTO workspaces (workspace_id, name, bot_user_id, charts, installed_at)"
    " VALUES ('T1', 'One', 'U0', true, '2026-06-01 00:00:00')"
)


async def _count(database: Database) -> int:
    async with database.read_across() as connection:
        return int((await connection.execute(COUNT)).scalar_one())


@pytest.mark.postgres
async def test_a_restart_between_two_uses_goes_unnoticed(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    """Every connection of the pool is dead by then, and none may be handed out."""
    database = open_database(postgres_url)
    try:
        await asyncio.gather(*(_count(database) for _ in range(8)))
        postgres_server.stop()
        postgres_server.start()
        assert await asyncio.gather(*(_count(database) for _ in range(8))) == [0] * 8
    finally:
        await database.close()


async def test_a_write_that_is_cut_off_leaves_nothing(database_url: str) -> None:
    database = open_database(database_url)
    try:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(_write(database, linger=5), 0.2)
        assert await _count(database) == 0
        await _write(database)
        assert await _count(database) == 1
    finally:
        await database.close()


async def test_a_statement_that_fails_takes_the_whole_write_with_it(database_url: str) -> None:
    database = open_database(database_url)
    try:
        with pytest.raises(Exception, match=r"(?i)unique"):
            await _write(database, times=2)
        assert await _count(database) == 0
    finally:
        await database.close()


async def _write(database: Database, *, times: int = 1, linger: float = 0) -> None:
    async with database.write("T1") as tx:
        for _ in range(times):
            await tx.connection.execute(INSERT)
        await asyncio.sleep(linger)
