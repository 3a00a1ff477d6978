"""Absences that people entered themselves: from when until when they get no prompts."""

from datetime import date, datetime

from sqlalchemy import delete, insert, or_, update

from storage.database import Tx
from storage.schema import absences


async def record(
    tx: Tx, user_id: str, starts_on: date, ends_on: date | None, now: datetime
) -> None:
    """Record an absence in place of those that overlap it; `ends_on` is the last day away."""
    overlapping = [
        absences.c.workspace_id == tx.workspace_id,
        absences.c.user_id == user_id,
        or_(absences.c.ends_on.is_(None), absences.c.ends_on >= starts_on),
    ]
    if ends_on is not None:
        overlapping.append(absences.c.starts_on <= ends_on)
    await tx.connection.execute(delete(absences).where(*overlapping))
    await tx.connection.execute(
        insert(absences).values(
            workspace_id=tx.workspace_id,
            user_id=user_id,
            starts_on=starts_on,
            ends_on=ends_on,
            created_at=now,
        )
    )


async def clear(tx: Tx, user_id: str, today: date) -> int:
    """End absences that run today, drop those to come, keep those past; how many changed."""
    mine = (absences.c.workspace_id == tx.workspace_id, absences.c.user_id == user_id)
    current = or_(absences.c.ends_on.is_(None), absences.c.ends_on >= today)
    dropped = await tx.connection.execute(
        delete(absences).where(*mine, current, absences.c.starts_on >= today)
    )
    ended = await tx.connection.execute(
        update(absences)
        .where(*mine, current, absences.c.starts_on < today)
        .values(ends_on=date.fromordinal(today.toordinal() - 1))
    )
    return dropped.rowcount + ended.rowcount
