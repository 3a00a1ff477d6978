"""The pace holds across connections: slots, pauses that Slack asked for, and fair turns."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from domain.delivery import State
from domain.pace import Budget
from storage import agenda, batches, deliveries, lanes, ledger, outbox, pace, workspaces
from storage.database import Database, open_database
from storage.deliveries import Delivery
from storage.lanes import SENDING
from tests.storage.tenants import NOW, WEEK

SECOND = timedelta(seconds=1)
BUDGET = Budget(SECOND / 4, SECOND)


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The same database as another process sees it."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


async def plan(
    database: Database, workspace_id: str, recipients: list[str], planned: timedelta = -SECOND
) -> None:
    async with database.write(workspace_id) as tx:
        await workspaces.remember(tx, workspace_id, "UBOT", NOW)
        for number, recipient in enumerate(recipients):
            await deliveries.plan(
                tx,
                key=f"{recipient}:{number}:{planned}",
                kind="prompt",
                recipient=recipient,
                period=WEEK,
                due_at=NOW,
                now=NOW + planned,
            )


def people(count: int) -> list[str]:
    return [f"U{number}" for number in range(count)]


async def claim(
    database: Database, now: datetime, owner: str = "a", budget: Budget | None = BUDGET
) -> list[Delivery]:
    async with database.write_across() as connection:
        await pace.give_slots(connection, SENDING, budget, now)
        until = now + 60 * SECOND
        return await outbox.claim(connection, owner, now, until, 48, paced=budget is not None)


async def all_of(database: Database, workspace_id: str) -> list[Delivery]:
    async with database.read(workspace_id) as tx:
        return await ledger.of_recipients(tx, people(99), 999)


async def test_two_replicas_keep_one_pace(database: Database, other: Database) -> None:
    await plan(database, "T1", people(12))
    went: list[datetime] = []
    for step in range(13):
        now = NOW + step * SECOND / 4
        for claimed in await asyncio.gather(claim(database, now, "a"), claim(other, now, "b")):
            went += [now for _ in claimed]
    assert len(went) == 12
    assert all(later - sooner >= SECOND / 4 for sooner, later in pairwise(went))
    assert went[-1] - went[0] == 11 * SECOND / 4


async def test_one_place_gets_one_message_a_second(database: Database, other: Database) -> None:
    await plan(database, "T1", ["U1", "U1", "U2"])
    assert [d.recipient for d in await claim(database, NOW)] == ["U1"]
    await plan(other, "T1", ["U1"], planned=-2 * SECOND)
    went = {
        step: [d.recipient for d in await claim(other, NOW + step * SECOND / 4)]
        for step in range(1, 9)
    }
    assert {step: found for step, found in went.items() if found} == {
        2: ["U2"],
        4: ["U1"],
        8: ["U1"],
    }


async def test_a_workspace_of_thousands_does_not_delay_one_of_five(database: Database) -> None:
    for workspace_id, count in (("T1", 5000), ("T2", 5)):
        async with database.write(workspace_id) as tx:
            await workspaces.remember(tx, workspace_id, "UBOT", NOW)
            plans = [batches.Plan(f"k{u}", "prompt", u, WEEK, NOW) for u in people(count)]
            await batches.plan_all(tx, plans, NOW - SECOND)
    went: Counter[str] = Counter()
    for step in range(7):
        went.update(d.workspace_id for d in await claim(database, NOW + step * SECOND / 4))
    # The large one takes three rounds to be given its slots, and by then the small one has its own.
    assert went == {"T1": 7, "T2": 5}
    async with database.read("T1") as tx:
        last = await lanes.next_after(tx.connection, SENDING, NOW + 1249 * SECOND)
    assert last == NOW + 1249.25 * SECOND


async def goes(
    database: Database, seconds: float, since: datetime = NOW
) -> list[tuple[datetime, str]]:
    """When what went, each quarter of a second."""
    found = []
    for step in range(int(seconds * 4)):
        now = since + step * SECOND / 4
        found += [(now, delivery.recipient) for delivery in await claim(database, now)]
    return found


async def test_what_somebody_asked_for_goes_first_within_the_same_pace(database: Database) -> None:
    await plan(database, "T1", people(60))
    await claim(database, NOW)
    await plan(database, "T1", ["C1", "C2"], planned=timedelta())
    went = await goes(database, 20)
    # They change places with the two who came next.
    assert [place for _, place in (*went[:3], *went[-2:])] == ["C1", "C2", "U3", "U1", "U2"]
    assert [at - NOW for at, _ in went] == [n * SECOND / 4 for n in range(1, 62)]


async def test_a_crowd_that_asks_at_once_stands_in_line_with_the_fan_out(
    database: Database,
) -> None:
    """Invitations of hundreds are asked for, too; one person's wish still goes before them."""
    await plan(database, "T1", people(40))
    await claim(database, NOW)
    await plan(database, "T1", [f"C{n}" for n in range(60)], planned=timedelta())
    went = await goes(database, 8)
    assert [place[0] for _, place in went] == ["C"] * 20 + ["U"] * 11
    now = NOW + 8 * SECOND
    async with database.write("T1") as tx:
        await deliveries.plan(
            tx, key="wish", kind="later", recipient="U77", period=WEEK, due_at=now, now=now
        )
    rest = await goes(database, 20, now)
    assert "U77" in [place for _, place in rest[:2]]
    whole = [at for at, _ in [*went, *rest]]
    assert len(whole) == 100
    assert all(later - sooner == SECOND / 4 for sooner, later in pairwise(whole))


