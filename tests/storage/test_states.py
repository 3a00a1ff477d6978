"""Whatever replicas, crashes, leases and people do to a delivery, in any order: it is sent once.

The storage functions on a real file, two replicas in turn, and a Slack that keeps what it was sent.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import create_engine, select

from domain.delivery import State, allowed
from domain.pace import Budget
from storage import batches, deliveries, outbox, workspaces
from storage.database import Tx, open_database
from storage.deliveries import COLUMNS, Delivery, fetch
from storage.lanes import SENDING
from storage.pace import give_slots
from storage.schema import delivery_events, metadata
from tests.storage.tenants import NOW, WEEK

WORKSPACE = "T1"
LEASE = timedelta(seconds=60)
#: As long as a call may take: what is left of a lease must cover it.
CALL = timedelta(seconds=20)
UNCERTAIN = (State.SENDING, State.UNKNOWN)
OVER = (State.SKIPPED, State.FAILED, State.EXPIRED)
REPLICAS = st.sampled_from("ab")
DEPTHS = st.sampled_from([3, 2, 1, 0])
ANSWERS = st.sampled_from(["sent", "lost", "dropped", "busy", "refused"])
READABLE = st.sampled_from([True, True, False])


@cache
def _empty() -> bytes:
    """A database's file with all tables and no rows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = create_engine(f"sqlite:///{file}")
        metadata.create_all(engine)
        engine.dispose()
        return file.read_bytes()


@dataclass
class Replica:
    """What one process has in its memory, and loses when it is killed."""

    claimed: list[Delivery] = field(default_factory=list)
    uncertain: list[Delivery] = field(default_factory=list)
    marked: list[tuple[Delivery, Any]] = field(default_factory=list)
    results: list[tuple[Delivery, str]] = field(default_factory=list)


