"""Which schema this code wants, and which one the database has; without Alembic."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database

#: The newest migration; a test holds it against the migrations themselves.
HEAD = "0001"


async def current(database: Database) -> str | None:
    """The database's revision; None for an empty database. Raises StorageUnavailableError."""
    try:
        async with database.read_across() as connection:
            found = await connection.execute(text("SELECT version_num FROM alembic_version"))
            revision: str | None = found.scalar_one_or_none()
            return revision
    except DBAPIError:
        return None
