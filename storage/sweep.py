"""Whose turn it is to be asked about in Slack, should its events have been lost; shared by all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Tx
from storage.schema import leads, memberships, people, teams, workspaces


@dataclass(frozen=True)
class Wanted:
    """`fetch`: whether anything is to be asked; else it only had its turn."""

    workspace_id: str
    subject: str
    fetch: bool


_ACTIVE = exists().where(
    workspaces.c.workspace_id == people.c.workspace_id, workspaces.c.paused_reason.is_(None)
)
_DEALT_WITH = or_(
    exists().where(
        memberships.c.workspace_id == people.c.workspace_id,
        memberships.c.user_id == people.c.user_id,
        memberships.c.left_at.is_(None),
    ),
    exists().where(
        leads.c.workspace_id == people.c.workspace_id, leads.c.user_id == people.c.user_id
    ),
)
_STALE = or_(people.c.refreshed_at.is_(None), people.c.refreshed_at < bindparam("fresh_since"))
_PEOPLE = select(
    people.c.workspace_id,
    people.c.user_id,
    and_(_ACTIVE, _DEALT_WITH, _STALE).label("fetch"),
)


async def claim_people(
    connection: AsyncConnection,
    now: datetime,
    *,
    fresh_since: datetime,
    again_at: datetime,
    next_at: datetime,
    limit: int,
) -> Sequence[Wanted]:
    """The people whose turn it is, oldest first; other replicas leave them.

    Whoever is in no team, or has been heard of since `fresh_since`, waits until `next_at`; the
    others come up again at `again_at` unless `look_at_person` says otherwise.
    """
    rows = await connection.execute(
        _PEOPLE.where(people.c.look_at <= now)
        .order_by(people.c.look_at)
        .limit(limit)
        .with_for_update(of=people, skip_locked=True),
        {"fresh_since": fresh_since},
    )
    found = [Wanted(row.workspace_id, row.user_id, bool(row.fetch)) for row in rows]
    for fetch, at in ((True, again_at), (False, next_at)):
        ids = [(w.workspace_id, w.subject) for w in found if w.fetch is fetch]
        if ids:
            key = tuple_(people.c.workspace_id, people.c.user_id)
            await connection.execute(update(people).where(key.in_(ids)).values(look_at=at))
    return found


async def claim_teams(
    connection: AsyncConnection, now: datetime, *, again_at: datetime, limit: int
) -> Sequence[Wanted]:
    """The teams whose turn it is; they come up again at `again_at` unless `look_at_team` is said.

    To be asked about are those that follow a channel or a group, and those whose channel could
    not be posted to.
    """
    follows = or_(teams.c.members_from != "picked", teams.c.trouble.is_not(None))
    active = exists().where(
        workspaces.c.workspace_id == teams.c.workspace_id, workspaces.c.paused_reason.is_(None)
    )
    rows = await connection.execute(
        select(teams.c.workspace_id, teams.c.team_id, and_(follows, active).label("fetch"))
        .where(teams.c.look_at <= now)
        .order_by(teams.c.look_at)
        .limit(limit)
        .with_for_update(of=teams, skip_locked=True)
    )
    found = [Wanted(row.workspace_id, row.team_id, bool(row.fetch)) for row in rows]
    if found:
        key = tuple_(teams.c.workspace_id, teams.c.team_id)
        ids = [(w.workspace_id, w.subject) for w in found]
        await connection.execute(update(teams).where(key.in_(ids)).values(look_at=again_at))
    return found


async def look_at_person(tx: Tx, user_id: str, at: datetime) -> None:
    """When Slack is asked about this person next."""
    await tx.connection.execute(
        update(people)
        .where(people.c.workspace_id == tx.workspace_id, people.c.user_id == user_id)
        .values(look_at=at)
    )


async def look_at_team(tx: Tx, team_id: str, at: datetime) -> None:
    """When Slack is asked about this team next."""
    await tx.connection.execute(
        update(teams)
        .where(teams.c.workspace_id == tx.workspace_id, teams.c.team_id == team_id)
        .values(look_at=at)
    )
