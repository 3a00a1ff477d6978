"""The newest check-ins of several teams, with how far the open ones are, in one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, desc, func, select

from storage.aboutteams import AboutTeams, Among, workspace
from storage.database import Tx
from storage.maturity import COLUMNS, Checkin, checkin_of_row
from storage.schema import checkin_raters, checkins


@dataclass(frozen=True)
class Standing:
    """A check-in; while it is open, how many have answered and how many are still awaited."""

    checkin: Checkin
    answered: int
    awaited: int


def _raters(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """How many raters of an open check-in meet these conditions."""
    counted = select(func.count()).where(
        checkin_raters.c.workspace_id == checkins.c.workspace_id,
        checkin_raters.c.checkin_id == checkins.c.checkin_id,
        *conditions,
    )
    return case((checkins.c.state == "open", counted.scalar_subquery()), else_=0)


_ANSWERED = checkin_raters.c.submitted_at.is_not(None)
_AWAITED = and_(checkin_raters.c.submitted_at.is_(None), checkin_raters.c.excused.is_(None))


def _newest(among: Among) -> Select[Any]:
    place = func.row_number().over(
        partition_by=checkins.c.team_id, order_by=desc(checkins.c.started_at)
    )
    placed = (
        select(
            *COLUMNS,
            place.label("place"),
            _raters(_ANSWERED).label("answered"),
            _raters(_AWAITED).label("awaited"),
        )
        .where(
            checkins.c.workspace_id == workspace,
            among(checkins.c.team_id),
            checkins.c.state != "cancelled",
        )
        .subquery()
    )
    columns = (placed.c[column.name] for column in COLUMNS)
    return (
        select(*columns, placed.c.answered, placed.c.awaited)
        .where(placed.c.place <= bindparam("limit"))
        .order_by(placed.c.place)
    )


_NEWEST = AboutTeams(_newest)


async def newest_of_teams(
    tx: Tx, team_ids: Collection[str], limit: int
) -> dict[str, list[Standing]]:
    """So many check-ins of each team that were not cancelled, open ones too, newest first."""
    return await _NEWEST.by_team(tx, team_ids, _standing, limit=limit)


def _standing(row: Any) -> Standing:
    return Standing(checkin_of_row(row[:-2]), row.answered, row.awaited)
