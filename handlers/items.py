"""A team's items: the playbook's with what the team did of them, and those it added itself."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from domain.checklist import STEPS, Checklist, NewItem, PlaybookItem, TeamItem
from handlers.itemconsequences import follow
from handlers.services import Services
from storage import checklist
from storage.database import Tx
from storage.teams import Team

#: So many items a team may have added or taken up; beyond it a list is no plan any more.
MOST_ITEMS = 300


class TooManyItems(Exception):  # noqa: N818 - an answer to a person
    """The team's list is full."""


async def items_of(services: Services, tx: Tx, team_id: str) -> list[TeamItem]:
    """All items of the playbook, and those the team added, by step in the order of the playbook."""
    stored = await checklist.of_team(tx, team_id)
    return merged(services.playbook.checklist, stored, team_id)


def merged(playbook: Checklist, stored: Sequence[TeamItem], team_id: str) -> list[TeamItem]:
    """The playbook's wording wins where the file changed since; what it dropped stays as stored."""
    by_ref = {item.ref: item for item in stored if item.ref is not None}
    found = [
        worded(playbook, by_ref.pop(item.id))
        if item.id in by_ref
        else _untouched(step, item, team_id)
        for step, item in playbook.items()
    ]
    found += [item for item in stored if item.ref is None or item.ref in by_ref]
    order = list(STEPS)
    return sorted(found, key=lambda item: order.index(item.step))


def _untouched(step: str, item: PlaybookItem, team_id: str) -> TeamItem:
    return TeamItem(
        item.id, None, team_id, step, item.text, item.done_when, item.owner, item.dimensions
    )


def worded(playbook: Checklist, item: TeamItem) -> TeamItem:
    """An item with the playbook's present wording, where it is one of the playbook's."""
    step, known = playbook.place(item.ref or "")
    if step is None or known is None:
        return item
    return item._replace(
        step=step,
        text=known.text,
        done_when=known.done_when,
        owner_role=known.owner,
        dimensions=known.dimensions,
    )


async def items_owned(services: Services, tx: Tx, user_id: str) -> list[TeamItem]:
    """What the person has to do still, on any team's list."""
    playbook = services.playbook.checklist
    return [worded(playbook, item) for item in await checklist.of_owner(tx, user_id)]


async def find_item(services: Services, tx: Tx, team_id: str, key: str) -> TeamItem | None:
    """An item by what buttons carry: its id, or the playbook's own."""
    stored = await checklist.get(tx, key) or await checklist.by_ref(tx, team_id, key)
    playbook = services.playbook.checklist
    if stored is not None:
        return worded(playbook, stored) if stored.team_id == team_id else None
    step, known = playbook.place(key)
    return _untouched(step, known, team_id) if step is not None and known is not None else None


async def stored_item(
    services: Services, tx: Tx, item: TeamItem, by: str, now: datetime
) -> TeamItem:
    """The item with a row to change; whoever else is about to make it finds this one."""
    if item.item_id is not None:
        return item
    new = NewItem(item.ref, item.step, item.text, item.done_when, item.owner_role, item.dimensions)
    await checklist.add(tx, item.team_id, new, by, now)
    found = await checklist.by_ref(tx, item.team_id, item.ref or "")
    assert found is not None
    return worded(services.playbook.checklist, found)


async def add_items(
    services: Services,
    tx: Tx,
    team: Team,
    new: Sequence[NewItem],
    by: str,
    now: datetime,
    *,
    once: str | None = None,
) -> list[TeamItem]:
    """Put these on the team's list; an existing ref is left as it is. Returns all as they stand.

    `once` is the id of an item without a ref, so that a form sent twice adds it once. Raises
    TooManyItems.
    """
    if await checklist.count(tx, team.team_id) + len(new) > MOST_ITEMS:
        raise TooManyItems
    found = []
    for wanted in new:
        item_id = once or uuid.uuid4().hex
        added = await checklist.add(tx, team.team_id, wanted, by, now, item_id=item_id)
        item = await _standing(tx, team.team_id, wanted.ref, item_id)
        if item is None:
            continue
        if added:
            number = await checklist.note(tx, item.key, "added", by, now, wanted.link)
            await follow(tx, team, None, item, by=by, now=now, number=number)
        found.append(worded(services.playbook.checklist, item))
    return found


async def _standing(tx: Tx, team_id: str, ref: str | None, item_id: str) -> TeamItem | None:
    if ref is not None:
        return await checklist.by_ref(tx, team_id, ref)
    return await checklist.get(tx, item_id)
