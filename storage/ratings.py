"""Ratings: each person's own, a draft until it is sent, and all that were sent in a check-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.database import Tx
from storage.schema import checkin_raters, ratings


@dataclass(frozen=True)
class Rating:
    """One dimension as one person sees it; `answered` without a level is "don't know"."""

    dimension: str
    level: int | None = None
    answered: bool = False
    evidence: str = ""
    comment: str = ""


@dataclass(frozen=True)
class SentRating:
    """A rating that counts, with whose it is; for arithmetic, never to be shown."""

    user_id: str
    is_lead: bool
    rating: Rating


_RATING = tuple(ratings.c[name] for name in Rating.__dataclass_fields__)


async def save(
    tx: Tx, checkin_id: str, user_id: str, given: Sequence[Rating], now: datetime
) -> None:
    """Keep these ratings of one person, in place of what stood for the same dimensions."""
    for rating in given:
        values: dict[str, Any] = {
            "workspace_id": tx.workspace_id,
            "checkin_id": checkin_id,
            "user_id": user_id,
            **rating.__dict__,
            "changed_at": now,
        }
        await tx.upsert(
            ratings,
            values,
            ["workspace_id", "checkin_id", "user_id", "dimension"],
            ["level", "answered", "evidence", "comment", "changed_at"],
        )


async def mark_sent(tx: Tx, checkin_id: str, user_id: str, now: datetime) -> None:
    """From now on the person's ratings count; whoever was excused for being away is back."""
    await tx.connection.execute(
        update(checkin_raters)
        .where(
            checkin_raters.c.workspace_id == tx.workspace_id,
            checkin_raters.c.checkin_id == checkin_id,
            checkin_raters.c.user_id == user_id,
        )
        .values(submitted_at=now, excused=None)
    )


async def of_person(tx: Tx, checkin_id: str, user_id: str) -> dict[str, Rating]:
    """A person's own ratings by dimension, sent or not."""
    rows = await tx.connection.execute(
        select(*_RATING).where(
            ratings.c.workspace_id == tx.workspace_id,
            ratings.c.checkin_id == checkin_id,
            ratings.c.user_id == user_id,
        )
    )
    return {row.dimension: Rating(*row) for row in rows}


async def sent(tx: Tx, checkin_id: str) -> list[SentRating]:
    """The ratings of everybody who has sent theirs."""
    rows = await tx.connection.execute(
        select(ratings.c.user_id, checkin_raters.c.is_lead, *_RATING)
        .join(
            checkin_raters,
            (checkin_raters.c.workspace_id == ratings.c.workspace_id)
            & (checkin_raters.c.checkin_id == ratings.c.checkin_id)
            & (checkin_raters.c.user_id == ratings.c.user_id),
        )
        .where(
            ratings.c.workspace_id == tx.workspace_id,
            ratings.c.checkin_id == checkin_id,
            checkin_raters.c.submitted_at.is_not(None),
        )
        .order_by(ratings.c.dimension, ratings.c.user_id)
    )
    return [SentRating(user_id, is_lead, Rating(*rest)) for user_id, is_lead, *rest in rows]
