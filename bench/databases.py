"""The databases that are measured: a file, and a server from a wheel, both made durable."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from tests.postgres_server import PostgresServer, ServerError

#: What the server for tests leaves out for speed, and a real one has.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")


@dataclass(frozen=True)
class Store:
    """A database, and the command of ours that serves on it."""

    name: str
    url: str
    command: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def with_environment(self, more: Mapping[str, str]) -> "Store":
        return replace(self, environment={**self.environment, **more})


def sqlite(folder: Path) -> Store:
    return Store("SQLite", f"sqlite:///{folder / 'bench.db'}", "run")


@contextmanager
def postgres() -> Iterator[Store | None]:
    """A PostgreSQL of our own, which waits for its disk as a real one does; None without one."""
    try:
        server = PostgresServer()
    except ServerError as problem:
        print(f"Without PostgreSQL: {problem}")
        yield None
        return
    try:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            for setting in _DURABLE:
                connection.execute(f"ALTER SYSTEM SET {setting} = on")
            connection.execute("SELECT pg_reload_conf()")
        yield Store("PostgreSQL", server.create_database("bench"), "web")
    finally:
        server.close()
