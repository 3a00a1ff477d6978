"""Migrations run up and down on both databases, and lead to just the tables that the code knows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

from storage import revision
from storage.database import open_database
from storage.migrate import MIGRATIONS, migrate, sync_url
from storage.schema import metadata

SCRIPTS = ScriptDirectory(str(MIGRATIONS))
# Oldest first.
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(sync_url(url))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def tables(url: str) -> set[str]:
    with connected(url) as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def current(url: str) -> str | None:
    with connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_each_step_goes_up_down_and_up_again(blank_database_url: str) -> None:
    below = "base"
    for step in REVISIONS:
        for to in (step, below, step):
            migrate(blank_database_url, to)
            assert current(blank_database_url) == (None if to == "base" else to)
        below = step
    assert tables(blank_database_url) == set(metadata.tables)


def test_the_way_down_leaves_nothing_behind(blank_database_url: str) -> None:
    migrate(blank_database_url)
    migrate(blank_database_url, "base")
    assert tables(blank_database_url) == set()


def test_the_newest_schema_is_what_the_code_declares(database_url: str) -> None:
    with connected(database_url) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_the_newest_schema_migrates_to_itself(database_url: str) -> None:
    migrate(database_url)
    assert current(database_url) == REVISIONS[-1]


async def test_a_process_knows_the_newest_revision_without_alembic(database_url: str) -> None:
    assert SCRIPTS.get_heads() == [revision.HEAD]
    database = open_database(database_url)
    try:
        assert await revision.current(database) == revision.HEAD
    finally:
        await database.close()


@pytest.mark.postgres
def test_replicas_that_start_together_migrate_once(blank_postgres_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(migrate, blank_postgres_url) for _ in range(4)]:
            done.result()
    assert tables(blank_postgres_url) == set(metadata.tables)


@pytest.mark.postgres
def test_pages_of_deliveries_keep_room(blank_postgres_url: str) -> None:
    options = "SELECT reloptions FROM pg_class WHERE oid = 'deliveries'::regclass"
    for to, said in (("0004", ["fillfactor=70"]), ("0003", None), ("0004", ["fillfactor=70"])):
        migrate(blank_postgres_url, to)
        with connected(blank_postgres_url) as connection:
            assert connection.exec_driver_sql(options).scalar_one() == said


def test_sqlite_is_told_of_every_index(blank_sqlite_url: str) -> None:
    migrate(blank_sqlite_url)
    with connected(blank_sqlite_url) as connection:
        rows = connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").all()
        indexes = "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'index'"
        assert {(row.tbl, row.idx) for row in rows} == {
            (table, name) for table, name in connection.exec_driver_sql(indexes)
        }
    stats = {row.idx: [int(count) for count in row.stat.split()] for row in rows}
    # All rows, then how many share the first column's value, the first two columns' and so on.
    for counts in stats.values():
        assert counts == sorted(counts, reverse=True)
    assert stats["sqlite_autoindex_people_1"] == [1_000_000, 10_000, 1]
    assert stats["ix_deliveries_work_at"] == [10_000, 100]
