"""The outbox: how processes share the deliveries that want work, by leases on their rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.delivery import State
from storage.among import among
from storage.deliveries import COLUMNS, Delivery, fetch
from storage.lanes import SENDING
from storage.schema import deliveries

_CLAIMED = (
    update(deliveries)
    .where(among(deliveries.c.delivery_id, "ids"))
    .values(
        lease_owner=bindparam("owner"),
        work_at=bindparam("until"),
        state=case(
            (deliveries.c.state.in_([State.PLANNED, State.RETRY]), State.CLAIMED),
            else_=deliveries.c.state,
        ),
    )
)
#: While the lease lasts and is still the same one's.
_MINE = (
    among(deliveries.c.delivery_id, "ids"),
    deliveries.c.lease_owner == bindparam("owner"),
    deliveries.c.work_at > bindparam("now"),
)
_MARKED = (
    update(deliveries)
    .where(*_MINE, deliveries.c.state == State.CLAIMED)
    .values(
        state=State.SENDING,
        attempts=deliveries.c.attempts + 1,
        # Left alone where it can be: on PostgreSQL all indexes then stay as they are.
        work_at=case(
            (deliveries.c.work_at < bindparam("until"), bindparam("until")),
            else_=deliveries.c.work_at,
        ),
    )
    .returning(deliveries.c.delivery_id)
)
_RENEWED = (
    update(deliveries)
    .where(*_MINE, deliveries.c.state.in_([State.CLAIMED, State.SENDING, State.UNKNOWN]))
    .values(work_at=bindparam("until"))
)


def lease_of(process: str, number: int | None = None) -> str:
    """The name of a lease: of a process's round by its number, or how all of them begin."""
    return f"{process}." if number is None else f"{process}.{number}"


async def claim(
    connection: AsyncConnection,
    owner: str,
    now: datetime,
    lease_until: datetime,
    limit: int,
    *,
    paced: bool = False,
) -> list[Delivery]:
    """Take deliveries whose turn it is; other replicas leave them until the lease ends.

    `owner` names one round of one process (`lease_of`), never the process: a round that stood
    still must not speak for what a later one has taken over.
    A claimed row's `work_at` is the lease's end: should this process die, the row comes up
    again by itself, and its state says whether it may have been sent.
    """
    due = SENDING.due(now, limit, *COLUMNS).where(SENDING.has_turn(now, paced))
    found = await fetch(connection, due, lease_owner=owner)
    if found:
        ids = [delivery.delivery_id for delivery in found]
        await connection.execute(_CLAIMED, {"ids": ids, "owner": owner, "until": lease_until})
    return found


async def mark_sending(
    connection: AsyncConnection,
    owner: str,
    ids: Sequence[str],
    now: datetime,
    lease_until: datetime,
) -> set[str]:
    """Commit, before the call, that these may be sent; returns those still ours.

    Their lease lasts until `lease_until` at least, so that it outlasts the call: nobody else may
    look for a message that is still on its way, miss it, and send another.
    """
    asked = {"ids": ids, "owner": owner, "now": now, "until": lease_until}
    return set((await connection.execute(_MARKED, asked)).scalars().all())


async def renew(
    connection: AsyncConnection,
    owner: str,
    ids: Sequence[str],
    now: datetime,
    lease_until: datetime,
) -> None:
    """Keep what is still being worked on; a lease that has run out is not taken back."""
    asked = {"ids": ids, "owner": owner, "now": now, "until": lease_until}
    await connection.execute(_RENEWED, asked)


async def release(connection: AsyncConnection, process: str, now: datetime) -> int:
    """Give back what this process claimed but did not begin to send, or to look for."""
    # All that is leased wants work, and is few beside the ledger: there is an index on that.
    its_rounds = deliveries.c.lease_owner.startswith(lease_of(process), autoescape=True)
    mine = its_rounds & deliveries.c.work_at.is_not(None)
    done = await connection.execute(
        update(deliveries)
        .where(mine, deliveries.c.state == State.CLAIMED)
        .values(state=State.PLANNED, lease_owner=None, work_at=now)
    )
    await connection.execute(
        update(deliveries)
        .where(mine, deliveries.c.state == State.UNKNOWN)
        .values(lease_owner=None, work_at=now)
    )
    return done.rowcount


async def reclaim_all(connection: AsyncConnection, now: datetime, look_at: datetime) -> None:
    """End all leases: only for a database that one process alone uses.

    What may have been sent comes up at `look_at`, when its call is over on Slack's side too.
    """
    leased = deliveries.c.lease_owner.is_not(None) & deliveries.c.work_at.is_not(None)
    sending = deliveries.c.state == State.SENDING
    await connection.execute(
        update(deliveries)
        .where(leased)
        .values(lease_owner=None, work_at=case((sending, look_at), else_=now))
    )


async def next_work(connection: AsyncConnection) -> datetime | None:
    """When the earliest delivery falls due that nobody is working on."""
    found: datetime | None = (
        await connection.execute(
            select(func.min(deliveries.c.work_at)).where(deliveries.c.lease_owner.is_(None))
        )
    ).scalar_one()
    return found
