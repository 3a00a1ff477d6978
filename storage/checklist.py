"""A team's checklist: what somebody took up of it, and every change with who made it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update

from domain.checklist import UNFINISHED, NewItem, State, TeamItem
from domain.periods import Period
from storage import edits
from storage.aboutteams import AboutTeams, workspace
from storage.database import Tx
from storage.schema import checklist_items, deliveries, item_events

#: More than any list has; own items are refused well before.
MOST_ROWS = 500

_item = checklist_items.c
_COLUMNS = tuple(_item[name] for name in TeamItem._fields)
#: Their place among the columns: they are stored as a list.
_DIMENSIONS = TeamItem._fields.index("dimensions")


@dataclass(frozen=True)
class ItemEvent:
    """One change of an item: taken, assigned, due, started, confirmed, blocked, done, …"""

    event_id: int
    item_id: str
    ref: str | None
    at: datetime
    by: str | None
    change: str
    note: str


def _team_item(row: Any) -> TeamItem:
    values = [*row]
    values[_DIMENSIONS] = tuple(values[_DIMENSIONS])
    return TeamItem(*values)


async def _items(tx: Tx, *conditions: Any) -> list[TeamItem]:
    rows = await tx.connection.execute(
        select(*_COLUMNS)
        .where(_item.workspace_id == tx.workspace_id, *conditions)
        .order_by(_item.created_at, _item.item_id)
        .limit(MOST_ROWS)
    )
    return [_team_item(row) for row in rows]


_OF_TEAMS = AboutTeams(
    lambda among: (
        select(*_COLUMNS)
        .where(_item.workspace_id == workspace, among(_item.team_id))
        .order_by(_item.created_at, _item.item_id)
        .limit(bindparam("most"))
    )
)


async def of_team(tx: Tx, team_id: str) -> list[TeamItem]:
    """What is stored of the team's list, oldest first; untouched items of the playbook are not."""
    return (await of_teams(tx, [team_id]))[team_id]


async def of_teams(tx: Tx, team_ids: Collection[str]) -> dict[str, list[TeamItem]]:
    """The same for several teams, in one statement."""
    return await _OF_TEAMS.by_team(tx, team_ids, _team_item, most=MOST_ROWS * len(team_ids))


async def of_owner(
    tx: Tx, user_id: str, states: Collection[State] = UNFINISHED, since: datetime | None = None
) -> list[TeamItem]:
    """The person's items in any team that are in one of these states, or came into theirs since."""
    wanted: ColumnElement[bool] = _item.state.in_(states)
    if since is not None:
        wanted = wanted | (_item.state_since >= since)
    return await _items(tx, _item.owner == user_id, wanted)


async def get(tx: Tx, item_id: str) -> TeamItem | None:
    found = await _items(tx, _item.item_id == item_id)
    return found[0] if found else None


async def by_ref(tx: Tx, team_id: str, ref: str) -> TeamItem | None:
    found = await _items(tx, _item.team_id == team_id, _item.ref == ref)
    return found[0] if found else None


async def count(tx: Tx, team_id: str) -> int:
    """How many items are stored for the team."""
    found = await tx.connection.execute(
        select(func.count())
        .select_from(checklist_items)
        .where(_item.workspace_id == tx.workspace_id, _item.team_id == team_id)
    )
    return int(found.scalar_one())


async def add(
    tx: Tx, team_id: str, new: NewItem, by: str, now: datetime, *, item_id: str | None = None
) -> bool:
    """Store an item; False where its ref, or else the given id, stands there already."""
    values = {
        "workspace_id": tx.workspace_id,
        "item_id": item_id or uuid.uuid4().hex,
        "team_id": team_id,
        "ref": new.ref,
        "step": new.step,
        "text": new.text,
        "done_when": new.done_when,
        "owner_role": new.owner_role,
        "dimensions": list(new.dimensions),
        "state": "open",
        "owner": new.owner,
        "due_on": new.due_on,
        "link": new.link,
        "created_by": by,
        "created_at": now,
        "state_since": now,
    }
    keys = ["team_id", "ref"] if new.ref is not None else ["item_id"]
    return await tx.insert_once(checklist_items, values, ["workspace_id", *keys])


async def change(
    tx: Tx,
    item_id: str,
    *,
    states: Collection[State],
    values: dict[str, Any],
    owner: str | None = "*",
) -> bool:
    """Set columns of an item that is in one of these states; False where it no longer is.

    With an `owner` (None: nobody) only while the item is theirs.
    """
    where: list[ColumnElement[bool]] = [
        _item.workspace_id == tx.workspace_id,
        _item.item_id == item_id,
        _item.state.in_(states),
    ]
    if owner != "*":
        where.append(_item.owner == owner)
    done = await tx.connection.execute(update(checklist_items).where(*where).values(**values))
    return done.rowcount == 1


async def note(
    tx: Tx, item_id: str, change: str, by: str | None, now: datetime, text: str = ""
) -> int:
    """Record a change; its number, which rises with each one."""
    made = await tx.connection.execute(
        insert(item_events)
        .values(
            workspace_id=tx.workspace_id,
            item_id=item_id,
            at=now,
            by=by,
            change=change,
            note=text[:500],
        )
        .returning(item_events.c.event_id)
    )
    return int(made.scalar_one())


async def events_of(tx: Tx, item_id: str, limit: int = 10) -> list[ItemEvent]:
    """An item's last changes, newest first."""
    return await _events(tx, limit, item_events.c.item_id == item_id)


async def events_since(tx: Tx, team_id: str, since: datetime) -> list[ItemEvent]:
    """What changed on the team's list at or after `since`, newest first."""
    return await _events(tx, 5_000, _item.team_id == team_id, item_events.c.at >= since)


async def _events(tx: Tx, limit: int, *conditions: Any) -> list[ItemEvent]:
    e = item_events.c
    rows = await tx.connection.execute(
        select(e.event_id, e.item_id, _item.ref, e.at, e.by, e.change, e.note)
        .join(
            checklist_items,
            (_item.workspace_id == e.workspace_id) & (_item.item_id == e.item_id),
        )
        .where(e.workspace_id == tx.workspace_id, *conditions)
        .order_by(e.event_id.desc())
        .limit(limit)
    )
    return [ItemEvent(**row._mapping) for row in rows]


async def outdate_messages(tx: Tx, item: TeamItem, owners: Collection[str], at: datetime) -> int:
    """What was sent of late about this item no longer says what is so; how many messages."""
    since = str(Period.containing(at.date()).shift(-1))
    lists = (deliveries.c.kind == "items") & (deliveries.c.period >= since)
    news = (deliveries.c.kind == "assigned") & (deliveries.c.note == item.item_id)
    stuck = (deliveries.c.kind == "stuck") & (deliveries.c.team_id == item.team_id)
    found = 0
    if owners:
        told = deliveries.c.recipient.in_(owners)
        found += await edits.want_edit(tx, told, news | lists, at=at)
    return found + await edits.want_edit(tx, stuck, deliveries.c.period >= since, at=at)
