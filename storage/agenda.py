"""The agenda: for each person and team, the one next occurrence of each recurring event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.periods import Period
from storage.database import Tx
from storage.schema import agenda, workspaces

#: Of what is due, so much takes turns at once: all of it, but for the longest downtime.
MOST_RANKED = 50_000


@dataclass(frozen=True)
class Occurrence:
    workspace_id: str
    kind: str
    subject: str
    period: Period
    due_at: datetime


async def put(tx: Tx, kind: str, subject: str, period: Period, due_at: datetime) -> None:
    await tx.upsert(
        agenda,
        {
            "workspace_id": tx.workspace_id,
            "kind": kind,
            "subject": subject,
            "period": str(period),
            "due_at": due_at,
        },
        ["workspace_id", "kind", "subject"],
        ["period", "due_at"],
    )


async def get(tx: Tx, kind: str, subject: str) -> Occurrence | None:
    row = (
        await tx.connection.execute(
            select(agenda).where(
                agenda.c.workspace_id == tx.workspace_id,
                agenda.c.kind == kind,
                agenda.c.subject == subject,
            )
        )
    ).one_or_none()
    return _occurrence(row) if row else None


async def drop(tx: Tx, kind: str, subject: str) -> None:
    await tx.connection.execute(
        delete(agenda).where(
            agenda.c.workspace_id == tx.workspace_id,
            agenda.c.kind == kind,
            agenda.c.subject == subject,
        )
    )


async def claim_due(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[Occurrence]:
    """Due occurrences, locked for this transaction; replicas skip each other's rows.

    The workspaces take turns: one in which thousands fall due does not keep the others waiting.
    """
    is_due = agenda.c.due_at <= now
    key = (agenda.c.workspace_id, agenda.c.kind, agenda.c.subject)
    # In this order SQLite reads only what is due; else it reads all there is, by workspace.
    due = (
        select(*key, agenda.c.due_at)
        .join(workspaces, workspaces.c.workspace_id == agenda.c.workspace_id)
        .where(is_due, workspaces.c.paused_reason.is_(None))
        .order_by(agenda.c.due_at)
        .limit(MOST_RANKED)
        .subquery()
    )
    turn = func.row_number().over(partition_by=due.c.workspace_id, order_by=due.c.due_at)
    ranked = select(due, turn.label("turn")).subquery()
    rows = await connection.execute(
        select(agenda)
        .join(ranked, and_(*(column == ranked.c[column.name] for column in key)))
        .where(is_due)
        .order_by(ranked.c.turn, agenda.c.due_at)
        .limit(limit)
        .with_for_update(of=agenda, skip_locked=True)
    )
    return [_occurrence(row) for row in rows]


async def soonest(tx: Tx, limit: int) -> list[Occurrence]:
    """The workspace's next occurrences, in order."""
    rows = await tx.connection.execute(
        select(agenda)
        .where(agenda.c.workspace_id == tx.workspace_id)
        .order_by(agenda.c.due_at)
        .limit(limit)
    )
    return [_occurrence(row) for row in rows]


def _occurrence(row: Any) -> Occurrence:
    period = Period.parse(row.period)
    return Occurrence(row.workspace_id, row.kind, row.subject, period, row.due_at)


async def next_due(connection: AsyncConnection) -> datetime | None:
    """When the earliest occurrence of all falls due."""
    found: datetime | None = (
        await connection.execute(select(func.min(agenda.c.due_at)))
    ).scalar_one()
    return found
