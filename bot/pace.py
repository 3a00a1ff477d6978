"""How fast messages go out in one workspace, and when Slack asked us to wait: for all processes."""

from datetime import datetime, timedelta

import structlog

from domain.pace import budgets
from storage import pace
from storage.database import Database

log = structlog.get_logger()


class Pace:
    """The budgets, and the pauses as this process knows them before it has told the others."""

    def __init__(self, database: Database, per_second: float) -> None:
        self._database = database
        self.messages, self.edits = budgets(per_second)
        self._held: dict[tuple[str, str], datetime] = {}

    async def hold(self, workspace_id: str, method: str, until: datetime) -> None:
        """Slack answered 429 with Retry-After: no call of this method here before `until`."""
        place = (workspace_id, method)
        self._held[place] = max(until, self._held.get(place, until))
        try:
            async with self._database.write(workspace_id) as tx:
                await pace.hold(tx, method, until)
        except Exception as problem:
            # This process keeps to it all the same, and what it has sent must be recorded.
            told = type(problem).__name__
            log.warning("other processes were not told of a pause", method=method, error=told)

    async def held_by_any(self, workspace_id: str, method: str, now: datetime) -> timedelta | None:
        """The same as `held`, with the pauses that other processes have told of."""
        async with self._database.read(workspace_id) as tx:
            until = await pace.held_until(tx, method, now)
        waits = [self.held(workspace_id, method, now), until - now if until else None]
        return max((wait for wait in waits if wait is not None), default=None)

    def held(self, workspace_id: str, method: str, now: datetime) -> timedelta | None:
        """How long the method is still on hold in this workspace, if it is."""
        until = self._held.get((workspace_id, method))
        return until - now if until is not None and until > now else None
