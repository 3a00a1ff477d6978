"""A database file whose ledger notes each change of state by itself, read beside the storage."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event

from storage.database import Database
from storage.schema import metadata

_NOTING = """
CREATE TABLE changes (key TEXT, was TEXT, became TEXT);
CREATE TRIGGER noting AFTER UPDATE OF state ON deliveries WHEN old.state <> new.state
BEGIN INSERT INTO changes VALUES (old.key, old.state, new.state); END;
"""


def in_this_thread(database: Database) -> None:
    """Have what is asked of SQLite done at once: to wake the driver's thread takes twice as long,
    and nothing else is to be done meanwhile. No power cut is tried here either."""

    @event.listens_for(database.engine.sync_engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        async def at_once(work: Callable[..., Any], *args: Any) -> Any:
            return work(*args)

        connection._connection._execute = at_once
        connection.plain.execute("PRAGMA synchronous=OFF")


class Witness:
    """Sees every change, also those within one transaction, at hardly any cost."""

    def __init__(self, file: Path) -> None:
        engine = create_engine(f"sqlite:///{file}")
        metadata.create_all(engine)
        engine.dispose()
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.executescript(f"PRAGMA synchronous=OFF; {_NOTING}")
        self._seen = 0

    def close(self) -> None:
        self._connection.close()

    def begin_anew(self) -> None:
        """Forget all rows: to empty the tables takes less than to make them."""
        self._connection.executescript(
            "BEGIN; DELETE FROM changes; DELETE FROM delivery_events; DELETE FROM deliveries; "
            "DELETE FROM pace; DELETE FROM workspaces; COMMIT;"
        )
        self._seen = 0

    def new_changes(self) -> list[tuple[str, str, str]]:
        """(key, state before, state after) since this was last asked."""
        rows = self._connection.execute(
            "SELECT rowid, key, was, became FROM changes WHERE rowid > ? ORDER BY rowid",
            (self._seen,),
        ).fetchall()
        self._seen = rows[-1][0] if rows else self._seen
        return [(key, was, became) for _, key, was, became in rows]

    def states(self) -> dict[str, tuple[str, bool]]:
        """By key: its state, and whether it wants work."""
        rows = self._connection.execute("SELECT key, state, work_at IS NOT NULL FROM deliveries")
        return {key: (state, bool(wants)) for key, state, wants in rows}

    def noted(self) -> defaultdict[str, list[str]]:
        """By key: the states in the ledger's own history, oldest first."""
        rows = self._connection.execute(
            "SELECT key, delivery_events.state FROM delivery_events "
            "JOIN deliveries USING (delivery_id) ORDER BY event_id"
        )
        found: defaultdict[str, list[str]] = defaultdict(list)
        for key, state in rows:
            found[key].append(state)
        return found