class Deliveries(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "states.db"
        file.write_bytes(_empty())
        self.database = open_database(f"sqlite:///{file}")
        self.now = NOW
        self.replicas = {"a": Replica(), "b": Replica()}
        self.slack: Counter[str] = Counter()
        self.before: dict[str, State] = {}
        self.wanted_again: set[str] = set()

    def run(self, work: Awaitable[Any]) -> Any:
        async def waited() -> Any:
            return await work

        return self.runner.run(waited())

    def teardown(self) -> None:
        try:
            if self.before:
                self.all_ends_well()
        finally:
            self.run(self.database.close())
            self.runner.close()
            self.folder.cleanup()

    @initialize(per_second=st.sampled_from([None, 0.5, 4]), count=st.integers(1, 2))
    def begin(self, per_second: float | None, count: int) -> None:
        self.budget = Budget(timedelta(seconds=1 / per_second)) if per_second else None
        self.run(self._begin(count))

    async def _begin(self, count: int) -> None:
        async with self.database.write(WORKSPACE) as tx:
            await workspaces.remember(tx, "Acme", "UBOT", NOW)
            for number in range(count):
                await deliveries.plan(
                    tx,
                    key=f"k{number}",
                    kind="prompt",
                    recipient=f"U{number}",
                    period=WEEK,
                    due_at=NOW,
                    now=NOW,
                )

    @rule(seconds=st.sampled_from([61, 16, 0.3]))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(name=REPLICAS, depth=DEPTHS, answer=ANSWERS, readable=READABLE)
    def work(self, name: str, depth: int, answer: str, readable: bool) -> None:
        """A round, as far as it gets before the process stands still."""
        self.claim(name)
        self.go_on(name, depth, answer, readable)

    @rule(name=REPLICAS, depth=DEPTHS, answer=ANSWERS, readable=READABLE)
    def go_on(self, name: str, depth: int, answer: str, readable: bool) -> None:
        """With what was begun, however long ago that was."""
        if depth >= 1:
            self.look(name, readable)
            self.mark(name)
            self.nothing_is_sent_twice_or_lost()
        if depth >= 2:
            self.call(name, answer)
        if depth >= 3:
            self.record(name)
            self.nothing_is_sent_twice_or_lost()

    @rule(
        name=REPLICAS,
        depth=st.integers(0, 2),
        answer=ANSWERS,
        readable=READABLE,
        rounds=st.integers(1, 3),
    )
    def stand_still(self, name: str, depth: int, answer: str, readable: bool, rounds: int) -> None:
        """For longer than its lease, while the other one works; then it goes on regardless."""
        self.work(name, depth, answer, readable)
        for _ in range(rounds):
            self.time_passes(61)
            self.work("b" if name == "a" else "a", 3, "sent", readable)
        self.go_on(name, 3, answer, readable)

    def claim(self, name: str) -> None:
        self.run(self._claim(name))
        self.nothing_is_sent_twice_or_lost()

    async def _claim(self, name: str) -> None:
        replica = self.replicas[name]
        async with self.database.write_across() as connection:
            await give_slots(connection, SENDING, self.budget, self.now)
            found = await outbox.claim(
                connection, name, self.now, self.now + LEASE, 2, paced=self.budget is not None
            )
        replica.uncertain += [d for d in found if d.state in UNCERTAIN]
        replica.claimed += [d for d in found if d.state not in UNCERTAIN]

    def mark(self, name: str) -> None:
        replica = self.replicas[name]
        claimed, replica.claimed = replica.claimed, []
        replica.marked += self.run(self._mark(name, claimed))

    async def _mark(self, name: str, claimed: list[Delivery]) -> list[tuple[Delivery, Any]]:
        until = self.now + LEASE
        async with self.database.write_across() as connection:
            ids = [delivery.delivery_id for delivery in claimed]
            ours = await outbox.mark_sending(connection, name, ids, self.now, until)
        return [(delivery, until) for delivery in claimed if delivery.delivery_id in ours]

    def call(self, name: str, answer: str) -> None:
        """Slack takes the message (sent; lost: but its answer never comes), or does not."""
        replica = self.replicas[name]
        marked, replica.marked = replica.marked, []
        for delivery, until in marked:
            if self.now > until - CALL:
                replica.results.append((delivery, "busy"))
                continue
            if answer in ("sent", "lost"):
                self.slack[delivery.key] += 1
            replica.results.append((delivery, answer))

    def record(self, name: str) -> None:
        replica = self.replicas[name]
        results, replica.results = replica.results, []
        self.run(self._record(name, results))

    async def _record(self, name: str, results: list[tuple[Delivery, str]]) -> None:
        async with self.database.write(WORKSPACE) as tx:
            sent = [batches.Arrived(d, "D1", "1.2") for d, answer in results if answer == "sent"]
            await batches.settle_sent(tx, name, sent, self.now)
            for delivery, answer in results:
                if answer == "busy":
                    await self._settle(tx, name, delivery, State.RETRY, 15)
                elif answer == "refused":
                    await self._settle(tx, name, delivery, State.FAILED, None)
                elif answer in ("lost", "dropped"):
                    await self._settle(tx, name, delivery, State.UNKNOWN, 5)

    async def _settle(
        self, tx: Tx, name: str | None, delivery: Delivery, state: State, seconds: float | None
    ) -> None:
        again = None if seconds is None else self.now + timedelta(seconds=seconds)
        await deliveries.settle(
            tx.connection, delivery, state, self.now, reason="test", work_at=again, holder=name
        )

    def look(self, name: str, readable: bool) -> None:
        """Settle what may have been sent by Slack's history; unreadable: a lead is asked."""
        replica = self.replicas[name]
        uncertain, replica.uncertain = replica.uncertain, []
        self.run(self._look(name, uncertain, readable))

    async def _look(self, name: str, uncertain: list[Delivery], readable: bool) -> None:
        async with self.database.write(WORKSPACE) as tx:
            for delivery in uncertain:
                if not readable:
                    await self._settle(tx, name, delivery, State.UNKNOWN, None)
                elif self.slack[delivery.key]:
                    found = [batches.Arrived(delivery, "D1", "1.2")]
                    await batches.settle_sent(tx, name, found, self.now)
                else:
                    await self._settle(tx, name, delivery, State.RETRY, 15)

    @rule(name=REPLICAS, number=st.integers(0, 1), which=st.integers(0, 4))
    def something_else(self, name: str, number: int, which: int) -> None:
        """What happens less often."""
        if which == 0:
            self.release(name)
        elif which == 1:
            self.renew(name)
        elif which == 2:
            self.cancel(number)
        elif which == 3:
            self.ask_again(number)
        else:
            self.a_lead_decides()

    def a_lead_decides(self) -> None:
        """Rightly, by what is to be seen in Slack."""
        self.run(self._decide())
        self.nothing_is_sent_twice_or_lost()

    async def _decide(self) -> None:
        async with self.database.write(WORKSPACE) as tx:
            for delivery in await self._rows():
                if delivery.state is State.UNKNOWN and delivery.work_at is None:
                    arrived = self.slack[delivery.key]
                    state, wait = (State.SENT, None) if arrived else (State.RETRY, 0)
                    await self._settle(tx, None, delivery, state, wait)

    def renew(self, name: str) -> None:
        self.run(self._renew(name))

    async def _renew(self, name: str) -> None:
        replica = self.replicas[name]
        held = [*replica.claimed, *replica.uncertain, *(d for d, _ in replica.marked)]
        held += [delivery for delivery, _ in replica.results]
        ids = [delivery.delivery_id for delivery in held]
        async with self.database.write_across() as connection:
            await outbox.renew(connection, name, ids, self.now, self.now + LEASE)

    @rule(name=REPLICAS)
    def crash(self, name: str) -> None:
        self.replicas[name] = Replica()

    def release(self, name: str) -> None:
        """An orderly end: what is in flight was recorded, the rest is given back."""
        self.record(name)
        self.nothing_is_sent_twice_or_lost()
        self.replicas[name] = Replica()
        self.run(self._release(name))

    async def _release(self, name: str) -> None:
        async with self.database.write_across() as connection:
            await outbox.release(connection, name, self.now)

    def cancel(self, number: int) -> None:
        self.run(self._cancel(f"U{number}"))

    async def _cancel(self, user: str) -> None:
        async with self.database.write(WORKSPACE) as tx:
            await deliveries.cancel(tx, user, ("prompt",), WEEK, "own_reminder", self.now)

    def ask_again(self, number: int) -> None:
        self.run(self._ask_again(f"k{number}"))

    async def _ask_again(self, key: str) -> None:
        async with self.database.write(WORKSPACE) as tx:
            found = await deliveries.by_key(tx, key)
            if found is not None and await deliveries.plan_again(tx, found, self.now):
                self.wanted_again.add(key)

    async def _rows(self) -> list[Delivery]:
        async with self.database.read_across() as connection:
            return await fetch(connection, select(*COLUMNS))

    @invariant()
    @precondition(lambda self: hasattr(self, "budget"))
    def nothing_is_sent_twice_or_lost(self) -> None:
        assert set(self.slack.values()) <= {1}
        for delivery in self.run(self._rows()):
            was, state = self.before.get(delivery.key, State.PLANNED), delivery.state
            revived = delivery.key in self.wanted_again and was in OVER
            assert state is was or state in allowed(was) or revived, (was, state)
            if state is State.SENT:
                assert self.slack[delivery.key] == 1
            elif state in OVER:
                assert self.slack[delivery.key] == 0
            else:
                # Somebody will look at it again; or a lead was asked.
                assert delivery.work_at is not None or state is State.UNKNOWN
            self.before[delivery.key] = state
        self.wanted_again.clear()

    def all_ends_well(self) -> None:
        """One healthy replica is enough, once the leases of the others are over."""
        self.replicas = {"a": Replica(), "b": Replica()}
        for _ in range(8):
            self.time_passes(61)
            for _ in range(2):
                self.claim("a")
                self.go_on("a", 3, "sent", readable=True)
                self.time_passes(2)
            self.a_lead_decides()
        rows = self.run(self._rows())
        assert {row.state for row in rows} <= {State.SENT, State.SKIPPED, State.FAILED}
        for row in rows:
            assert self.slack[row.key] == (row.state is State.SENT)
        assert self.run(self._histories()) == {row.key: str(row.state) for row in rows}

    async def _histories(self) -> dict[str, str]:
        """By key, the last state that the ledger's history knows."""
        rows = await self._rows()
        keys = {row.delivery_id: row.key for row in rows}
        async with self.database.read_across() as connection:
            noted = await connection.execute(
                select(delivery_events).order_by(delivery_events.c.event_id)
            )
            return {keys[row.delivery_id]: str(row.state) for row in noted}


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(
    max_examples=60,
    stateful_step_count=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
