"""Memberships: who belongs to which team, since when, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from storage.database import Tx
from storage.schema import memberships


@dataclass(frozen=True)
class Membership:
    team_id: str
    user_id: str
    added_by: str | None
    joined_at: datetime
    left_at: datetime | None


async def members_of(tx: Tx, team_id: str) -> list[str]:
    """The ids of the team's present members, the longest there first."""
    rows = await tx.connection.execute(
        select(memberships.c.user_id)
        .where(
            memberships.c.workspace_id == tx.workspace_id,
            memberships.c.team_id == team_id,
            memberships.c.left_at.is_(None),
        )
        .order_by(memberships.c.joined_at, memberships.c.membership_id)
    )
    return [row.user_id for row in rows]


async def of_team(tx: Tx, team_id: str, since: datetime | None = None) -> list[Membership]:
    """All stays in the team, those that ended too (after `since`), oldest first."""
    conditions = [
        memberships.c.workspace_id == tx.workspace_id,
        memberships.c.team_id == team_id,
    ]
    if since is not None:
        conditions.append(or_(memberships.c.left_at.is_(None), memberships.c.left_at > since))
    return await _found(tx, *conditions)


async def stays_of(tx: Tx, user_id: str) -> list[Membership]:
    """The person's current memberships, the longest first."""
    return await _found(
        tx,
        memberships.c.workspace_id == tx.workspace_id,
        memberships.c.user_id == user_id,
        memberships.c.left_at.is_(None),
    )


async def _found(tx: Tx, *conditions: Any) -> list[Membership]:
    rows = await tx.connection.execute(
        select(
            memberships.c.team_id,
            memberships.c.user_id,
            memberships.c.added_by,
            memberships.c.joined_at,
            memberships.c.left_at,
        )
        .where(*conditions)
        .order_by(memberships.c.joined_at, memberships.c.membership_id)
    )
    return [Membership(*row) for row in rows]


async def join(tx: Tx, team_id: str, user_id: str, by: str | None, now: datetime) -> None:
    """From now on the person is a member; nothing changes for one who is. `by`: who added them."""
    standing = select(memberships.c.membership_id).where(
        memberships.c.workspace_id == tx.workspace_id,
        memberships.c.team_id == team_id,
        memberships.c.user_id == user_id,
        memberships.c.left_at.is_(None),
    )
    if (await tx.connection.execute(standing)).first() is not None:
        return
    await tx.connection.execute(
        insert(memberships).values(
            workspace_id=tx.workspace_id,
            team_id=team_id,
            user_id=user_id,
            added_by=by,
            joined_at=now,
        )
    )


async def leave(tx: Tx, team_id: str, user_id: str, now: datetime) -> bool:
    """The person is a member no longer; False for one who was none."""
    done = await tx.connection.execute(
        update(memberships)
        .where(
            memberships.c.workspace_id == tx.workspace_id,
            memberships.c.team_id == team_id,
            memberships.c.user_id == user_id,
            memberships.c.left_at.is_(None),
        )
        .values(left_at=now)
    )
    return done.rowcount > 0
