"""The newest check-ins of several teams, in one statement."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, bindparam, desc, func, select

from storage.aboutteams import AboutTeams, Among, workspace
from storage.database import Tx
from storage.maturity import COLUMNS, Checkin, checkin_of_row
from storage.schema import checkins


def _newest(among: Among) -> Select[Any]:
    place = func.row_number().over(
        partition_by=checkins.c.team_id, order_by=desc(checkins.c.started_at)
    )
    placed = (
        select(*COLUMNS, place.label("place"))
        .where(
            checkins.c.workspace_id == workspace,
            among(checkins.c.team_id),
            checkins.c.state != "cancelled",
        )
        .subquery()
    )
    return (
        select(*(placed.c[column.name] for column in COLUMNS))
        .where(placed.c.place <= bindparam("limit"))
        .order_by(placed.c.place)
    )


_NEWEST = AboutTeams(_newest)


async def newest_of_teams(
    tx: Tx, team_ids: Collection[str], limit: int
) -> dict[str, list[Checkin]]:
    """So many check-ins of each team that were not cancelled, open ones too, newest first."""
    return await _NEWEST.by_team(tx, team_ids, checkin_of_row, limit=limit)
