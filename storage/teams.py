"""Teams: the channel they report to, their rhythm, and who leads them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import delete, select, update

from domain.rhythm import Rhythm
from storage.database import Tx
from storage.schema import leads, memberships, teams


@dataclass(frozen=True)
class Team:
    team_id: str
    channel_id: str
    name: str
    tz: str
    country: str | None
    industry: str
    rhythm: Rhythm
    members_from: str
    group_id: str | None
    trouble: str | None
    created_by: str
    created_at: datetime


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def team_of_row(row: Any) -> Team:
    return Team(
        team_id=row.team_id,
        channel_id=row.channel_id,
        name=row.name,
        tz=row.tz,
        country=row.country,
        industry=row.industry,
        rhythm=Rhythm(
            prompt_weekday=row.prompt_weekday,
            prompt_time=_clock(row.prompt_time),
            reminder_time=_clock(row.reminder_time),
            summary_weekday=row.summary_weekday,
            summary_time=_clock(row.summary_time),
        ),
        members_from=row.members_from,
        group_id=row.group_id,
        trouble=row.trouble,
        created_by=row.created_by,
        created_at=row.created_at,
    )


def _rhythm_columns(rhythm: Rhythm) -> dict[str, Any]:
    return {
        "prompt_weekday": rhythm.prompt_weekday,
        "prompt_time": rhythm.prompt_time.strftime("%H:%M"),
        "reminder_time": rhythm.reminder_time.strftime("%H:%M"),
        "summary_weekday": rhythm.summary_weekday,
        "summary_time": rhythm.summary_time.strftime("%H:%M"),
    }


async def save(
    tx: Tx,
    *,
    channel_id: str,
    name: str,
    tz: str,
    country: str | None,
    industry: str,
    rhythm: Rhythm,
    members_from: str,
    group_id: str | None,
    by: str,
    now: datetime,
) -> Team:
    """Create the channel's team, or change its settings where it has one."""
    settings = {
        "name": name,
        "tz": tz,
        "country": country,
        "industry": industry,
        "members_from": members_from,
        "group_id": group_id,
        **_rhythm_columns(rhythm),
    }
    first = {
        "workspace_id": tx.workspace_id,
        "team_id": uuid.uuid4().hex[:16],
        "channel_id": channel_id,
        "created_by": by,
        "created_at": now,
    }
    await tx.upsert(teams, {**first, **settings}, ["workspace_id", "channel_id"], [*settings])
    saved = await by_channel(tx, channel_id)
    assert saved is not None
    return saved


async def _select(tx: Tx, *conditions: Any) -> list[Team]:
    rows = await tx.connection.execute(
        select(teams)
        .where(teams.c.workspace_id == tx.workspace_id, *conditions)
        .order_by(teams.c.created_at, teams.c.team_id)
    )
    return [team_of_row(row) for row in rows]


async def by_channel(tx: Tx, channel_id: str) -> Team | None:
    found = await _select(tx, teams.c.channel_id == channel_id)
    return found[0] if found else None


async def get(tx: Tx, team_id: str) -> Team | None:
    found = await _select(tx, teams.c.team_id == team_id)
    return found[0] if found else None


async def every(tx: Tx) -> list[Team]:
    return await _select(tx)


async def of_group(tx: Tx, group_id: str) -> list[Team]:
    """Teams whose members follow this user group."""
    return await _select(tx, teams.c.members_from == "group", teams.c.group_id == group_id)


async def of_member(tx: Tx, user_id: str) -> list[Team]:
    """The person's teams, the one they have been in longest first: it sets their prompt."""
    rows = await tx.connection.execute(
        select(teams)
        .join(
            memberships,
            (memberships.c.workspace_id == teams.c.workspace_id)
            & (memberships.c.team_id == teams.c.team_id),
        )
        .where(
            teams.c.workspace_id == tx.workspace_id,
            memberships.c.workspace_id == tx.workspace_id,
            memberships.c.user_id == user_id,
            memberships.c.left_at.is_(None),
        )
        .order_by(memberships.c.joined_at, memberships.c.membership_id)
    )
    return [team_of_row(row) for row in rows]


async def of_lead(tx: Tx, user_id: str) -> list[Team]:
    mine = select(leads.c.team_id).where(
        leads.c.workspace_id == tx.workspace_id, leads.c.user_id == user_id
    )
    return await _select(tx, teams.c.team_id.in_(mine))


async def leads_of(tx: Tx, team_id: str) -> list[str]:
    rows = await tx.connection.execute(
        select(leads.c.user_id)
        .where(leads.c.workspace_id == tx.workspace_id, leads.c.team_id == team_id)
        .order_by(leads.c.since, leads.c.user_id)
    )
    return [row.user_id for row in rows]


async def set_leads(tx: Tx, team_id: str, user_ids: Sequence[str], now: datetime) -> None:
    """Make exactly these people the team's leads."""
    mine = (leads.c.workspace_id == tx.workspace_id, leads.c.team_id == team_id)
    await tx.connection.execute(delete(leads).where(*mine, leads.c.user_id.not_in(user_ids)))
    for user_id in dict.fromkeys(user_ids):
        await tx.insert_once(
            leads,
            {
                "workspace_id": tx.workspace_id,
                "team_id": team_id,
                "user_id": user_id,
                "since": now,
            },
            ["workspace_id", "team_id", "user_id"],
        )


async def set_trouble(tx: Tx, team_id: str, trouble: str | None) -> None:
    """Why the channel cannot be posted to at present (None: it can)."""
    await tx.connection.execute(
        update(teams)
        .where(teams.c.workspace_id == tx.workspace_id, teams.c.team_id == team_id)
        .values(trouble=trouble)
    )


async def move_channel(tx: Tx, old: str, new: str) -> None:
    """Slack gave the channel another id (it was shared or converted)."""
    await tx.connection.execute(
        update(teams)
        .where(teams.c.workspace_id == tx.workspace_id, teams.c.channel_id == old)
        .values(channel_id=new)
    )
