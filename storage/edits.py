"""Sent messages that no longer say what is so: marked here, then edited in place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import ColumnElement, Update, bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.delivery import State
from domain.periods import Period
from domain.spans import Span, SpanKind
from storage.database import Tx
from storage.deliveries import COLUMNS, Delivery, fetch
from storage.lanes import EDITING
from storage.prompts import PROMPT_KINDS
from storage.schema import deliveries, memberships


async def want_edit(
    tx: Tx, *conditions: ColumnElement[bool], at: datetime, except_ts: str | None = None
) -> int:
    """Mark sent messages that no longer say what is so; they are edited in place."""
    where = [
        deliveries.c.workspace_id == tx.workspace_id,
        deliveries.c.state == State.SENT,
        deliveries.c.ts.is_not(None),
        *conditions,
    ]
    if except_ts is not None:
        where.append(deliveries.c.ts != except_ts)
    done = await tx.connection.execute(update(deliveries).where(*where).values(edit_at=at))
    return done.rowcount


def _outdated(*conditions: ColumnElement[bool]) -> Update:
    """`want_edit`, made once: making a statement takes as long as running it."""
    return (
        update(deliveries)
        .where(
            deliveries.c.workspace_id == bindparam("workspace"),
            deliveries.c.state == State.SENT,
            deliveries.c.ts.is_not(None),
            *conditions,
        )
        .values(edit_at=bindparam("at"))
    )


_PROMPTS_OUTDATED = _outdated(
    deliveries.c.period == bindparam("week"),
    deliveries.c.recipient == bindparam("user"),
    deliveries.c.kind.in_(PROMPT_KINDS),
    deliveries.c.ts != bindparam("clicked"),
)


async def want_prompts_edited(
    tx: Tx, user_id: str, at: datetime, *, period: Period, clicked: str | None = None
) -> int:
    """The prompts to this person about a week now say something out of date."""
    done = await tx.connection.execute(
        _PROMPTS_OUTDATED,
        {
            "workspace": tx.workspace_id,
            "user": user_id,
            "week": str(period),
            "clicked": clicked or "",
            "at": at,
        },
    )
    return done.rowcount


async def want_keys_edited(
    tx: Tx, keys: Sequence[str], at: datetime, *, clicked: str | None = None
) -> int:
    """The messages with these keys say something out of date; `clicked` is edited by its caller."""
    return await want_edit(tx, deliveries.c.key.in_(keys), at=at, except_ts=clicked)


async def want_message_edited(tx: Tx, ts: str, at: datetime) -> int:
    """One message, by its timestamp, says something out of date; how many are ours."""
    return await want_edit(tx, deliveries.c.ts == ts, at=at)


_newer = deliveries.alias("newer")
_WEEKLY_KINDS = ("summary", "details", "summary_copy")
_REVIEW_KINDS = ("month", "quarter", "review_details", "review_copy")
_IS_NEWEST_SUMMARY = (deliveries.c.period == bindparam("week")) & ~exists().where(
    _newer.c.workspace_id == deliveries.c.workspace_id,
    _newer.c.team_id == deliveries.c.team_id,
    _newer.c.kind == "summary",
    _newer.c.state == State.SENT,
    _newer.c.period > deliveries.c.period,
)
_TEAMS_OF_USER = select(memberships.c.team_id).where(
    memberships.c.workspace_id == bindparam("workspace"),
    memberships.c.user_id == bindparam("user"),
    memberships.c.left_at.is_(None),
)
#: The week's own summary while it is the newest, and the reviews that the week counts in.
_TELLS_OF_WEEK = (
    deliveries.c.period.in_([bindparam("week"), bindparam("month"), bindparam("quarter")]),
    (deliveries.c.kind.in_(_WEEKLY_KINDS) & _IS_NEWEST_SUMMARY)
    | (
        deliveries.c.kind.in_(_REVIEW_KINDS)
        & deliveries.c.period.in_([bindparam("month"), bindparam("quarter")])
    ),
)
_SUMMARY_OUTDATED = _outdated(deliveries.c.team_id == bindparam("team"), *_TELLS_OF_WEEK)
_SUMMARIES_OUTDATED = _outdated(deliveries.c.team_id.in_(_TEAMS_OF_USER), *_TELLS_OF_WEEK)


async def want_summary_edited(tx: Tx, team_id: str, period: Period, at: datetime) -> int:
    """A late answer changes the team's summary of this week, while it is the newest, and the
    reviews of its month and quarter."""
    asked = {"team": team_id, **_about(tx, period, at)}
    return (await tx.connection.execute(_SUMMARY_OUTDATED, asked)).rowcount


async def want_summaries_edited(tx: Tx, user_id: str, period: Period, at: datetime) -> int:
    """The same for all teams that the person is in."""
    asked = {"user": user_id, **_about(tx, period, at)}
    return (await tx.connection.execute(_SUMMARIES_OUTDATED, asked)).rowcount


def _about(tx: Tx, period: Period, at: datetime) -> dict[str, Any]:
    # Reviews stand in the ledger under the last week of their month or quarter.
    month, quarter = (Span.of_week(kind, period).last_week for kind in get_args(SpanKind))
    week = {"week": str(period), "month": str(month), "quarter": str(quarter)}
    return {"workspace": tx.workspace_id, "at": at, **week}


async def want_reviews_edited(tx: Tx, team_id: str, period: Period, at: datetime) -> int:
    """Only the reviews of the month and the quarter that this week counts in."""
    asked = _about(tx, period, at)
    return await want_edit(
        tx,
        deliveries.c.team_id == team_id,
        deliveries.c.kind.in_(_REVIEW_KINDS),
        deliveries.c.period.in_([asked["month"], asked["quarter"]]),
        at=at,
    )


async def want_answers_edited(tx: Tx, about: Delivery, at: datetime, *, clicked: str | None) -> int:
    """The other leads who were asked about this delivery need not look any more."""
    return await want_edit(
        tx,
        deliveries.c.team_id == about.team_id,
        deliveries.c.period == str(about.period),
        deliveries.c.kind == "ask",
        deliveries.c.note == about.key,
        at=at,
        except_ts=clicked,
    )


async def claim_edits(
    connection: AsyncConnection,
    now: datetime,
    again_at: datetime,
    limit: int,
    *,
    paced: bool = False,
) -> list[Delivery]:
    """Sent messages whose turn it is to be edited; should we die, they come up at `again_at`."""
    due = EDITING.due(now, limit, *COLUMNS).where(EDITING.has_turn(now, paced))
    found = await fetch(connection, due)
    if found:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.delivery_id.in_([d.delivery_id for d in found]))
            .values(edit_at=again_at)
        )
    return found


async def edited(
    connection: AsyncConnection, delivery: Delivery, claimed: datetime, next_at: datetime | None
) -> None:
    """Record an edit as done, unless something changed again meanwhile."""
    await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.workspace_id == delivery.workspace_id,
            deliveries.c.delivery_id == delivery.delivery_id,
            or_(deliveries.c.edit_at == claimed, deliveries.c.edit_at.is_(None)),
        )
        .values(edit_at=next_at)
    )
