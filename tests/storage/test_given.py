"""Rows given as one parameter arrive as they were, on both databases."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from storage.batches import Plan, plan_all
from storage.database import Database, open_database
from storage.given import given as given_rows
from storage.schema import deliveries
from tests.storage.tenants import NOW, WEEK, populate

ROWS = given_rows("rows", deliveries.c.key, deliveries.c.due_at, deliveries.c.attempts)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: PostgreSQL keeps no NUL in a text, nor half a character.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.builds(
    lambda microseconds, zone: (EPOCH + timedelta(microseconds=microseconds)).astimezone(zone),
    st.integers(0, 4 * 10**15),
    zones,
)
rows = st.lists(
    st.tuples(st.none() | texts, st.none() | instants, st.none() | st.integers(0, 2**31 - 1)),
    max_size=8,
)


async def read(database: Database, asked: Any) -> list[tuple[Any, ...]]:
    async with database.read("T1") as tx:
        return [tuple(row) for row in await tx.connection.execute(select(ROWS), {"rows": asked})]


@given(rows)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_what_is_given_is_read_again(database_url: str, asked: list[Any]) -> None:
    database = open_database(database_url)
    try:
        assert await read(database, asked) == asked
    finally:
        await database.close()


async def test_an_instant_comes_back_in_utc(database: Database) -> None:
    offset = timezone(timedelta(hours=5, minutes=30))
    (row,) = await read(database, [("k", datetime(2026, 3, 1, 4, 0, tzinfo=offset), 1)])
    assert row[1] == datetime(2026, 2, 28, 22, 30, tzinfo=UTC)
    assert row[1].tzinfo is UTC


async def test_a_text_too_long_is_an_error_rather_than_cut_off(database: Database) -> None:
    async with database.write("T1") as tx:
        await populate(tx)
    too_long = Plan("k" * 121, "prompt", "U1", WEEK, NOW)
    if database.is_sqlite:
        async with database.write("T1") as tx:
            await plan_all(tx, [too_long], NOW)
            kept = (await tx.connection.execute(select(deliveries.c.key))).scalars().all()
        assert too_long.key in kept
        return
    with pytest.raises(DBAPIError, match=re.escape("character varying(120)")):
        async with database.write("T1") as tx:
            await plan_all(tx, [too_long], NOW)
