"""The two lanes of the ledger, what is to be sent and what is to be edited, and whose turn it is.

A row's slot counts only while the row is due at that very instant. Whatever else sets the instant
(a retry, a lease, a person's click) thereby takes the slot away.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.delivery import State
from storage.schema import deliveries, pace, workspaces

#: A slot that was missed by more is given anew: what piles up while nobody works must not all
#: go out at once.
STALE = timedelta(seconds=2)


@dataclass(frozen=True)
class Lane:
    """`at`: when a row wants work; `slot`: what the pace gave it; which states keep the pace.

    What is in another state wants no call of `method` but a look for what became of one.
    `overtaking`: what somebody asked for just now goes ahead of the others.
    """

    at: Column[datetime]
    slot: Column[datetime]
    method: str
    paced_states: tuple[State, ...]
    overtaking: bool

    def due(self, now: datetime, limit: int, *columns: Any) -> Select[Any]:
        """Rows that want work, first come first, locked; other replicas skip them."""
        return (
            select(*columns)
            .join(workspaces, workspaces.c.workspace_id == deliveries.c.workspace_id)
            .where(self.at <= now, workspaces.c.paused_reason.is_(None))
            .order_by(self.at)
            .limit(limit)
            .with_for_update(of=deliveries, skip_locked=True)
        )

    def has_turn(self, now: datetime, paced: bool) -> ColumnElement[bool]:
        """Whether a due row may be worked on now."""
        turn = ~self._is_held(now)
        if paced:
            turn = and_(self.slot == self.at, self.at > now - STALE, turn)
        return or_(turn, deliveries.c.state.not_in(self.paced_states))

    def lacks_turn(self, now: datetime, paced: bool) -> ColumnElement[bool]:
        lacks = self._is_held(now)
        if paced:
            lacks = or_(self.slot.is_distinct_from(self.at), self.at <= now - STALE, lacks)
        return and_(lacks, deliveries.c.state.in_(self.paced_states))

    def _is_held(self, now: datetime) -> ColumnElement[bool]:
        """Slack asked to leave this method alone in the row's workspace."""
        return exists().where(
            pace.c.workspace_id == deliveries.c.workspace_id,
            pace.c.place == self.method,
            pace.c.held_until > now,
        )


SENDING = Lane(
    deliveries.c.work_at,
    deliveries.c.slot_at,
    "chat.postMessage",
    (State.PLANNED, State.CLAIMED, State.RETRY),
    overtaking=True,
)
EDITING = Lane(
    deliveries.c.edit_at, deliveries.c.edit_slot_at, "chat.update", (State.SENT,), overtaking=False
)


async def next_after(connection: AsyncConnection, lane: Lane, now: datetime) -> datetime | None:
    """When the next row of a lane comes up after `now`, leases that run out among them."""
    found: datetime | None = (
        await connection.execute(select(lane.at).where(lane.at > now).order_by(lane.at).limit(1))
    ).scalar_one_or_none()
    return found
