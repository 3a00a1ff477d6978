"""Goals of teams: one open for each figure at a time; what it replaced stays as history."""

from collections.abc import Collection
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import bindparam, desc, insert, select, update

from domain.goals import Goal, GoalState, unit_of
from storage.aboutteams import AboutTeams, workspace
from storage.database import Tx
from storage.schema import goals, teams

#: More figures than a team can have goals for at a time.
MOST_OPEN = 50


def _goal(row: Any) -> Goal:
    return Goal(
        goal_id=row.goal_id,
        team_id=row.team_id,
        metric=row.metric,
        baseline=_value(row.metric, row.baseline),
        target=_value(row.metric, row.target),
        due_on=row.due_on,
        owner=row.owner,
        state=row.state,
        created_at=row.created_at,
        baseline_note=row.baseline_note,
        created_by=row.created_by,
        closed_at=row.closed_at,
    )


def _whole(metric: str) -> int:
    """How many stored units make 1: hundredths of a percent, of a level, of an item."""
    return 10_000 if unit_of(metric) == "share" else 100


def _value(metric: str, stored: int) -> Fraction:
    return Fraction(stored, _whole(metric))


async def _select(tx: Tx, *conditions: Any, limit: int) -> list[Goal]:
    rows = await tx.connection.execute(
        select(goals)
        .where(goals.c.workspace_id == tx.workspace_id, *conditions)
        .order_by(desc(goals.c.closed_at), goals.c.created_at, goals.c.goal_id)
        .limit(limit)
    )
    return [_goal(row) for row in rows]


_OPEN = AboutTeams(
    lambda among: (
        select(goals)
        .where(goals.c.workspace_id == workspace, among(goals.c.team_id), goals.c.state == "open")
        .order_by(goals.c.created_at, goals.c.goal_id)
        .limit(bindparam("most"))
    )
)


async def open_of(tx: Tx, team_id: str) -> list[Goal]:
    """The team's open goals, oldest first."""
    return (await open_of_teams(tx, [team_id]))[team_id]


async def open_of_teams(tx: Tx, team_ids: Collection[str]) -> dict[str, list[Goal]]:
    """The same for several teams, in one statement."""
    return await _OPEN.by_team(tx, team_ids, _goal, most=MOST_OPEN * len(team_ids))


async def open_for(tx: Tx, team_id: str, metric: str) -> Goal | None:
    """The open goal for one figure."""
    found = await _select(
        tx,
        goals.c.team_id == team_id,
        goals.c.metric == metric,
        goals.c.state == "open",
        limit=1,
    )
    return found[0] if found else None


async def get(tx: Tx, goal_id: str) -> Goal | None:
    found = await _select(tx, goals.c.goal_id == goal_id, limit=1)
    return found[0] if found else None


async def closed_of(tx: Tx, team_id: str, limit: int) -> list[Goal]:
    """Goals that were met, missed, dropped or replaced, the latest first."""
    return await _select(tx, goals.c.team_id == team_id, goals.c.state != "open", limit=limit)


async def successor_of(tx: Tx, goal: Goal) -> Goal | None:
    """The goal that took the place of one, which was closed at that same instant."""
    found = await _select(
        tx,
        goals.c.team_id == goal.team_id,
        goals.c.metric == goal.metric,
        goals.c.goal_id != goal.goal_id,
        goals.c.created_at == goal.closed_at,
        limit=1,
    )
    return found[0] if found else None


async def set_goal(
    tx: Tx,
    goal_id: str,
    *,
    team_id: str,
    metric: str,
    baseline: Fraction,
    target: Fraction,
    baseline_note: str,
    due_on: date,
    owner: str | None,
    by: str,
    now: datetime,
) -> tuple[Goal, Goal | None]:
    """Set the goal for a figure, under a new id; (the goal that stands now, the one replaced).

    The same once more changes nothing. Goals of a team are set one after the other.
    """
    await tx.connection.execute(
        select(teams.c.team_id)
        .where(teams.c.workspace_id == tx.workspace_id, teams.c.team_id == team_id)
        .with_for_update()
    )
    standing = await open_for(tx, team_id, metric)
    whole = _whole(metric)
    values = {
        "baseline": round(baseline * whole),
        "target": round(target * whole),
        "due_on": due_on,
        "owner": owner,
    }
    if standing is not None:
        known = (round(standing.baseline * whole), round(standing.target * whole))
        said = (standing.due_on, standing.owner)
        if (*known, *said) == tuple(values.values()):
            return standing, None
        await close(tx, standing.goal_id, "replaced", now)
    await tx.connection.execute(
        insert(goals).values(
            workspace_id=tx.workspace_id,
            goal_id=goal_id,
            team_id=team_id,
            metric=metric,
            baseline_note=baseline_note[:120],
            state="open",
            created_by=by,
            created_at=now,
            **values,
        )
    )
    made = await get(tx, goal_id)
    assert made is not None
    return made, standing


async def close(tx: Tx, goal_id: str, state: GoalState, now: datetime) -> bool:
    """Keep the outcome of an open goal; False when it was closed already."""
    done = await tx.connection.execute(
        update(goals)
        .where(
            goals.c.workspace_id == tx.workspace_id,
            goals.c.goal_id == goal_id,
            goals.c.state == "open",
        )
        .values(state=state, closed_at=now)
    )
    return done.rowcount > 0
