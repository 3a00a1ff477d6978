"""The leases that this process holds on deliveries: how long they last, and how they are kept."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count, groupby
from operator import attrgetter, itemgetter

import structlog

from handlers.services import Services
from storage import outbox
from storage.database import StorageUnavailableError
from storage.deliveries import Delivery

LEASE = timedelta(seconds=60)
#: (lease, id) of a delivery that was claimed.
_PAIR = attrgetter("lease_owner", "delivery_id")

log = structlog.get_logger()


def to_send_in() -> timedelta:
    """How long at least what is marked as being sent stays ours.

    A little less than a lease, so that soon after the claim its row keeps the one it has.
    """
    return LEASE * 11 / 12


class Leases:
    def __init__(self, services: Services, owner: str) -> None:
        self._services = services
        self._owner = owner
        self._numbers = count(1)
        #: As `_PAIR`: what stood still may hold one that was taken over since.
        self._held: set[tuple[str, str]] = set()

    def __len__(self) -> int:
        return len(self._held)

    def another(self) -> str:
        """The name of a new lease, for all that is claimed at once."""
        return outbox.lease_of(self._owner, next(self._numbers))

    def hold(self, deliveries: Iterable[Delivery]) -> None:
        self._held.update(map(_PAIR, deliveries))

    def drop(self, deliveries: Iterable[Delivery]) -> None:
        self._held.difference_update(map(_PAIR, deliveries))

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
                    for lease, pairs in groupby(held, key=itemgetter(0)):
                        ids = [delivery_id for _, delivery_id in pairs]
                        await outbox.renew(connection, lease, ids, now, now + LEASE)
            except StorageUnavailableError:
                log.warning("leases not renewed", deliveries=len(held))

    async def release(self) -> None:
        """Give back what this process claimed and did not begin."""
        async with self._services.database.write_across() as connection:
            await outbox.release(connection, self._owner, self._services.clock.now())
