"""Posts in a channel: what this workspace takes in them, and the thread under one."""

from datetime import datetime

from storage import deliveries, ledger, workspaces
from storage.database import Tx
from storage.deliveries import Delivery


async def plan_details(
    tx: Tx, post: Delivery, key: str, kind: str, now: datetime, note: str | None = None
) -> bool:
    """Enter the thread under a post into the ledger, once; whether there is one to post now.

    What was left out for want of numbers is planned again.
    """
    if post.ts is None:
        # A lead says that it arrived; we know no thread to put them in.
        return False
    standing = await ledger.by_key(tx, key)
    if standing is not None:
        return await deliveries.plan_again(tx, standing, now)
    entered = await deliveries.plan(
        tx,
        key=key,
        kind=kind,
        team_id=post.team_id,
        recipient=post.recipient,
        period=post.period,
        due_at=now,
        now=now,
        thread_ts=post.ts,
        note=note,
    )
    return entered is not None


async def takes_charts(tx: Tx) -> bool:
    """Whether this workspace takes native charts, as far as we know."""
    workspace = await workspaces.get(tx)
    return workspace.charts if workspace else True
