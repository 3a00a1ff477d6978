"""Dates that a team has set itself and that are over: deadlines of check-ins."""

from datetime import datetime

from sqlalchemy import bindparam, select

from storage.database import Tx
from storage.schema import checkins

#: Check-ins are weeks apart; more than these fall into no quarter.
MOST = 50

# Read with every summary: made once, since making a statement takes as long as running it.
_DEADLINES = (
    select(checkins.c.deadline_at, checkins.c.result.is_not(None))
    .where(
        checkins.c.workspace_id == bindparam("workspace"),
        checkins.c.team_id == bindparam("team"),
        checkins.c.state != "cancelled",
        checkins.c.deadline_at >= bindparam("since"),
        checkins.c.deadline_at < bindparam("until"),
    )
    .order_by(checkins.c.deadline_at)
    .limit(MOST)
)


async def deadlines(
    tx: Tx, team_id: str, since: datetime, until: datetime
) -> list[tuple[datetime, bool]]:
    """(deadline, whether it came to a result) of check-ins that were not cancelled."""
    asked = {"workspace": tx.workspace_id, "team": team_id, "since": since, "until": until}
    rows = await tx.connection.execute(_DEADLINES, asked)
    return [(deadline, came) for deadline, came in rows]
