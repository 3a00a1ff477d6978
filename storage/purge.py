"""Forgets what is old, some rows at a time: the ledger after half a year, events after days."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.prompts import EXCUSES
from storage.schema import deliveries, received_events

#: How long the ledger is kept; what excused a week, for as long as its team's figures rest on it.
LEDGER_KEPT = timedelta(days=180)
EXCUSES_KEPT = timedelta(days=430)
#: Slack's last retry of an event comes after five minutes; delayed events within a day.
EVENTS_KEPT = timedelta(days=2)

# One by one, since SQLite finds no pairs of columns by an index.
_FORGET_EVENT = delete(received_events).where(
    received_events.c.workspace_id == bindparam("w"), received_events.c.event_id == bindparam("e")
)
_EXCUSES_A_WEEK = deliveries.c.reason.in_(EXCUSES) & (deliveries.c.kind == "prompt")


async def forget_deliveries(
    connection: AsyncConnection,
    since: datetime,
    before: datetime,
    limit: int,
    *,
    excuses_too: bool = False,
) -> int:
    """Delete settled deliveries entered from `since` until `before`, with all that happened to
    them; how many. Whatever still waits for something stays."""
    conditions = [
        deliveries.c.created_at >= since,
        deliveries.c.created_at < before,
        deliveries.c.work_at.is_(None),
    ]
    if not excuses_too:
        conditions.append(_EXCUSES_A_WEEK.is_not(True))
    old = (
        select(deliveries.c.delivery_id)
        .where(*conditions)
        .order_by(deliveries.c.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    # First read, then deleted by key: joined, the planner might prefer to read the whole table.
    ids = [row.delivery_id for row in await connection.execute(old)]
    if ids:
        await connection.execute(delete(deliveries).where(deliveries.c.delivery_id.in_(ids)))
    return len(ids)


async def forget_events(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Drop the record of events older than Slack's last retry; how many."""
    old = (
        select(received_events.c.workspace_id, received_events.c.event_id)
        .where(received_events.c.received_at < before)
        .order_by(received_events.c.received_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    keys = [{"w": row.workspace_id, "e": row.event_id} for row in await connection.execute(old)]
    if keys:
        await connection.execute(_FORGET_EVENT, keys)
    return len(keys)
