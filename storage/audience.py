"""Who reads summaries besides the team: further channels, and the leadership's roll-up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from storage.database import Tx
from storage.schema import rollups, summary_channels

#: Channels that one team may share its summaries to.
MOST_CHANNELS = 10


@dataclass(frozen=True)
class Rollup:
    """The one channel of a workspace that the roll-up goes to, and the zone its day is in."""

    channel_id: str
    tz: str
    set_by: str
    set_at: datetime


async def channels_of(tx: Tx, team_id: str) -> list[str]:
    """The further channels of a team's summaries, in the order in which they were added."""
    rows = await tx.connection.execute(
        select(summary_channels.c.channel_id)
        .where(
            summary_channels.c.workspace_id == tx.workspace_id,
            summary_channels.c.team_id == team_id,
        )
        .order_by(summary_channels.c.added_at, summary_channels.c.channel_id)
        .limit(MOST_CHANNELS)
    )
    return [row.channel_id for row in rows]


async def set_channels(
    tx: Tx, team_id: str, channel_ids: list[str], by: str, now: datetime
) -> tuple[list[str], list[str]]:
    """Share with exactly these channels; returns (added, taken away)."""
    wanted = list(dict.fromkeys(channel_ids))[:MOST_CHANNELS]
    before = await channels_of(tx, team_id)
    gone = [channel for channel in before if channel not in wanted]
    if gone:
        await tx.connection.execute(
            delete(summary_channels).where(
                summary_channels.c.workspace_id == tx.workspace_id,
                summary_channels.c.team_id == team_id,
                summary_channels.c.channel_id.in_(gone),
            )
        )
    added = [channel for channel in wanted if channel not in before]
    for channel in added:
        await tx.insert_once(
            summary_channels,
            {
                "workspace_id": tx.workspace_id,
                "team_id": team_id,
                "channel_id": channel,
                "added_by": by,
                "added_at": now,
            },
            ["workspace_id", "team_id", "channel_id"],
        )
    return added, gone


async def teams_sharing_with(tx: Tx, channel_id: str) -> list[str]:
    """The ids of teams that share their summaries to this channel, at most a hundred."""
    rows = await tx.connection.execute(
        select(summary_channels.c.team_id)
        .where(
            summary_channels.c.workspace_id == tx.workspace_id,
            summary_channels.c.channel_id == channel_id,
        )
        .order_by(summary_channels.c.team_id)
        .limit(100)
    )
    return [row.team_id for row in rows]


async def move_channel(tx: Tx, old: str, new: str) -> None:
    """Slack gave a channel another id: what goes to it goes to the new one."""
    for team_id in await teams_sharing_with(tx, old):
        standing = new in await channels_of(tx, team_id)
        mine = (
            summary_channels.c.workspace_id == tx.workspace_id,
            summary_channels.c.team_id == team_id,
            summary_channels.c.channel_id == old,
        )
        if standing:
            await tx.connection.execute(delete(summary_channels).where(*mine))
        else:
            await tx.connection.execute(
                update(summary_channels).where(*mine).values(channel_id=new)
            )
    await tx.connection.execute(
        update(rollups)
        .where(rollups.c.workspace_id == tx.workspace_id, rollups.c.channel_id == old)
        .values(channel_id=new)
    )


async def rollup(tx: Tx) -> Rollup | None:
    """Where the workspace's roll-up goes; None while nobody has asked for one."""
    row = (
        await tx.connection.execute(
            select(rollups).where(rollups.c.workspace_id == tx.workspace_id)
        )
    ).one_or_none()
    return Rollup(row.channel_id, row.tz, row.set_by, row.set_at) if row else None


async def set_rollup(tx: Tx, channel_id: str, tz: str, by: str, now: datetime) -> None:
    await tx.upsert(
        rollups,
        {
            "workspace_id": tx.workspace_id,
            "channel_id": channel_id,
            "tz": tz,
            "set_by": by,
            "set_at": now,
        },
        ["workspace_id"],
        ["channel_id", "tz", "set_by", "set_at"],
    )


async def end_rollup(tx: Tx) -> bool:
    """No roll-up any more; whether there was one."""
    done = await tx.connection.execute(
        delete(rollups).where(rollups.c.workspace_id == tx.workspace_id)
    )
    return done.rowcount > 0
