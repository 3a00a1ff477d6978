"""Runs the migrations, in either direction; the only module that imports Alembic."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import OperationalError

from storage.database import StorageUnavailableError
from storage.statistics import tell_planner

MIGRATIONS = Path(__file__).parent / "migrations"


def sync_url(url: str) -> str:
    parsed = make_url(url)
    is_sqlite = parsed.drivername.split("+")[0] == "sqlite"
    driver = "sqlite" if is_sqlite else "postgresql+psycopg"
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def migrate(url: str, to: str = "head") -> None:
    """Bring the database at `url` to revision `to` (`head`, `base` or an id), up or down.

    Raises StorageUnavailableError when it cannot be reached.
    """
    _within(url, lambda connection: _move(connection, to))


def _move(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    now = MigrationContext.configure(connection).get_current_revision()
    ahead = now is not None and to != "head" and _is_below(script, to, now)
    (command.downgrade if ahead else command.upgrade)(config, to)
    if connection.dialect.name == "sqlite":
        tell_planner(connection)


def _is_below(script: ScriptDirectory, to: str, now: str) -> bool:
    if to == "base":
        return True
    return to in {r.revision for r in script.iterate_revisions(now, "base")} and to != now


def _within(url: str, work: Callable[[Connection], None]) -> None:
    engine = create_engine(sync_url(url))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                # Two replicas that start together must not migrate at the same time.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7073470)")
            work(connection)
    except OperationalError as problem:
        raise StorageUnavailableError(type(problem).__name__) from problem
    finally:
        engine.dispose()
