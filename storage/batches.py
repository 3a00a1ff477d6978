"""Many deliveries at once: entered, or recorded as sent, with as few statements as one."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, literal, select, update

from domain.delivery import State, before
from domain.periods import Period
from storage.among import among
from storage.database import Tx
from storage.deliveries import Delivery
from storage.prompts import PROMPT_KINDS
from storage.schema import Instant, deliveries, delivery_events


@dataclass(frozen=True)
class Plan:
    """A delivery to be entered into the ledger, unless its key stands there already."""

    key: str
    kind: str
    recipient: str
    period: Period
    due_at: datetime
    team_id: str | None = None


@dataclass(frozen=True)
class Arrived:
    """A delivery that was sent, and where its message lies."""

    delivery: Delivery
    channel: str
    ts: str


async def plan_all(tx: Tx, plans: Sequence[Plan], now: datetime) -> None:
    """Enter these into the ledger; those whose key is known stay as they are."""
    rows = [
        {
            "delivery_id": uuid.uuid4().hex,
            "workspace_id": tx.workspace_id,
            "key": plan.key,
            "kind": plan.kind,
            "team_id": plan.team_id,
            "recipient": plan.recipient,
            "period": str(plan.period),
            "due_at": plan.due_at,
            "state": State.PLANNED,
            "work_at": plan.due_at,
            "attempts": 0,
            "created_at": now,
        }
        for plan in plans
    ]
    if rows:
        once = tx.upserting(deliveries, ("workspace_id", "key"), ())
        await tx.connection.execute(once, rows)
        # Only what was entered just now is found by these ids.
        await _note(tx, [str(row["delivery_id"]) for row in rows], now)


_NOTED = insert(delivery_events).from_select(
    ["workspace_id", "delivery_id", "at", "state", "reason"],
    select(
        deliveries.c.workspace_id,
        deliveries.c.delivery_id,
        bindparam("at", type_=Instant),
        deliveries.c.state,
        deliveries.c.reason,
    ).where(
        deliveries.c.workspace_id == bindparam("workspace"),
        among(deliveries.c.delivery_id, "ids"),
    ),
)


async def _note(tx: Tx, ids: Collection[str], now: datetime) -> None:
    """Enter the states that these are in now into their history."""
    asked = {"workspace": tx.workspace_id, "at": now, "ids": list(ids)}
    await tx.connection.execute(_NOTED, asked)


_OURS = (
    select(deliveries.c.delivery_id, deliveries.c.lease_owner)
    .where(
        deliveries.c.workspace_id == bindparam("workspace"),
        among(deliveries.c.delivery_id, "ids"),
        deliveries.c.state.in_(before(State.SENT)),
    )
    .with_for_update()
)
_SENT = (
    update(deliveries)
    .where(deliveries.c.delivery_id == bindparam("id"))
    .values(
        state=literal(State.SENT, deliveries.c.state.type),
        reason=None,
        work_at=None,
        lease_owner=None,
        settled_at=bindparam("now"),
        channel=bindparam("where"),
        ts=bindparam("when"),
    )
)


async def settle_sent(tx: Tx, arrived: Sequence[Arrived], now: datetime) -> set[str]:
    """Record these as sent, and return the ids of those that were still leased as when claimed.

    What another round has taken over meanwhile is its own to settle.
    """
    claimed = {(one.delivery.delivery_id, one.delivery.lease_owner): one for one in arrived}
    asked = {"workspace": tx.workspace_id, "ids": [key for key, _ in claimed]}
    rows = await tx.connection.execute(_OURS, asked)
    held = [(row.delivery_id, row.lease_owner) for row in rows]
    ours = {key: claimed[key, lease] for key, lease in held if (key, lease) in claimed}
    if ours:
        values = [
            {"id": key, "now": now, "where": one.channel, "when": one.ts}
            for key, one in sorted(ours.items())
        ]
        await tx.connection.execute(_SENT, values)
        await _note(tx, ours, now)
    return set(ours)


_SUPERSEDED = (
    update(deliveries)
    .where(
        deliveries.c.workspace_id == bindparam("workspace"),
        among(deliveries.c.recipient, "users"),
        deliveries.c.period == bindparam("week"),
        deliveries.c.kind.in_(PROMPT_KINDS),
        deliveries.c.state == State.SENT,
        deliveries.c.ts.is_not(None),
    )
    .values(edit_at=bindparam("at"))
)


async def want_prompts_edited(
    tx: Tx, user_ids: Collection[str], at: datetime, period: Period
) -> None:
    """The prompts to these people about a week now say something out of date."""
    asked = {"workspace": tx.workspace_id, "users": list(user_ids), "week": str(period), "at": at}
    await tx.connection.execute(_SUPERSEDED, asked)
