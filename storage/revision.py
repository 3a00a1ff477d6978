"""Which schema this code wants, and which one the database has; without Alembic."""

from sqlalchemy import Connection, inspect, text

from storage.database import Database

#: The newest migration; a test holds it against the migrations themselves.
HEAD = "0004"


async def current(database: Database) -> str | None:
    """The database's revision; None for an empty database. Raises StorageUnavailableError."""
    async with database.read_across() as connection:
        return await connection.run_sync(_current)


def _current(connection: Connection) -> str | None:
    # Asked for by name first: a failed query would spoil the transaction on PostgreSQL, and
    # on SQLite look the same as a database that cannot be read.
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found
