"""Items on both databases: made once, changed only as they were seen, every change on record."""

import asyncio
from dataclasses import replace

from domain.checklist import UNFINISHED, NewItem
from storage import checklist
from storage.database import Database
from tests.storage.tenants import ITEM, NOW, PERSON, TEAM, populate

E9 = NewItem("E9", "execute", "Once", dimensions=("tools",), owner=None)


async def made(database: Database) -> None:
    async with database.write("T1") as tx:
        await populate(tx)


async def test_an_item_comes_back_as_it_was_stored(database: Database) -> None:
    await made(database)
    async with database.write("T1") as tx:
        assert await checklist.add(tx, TEAM, replace(E9, due_on=NOW.date()), PERSON, NOW)
        found = await checklist.by_ref(tx, TEAM, "E9")
    assert found is not None
    assert (found.text, found.dimensions, found.due_on) == ("Once", ("tools",), NOW.date())
    assert (found.state, found.state_since, found.created_by) == ("open", NOW, PERSON)


async def test_one_ref_is_on_a_list_once_however_many_add_it(database: Database) -> None:
    await made(database)

    async def add() -> bool:
        async with database.write("T1") as tx:
            return await checklist.add(tx, TEAM, E9, PERSON, NOW)

    assert sorted(await asyncio.gather(*(add() for _ in range(4)))) == [False, False, False, True]
    async with database.write("T1") as tx:
        # Items without a ref may say the same; an id is given once.
        own = NewItem(None, "plan", "Own")
        assert await checklist.add(tx, TEAM, own, PERSON, NOW, item_id="x")
        assert not await checklist.add(tx, TEAM, own, PERSON, NOW, item_id="x")
        assert await checklist.add(tx, TEAM, own, PERSON, NOW)
        assert await checklist.count(tx, TEAM) == 5


async def test_of_many_who_take_it_at_once_one_has_it(database: Database) -> None:
    await made(database)
    async with database.write("T1") as tx:
        await checklist.add(tx, TEAM, E9, PERSON, NOW, item_id="free")

    async def take(user_id: str) -> bool:
        async with database.write("T1") as tx:
            return await checklist.change(
                tx, "free", states=UNFINISHED, values={"owner": user_id}, owner=None
            )

    won = await asyncio.gather(*(take(f"U{n}") for n in range(4)))
    assert sorted(won) == [False, False, False, True]
    async with database.read("T1") as tx:
        found = await checklist.get(tx, "free")
    assert found is not None
    assert found.owner == f"U{won.index(True)}"


async def test_what_is_over_is_not_changed_as_if_it_were_not(database: Database) -> None:
    await made(database)
    async with database.write("T1") as tx:
        changed = await checklist.change(tx, "over", states=UNFINISHED, values={"state": "blocked"})
        assert not changed
        done = [i.item_id for i in await checklist.of_team(tx, TEAM) if i.state == "done"]
        assert done == ["over"]


async def test_changes_are_numbered_and_listed_newest_first(database: Database) -> None:
    await made(database)
    async with database.write("T1") as tx:
        first = await checklist.note(tx, ITEM, "taken", PERSON, NOW)
        second = await checklist.note(tx, ITEM, "blocked", PERSON, NOW, "x" * 900)
        assert second > first
        found = await checklist.events_of(tx, ITEM, 2)
        assert [(e.event_id, e.change, e.ref) for e in found] == [
            (second, "blocked", "E2"),
            (first, "taken", "E2"),
        ]
        assert len(found[0].note) == 500
        assert len(await checklist.events_since(tx, TEAM, NOW)) == 3
