"""What a fan-out needs to know of many people, read for all of them at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from domain.periods import Period
from storage.among import among
from storage.database import Tx
from storage.schema import memberships, people, splits, teams
from storage.teams import Team, team_of_row

_MEMBERSHIPS = (
    select(memberships.c.user_id, memberships.c.team_id, memberships.c.added_by)
    .where(
        memberships.c.workspace_id == bindparam("workspace"),
        among(memberships.c.user_id, "users"),
        memberships.c.left_at.is_(None),
    )
    .order_by(memberships.c.joined_at, memberships.c.membership_id)
)
_TEAMS = select(teams).where(
    teams.c.workspace_id == bindparam("workspace"),
    among(teams.c.team_id, "teams"),
)
_FIRST_SPLITS = (
    select(splits.c.user_id, func.min(splits.c.period).label("first"))
    .where(
        splits.c.workspace_id == bindparam("workspace"),
        among(splits.c.user_id, "users"),
        splits.c.applicable.is_(True),
    )
    .group_by(splits.c.user_id)
)


async def teams_of(
    tx: Tx, user_ids: Collection[str]
) -> Mapping[str, Sequence[tuple[Team, str | None]]]:
    """For each of them their teams, with who added them; the longest stay first."""
    asked = {"workspace": tx.workspace_id, "users": list(user_ids)}
    stays = (await tx.connection.execute(_MEMBERSHIPS, asked)).all()
    wanted = {"workspace": tx.workspace_id, "teams": sorted({stay.team_id for stay in stays})}
    rows = await tx.connection.execute(_TEAMS, wanted) if stays else ()
    known = {row.team_id: team_of_row(row) for row in rows}
    found: dict[str, list[tuple[Team, str | None]]] = {}
    for stay in stays:
        if stay.team_id in known:
            found.setdefault(stay.user_id, []).append((known[stay.team_id], stay.added_by))
    return found


async def first_splits(tx: Tx, user_ids: Collection[str]) -> dict[str, Period]:
    """The earliest week that each of them has split."""
    asked = {"workspace": tx.workspace_id, "users": list(user_ids)}
    rows = (await tx.connection.execute(_FIRST_SPLITS, asked)).all()
    return {user_id: Period.parse(first) for user_id, first in rows}


_INTRODUCED = (
    update(people)
    .where(people.c.workspace_id == bindparam("workspace"), among(people.c.user_id, "users"))
    .values(introduced_at=bindparam("at"))
)


async def mark_introduced(tx: Tx, user_ids: Collection[str], at: datetime) -> None:
    asked = {"workspace": tx.workspace_id, "users": list(user_ids), "at": at}
    await tx.connection.execute(_INTRODUCED, asked)
