"""Check-ins: who is asked to rate what until when, their ratings, and what each came to."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import desc, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Tx
from storage.schema import checkin_raters, checkins

#: Why somebody's answer is no longer awaited, and may not be given any more either.
GONE = ("left_team", "deactivated")


@dataclass(frozen=True)
class Checkin:
    """One check-in; `result` is the assessment as it was closed with, if it came to one."""

    checkin_id: str
    team_id: str
    started_by: str
    started_at: datetime
    deadline_at: datetime
    note: str
    dimensions: tuple[str, ...]
    min_raters: int
    state: str
    closed_at: datetime | None
    closed_because: str | None
    result: Mapping[str, Any] | None

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True)
class Rater:
    """Somebody who is asked; `excused` says why nobody waits for their answer."""

    user_id: str
    is_lead: bool
    submitted_at: datetime | None
    excused: str | None

    @property
    def is_awaited(self) -> bool:
        return self.submitted_at is None and self.excused is None

    @property
    def may_rate(self) -> bool:
        return self.excused not in GONE


COLUMNS = tuple(checkins.c[name] for name in Checkin.__dataclass_fields__)
#: Their place among the columns: they are stored as a list.
_DIMENSIONS = [*Checkin.__dataclass_fields__].index("dimensions")
_RATER = tuple(checkin_raters.c[name] for name in Rater.__dataclass_fields__)


def checkin_of_row(row: Sequence[Any]) -> Checkin:
    values = [*row]
    values[_DIMENSIONS] = tuple(values[_DIMENSIONS])
    return Checkin(*values)


async def start(
    tx: Tx,
    *,
    team_id: str,
    by: str,
    at: datetime,
    deadline_at: datetime,
    note: str,
    dimensions: Sequence[str],
    min_raters: int,
    raters: Mapping[str, bool],
    excused: Mapping[str, str] = MappingProxyType({}),
    checkin_id: str = "",
) -> Checkin | None:
    """Open a check-in; None where the team has an open one already.

    `raters` says of each person whether they lead the team, `excused` why one is not awaited.
    """
    checkin_id = checkin_id or uuid.uuid4().hex
    values = {
        "workspace_id": tx.workspace_id,
        "checkin_id": checkin_id,
        "team_id": team_id,
        "started_by": by,
        "started_at": at,
        "deadline_at": deadline_at,
        "note": note,
        "dimensions": list(dimensions),
        "min_raters": min_raters,
        "state": "open",
    }
    if await open_of(tx, team_id) is not None:
        return None
    try:
        async with tx.connection.begin_nested():
            await tx.connection.execute(insert(checkins).values(values))
    except IntegrityError:
        # Another lead was quicker; whatever else is wrong is not to be mistaken for that.
        if await open_of(tx, team_id) is None:
            raise
        return None
    asked = [
        {
            "workspace_id": tx.workspace_id,
            "checkin_id": checkin_id,
            "user_id": user_id,
            "is_lead": is_lead,
            "excused": excused.get(user_id),
        }
        for user_id, is_lead in raters.items()
    ]
    await tx.connection.execute(insert(checkin_raters), asked)
    return await get(tx, checkin_id)


async def _select(tx: Tx, *conditions: Any, limit: int = 1) -> list[Checkin]:
    rows = await tx.connection.execute(
        select(*COLUMNS)
        .where(checkins.c.workspace_id == tx.workspace_id, *conditions)
        .order_by(desc(checkins.c.closed_at), desc(checkins.c.started_at))
        .limit(limit)
    )
    return [checkin_of_row(row) for row in rows]


async def get(tx: Tx, checkin_id: str) -> Checkin | None:
    found = await _select(tx, checkins.c.checkin_id == checkin_id)
    return found[0] if found else None


async def lock(tx: Tx, checkin_id: str) -> Checkin | None:
    """The check-in, held until the transaction ends: who closes it must see every answer."""
    rows = await tx.connection.execute(
        select(*COLUMNS)
        .where(checkins.c.workspace_id == tx.workspace_id, checkins.c.checkin_id == checkin_id)
        .with_for_update()
    )
    row = rows.one_or_none()
    return checkin_of_row(row) if row else None


async def open_of(tx: Tx, team_id: str) -> Checkin | None:
    found = await _select(tx, checkins.c.team_id == team_id, checkins.c.state == "open")
    return found[0] if found else None


async def open_for(tx: Tx, user_id: str, limit: int = 20) -> list[Checkin]:
    """Open check-ins in which this person is asked, also of teams that they are not in."""
    mine = exists().where(
        checkin_raters.c.workspace_id == checkins.c.workspace_id,
        checkin_raters.c.checkin_id == checkins.c.checkin_id,
        checkin_raters.c.user_id == user_id,
    )
    return await _select(tx, checkins.c.state == "open", mine, limit=limit)


async def with_result(tx: Tx, team_id: str, limit: int) -> list[Checkin]:
    """Closed check-ins that came to a result, newest first."""
    return await _select(
        tx,
        checkins.c.team_id == team_id,
        checkins.c.state == "closed",
        checkins.c.result.is_not(None),
        limit=limit,
    )


async def raters_of(tx: Tx, checkin_id: str) -> list[Rater]:
    rows = await tx.connection.execute(
        select(*_RATER)
        .where(
            checkin_raters.c.workspace_id == tx.workspace_id,
            checkin_raters.c.checkin_id == checkin_id,
        )
        .order_by(checkin_raters.c.user_id)
    )
    return [Rater(*row) for row in rows]


async def excuse(tx: Tx, checkin_id: str, user_id: str, why: str) -> bool:
    """Await this person's answer no more; False where it is there, or was not awaited."""
    done = await tx.connection.execute(
        update(checkin_raters)
        .where(
            checkin_raters.c.workspace_id == tx.workspace_id,
            checkin_raters.c.checkin_id == checkin_id,
            checkin_raters.c.user_id == user_id,
            checkin_raters.c.submitted_at.is_(None),
            checkin_raters.c.excused.is_distinct_from(why),
        )
        .values(excused=why)
    )
    return done.rowcount > 0


