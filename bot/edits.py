"""Edits in place what was sent and no longer says what is so; an edit may be repeated."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.pace import Pace
from bot.posting import Poster
from domain.delivery import Outcome, RecipientGone, Transient, WorkspaceGone
from handlers.registry import Registry, Skip
from handlers.services import Services
from storage import edits, workspaces
from storage.database import StorageUnavailableError, Tx
from storage.deliveries import Delivery
from storage.lanes import EDITING
from storage.pace import give_slots

AT_ONCE = 12
#: When an edit comes up again that was begun and not recorded, or that Slack did not take.
AGAIN = timedelta(seconds=60)

log = structlog.get_logger()


class Editor:
    def __init__(self, services: Services, registry: Registry, poster: Poster, pace: Pace) -> None:
        self._services = services
        self._registry = registry
        self._poster = poster
        self._budget = pace.edits

    async def round(self) -> int:
        """Edit some of the messages that are out of date; how many were looked at."""
        now = self._services.clock.now()
        again = now + AGAIN
        async with self._services.database.write_across() as connection:
            slotted = await give_slots(connection, EDITING, self._budget, now)
            paced = self._budget is not None
            claimed = await edits.claim_edits(connection, now, again, AT_ONCE, paced=paced)
        await asyncio.gather(*(self._edit(delivery, again) for delivery in claimed))
        return len(claimed) or slotted

    async def _edit(self, delivery: Delivery, claimed: datetime) -> None:
        now = self._services.clock.now()
        occasion = self._registry.occasions[delivery.kind]
        outcome: Outcome | None = None
        try:
            async with self._services.database.read(delivery.workspace_id) as tx:
                said = await occasion.compose(self._services, tx, delivery, now)
            if not isinstance(said, Skip):
                outcome = await self._poster.update(delivery, said)
        except StorageUnavailableError:
            raise
        except Exception as problem:
            log.error("composing an edit failed", kind=delivery.kind, exc_info=problem)
            outcome = Transient()
        async with self._services.database.write(delivery.workspace_id) as tx:
            await self._record(tx, delivery, claimed, outcome, now)

    async def _record(
        self, tx: Tx, delivery: Delivery, claimed: datetime, outcome: Outcome | None, now: datetime
    ) -> None:
        next_at: datetime | None = None
        match outcome:
            case None | RecipientGone():
                # A message that is gone, or may no longer be edited, stays as it is.
                pass
            case WorkspaceGone(reason=reason):
                await workspaces.pause(tx, reason)
                next_at = now
            case Transient(retry_after=seconds) if seconds:
                next_at = now + timedelta(seconds=seconds)
            case _:
                next_at = now + AGAIN
        await edits.edited(tx.connection, delivery, claimed, next_at)
        if outcome is None:
            await self._registry.occasions[delivery.kind].edited(self._services, tx, delivery, now)
