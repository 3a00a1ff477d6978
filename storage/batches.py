"""Many deliveries at once: entered, or recorded as sent, with as few statements as one."""

import os
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    String,
    bindparam,
    literal,
    literal_column,
    select,
    update,
)

from domain.delivery import State, before
from domain.periods import Period
from storage.among import among
from storage.database import Tx, inserting
from storage.deliveries import Delivery
from storage.given import given
from storage.prompts import PROMPT_KINDS
from storage.schema import Instant, deliveries


class Plan(NamedTuple):
    """A delivery to be entered into the ledger, unless its key stands there already."""

    key: str
    kind: str
    recipient: str
    period: Period
    due_at: datetime
    team_id: str | None = None


class Arrived(NamedTuple):
    """A delivery that was sent, and where its message lies."""

    delivery: Delivery
    channel: str
    ts: str


_PLANNED = given(
    "planned",
    deliveries.c.delivery_id,
    deliveries.c.key,
    deliveries.c.kind,
    deliveries.c.team_id,
    deliveries.c.recipient,
    deliveries.c.period,
    deliveries.c.due_at,
)


@cache
def _planning(dialect: str) -> Executable:
    """Enters what is planned, and leaves those alone whose key is known."""
    columns: dict[str, ColumnElement[Any]] = {
        **_PLANNED.c,
        "workspace_id": bindparam("workspace", type_=String),
        "state": literal(State.PLANNED, deliveries.c.state.type),
        "work_at": _PLANNED.c.due_at,
        "attempts": literal(0),
        "created_at": bindparam("now", type_=Instant),
    }
    # Without a condition SQLite reads ON CONFLICT as one of a join.
    rows = select(*columns.values()).where(literal_column("1") == literal_column("1"))
    insert = inserting(dialect, deliveries).from_select(list(columns), rows)
    return insert.on_conflict_do_nothing(index_elements=["workspace_id", "key"])


async def plan_all(tx: Tx, plans: Sequence[Plan], now: datetime) -> None:
    """Enter these into the ledger; those whose key is known stay as they are."""
    rows = [
        (
            delivery_id,
            plan.key,
            plan.kind,
            plan.team_id,
            plan.recipient,
            str(plan.period),
            plan.due_at,
        )
        for delivery_id, plan in zip(_new_ids(len(plans)), plans, strict=True)
    ]
    if rows:
        asked = {"workspace": tx.workspace_id, "now": now, "planned": rows}
        await tx.connection.execute(_planning(tx.connection.dialect.name), asked)


def _new_ids(count: int) -> list[str]:
    """As by `uuid4().hex`, but the system is asked for chance once."""
    drawn = os.urandom(16 * count).hex()
    return [drawn[start : start + 32] for start in range(0, len(drawn), 32)]


_ARRIVED = given(
    "arrived",
    # Given with each row: asked for by itself SQLite would read all that the workspace has.
    deliveries.c.workspace_id,
    deliveries.c.delivery_id,
    deliveries.c.lease_owner,
    deliveries.c.channel,
    deliveries.c.ts,
)
_SENT = (
    update(deliveries)
    .where(
        deliveries.c.workspace_id == _ARRIVED.c.workspace_id,
        deliveries.c.delivery_id == _ARRIVED.c.delivery_id,
        deliveries.c.lease_owner == _ARRIVED.c.lease_owner,
        deliveries.c.state.in_(before(State.SENT)),
    )
    .values(
        state=literal(State.SENT, deliveries.c.state.type),
        reason=None,
        work_at=None,
        lease_owner=None,
        settled_at=bindparam("now"),
        channel=_ARRIVED.c.channel,
        ts=_ARRIVED.c.ts,
    )
    .returning(deliveries.c.delivery_id)
)


async def settle_sent(tx: Tx, arrived: Sequence[Arrived], now: datetime) -> set[str]:
    """Record these as sent, and return the ids of those that were still leased as when claimed.

    What another round has taken over meanwhile is its own to settle.
    """
    # In this order whoever locks several of them does so.
    in_order = sorted(arrived, key=attrgetter("delivery.delivery_id"))
    rows = [
        (tx.workspace_id, one.delivery.delivery_id, one.delivery.lease_owner, one.channel, one.ts)
        for one in in_order
    ]
    asked = {"now": now, "arrived": rows}
    return set((await tx.connection.execute(_SENT, asked)).scalars().all())


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