async def move_deadline(tx: Tx, checkin_id: str, deadline_at: datetime) -> bool:
    """Another deadline for an open check-in; False where it is over."""
    return await _change_open(tx, checkin_id, deadline_at=deadline_at)


async def close(
    tx: Tx, checkin_id: str, because: str, at: datetime, result: Mapping[str, Any] | None
) -> bool:
    """Close an open check-in with what it came to; False where somebody else has closed it."""
    # A result of None is left out: in a JSON column it would be stored as a value, `null`.
    given = {"result": dict(result)} if result is not None else {}
    over = {"state": "closed", "closed_at": at, "closed_because": because}
    return await _change_open(tx, checkin_id, **over, **given)


async def keep_result(tx: Tx, checkin_id: str, result: Mapping[str, Any]) -> None:
    """The result of a closed check-in with what was found out since it was closed."""
    await tx.connection.execute(
        update(checkins)
        .where(
            checkins.c.workspace_id == tx.workspace_id,
            checkins.c.checkin_id == checkin_id,
            checkins.c.state == "closed",
        )
        .values(result=dict(result))
    )


async def cancel(tx: Tx, checkin_id: str, at: datetime) -> bool:
    """End an open check-in without a result; False where it is over already."""
    over = {"state": "cancelled", "closed_at": at, "closed_because": "cancelled"}
    return await _change_open(tx, checkin_id, **over)


async def _change_open(tx: Tx, checkin_id: str, **values: Any) -> bool:
    done = await tx.connection.execute(
        update(checkins)
        .where(
            checkins.c.workspace_id == tx.workspace_id,
            checkins.c.checkin_id == checkin_id,
            checkins.c.state == "open",
        )
        .values(**values)
    )
    return done.rowcount > 0
