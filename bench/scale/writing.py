"""Puts very many rows into a database, past all that would look at each."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg

Row = tuple[Any, ...]


class Writer:
    """Adds rows to tables: by COPY on PostgreSQL, many at a time on SQLite."""

    def __init__(self, url: str) -> None:
        self._sqlite: sqlite3.Connection | None = None
        self._postgres: psycopg.Connection[Any] | None = None
        if url.startswith("sqlite"):
            self._sqlite = sqlite3.connect(url.removeprefix("sqlite:///"))
            self._sqlite.execute("PRAGMA synchronous = OFF")
        else:
            self._postgres = psycopg.connect(url)
            # Looking each reference up takes longer than all the rest.
            self._postgres.execute("SET session_replication_role = replica")

    def add(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        names = ", ".join(columns)
        if self._postgres is not None:
            with (
                self._postgres.cursor() as cursor,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
            self._postgres.commit()
        elif self._sqlite is not None:
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
            self._sqlite.executemany(statement, map(_for_sqlite, rows))
            self._sqlite.commit()

    def close(self) -> None:
        """With the statistics that PostgreSQL gathers by itself, and SQLite does not."""
        if self._postgres is not None:
            self._postgres.execute("ANALYZE")
        for connection in (self._sqlite, self._postgres):
            if connection is not None:
                connection.commit()
                connection.close()


def _for_sqlite(row: Row) -> Row:
    """Instants as they are stored there: naive, in UTC."""
    return tuple(f"{v:%Y-%m-%d %H:%M:%S.%f}" if isinstance(v, datetime) else v for v in row)


@contextmanager
def writing(url: str) -> Iterator[Writer]:
    writer = Writer(url)
    try:
        yield writer
    finally:
        writer.close()
