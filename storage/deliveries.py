"""Deliveries: what is to be sent to whom, once, and the ledger of what became of each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, desc, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.periods import Period
from storage.database import Tx
from storage.schema import deliveries, delivery_events

#: The kinds that end up in the person's own DM and ask for a week's log.
PROMPT_KINDS = ("prompt", "reminder", "later")


@dataclass(frozen=True)
class Delivery:
    delivery_id: str
    workspace_id: str
    key: str
    kind: str
    team_id: str | None
    recipient: str
    period: Period
    due_at: datetime
    state: State
    reason: str | None
    note: str | None
    work_at: datetime | None
    attempts: int
    channel: str | None
    thread_ts: str | None
    ts: str | None
    settled_at: datetime | None
    edit_at: datetime | None


COLUMNS = tuple(deliveries.c[name] for name in Delivery.__dataclass_fields__)


def _delivery(row: Any) -> Delivery:
    values = dict(row._mapping)
    values["period"] = Period.parse(values["period"])
    values["state"] = State(values["state"])
    return Delivery(**values)


async def fetch(connection: AsyncConnection, statement: Any) -> list[Delivery]:
    """The deliveries that a select of `COLUMNS` finds."""
    return [_delivery(row) for row in await connection.execute(statement)]


async def plan(
    tx: Tx,
    *,
    key: str,
    kind: str,
    recipient: str,
    period: Period,
    due_at: datetime,
    now: datetime,
    team_id: str | None = None,
    state: State = State.PLANNED,
    reason: str | None = None,
    note: str | None = None,
    thread_ts: str | None = None,
    channel: str | None = None,
) -> str | None:
    """Enter a delivery into the ledger; None when its key stands there already.

    With a state other than planned it is recorded only (skipped, expired), never sent.
    """
    delivery_id = uuid.uuid4().hex
    entered = await tx.insert_once(
        deliveries,
        {
            "delivery_id": delivery_id,
            "workspace_id": tx.workspace_id,
            "key": key,
            "kind": kind,
            "team_id": team_id,
            "recipient": recipient,
            "period": str(period),
            "due_at": due_at,
            "state": state,
            "reason": reason,
            "note": note[:255] if note else None,
            "work_at": due_at if state is State.PLANNED else None,
            "attempts": 0,
            "thread_ts": thread_ts,
            "channel": channel,
            "created_at": now,
            "settled_at": None if state is State.PLANNED else now,
        },
        ["workspace_id", "key"],
    )
    if not entered:
        return None
    await _note(tx.connection, tx.workspace_id, delivery_id, state, reason, now)
    return delivery_id


async def _note(
    connection: AsyncConnection,
    workspace_id: str,
    delivery_id: str,
    state: State,
    reason: str | None,
    now: datetime,
) -> None:
    await connection.execute(
        insert(delivery_events).values(
            workspace_id=workspace_id,
            delivery_id=delivery_id,
            at=now,
            state=state,
            reason=reason,
        )
    )


async def settle(
    connection: AsyncConnection,
    delivery: Delivery,
    state: State,
    now: datetime,
    *,
    reason: str | None = None,
    work_at: datetime | None = None,
    channel: str | None = None,
    ts: str | None = None,
    attempts: int | None = None,
    due_at: datetime | None = None,
    holder: str | None = None,
) -> bool:
    """Record what became of a delivery; `work_at` is when to look at it again, if ever.

    With a `holder`, only while that process holds the lease: once another has taken the
    delivery over, what the first one believes no longer counts, and False is returned.
    """
    values: dict[str, Any] = {
        "state": state,
        "reason": reason,
        "work_at": work_at,
        "lease_owner": None,
        "settled_at": now if work_at is None else None,
    }
    given = {"channel": channel, "ts": ts, "attempts": attempts, "due_at": due_at}
    values |= {name: value for name, value in given.items() if value is not None}
    where = [
        deliveries.c.workspace_id == delivery.workspace_id,
        deliveries.c.delivery_id == delivery.delivery_id,
    ]
    if holder is not None:
        where.append(deliveries.c.lease_owner == holder)
    done = await connection.execute(update(deliveries).where(*where).values(**values))
    if done.rowcount == 0:
        return False
    await _note(connection, delivery.workspace_id, delivery.delivery_id, state, reason, now)
    return True


async def plan_again(tx: Tx, delivery: Delivery, now: datetime) -> bool:
    """Plan anew what was not sent and certainly never arrived; False where it may have."""
    is_over = delivery.state in (State.SKIPPED, State.EXPIRED, State.FAILED)
    if not is_over or delivery.workspace_id != tx.workspace_id:
        return False
    await settle(tx.connection, delivery, State.PLANNED, now, work_at=now, due_at=now)
    return True


async def cancel(
    tx: Tx, recipient: str, kinds: Sequence[str], period: Period, reason: str, now: datetime
) -> int:
    """Take back what is planned for a person and week, but was not begun to be sent."""
    found = await fetch(
        tx.connection,
        select(*COLUMNS).where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient == recipient,
            deliveries.c.kind.in_(kinds),
            deliveries.c.period == str(period),
            deliveries.c.state.in_([State.PLANNED, State.CLAIMED, State.RETRY]),
        ),
    )
    for delivery in found:
        await settle(tx.connection, delivery, State.SKIPPED, now, reason=reason)
    return len(found)


async def move_channel(tx: Tx, old: str, new: str) -> None:
    """Slack gave a channel another id: what is planned for it, was posted there and may be edited,
    and its ledger go with it."""
    await tx.connection.execute(
        update(deliveries)
        .where(deliveries.c.workspace_id == tx.workspace_id, deliveries.c.recipient == old)
        .values(
            recipient=new,
            channel=case((deliveries.c.channel == old, new), else_=deliveries.c.channel),
        )
    )


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


async def last_prompt(tx: Tx, user_id: str) -> Delivery | None:
    """The newest prompt that reached the person: the week a typed answer is about."""
    found = await fetch(
        tx.connection,
        select(*COLUMNS)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient == user_id,
            deliveries.c.kind.in_(PROMPT_KINDS),
            deliveries.c.state == State.SENT,
        )
        .order_by(desc(deliveries.c.period), desc(deliveries.c.due_at))
        .limit(1),
    )
    return found[0] if found else None


#: Reasons for which a week without a prompt is not a week without an answer.
EXCUSES = (
    SkipReason.AWAY,
    SkipReason.VACATION_STATUS,
    SkipReason.PAUSED,
    SkipReason.STOPPED,
    SkipReason.HOLIDAY_WEEK,
)


async def was_asked(tx: Tx, user_id: str, period: Period) -> bool:
    """Whether a prompt about this week lies in the person's DM."""
    found = await tx.connection.execute(
        select(deliveries.c.delivery_id)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient == user_id,
            deliveries.c.kind.in_(PROMPT_KINDS),
            deliveries.c.period == str(period),
            deliveries.c.state == State.SENT,
        )
        .limit(1)
    )
    return found.first() is not None


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
