"""The pace that all processes keep together: slots for what is due, and pauses Slack asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.delivery import State
from domain.pace import Budget, take_slots
from storage.database import Tx, upserting
from storage.lanes import Lane
from storage.overtaking import COLUMNS, Overtaking
from storage.schema import deliveries, pace, workspaces

#: Rows that are given slots in one transaction.
MOST = 2000
_UNLIMITED = Budget(timedelta())
#: What lies further ahead was written by a clock that has gone back since, and holds nobody up.
FAR_AHEAD = timedelta(days=1)
_KEY = ("workspace_id", "place")


@dataclass
class _Workspace:
    """From when on each place is free, the line or a recipient; `earliest`: the end of a pause.

    `rows` want a slot; `taken` are those that have found one already, with it.
    """

    earliest: datetime
    free: dict[str, datetime] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)
    taken: list[tuple[Any, datetime]] = field(default_factory=list)


async def give_slots(
    connection: AsyncConnection, lane: Lane, budget: Budget | None, now: datetime
) -> int:
    """Give what is due and has no turn the slot at which it comes up again; how many there were.

    Without a budget only what Slack asked us to hold back is put off.
    """
    if budget is None and not await _any_held(connection, lane, now):
        return 0
    lacking = lane.lacks_turn(now, paced=budget is not None)
    found = (await connection.execute(lane.due(now, MOST, *COLUMNS).where(lacking))).all()
    if found:
        standing = await _standing(connection, lane, found, now)
        if lane.overtaking and budget is not None:
            await _overtake(connection, lane, budget, standing, now)
        slots = _take(standing, budget or _UNLIMITED, lane)
        await _store(connection, lane, standing, slots, now)
    return len(found)


async def _any_held(connection: AsyncConnection, lane: Lane, now: datetime) -> bool:
    held = select(pace.c.place).where(pace.c.held_until > now, pace.c.place == lane.method)
    return (await connection.execute(held.limit(1))).first() is not None


async def _standing(
    connection: AsyncConnection, lane: Lane, rows: Sequence[Any], now: datetime
) -> dict[str, _Workspace]:
    """The rows by workspace, with what is known of their places; locked until the end."""
    ids = sorted({row.workspace_id for row in rows})
    # Whoever gives slots in a workspace holds its row, so that no slot is given twice. Other
    # transactions may go on referring to it.
    await connection.execute(
        select(workspaces.c.workspace_id)
        .where(workspaces.c.workspace_id.in_(ids))
        .order_by(workspaces.c.workspace_id)
        .with_for_update(key_share=True)
    )
    standing = {workspace_id: _Workspace(now) for workspace_id in ids}
    for row in rows:
        standing[row.workspace_id].rows.append(row)
    places = _places(rows) | {lane.method}
    for row in await _known(connection, ids, places, now):
        workspace = standing[row.workspace_id]
        workspace.free[row.place] = row.free_at
        if row.place == lane.method and row.held_until is not None:
            workspace.earliest = max(workspace.earliest, row.held_until)
    return standing


async def _known(
    connection: AsyncConnection, ids: Collection[str], places: Collection[str], now: datetime
) -> Sequence[Any]:
    found = await connection.execute(
        select(pace).where(
            pace.c.workspace_id.in_(ids),
            pace.c.place.in_(places),
            pace.c.free_at < now + FAR_AHEAD,
            or_(pace.c.free_at > now, pace.c.held_until > now),
        )
    )
    return found.all()


async def _overtake(
    connection: AsyncConnection,
    lane: Lane,
    budget: Budget,
    standing: dict[str, _Workspace],
    now: datetime,
) -> None:
    """What somebody asked for just now goes first: in line, and ahead of a line that is long."""
    for workspace_id, workspace in standing.items():
        asked = [row for row in workspace.rows if row.asked_for]
        line_free = workspace.free.get(lane.method, workspace.earliest)
        displaced: list[Any] = []
        if asked and line_free > workspace.earliest:
            found = Overtaking(lane, budget, workspace_id, now)
            free, earliest = workspace.free, workspace.earliest
            asked = await found.run(connection, asked, earliest, line_free, free)
            displaced, workspace.taken = found.displaced, found.taken
            for row in await _known(connection, [workspace_id], _places(displaced), now):
                free.setdefault(row.place, row.free_at)
        others = [row for row in workspace.rows if not row.asked_for]
        workspace.rows = [*asked, *displaced, *others]


def _places(rows: Sequence[Any]) -> set[str]:
    return {row.recipient for row in rows}


def _take(
    standing: dict[str, _Workspace], budget: Budget, lane: Lane
) -> list[tuple[Any, datetime]]:
    taken: list[tuple[Any, datetime]] = []
    for workspace in standing.values():
        places = [row.recipient for row in workspace.rows]
        free_at = workspace.free.get(lane.method, workspace.earliest)
        slots, free_at = take_slots(budget, places, free_at, workspace.free, workspace.earliest)
        workspace.free[lane.method] = free_at
        taken += [*workspace.taken, *zip(workspace.rows, slots, strict=True)]
    return taken


async def _store(
    connection: AsyncConnection,
    lane: Lane,
    standing: dict[str, _Workspace],
    slots: Sequence[tuple[Any, datetime]],
    now: datetime,
) -> None:
    free = [
        {"workspace_id": workspace_id, "place": place, "free_at": free_at}
        for workspace_id, workspace in standing.items()
        for place, free_at in workspace.free.items()
        if free_at > now
    ]
    if free:
        await connection.execute(upserting(connection, pace, _KEY, ("free_at",)), free)
    row_id = deliveries.c.delivery_id
    await connection.execute(
        update(deliveries)
        .where(row_id == bindparam("row"))
        .values({lane.at: bindparam("slot"), lane.slot: bindparam("slot")}),
        [{"row": row.delivery_id, "slot": slot} for row, slot in slots],
    )
    # A lease that ran out before anything was sent leaves the row as it was planned.
    lapsed = [row.delivery_id for row, _ in slots if row.state == State.CLAIMED]
    if lapsed:
        await connection.execute(
            update(deliveries)
            .where(row_id.in_(lapsed))
            .values(state=State.PLANNED, lease_owner=None)
        )


async def hold(tx: Tx, method: str, until: datetime) -> None:
    """Slack asked us to leave this method alone in the workspace: all processes do, from now on."""
    known = and_(pace.c.workspace_id == tx.workspace_id, pace.c.place == method)
    longer = or_(pace.c.held_until.is_(None), pace.c.held_until < until)
    await tx.insert_once(
        pace,
        {"workspace_id": tx.workspace_id, "place": method, "free_at": until, "held_until": until},
        _KEY,
    )
    await tx.connection.execute(update(pace).where(known, longer).values(held_until=until))


async def held_until(tx: Tx, method: str, now: datetime) -> datetime | None:
    """Until when Slack asked to leave this method alone in the workspace; None: it is free."""
    found = await tx.connection.execute(
        select(pace.c.held_until).where(
            pace.c.workspace_id == tx.workspace_id,
            pace.c.place == method,
            pace.c.held_until > now,
            pace.c.held_until < now + FAR_AHEAD,
        )
    )
    until: datetime | None = found.scalar_one_or_none()
    return until


async def held_in(connection: AsyncConnection, method: str, now: datetime) -> set[str]:
    """The workspaces in which Slack asked us to leave this method alone for now."""
    held = select(pace.c.workspace_id).where(pace.c.held_until > now, pace.c.place == method)
    return {row.workspace_id for row in await connection.execute(held)}


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Drop what holds nobody back any more."""
    over = or_(pace.c.held_until.is_(None), pace.c.held_until < before)
    done = await connection.execute(delete(pace).where(pace.c.free_at < before, over))
    return done.rowcount
