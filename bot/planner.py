"""Plans what is due: turns occurrences on the agenda into deliveries, each exactly once."""

from collections.abc import Callable

import structlog

from handlers.registry import Registry
from handlers.services import Services
from storage import agenda
from storage.agenda import Occurrence
from storage.database import Tx, is_unavailable

#: Occurrences planned in one transaction, which keeps other writers of SQLite waiting.
BATCH = 50

log = structlog.get_logger()


class Planner:
    def __init__(self, services: Services, registry: Registry) -> None:
        self._services = services
        self._registry = registry

    async def work(self, after_each: Callable[[], None] = lambda: None) -> int:
        """Plan all that is due by now; how many occurrences there were.

        `after_each` transaction is called: what is planned need not wait for the rest.
        """
        planned = 0
        failed: set[tuple[str, str, str]] = set()
        while True:
            now = self._services.clock.now()
            async with self._services.database.write_across() as connection:
                due = await agenda.claim_due(connection, now, BATCH + len(failed))
                fresh = [o for o in due if (o.workspace_id, o.kind, o.subject) not in failed]
                for occurrence in fresh:
                    try:
                        async with connection.begin_nested():
                            tx = Tx(connection, occurrence.workspace_id)
                            await self._plan(tx, occurrence)
                    except Exception as problem:
                        if is_unavailable(problem):
                            raise
                        # One row that cannot be planned must not stop the others.
                        failed.add((occurrence.workspace_id, occurrence.kind, occurrence.subject))
                        log.error("planning failed", kind=occurrence.kind, exc_info=problem)
            planned += len(fresh)
            if not fresh:
                return planned
            after_each()

    async def _plan(self, tx: Tx, occurrence: Occurrence) -> None:
        occasion = self._registry.occasions[occurrence.kind]
        await occasion.plan(self._services, tx, occurrence, self._services.clock.now())
