"""A round that stood still for longer than its lease no longer speaks for what it had claimed, also
where another round of its own process has taken that over."""

from collections import Counter
from datetime import timedelta

import pytest

from domain.delivery import State
from storage import deliveries, ledger, workspaces
from storage.database import Database
from tests.storage.replica import WORKSPACE, Replica
from tests.storage.tenants import NOW, WEEK

#: Beyond the lease, and beyond the pause after a retry.
LATER, LATER_STILL = NOW + timedelta(seconds=61), NOW + timedelta(seconds=80)


async def one_due(database: Database) -> Replica:
    async with database.write(WORKSPACE) as tx:
        await workspaces.remember(tx, "Acme", "UBOT", NOW)
        await deliveries.plan(
            tx, key="k", kind="prompt", recipient="U1", period=WEEK, due_at=NOW, now=NOW
        )
    return Replica("a", database, Counter())


async def state_of(database: Database) -> State:
    async with database.read(WORKSPACE) as tx:
        found = await ledger.by_key(tx, "k")
    assert found is not None
    return found.state


@pytest.mark.parametrize("first_goes_on", [True, False])
async def test_two_rounds_with_one_delivery_send_it_once(
    database: Database, first_goes_on: bool
) -> None:
    replica = await one_due(database)
    first = await replica.claim(NOW, None)
    second = await replica.claim(LATER, None)
    assert [d.key for d in first.claimed] == [d.key for d in second.claimed] == ["k"]
    for one in (first, second) if first_goes_on else (second, first):
        await replica.mark(one, LATER)
        replica.call(one, "sent", LATER)
        await replica.record(one, LATER)
    assert replica.slack == {"k": 1}
    assert await state_of(database) is State.SENT


async def test_what_one_round_missed_undoes_nothing_that_a_later_one_sends(
    database: Database,
) -> None:
    replica = await one_due(database)
    first = await replica.claim(NOW, None)
    await replica.mark(first, NOW)
    # It stands still before its call; the next one looks for the message, and stands still too.
    second = await replica.claim(LATER, None)
    replica.look(second, readable=True)
    # Too late for its call, the first one would have it tried again: that is no longer its to say.
    replica.call(first, "sent", LATER)
    await replica.record(first, LATER)
    third = await replica.claim(LATER_STILL, None)
    await replica.mark(third, LATER_STILL)
    replica.call(third, "sent", LATER_STILL)
    await replica.record(second, LATER_STILL)
    after = LATER_STILL + timedelta(seconds=16)
    fourth = await replica.claim(after, None)
    await replica.mark(fourth, after)
    replica.call(fourth, "sent", after)
    for one in (third, fourth):
        await replica.record(one, after)
    assert replica.slack == {"k": 1}
    assert await state_of(database) is State.SENT
