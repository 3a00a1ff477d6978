"""Whose turn it is to be asked about in Slack, should its events have been lost; shared by all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Tx
from storage.schema import (
    checkin_raters,
    checkins,
    checklist_items,
    decisions,
    leads,
    memberships,
    people,
    teams,
    workspaces,
)


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
    # Also from outside any team.
    exists().where(
        checklist_items.c.workspace_id == people.c.workspace_id,
        checklist_items.c.owner == people.c.user_id,
        checklist_items.c.state.not_in(("done", "dropped")),
    ),
    exists().where(
        decisions.c.workspace_id == people.c.workspace_id,
        decisions.c.owner == people.c.user_id,
        decisions.c.state == "open",
    ),
    exists()
    .where(
        checkin_raters.c.workspace_id == people.c.workspace_id,
        checkin_raters.c.user_id == people.c.user_id,
        checkin_raters.c.excused.is_(None),
    )
    .where(
        checkins.c.workspace_id == checkin_raters.c.workspace_id,
        checkins.c.checkin_id == checkin_raters.c.checkin_id,
        checkins.c.state == "open",
    ),
)
_STALE = or_(people.c.refreshed_at.is_(None), people.c.refreshed_at < bindparam("fresh_since"))
_PEOPLE = select(
    people.c.workspace_id,
    people.c.user_id,
    and_(_ACTIVE, _DEALT_WITH, _STALE).label("fetch"),
)


# One by one, since SQLite finds no pairs of columns by an index.
_LOOK_AT_PERSON = (
    update(people)
    .where(people.c.workspace_id == bindparam("w"), people.c.user_id == bindparam("s"))
    .values(look_at=bindparam("at"))
)
_LOOK_AT_TEAM_BY = (
    update(teams)
    .where(
        teams.c.workspace_id == bindparam("w"),
        teams.c.team_id == bindparam("s"),
        teams.c.look_at > bindparam("at"),
    )
    .values(look_at=bindparam("at"))
)
_LOOK_AT_TEAM = (
    update(teams)
    .where(teams.c.workspace_id == bindparam("w"), teams.c.team_id == bindparam("s"))
    .values(look_at=bindparam("at"))
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

    Whoever is in no team and owes none anything, or has been heard of since `fresh_since`, waits
    until `next_at`; the others come up again at `again_at` unless `look_at_person` says otherwise.
    """
    rows = await connection.execute(
        _PEOPLE.where(people.c.look_at <= now)
        .order_by(people.c.look_at)
        .limit(limit)
        .with_for_update(of=people, skip_locked=True),
        {"fresh_since": fresh_since},
    )
    found = [Wanted(row.workspace_id, row.user_id, bool(row.fetch)) for row in rows]
    if found:
        turns = [
            {"w": w.workspace_id, "s": w.subject, "at": again_at if w.fetch else next_at}
            for w in found
        ]
        await connection.execute(_LOOK_AT_PERSON, turns)
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
        turns = [{"w": w.workspace_id, "s": w.subject, "at": again_at} for w in found]
        await connection.execute(_LOOK_AT_TEAM, turns)
    return found


async def look_at_person(tx: Tx, user_id: str, at: datetime) -> None:
    """When Slack is asked about this person next."""
    turn = {"w": tx.workspace_id, "s": user_id, "at": at}
    await tx.connection.execute(_LOOK_AT_PERSON, turn)


async def look_at_team(tx: Tx, team_id: str, at: datetime) -> None:
    """When Slack is asked about this team next."""
    turn = {"w": tx.workspace_id, "s": team_id, "at": at}
    await tx.connection.execute(_LOOK_AT_TEAM, turn)


async def look_at_team_by(tx: Tx, team_id: str, at: datetime) -> None:
    """Slack is to be asked about this team then at the latest."""
    turn = {"w": tx.workspace_id, "s": team_id, "at": at}
    await tx.connection.execute(_LOOK_AT_TEAM_BY, turn)
