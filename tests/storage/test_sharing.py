"""Two connections at once: each key is planned once, each row worked on by one process."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.delivery import PLANNED_ANEW, State, allowed
from domain.timesplit import Split
from storage import agenda, batches, deliveries, edits, ledger, outbox, timesplit, workspaces
from storage.database import Database, StorageUnavailableError, Tx, open_database
from storage.deliveries import Delivery
from storage.schema import metadata
from tests.storage.tenants import NOW, SPLIT, WEEK, populate

WORKSPACE = "T1"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The same database as another process sees it."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


async def plan(database: Database, key: str, *, fail: bool = False) -> str | None:
    async with database.write(WORKSPACE) as tx:
        entered = await deliveries.plan(
            tx, key=key, kind="prompt", recipient="U1", period=WEEK, due_at=NOW, now=NOW
        )
        await asyncio.sleep(0.2)
        if fail:
            raise ZeroDivisionError
    return entered


async def remember(database: Database, count: int = 0) -> None:
    async with database.write(WORKSPACE) as tx:
        await workspaces.remember(tx, "Acme", "UBOT", NOW)
        for n in range(count):
            await deliveries.plan(
                tx, key=f"k{n}", kind="prompt", recipient=f"U{n}", period=WEEK, due_at=NOW, now=NOW
            )
            await agenda.put(tx, "prompt", f"U{n}", WEEK, NOW)


async def all_of(database: Database) -> list[Delivery]:
    async with database.read(WORKSPACE) as tx:
        return await ledger.of_recipients(tx, [f"U{n}" for n in range(20)], 100)


async def test_a_key_is_planned_once(database: Database, other: Database) -> None:
    await remember(database)
    entered = await asyncio.gather(*(plan(d, "prompt:U1") for d in (database, other)))
    assert len([found for found in entered if found is not None]) == 1
    assert len(await all_of(database)) == 1


async def test_a_key_whose_planning_failed_is_free_again(
    database: Database, other: Database
) -> None:
    await remember(database)
    failed, entered = await asyncio.gather(
        plan(database, "prompt:U1", fail=True), plan(other, "prompt:U1"), return_exceptions=True
    )
    assert isinstance(failed, ZeroDivisionError)
    assert isinstance(entered, str)
    assert [d.delivery_id for d in await all_of(database)] == [entered]


async def claim(
    database: Database, owner: str, *, seconds: float = 0.2, fail: bool = False
) -> list[str]:
    async with database.write_across() as connection:
        found = await outbox.claim(connection, owner, NOW, NOW + MINUTE, limit=4)
        await asyncio.sleep(seconds)
        if fail:
            raise ZeroDivisionError
    return [delivery.key for delivery in found]


async def test_two_replicas_claim_different_rows(database: Database, other: Database) -> None:
    await remember(database, count=6)
    first, second = await asyncio.gather(claim(database, "a"), claim(other, "b"))
    assert {len(first), len(second)} == {4, 2}
    assert not set(first) & set(second)
    assert await claim(database, "c") == []


@pytest.mark.postgres
async def test_two_replicas_plan_different_occurrences(postgres_url: str) -> None:
    one, two = open_database(postgres_url), open_database(postgres_url)
    try:
        await remember(one, count=6)
        async with one.write_across() as first, two.write_across() as second:
            mine = await agenda.claim_due(first, NOW, 4)
            yours = await agenda.claim_due(second, NOW, 4)
        assert (len(mine), len(yours)) == (4, 2)
        assert not {o.subject for o in mine} & {o.subject for o in yours}
    finally:
        await one.close()
        await two.close()


async def test_a_claim_that_is_rolled_back_is_nobodys(database: Database) -> None:
    await remember(database, count=1)
    with pytest.raises(ZeroDivisionError):
        await claim(database, "a", fail=True)
    assert await claim(database, "b") == ["k0"]


async def test_a_transaction_that_takes_too_long_leaves_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await remember(database, count=1)
    monkeypatch.setattr("storage.database.STATEMENT_SECONDS", 0.5)
    with pytest.raises(StorageUnavailableError):
        await claim(database, "a", seconds=5)
    monkeypatch.undo()
    assert await claim(database, "b") == ["k0"]


async def test_only_the_holder_of_a_lease_marks_and_records(database: Database) -> None:
    await remember(database, count=1)
    await claim(database, "a")
    (row,) = await all_of(database)
    until = NOW + 2 * MINUTE
    async with database.write_across() as connection:
        ids = [row.delivery_id]
        assert not await outbox.mark_sending(connection, "b", ids, NOW, until)
        # A lease that has run out is nobody's, even before another has taken the row over.
        assert not await outbox.mark_sending(connection, "a", ids, NOW + MINUTE, until)
        assert await outbox.mark_sending(connection, "a", ids, NOW, until) == set(ids)
        assert not await outbox.mark_sending(connection, "a", ids, NOW, until)
    (row,) = await all_of(database)
    assert (row.state, row.attempts, row.work_at) == (State.SENDING, 1, until)
    async with database.write_across() as connection:
        (taken,) = await outbox.claim(connection, "b", until, until + MINUTE, 4)
        assert taken.state is State.SENDING
        late = await deliveries.settle(connection, row, State.SENT, until, ts="1", holder="a")
        assert not late
        tx, arrived = Tx(connection, WORKSPACE), [batches.Arrived(row, "D1", "1")]
        assert await batches.settle_sent(tx, arrived, until) == set()
        assert await deliveries.settle(connection, row, State.SENT, until, ts="2", holder="b")
    (row,) = await all_of(database)
    assert (row.state, row.ts, row.work_at) == (State.SENT, "2", None)


async def test_a_mark_lengthens_a_lease_that_would_not_last(database: Database) -> None:
    await remember(database, count=2)
    assert await claim(database, "a") == ["k0", "k1"]
    lasting, short = await all_of(database)
    second = timedelta(seconds=1)
    async with database.write_across() as connection:
        for row, until in ((lasting, NOW + MINUTE - second), (short, NOW + MINUTE + second)):
            ids = [row.delivery_id]
            assert await outbox.mark_sending(connection, "a", ids, NOW, until) == set(ids)
    leases = {row.key: row.work_at for row in await all_of(database)}
    assert leases == {lasting.key: NOW + MINUTE, short.key: NOW + MINUTE + second}
    for now, free in (
        (NOW + MINUTE - second, []),
        (NOW + MINUTE, [lasting.key]),
        (NOW + MINUTE + second, [short.key]),
    ):
        async with database.write_across() as connection:
            found = await outbox.claim(connection, "b", now, now + MINUTE, limit=4)
        assert [row.key for row in found] == free


@pytest.mark.postgres
async def test_a_mark_touches_no_index_where_the_lease_lasts(postgres_url: str) -> None:
    opened = open_database(postgres_url)
    try:
        await remember(opened, count=1)
        await claim(opened, "a")
        (row,) = await all_of(opened)
        ids, updated = [row.delivery_id], "pg_stat_get_xact_tuples_hot_updated"
        async with opened.write_across() as connection:
            assert await outbox.mark_sending(connection, "a", ids, NOW, NOW + MINUTE / 2)
            seen = await connection.exec_driver_sql(f"SELECT {updated}('deliveries'::regclass)")
            assert seen.scalar_one() == 1
    finally:
        await opened.close()


async def test_a_state_is_written_only_where_it_may_follow(database: Database) -> None:
    await remember(database, count=1)
    (row,) = await all_of(database)
    for was, then in itertools.product(State, State):
        with contextlib.suppress(ZeroDivisionError):
            async with database.write(WORKSPACE) as tx:
                table = metadata.tables["deliveries"]
                await tx.connection.execute(table.update().values(state=was, lease_owner="a"))
                arrived = [batches.Arrived(row._replace(lease_owner="a"), "D1", "1.2")]
                written = (
                    await batches.settle_sent(tx, arrived, NOW)
                    if then is State.SENT
                    else await deliveries.settle(tx.connection, row, then, NOW)
                )
                anew = then is State.PLANNED and was in PLANNED_ANEW
                # A claim is handed back by other means.
                may = then in allowed(was) and then is not State.PLANNED
                assert bool(written) is (anew or may), (was, then)
                raise ZeroDivisionError


async def test_of_two_decisions_at_once_one_counts(database: Database, other: Database) -> None:
    await remember(database, count=1)
    async with database.write_across() as connection:
        await connection.execute(metadata.tables["deliveries"].update().values(state="unknown"))
    (row,) = await all_of(database)

    async def decide(where: Database, state: State) -> bool:
        async with where.write(WORKSPACE) as tx:
            done = await deliveries.settle(tx.connection, row, state, NOW)
            await asyncio.sleep(0.2)
        return done

    decided = await asyncio.gather(decide(database, State.SENT), decide(other, State.RETRY))
    assert sorted(decided) == [False, True]


async def test_what_is_released_is_there_for_the_next(database: Database) -> None:
    await remember(database, count=3)
    await claim(database, outbox.lease_of("a", 12))
    async with database.write_across() as connection:
        assert await outbox.release(connection, "b", NOW) == 0
        assert await outbox.release(connection, "a", NOW) == 3
    assert len(await claim(database, "b")) == 3


async def test_a_paused_workspace_is_left_alone(database: Database) -> None:
    await remember(database, count=1)
    async with database.write(WORKSPACE) as tx:
        await workspaces.pause(tx, "token_revoked")
    assert await claim(database, "a") == []
    async with database.write_across() as connection:
        assert await agenda.claim_due(connection, NOW, 4) == []
        assert await edits.claim_edits(connection, NOW, NOW + MINUTE, 4) == []
    await remember(database)
    assert await claim(database, "a") == ["k0"]


async def test_an_edit_wanted_meanwhile_is_not_forgotten(database: Database) -> None:
    async with database.write(WORKSPACE) as tx:
        await populate(tx)
        await edits.want_prompts_edited(tx, "U1", NOW, period=WEEK)
    async with database.write_across() as connection:
        (claimed,) = await edits.claim_edits(connection, NOW, NOW + MINUTE, 4)
    async with database.write(WORKSPACE) as tx:
        await edits.want_prompts_edited(tx, "U1", NOW + MINUTE / 2, period=WEEK)
        await edits.edited(tx.connection, claimed, NOW + MINUTE, None)
    async with database.write_across() as connection:
        again = await edits.claim_edits(connection, NOW + MINUTE, NOW + 2 * MINUTE, 4)
        assert [d.delivery_id for d in again] == [claimed.delivery_id]
        await edits.edited(connection, claimed, NOW + 2 * MINUTE, None)
        assert await edits.claim_edits(connection, NOW + 9 * MINUTE, NOW, 4) == []


async def test_two_answers_to_one_week_leave_one(database: Database, other: Database) -> None:
    await remember(database)

    async def answer(which: Database) -> None:
        async with which.write(WORKSPACE) as tx:
            await timesplit.record(tx, "U1", WEEK, SPLIT, reason=None, source="test", now=NOW)
            await asyncio.sleep(0.1)

    done = await asyncio.gather(*(answer(d) for d in (database, other)), return_exceptions=True)
    assert None in done
    async with database.read(WORKSPACE) as tx:
        (log,) = await timesplit.of_people(tx, ["U1"], WEEK, WEEK)
    assert log.split == SPLIT


async def test_readers_go_on_beside_a_writer(database: Database) -> None:
    await remember(database, count=1)
    async with database.write(WORKSPACE) as tx:
        await workspaces.pause(tx, "writing")
        async with database.read(WORKSPACE) as beside:
            found = await workspaces.get(beside)
    assert found is not None
    assert found.paused_reason is None


async def test_a_locked_file_is_said_to_be_unavailable(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = open_database(sqlite_url), open_database(sqlite_url)
    try:
        await remember(one)
        async with one.write_across():
            monkeypatch.setattr("storage.database.STATEMENT_SECONDS", 0.5)
            with pytest.raises(StorageUnavailableError):
                await remember(two)
        monkeypatch.undo()
        await remember(two)
    finally:
        await one.close()
        await two.close()


async def test_two_first_logs_of_a_week_leave_one_of_them_whole(
    database: Database, other: Database
) -> None:
    await remember(database)
    mine, theirs = Split({"tools": 10_000}), Split({"strategy": 6_000, "people": 4_000})

    async def log(where: Database, split: Split) -> None:
        async with where.write(WORKSPACE) as tx:
            await timesplit.record(tx, "U1", WEEK, split, reason=None, source="form", now=NOW)
            await asyncio.sleep(0.1)

    await asyncio.gather(log(database, mine), log(other, theirs))
    async with database.read(WORKSPACE) as tx:
        stored = await timesplit.get(tx, "U1", WEEK)
    assert stored is not None
    assert stored.split in (mine, theirs)
