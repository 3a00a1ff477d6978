"""The workspaces that have installed the app."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Tx
from storage.schema import received_events, workspaces


@dataclass(frozen=True)
class Workspace:
    workspace_id: str
    name: str
    bot_user_id: str
    paused_reason: str | None
    charts: bool


async def remember(tx: Tx, name: str, bot_user_id: str, now: datetime) -> None:
    """Record an installation; one that was paused (revoked token) is active again."""
    await tx.upsert(
        workspaces,
        {
            "workspace_id": tx.workspace_id,
            "name": name,
            "bot_user_id": bot_user_id,
            "paused_reason": None,
            "charts": True,
            "installed_at": now,
        },
        ["workspace_id"],
        ["name", "bot_user_id", "paused_reason"],
    )


# Made once, since making a statement takes as long as running it.
_WORKSPACE = select(*(workspaces.c[name] for name in Workspace.__dataclass_fields__)).where(
    workspaces.c.workspace_id == bindparam("workspace")
)


async def get(tx: Tx) -> Workspace | None:
    rows = await tx.connection.execute(_WORKSPACE, {"workspace": tx.workspace_id})
    row = rows.one_or_none()
    return Workspace(*row) if row else None


async def every(connection: AsyncConnection) -> list[str]:
    """The ids of all workspaces."""
    rows = await connection.execute(
        select(workspaces.c.workspace_id).order_by(workspaces.c.workspace_id)
    )
    return [row.workspace_id for row in rows]


async def pause(tx: Tx, reason: str | None) -> None:
    """Stop all deliveries of the workspace until it installs again; None resumes them."""
    await tx.connection.execute(
        update(workspaces)
        .where(workspaces.c.workspace_id == tx.workspace_id)
        .values(paused_reason=reason)
    )


async def refuse_charts(tx: Tx) -> None:
    """Remember that this workspace rejects native charts, so that tables go out instead."""
    await tx.connection.execute(
        update(workspaces).where(workspaces.c.workspace_id == tx.workspace_id).values(charts=False)
    )


async def first_sight_of_event(tx: Tx, event_id: str, now: datetime) -> bool:
    """Whether this event is new; Slack sends one again when our answer got lost."""
    return await tx.insert_once(
        received_events,
        {"workspace_id": tx.workspace_id, "event_id": event_id[:64], "received_at": now},
        ["workspace_id", "event_id"],
    )
