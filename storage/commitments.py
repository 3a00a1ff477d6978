"""Dates that a team has set itself and that are over: deadlines of check-ins."""

from datetime import datetime

from sqlalchemy import select

from storage.database import Tx
from storage.schema import checkins

#: Check-ins are weeks apart; more than these fall into no quarter.
MOST = 50


async def deadlines(
    tx: Tx, team_id: str, since: datetime, until: datetime
) -> list[tuple[datetime, bool]]:
    """(deadline, whether it came to a result) of check-ins that were not cancelled."""
    rows = await tx.connection.execute(
        select(checkins.c.deadline_at, checkins.c.result.is_not(None))
        .where(
            checkins.c.workspace_id == tx.workspace_id,
            checkins.c.team_id == team_id,
            checkins.c.state != "cancelled",
            checkins.c.deadline_at >= since,
            checkins.c.deadline_at < until,
        )
        .order_by(checkins.c.deadline_at)
        .limit(MOST)
    )
    return [(deadline, came) for deadline, came in rows]
