"""The leases that this process holds on deliveries: how long they last, and how they are kept."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from handlers.services import Services
from storage import outbox
from storage.database import StorageUnavailableError
from storage.deliveries import Delivery

LEASE = timedelta(seconds=60)

log = structlog.get_logger()


class Leases:
    def __init__(self, services: Services, owner: str) -> None:
        self._services = services
        self.owner = owner
        self._held: set[str] = set()

    def __len__(self) -> int:
        return len(self._held)

    def until(self) -> datetime:
        """The end of a lease that begins now."""
        return self._services.clock.now() + LEASE

    def hold(self, deliveries: Iterable[Delivery]) -> None:
        self._held |= {delivery.delivery_id for delivery in deliveries}

    def drop(self, deliveries: Iterable[Delivery]) -> None:
        self._held -= {delivery.delivery_id for delivery in deliveries}

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Within it they are renewed well before they end, however long a call takes."""
        keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            held = sorted(self._held)
            try:
                async with self._services.database.write_across() as connection:
                    now = self._services.clock.now()
                    await outbox.renew(connection, self.owner, held, now, self.until())
            except StorageUnavailableError:
                log.warning("leases not renewed", deliveries=len(held))