async def test_going_first_keeps_the_distance_in_each_place(database: Database) -> None:
    await plan(database, "T1", people(12))
    await claim(database, NOW)
    # One has just been written to, one is about to be, one is far behind.
    for place in ("U0", "U3", "U11"):
        await plan(database, "T1", [place] * (2 if place == "U11" else 1), planned=timedelta())
    went = await goes(database, 6)
    at = {place: [at for at, p in went if p == place] for place in ("U0", "U3", "U11")}
    assert at["U0"] == [NOW + SECOND]
    for times in at.values():
        assert all(later - sooner >= SECOND for sooner, later in pairwise(times))
    assert len(went) == 15
    assert at["U11"][0] <= NOW + 1.5 * SECOND
    assert len(at["U11"]) == 3


async def test_a_pause_holds_for_all_and_for_that_workspace_alone(
    database: Database, other: Database
) -> None:
    await plan(database, "T1", people(3))
    await plan(database, "T2", people(3))
    async with database.write("T1") as tx:
        await pace.hold(tx, "chat.postMessage", NOW + 30 * SECOND)
        # The shorter of two pauses changes nothing.
        await pace.hold(tx, "chat.postMessage", NOW + 10 * SECOND)
    went: Counter[str] = Counter()
    for step in range(120):
        went.update(d.workspace_id for d in await claim(other, NOW + step * SECOND / 4))
    assert went == {"T2": 3}
    for step in range(3):
        now = NOW + 30 * SECOND + step * SECOND / 4
        assert [d.workspace_id for d in await claim(database, now)] == ["T1"]


async def test_a_pause_holds_without_a_pace_too(database: Database) -> None:
    await plan(database, "T1", people(3))
    await plan(database, "T2", people(3))
    async with database.write("T1") as tx:
        await pace.hold(tx, "chat.postMessage", NOW + 30 * SECOND)
        await pace.hold(tx, "chat.update", NOW + 60 * SECOND)
    assert {d.workspace_id for d in await claim(database, NOW, budget=None)} == {"T2"}
    async with database.read_across() as connection:
        assert await lanes.next_after(connection, SENDING, NOW) == NOW + 30 * SECOND
    assert len(await claim(database, NOW + 30 * SECOND, budget=None)) == 3


async def test_what_piled_up_while_nobody_worked_does_not_go_out_at_once(
    database: Database,
) -> None:
    await plan(database, "T1", people(40))
    assert len(await claim(database, NOW)) == 1
    later = NOW + 120 * SECOND
    assert len(await claim(database, later)) == 1
    assert len(await claim(database, later + SECOND)) == 4


async def test_a_lease_that_ran_out_waits_for_its_turn_again(database: Database) -> None:
    await plan(database, "T1", people(2))
    (claimed,) = await claim(database, NOW)
    later = NOW + 60 * SECOND
    (first,) = await claim(database, later, "b")
    states = {d.delivery_id: d.state for d in await all_of(database, "T1")}
    assert sorted(states.values()) == [State.CLAIMED, State.PLANNED]
    (second,) = await claim(database, later + SECOND / 4, "b")
    assert {first.delivery_id, second.delivery_id} >= {claimed.delivery_id}


async def test_what_holds_nobody_back_is_forgotten(database: Database) -> None:
    await plan(database, "T1", people(9))
    await claim(database, NOW)
    async with database.write("T1") as tx:
        assert await pace.forget(tx.connection, NOW) == 0
        assert await pace.forget(tx.connection, NOW + 60 * SECOND) == 10


async def test_workspaces_take_turns_in_being_planned(database: Database) -> None:
    for workspace_id, count in (("T1", 60), ("T2", 5)):
        async with database.write(workspace_id) as tx:
            await workspaces.remember(tx, workspace_id, "UBOT", NOW)
            for user_id in people(count):
                await agenda.put(tx, "prompt", user_id, WEEK, NOW)
    async with database.write_across() as connection:
        due = await agenda.claim_due(connection, NOW, 10)
    assert Counter(o.workspace_id for o in due) == {"T1": 5, "T2": 5}
