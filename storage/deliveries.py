"""Deliveries: what is to be sent to whom, once, and each change of what became of it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.delivery import PLANNED_ANEW, State, before
from domain.periods import Period
from storage.database import Tx
from storage.schema import deliveries, delivery_events


class Delivery(NamedTuple):
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
    lease_owner: str | None
    attempts: int
    channel: str | None
    thread_ts: str | None
    ts: str | None
    settled_at: datetime | None
    edit_at: datetime | None


COLUMNS = tuple(deliveries.c[name] for name in Delivery._fields)


def _delivery(row: Any, changed: Mapping[str, Any]) -> Delivery:
    found = Delivery._make(row)
    return found._replace(period=Period.parse(row.period), state=State(row.state), **changed)


async def fetch(connection: AsyncConnection, statement: Any, **changed: Any) -> list[Delivery]:
    """The deliveries that a select of `COLUMNS` finds, and what is about to be changed in them."""
    rows = (await connection.execute(statement)).all()
    return [_delivery(row, changed) for row in rows]


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
    return delivery_id if entered else None


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

    Only where this state may follow the one that the delivery is in by now, and with a `holder`
    only while that lease holds: once another round or person has taken the delivery over, what
    the first one believes no longer counts, and False is returned.
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
        deliveries.c.state.in_(PLANNED_ANEW if state is State.PLANNED else before(state)),
    ]
    if holder is not None:
        where.append(deliveries.c.lease_owner == holder)
    done = await connection.execute(update(deliveries).where(*where).values(**values))
    if done.rowcount == 0:
        return False
    if state is not State.SENT:
        # Of what went well the row itself says all; what went otherwise the next state may hide.
        await connection.execute(
            insert(delivery_events).values(
                workspace_id=delivery.workspace_id,
                delivery_id=delivery.delivery_id,
                at=now,
                state=state,
                reason=reason,
            )
        )
    return True


async def plan_again(tx: Tx, delivery: Delivery, now: datetime) -> bool:
    """Plan anew what was not sent and certainly never arrived; False where it may have."""
    if delivery.workspace_id != tx.workspace_id:
        return False
    return await settle(tx.connection, delivery, State.PLANNED, now, work_at=now, due_at=now)


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
            deliveries.c.state.in_(before(State.SKIPPED)),
        ),
    )
    taken = [
        await settle(tx.connection, delivery, State.SKIPPED, now, reason=reason)
        for delivery in found
    ]
    return sum(taken)


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
