"""Fixtures that give each test a database of its own, on SQLite, on PostgreSQL or on each in turn.

Migrations run once a session. Each test on SQLite gets a copy of the migrated file; those on
PostgreSQL have one database in turn, which is emptied after each: copying one takes five times as
long.
"""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.missing import missing
from tests.postgres_server import PostgresServer, ServerError

MIGRATED = "migrated"
EACH_DATABASE = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server; each process of a parallel run has its own."""
    try:
        server = PostgresServer()
    except ServerError as error:
        missing(f"no PostgreSQL: {error}")
    yield server
    server.close()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> str:
    """The name of a database with the newest schema, to be emptied after each use."""
    migrate(postgres_server.create_database(MIGRATED))
    return MIGRATED


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema, to be copied and left unconnected."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


def migrate(url: str) -> None:
    # Imported only here: tests of the pure floors need not wait for Alembic.
    from storage import migrate as migrations

    migrations.migrate(url)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, migrated_postgres: str) -> Iterator[str]:
    """A PostgreSQL database with the newest schema and no rows."""
    yield postgres_server.url(migrated_postgres)
    _recover(postgres_server)
    postgres_server.empty_database(migrated_postgres, apart_from="alembic_version")


@pytest.fixture
def blank_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database without any tables."""
    name = f"test_{next(_numbers)}"
    yield postgres_server.create_database(name)
    _recover(postgres_server)
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A SQLite file with the newest schema and no rows."""
    path = shutil.copyfile(sqlite_template, tmp_path / "prodops.db")
    return f"sqlite:///{path}"


@pytest.fixture
def blank_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'blank.db'}"


@pytest.fixture(params=EACH_DATABASE)
def database_url(request: pytest.FixtureRequest) -> str:
    """A database with the newest schema and no rows; the test runs on both kinds."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=EACH_DATABASE)
def blank_database_url(request: pytest.FixtureRequest) -> str:
    """A database without any tables; the test runs on both kinds."""
    url: str = request.getfixturevalue(f"blank_{request.param}_url")
    return url


def _recover(server: PostgresServer) -> None:
    """A test that took the server down owes it back, or all later ones would fail in its stead."""
    server.resume()
    server.start()
