"""Lets what somebody asked for just now go ahead of a fan-out, by changing places with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.pace import Budget, keeps_distance
from storage.lanes import Lane
from storage.schema import deliveries

#: Of one workspace at once: whatever is more is a fan-out itself, and stands in line.
MOST = 20
#: Slots that are looked at for one to change places with.
LOOKED_AT = 200

COLUMNS = (
    deliveries.c.delivery_id,
    deliveries.c.workspace_id,
    deliveries.c.recipient,
    deliveries.c.state,
    (deliveries.c.created_at == deliveries.c.due_at).label("asked_for"),
)


class Overtaking:
    """Those of one workspace that go ahead: `taken` are (row, slot), `displaced` rows need one."""

    def __init__(self, lane: Lane, budget: Budget, workspace_id: str, now: datetime) -> None:
        self._lane = lane
        self._gap = budget.place_gap
        self._patience = budget.gap * 2 * MOST
        self._workspace_id = workspace_id
        self._now = now
        self.taken: list[tuple[Any, datetime]] = []
        self.displaced: list[Any] = []

    async def run(
        self,
        connection: AsyncConnection,
        rows: Sequence[Any],
        earliest: datetime,
        line_free: datetime,
        free: dict[str, datetime],
    ) -> list[Any]:
        """Find slots for `rows`, and note them in `free`; those that found none are returned."""
        ahead = await self._reserved(connection, self._lane.at < line_free)
        ready = [row for row in ahead if row.slot >= earliest and self._is_of_a_crowd(row)]
        first, left = rows[:MOST], list(rows[MOST:])
        own = await self._reserved(
            connection, deliveries.c.recipient.in_({row.recipient for row in first})
        )
        for row in first:
            kept = [other for other in own if other.recipient == row.recipient]
            found = next((o for o in ready if self._fits(o, row.recipient, kept, free)), None)
            if found is None:
                left.append(row)
                continue
            ready.remove(found)
            own = [other for other in own if other.delivery_id != found.delivery_id]
            self.taken.append((row, found.slot))
            self.displaced.append(found)
            behind = found.slot + self._gap
            free[row.recipient] = max(behind, free.get(row.recipient, behind))
        return left

    async def _reserved(
        self, connection: AsyncConnection, condition: ColumnElement[bool]
    ) -> Sequence[Any]:
        """Rows that wait for their slot, the soonest first."""
        lane = self._lane
        found = await connection.execute(
            select(*COLUMNS, lane.slot.label("slot"), deliveries.c.created_at)
            .where(
                and_(
                    deliveries.c.workspace_id == self._workspace_id,
                    lane.at > self._now,
                    lane.slot == lane.at,
                    deliveries.c.lease_owner.is_(None),
                    deliveries.c.state.in_(lane.paced_states),
                ),
                condition,
            )
            .order_by(lane.at)
            .limit(LOOKED_AT)
            .with_for_update(skip_locked=True)
        )
        return found.all()

    def _is_of_a_crowd(self, row: Any) -> bool:
        """Rather than asked for just now itself: then it has its slot within moments."""
        return not row.asked_for or row.slot - row.created_at > self._patience

    def _fits(self, other: Any, place: str, own: Sequence[Any], free: dict[str, datetime]) -> bool:
        """Whether the place may be written to in the slot of another."""
        kept = [row.slot for row in own if row.delivery_id != other.delivery_id]
        kept += [slot for row, slot in self.taken if row.recipient == place]
        free_at = free.get(place, self._now)
        return keeps_distance(other.slot, self._gap, self._now, free_at, kept)
