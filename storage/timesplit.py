"""Logged weeks: one split (or one "not applicable") per person and week, with its history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, desc, insert, select, update

from domain.periods import Period
from domain.timesplit import Split
from storage.among import among
from storage.database import Tx
from storage.schema import split_history, split_shares, splits


@dataclass(frozen=True)
class Log:
    """What a person said of a week; `split` is None where it was not applicable."""

    user_id: str
    period: Period
    split: Split | None
    reason: str | None
    logged_at: datetime
    edited_at: datetime | None


# Made once, since making a statement takes as long as running it.
_LOGS = (
    select(
        splits.c.split_id,
        splits.c.user_id,
        splits.c.period,
        splits.c.applicable,
        splits.c.reason,
        splits.c.logged_at,
        splits.c.edited_at,
        split_shares.c.category_id,
        split_shares.c.share_bp,
        split_shares.c.minutes,
    )
    .outerjoin(split_shares, split_shares.c.split_id == splits.c.split_id)
    .order_by(splits.c.period, splits.c.user_id, split_shares.c.category_id)
)
_LOG = _LOGS.where(
    splits.c.workspace_id == bindparam("workspace"),
    splits.c.user_id == bindparam("user"),
    splits.c.period == bindparam("week"),
)
_LOGS_OF_PEOPLE = _LOGS.where(
    splits.c.workspace_id == bindparam("workspace"),
    among(splits.c.user_id, "users"),
    splits.c.period >= bindparam("first"),
    splits.c.period <= bindparam("last"),
)


def _mine(tx: Tx, user_id: str, period: Period) -> tuple[Any, ...]:
    return (
        splits.c.workspace_id == tx.workspace_id,
        splits.c.user_id == user_id,
        splits.c.period == str(period),
    )


async def get(tx: Tx, user_id: str, period: Period) -> Log | None:
    asked = {"workspace": tx.workspace_id, "user": user_id, "week": str(period)}
    found = _gathered(await tx.connection.execute(_LOG, asked))
    return found[0] if found else None


async def recent(
    tx: Tx, user_id: str, up_to: Period, limit: int, only_splits: bool = False
) -> list[Log]:
    """The person's last logs up to and including a week, newest first."""
    conditions = [
        splits.c.workspace_id == tx.workspace_id,
        splits.c.user_id == user_id,
        splits.c.period <= str(up_to),
    ]
    if only_splits:
        conditions.append(splits.c.applicable.is_(True))
    newest = await tx.connection.execute(
        select(splits.c.split_id).where(*conditions).order_by(desc(splits.c.period)).limit(limit)
    )
    # Not as a subquery: PostgreSQL would read all shares there are to join them with it.
    ids = newest.scalars().all()
    if not ids:
        return []
    mine = (splits.c.workspace_id == tx.workspace_id, splits.c.split_id.in_(ids))
    logs = _gathered(await tx.connection.execute(_LOGS.where(*mine)))
    return sorted(logs, key=lambda log: log.period, reverse=True)


async def of_people(tx: Tx, user_ids: Sequence[str], first: Period, last: Period) -> list[Log]:
    """All logs of these people from `first` to `last`, both included."""
    if not user_ids:
        return []
    asked = {
        "workspace": tx.workspace_id,
        "users": user_ids,
        "first": str(first),
        "last": str(last),
    }
    return _gathered(await tx.connection.execute(_LOGS_OF_PEOPLE, asked))


def _gathered(rows: Iterable[Any]) -> list[Log]:
    """Rows of `_LOGS`, one for each share, as one log for each split."""
    heads: dict[int, Any] = {}
    shares: dict[int, dict[str, int]] = {}
    minutes: dict[int, dict[str, int]] = {}
    for row in rows:
        heads.setdefault(row.split_id, row)
        if row.category_id is not None:
            shares.setdefault(row.split_id, {})[row.category_id] = row.share_bp
            if row.minutes is not None:
                minutes.setdefault(row.split_id, {})[row.category_id] = row.minutes
    return [
        Log(
            user_id=row.user_id,
            period=Period.parse(row.period),
            split=Split(shares.get(key, {}), minutes.get(key)) if row.applicable else None,
            reason=row.reason,
            logged_at=row.logged_at,
            edited_at=row.edited_at,
        )
        for key, row in heads.items()
    ]


