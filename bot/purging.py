"""Forgets what is old, in small transactions, so that nobody has to wait for it."""

from datetime import UTC, datetime, timedelta

from handlers.services import Services
from storage import pace, purge

#: Rows deleted in one transaction, and transactions of each kind in one run.
BATCH = 200
BATCHES = 50
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
#: What is on its way into the ledger may bear an instant that has been looked at.
_MARGIN = timedelta(hours=1)


class Purge:
    """Deletes from the old end on. How far it came it may forget: it then looks once more."""

    def __init__(self, services: Services) -> None:
        self._services = services
        # Rows that stay longer lie before this: they need not be looked at each time.
        self._looked_until = _BEGINNING

    async def run(self) -> int:
        """Forget all that may be, or a bounded part of it; how many rows."""
        now = self._services.clock.now()
        before = now - purge.LEDGER_KEPT
        forgotten, done = await self._deliveries(self._looked_until, before)
        if done:
            self._looked_until = max(self._looked_until, before - _MARGIN)
        excuses, _ = await self._deliveries(_BEGINNING, now - purge.EXCUSES_KEPT, excuses_too=True)
        async with self._services.database.write_across() as connection:
            await pace.forget(connection, now - purge.EVENTS_KEPT)
        return forgotten + excuses + await self._events(now - purge.EVENTS_KEPT)

    async def _deliveries(
        self, since: datetime, before: datetime, *, excuses_too: bool = False
    ) -> tuple[int, bool]:
        """How many, and whether those were all."""
        forgotten = 0
        for _ in range(BATCHES):
            async with self._services.database.write_across() as connection:
                found = await purge.forget_deliveries(
                    connection, since, before, BATCH, excuses_too=excuses_too
                )
            forgotten += found
            if found < BATCH:
                return forgotten, True
        return forgotten, False

    async def _events(self, before: datetime) -> int:
        forgotten = 0
        for _ in range(BATCHES):
            async with self._services.database.write_across() as connection:
                found = await purge.forget_events(connection, before, BATCH)
            forgotten += found
            if found < BATCH:
                break
        return forgotten
