"""Opens the database, and hands out transactions that know which workspace they serve."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert, Table, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.postgres import CAN_LOOK, RECYCLE_SECONDS, look_before_use

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

#: Seconds until a transaction that hangs is given up, so that nobody waits for a dead server.
STATEMENT_SECONDS = 8.0


class StorageUnavailableError(Exception):
    """The database cannot be reached or does not answer; nothing was stored."""


def is_unavailable(problem: Exception) -> bool:
    """Whether the database is away, rather than at odds with what it was asked to do."""
    gone = (
        StorageUnavailableError,
        OperationalError,
        InterfaceError,
        PendingRollbackError,
        PoolTimeoutError,
        TimeoutError,
    )
    return isinstance(problem, gone) or (
        isinstance(problem, DBAPIError) and problem.connection_invalidated
    )


@dataclass(frozen=True)
class Tx:
    """One transaction within one workspace; storage scopes every query by it."""

    connection: AsyncConnection
    workspace_id: str

    async def upsert(
        self, table: Table, values: Mapping[str, Any], keys: Sequence[str], update: Sequence[str]
    ) -> None:
        """Insert, or update the named columns of the row that has these keys already."""
        await self.connection.execute(self.upserting(table, keys, update), values)

    async def insert_once(
        self, table: Table, values: Mapping[str, Any], keys: Sequence[str]
    ) -> bool:
        """Insert unless a row with these keys stands already; says whether it did."""
        # Without the option an insert on PostgreSQL does not tell how many rows it made.
        insert = self.upserting(table, keys, ()).execution_options(preserve_rowcount=True)
        done = await self.connection.execute(insert, values)
        return done.rowcount == 1

    def upserting(
        self, table: Table, keys: Sequence[str], update: Sequence[str], **marks: str
    ) -> Insert:
        """The statement of `upsert`, still without values.

        `marks` are columns that only a row that was there takes, each from another column of
        the new one, so that RETURNING tells which of the two it was.
        """
        return upserting(self.connection, table, keys, update, **marks)


def upserting(
    connection: AsyncConnection,
    table: Table,
    keys: Sequence[str],
    update: Sequence[str],
    **marks: str,
) -> Insert:
    """The same across workspaces, for the clock's work."""
    changed = tuple({**{name: name for name in update}, **marks}.items())
    return _upsert(connection.dialect.name, table, tuple(keys), changed)


@cache
def _upsert(
    dialect: str, table: Table, keys: tuple[str, ...], update: tuple[tuple[str, str], ...]
) -> Insert:
    """Made once, since making it takes as long as running it."""
    insert = inserting(dialect, table)
    if not update:
        return insert.on_conflict_do_nothing(index_elements=keys)
    changed = {name: insert.excluded[source] for name, source in update}
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)


def inserting(dialect: str, table: Table) -> "PostgresInsert | SqliteInsert":
    """An insert that knows ON CONFLICT, in the database's own form of it."""
    # A process uses one of the two, and starts sooner without the other.
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as of_postgres

        return of_postgres(table)
    from sqlalchemy.dialects.sqlite import insert as of_sqlite

    return of_sqlite(table)


class Database:
    """An engine and its rules: SQLite gets one writer at a time, PostgreSQL many."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        # Writers on SQLite would only wait for each other inside the driver, with worse delays.
        self._writer = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def read(self, workspace_id: str) -> AsyncIterator[Tx]:
        async with self._transaction(write=False) as connection:
            yield Tx(connection, workspace_id)

    @asynccontextmanager
    async def write(self, workspace_id: str) -> AsyncIterator[Tx]:
        async with self.write_across() as connection:
            yield Tx(connection, workspace_id)

    @asynccontextmanager
    async def read_across(self) -> AsyncIterator[AsyncConnection]:
        """For the clock's work, which looks over all workspaces at once."""
        async with self._transaction(write=False) as connection:
            yield connection

    @asynccontextmanager
    async def write_across(self) -> AsyncIterator[AsyncConnection]:
        if self._writer is None:
            async with self._transaction(write=True) as connection:
                yield connection
        else:
            async with self._writer, self._transaction(write=True) as connection:
                yield connection

    @asynccontextmanager
    async def _transaction(self, write: bool) -> AsyncIterator[AsyncConnection]:
        # A read has no transaction of its own: nothing is to be begun or ended.
        opened = self.engine.begin() if write else self.engine.connect()
        try:
            async with asyncio.timeout(STATEMENT_SECONDS), opened as connection:
                if write:
                    begin = "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN"
                    await connection.exec_driver_sql(begin)
                yield connection
        except Exception as problem:
            if is_unavailable(problem):
                raise StorageUnavailableError(type(problem).__name__) from problem
            raise

    async def ping(self) -> None:
        async with self.read_across() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()


def async_url(url: str) -> str:
    """The operator's URL (`sqlite:///…`, `postgres://…`) with the driver that serves it."""
    parsed = make_url(url)
    backend = parsed.drivername.split("+")[0]
    driver = {
        "sqlite": "sqlite+aiosqlite",
        "postgres": "postgresql+psycopg",
        "postgresql": "postgresql+psycopg",
    }[backend]
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def open_database(url: str) -> Database:
    """An engine on `url`; connects only when first used."""
    target = async_url(url)
    if target.startswith("sqlite"):
        engine = create_async_engine(target, pool_size=5, max_overflow=5, pool_timeout=5)
        from storage.sqlite import shorten_visits

        shorten_visits(engine)
    else:
        engine = create_async_engine(
            target,
            pool_size=10,
            max_overflow=5,
            pool_timeout=5,
            # The one used last is the warmest.
            pool_use_lifo=True,
            pool_recycle=RECYCLE_SECONDS,
            pool_pre_ping=not CAN_LOOK,
            connect_args={"connect_timeout": 5},
        )
        if CAN_LOOK:
            look_before_use(engine)
    _prepare(engine)
    return Database(engine)


def _prepare(engine: AsyncEngine) -> None:
    """The drivers begin no transaction by themselves: we do, for what writes.

    A read would gain nothing from one on PostgreSQL, where each statement sees the newest rows;
    on SQLite the driver would begin it only at the first write, too late for who has read before.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        if engine.dialect.name == "postgresql":
            connection.autocommit = True
            return
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "busy_timeout=5000",
            "foreign_keys=ON",
            # A delivery marked as being sent must survive a power cut too.
            "synchronous=FULL",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