async def record(
    tx: Tx,
    user_id: str,
    period: Period,
    split: Split | None,
    *,
    reason: str | None,
    source: str,
    now: datetime,
) -> Log | None:
    """Store a week (`split` None: not applicable), keep what stood before, and return that."""
    before = await get(tx, user_id, period)
    await _keep(tx, user_id, period, before, source, now)
    await _write(tx, user_id, period, split, reason, now, edited=before is not None)
    return before


async def undo(tx: Tx, user_id: str, period: Period, now: datetime) -> tuple[bool, Log | None]:
    """Take the last change of a week back; (whether there was one, what stands now)."""
    row = (
        await tx.connection.execute(
            select(split_history.c.history_id, split_history.c.before, split_history.c.source)
            .where(
                split_history.c.workspace_id == tx.workspace_id,
                split_history.c.user_id == user_id,
                split_history.c.period == str(period),
            )
            .order_by(desc(split_history.c.history_id))
            .limit(1)
        )
    ).one_or_none()
    current = await get(tx, user_id, period)
    if row is None or row.source == "undo":
        return False, current
    await _keep(tx, user_id, period, current, "undo", now)
    if row.before is None:
        await tx.connection.execute(delete(splits).where(*_mine(tx, user_id, period)))
        return True, None
    split, reason = _unpack(row.before)
    await _write(tx, user_id, period, split, reason, now, edited=True)
    return True, await get(tx, user_id, period)


async def _keep(
    tx: Tx, user_id: str, period: Period, before: Log | None, source: str, now: datetime
) -> None:
    await tx.connection.execute(
        insert(split_history),
        {
            "workspace_id": tx.workspace_id,
            "user_id": user_id,
            "period": str(period),
            "changed_at": now,
            "changed_by": user_id,
            "source": source,
            "before": _pack(before),
        },
    )


def _pack(log: Log | None) -> Mapping[str, Any] | None:
    if log is None:
        return None
    if log.split is None:
        return {"applicable": False, "reason": log.reason}
    return {
        "applicable": True,
        "shares": dict(log.split.shares),
        "minutes": dict(log.split.minutes) if log.split.minutes is not None else None,
    }


def _unpack(before: Mapping[str, Any]) -> tuple[Split | None, str | None]:
    if not before["applicable"]:
        return None, before["reason"]
    return Split(before["shares"], before["minutes"]), None


async def _write(
    tx: Tx,
    user_id: str,
    period: Period,
    split: Split | None,
    reason: str | None,
    now: datetime,
    *,
    edited: bool,
) -> None:
    wanted = {"applicable": split is not None, "reason": reason}
    statement: Any
    if edited:
        mine = _mine(tx, user_id, period)
        statement = update(splits).where(*mine).values(**wanted, edited_at=now)
    else:
        own = {"workspace_id": tx.workspace_id, "user_id": user_id, "period": str(period)}
        # Another click may have put the row there meanwhile; this one is then an edit of it.
        inserting = tx.upserting(splits, tuple(own), tuple(wanted), edited_at="logged_at")
        statement = inserting.values(**own, **wanted, logged_at=now)
    statement = statement.returning(splits.c.split_id, splits.c.edited_at)
    split_id, edited_at = (await tx.connection.execute(statement)).one()
    if edited_at is not None:
        await tx.connection.execute(delete(split_shares).where(split_shares.c.split_id == split_id))
    if split is not None:
        minutes = split.minutes or {}
        await tx.connection.execute(
            insert(split_shares),
            [
                {
                    "split_id": split_id,
                    "workspace_id": tx.workspace_id,
                    "category_id": category_id,
                    "share_bp": share,
                    "minutes": minutes.get(category_id),
                }
                for category_id, share in split.shares.items()
            ],
        )
