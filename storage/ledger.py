"""The ledger read: single deliveries, and those of a person, a channel or a team."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import desc, func, select

from domain.delivery import State
from storage.database import Tx
from storage.deliveries import COLUMNS, Delivery, fetch
from storage.schema import deliveries, delivery_events


async def get(tx: Tx, delivery_id: str) -> Delivery | None:
    found = await fetch(
        tx.connection,
        select(*COLUMNS).where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.delivery_id == delivery_id,
        ),
    )
    return found[0] if found else None


async def by_key(tx: Tx, key: str) -> Delivery | None:
    found = await fetch(
        tx.connection,
        select(*COLUMNS).where(
            deliveries.c.workspace_id == tx.workspace_id, deliveries.c.key == key
        ),
    )
    return found[0] if found else None


async def of_recipients(tx: Tx, recipients: Sequence[str], limit: int) -> list[Delivery]:
    """The ledger of these people and channels, newest first."""
    return await fetch(
        tx.connection,
        select(*COLUMNS)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient.in_(recipients),
        )
        .order_by(desc(deliveries.c.due_at), desc(deliveries.c.created_at))
        .limit(limit),
    )


async def hindrances(tx: Tx, found: Sequence[Delivery]) -> dict[str, list[str]]:
    """By delivery id the reasons for which these were not sent at first, each once, oldest first;
    nothing for those that nothing got into the way of."""
    passed = delivery_events.c
    rows = await tx.connection.execute(
        select(passed.delivery_id, passed.reason)
        .where(
            passed.workspace_id == tx.workspace_id,
            passed.delivery_id.in_([delivery.delivery_id for delivery in found]),
            passed.reason.is_not(None),
        )
        .group_by(passed.delivery_id, passed.reason)
        .order_by(func.min(passed.event_id))
    )
    reasons: dict[str, list[str]] = {}
    for delivery_id, reason in rows:
        reasons.setdefault(delivery_id, []).append(reason)
    return reasons


async def dm_of(tx: Tx, user_id: str) -> str | None:
    """The id of the person's DM, from the newest message that reached it."""
    found = await tx.connection.execute(
        select(deliveries.c.channel)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient == user_id,
            deliveries.c.channel.is_not(None),
        )
        .order_by(desc(deliveries.c.due_at))
        .limit(1)
    )
    channel: str | None = found.scalar_one_or_none()
    return channel


async def questions_about(tx: Tx, about: Delivery, *, except_in: Sequence[State]) -> list[Delivery]:
    """What leads were or are to be asked about a delivery, but for questions in these states."""
    return await fetch(
        tx.connection,
        select(*COLUMNS).where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.team_id == about.team_id,
            deliveries.c.period == str(about.period),
            deliveries.c.kind == "ask",
            deliveries.c.note == about.key,
            deliveries.c.state.not_in(except_in),
        ),
    )


async def last_summary(tx: Tx, team_id: str) -> Delivery | None:
    """The newest summary posted to the team's channel."""
    found = await fetch(
        tx.connection,
        select(*COLUMNS)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.team_id == team_id,
            deliveries.c.kind == "summary",
            deliveries.c.state == State.SENT,
        )
        .order_by(desc(deliveries.c.period))
        .limit(1),
    )
    return found[0] if found else None


async def last_failed(tx: Tx, recipient: str, kind: str) -> Delivery | None:
    """The newest delivery of this kind to a person or channel, if it could not be made."""
    found = await fetch(
        tx.connection,
        select(*COLUMNS)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient == recipient,
            deliveries.c.kind == kind,
        )
        .order_by(desc(deliveries.c.due_at))
        .limit(1),
    )
    return found[0] if found and found[0].state is State.FAILED else None


async def failed_since(
    tx: Tx, recipient: str, kinds: Sequence[str], since: datetime, limit: int = 100
) -> list[Delivery]:
    """What was due to a person or channel from `since` on and could not be made, newest first."""
    return await fetch(
        tx.connection,
        select(*COLUMNS)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient == recipient,
            deliveries.c.kind.in_(kinds),
            deliveries.c.state == State.FAILED,
            deliveries.c.due_at >= since,
        )
        .order_by(desc(deliveries.c.due_at))
        .limit(limit),
    )


async def planned(tx: Tx, limit: int) -> list[Delivery]:
    """The workspace's deliveries that wait for their time, soonest first."""
    return await fetch(
        tx.connection,
        select(*COLUMNS)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.work_at.is_not(None),
            deliveries.c.lease_owner.is_(None),
        )
        .order_by(deliveries.c.work_at)
        .limit(limit),
    )
