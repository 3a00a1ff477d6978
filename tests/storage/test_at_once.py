"""Decisions and quiz answers that come at the same moment: each counts, and counts once."""

import asyncio

from storage import decisions, learning
from storage.database import Database
from tests.storage.tenants import NOW, PERSON, TEAM, populate

OURS = "T1"


async def test_decisions_made_at_once_get_a_number_each(database: Database) -> None:
    async with database.write(OURS) as tx:
        await populate(tx)

    async def add(decision_id: str) -> int:
        async with database.write(OURS) as tx:
            made = await decisions.add(
                tx, TEAM, decision_id, what="x", owner=None, due_on=None, by=PERSON, now=NOW
            )
        return made.number

    # Two there are already; one of these is sent twice.
    ids = ["a", "b", "c", "d", "d"]
    numbers = await asyncio.gather(*(add(decision_id) for decision_id in ids))
    assert sorted(set(numbers)) == [3, 4, 5, 6]
    assert numbers[3] == numbers[4]


async def test_one_of_two_closes_and_one_answer_counts(database: Database) -> None:
    async with database.write(OURS) as tx:
        await populate(tx)

    async def close() -> bool:
        async with database.write(OURS) as tx:
            return await decisions.close(tx, "d1", "done", NOW)

    async def answer(chosen: int) -> bool:
        async with database.write(OURS) as tx:
            return await learning.answer(tx, PERSON, "r2", 0, chosen, is_right=True, now=NOW)

    assert sorted(await asyncio.gather(close(), close())) == [False, True]
    assert sorted(await asyncio.gather(answer(1), answer(2))) == [False, True]
    async with database.read(OURS) as tx:
        run = await learning.open_run(tx, PERSON)
    assert run is not None
    assert (len(run.answers), run.right_answers) == (1, 1)
