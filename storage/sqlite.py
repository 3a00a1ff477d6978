"""SQLite with one visit to the driver's thread for each statement, in place of four.

The driver keeps a thread per connection, and hands it the making of a cursor, the statement, the
fetching and the closing one by one; waking that thread takes longer than most statements.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import EMPTY_DICT


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    @property
    def plain(self) -> sqlite3.Connection:
        """The connection beneath the driver's, opened for use by several threads in turn."""
        found: sqlite3.Connection = self._connection._conn
        return found

    async def visit(self, work: Callable[[], Any]) -> Any:
        """What `work()` returns, called on the driver's thread."""
        async with self._execute_mutex:
            return await self._connection._execute(work)

    def cursor(self, server_side: bool = False) -> Any:
        return super().cursor(server_side) if server_side else _Cursor(self)

    def commit(self) -> None:
        if self._in_transaction:
            super().commit()

    def rollback(self) -> None:
        # Asked for whenever a connection goes back to the pool, mostly after a commit.
        if self._in_transaction:
            super().rollback()

    @property
    def _in_transaction(self) -> bool:
        return bool(self._connection._connection and self.plain.in_transaction)


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    _adapt_connection: _Connection
    _cursor: Any

    def __init__(self, connection: _Connection) -> None:
        self._adapt_connection = connection
        self._connection = connection._connection
        self._cursor = connection.plain.cursor()
        self._soft_closed_memoized = EMPTY_DICT
        self._rows = deque()

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        plain = self._cursor

        def run() -> Sequence[Any]:
            plain.execute(operation, () if parameters is None else parameters)
            return plain.fetchall() if plain.description else ()

        self._rows = deque(await self._adapt_connection.visit(run))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        plain = self._cursor
        await self._adapt_connection.visit(lambda: plain.executemany(operation, seq_of_parameters))

    async def _async_soft_close(self) -> None:
        """Nothing to do: all rows have been fetched, which is when SQLite is done with it."""

    def close(self) -> None:
        self._rows.clear()


def shorten_visits(engine: AsyncEngine) -> None:
    """Have an engine's connections (to a file) use the thread once for each statement."""

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Any, _record: Any, args: Any, options: Any) -> Any:
        made = dialect.loaded_dbapi.connect(*args, **options)
        return _Connection(made.dbapi, made._connection)
