"""Whatever replicas, crashes, leases and people do to a delivery, in any order: it is sent once.

The storage functions on a real file, two replicas in turn, and a Slack that keeps what it was sent.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
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
from storage import deliveries, ledger, workspaces
from storage.database import open_database
from storage.deliveries import COLUMNS, Delivery, fetch
from storage.schema import delivery_events, metadata
from tests.storage.replica import WORKSPACE, Answer, Replica, Round, settle
from tests.storage.tenants import NOW, WEEK

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


class Deliveries(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "states.db"
        file.write_bytes(_empty())
        self.database = open_database(f"sqlite:///{file}")
        self.now = NOW
        self.slack: Counter[str] = Counter()
        self.processes = count(1)
        self.replicas = {name: self.new_process() for name in "ab"}
        self.before: dict[str, State] = {}
        self.wanted_again: set[str] = set()

    def new_process(self) -> Replica:
        return Replica(f"p{next(self.processes)}", self.database, self.slack)

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

    @initialize(per_second=st.sampled_from([None, 0.5, 4]), many=st.integers(1, 2))
    def begin(self, per_second: float | None, many: int) -> None:
        self.budget = Budget(timedelta(seconds=1 / per_second)) if per_second else None
        self.run(self._begin(many))

    async def _begin(self, many: int) -> None:
        async with self.database.write(WORKSPACE) as tx:
            await workspaces.remember(tx, "Acme", "UBOT", NOW)
            for number in range(many):
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
    def work(self, name: str, depth: int, answer: Answer, readable: bool) -> None:
        """A round, as far as it gets before the process stands still."""
        self.round(name, depth, answer, readable)

    def round(self, name: str, depth: int, answer: Answer, readable: bool) -> Round:
        begun: Round = self.run(self.replicas[name].claim(self.now, self.budget))
        self.nothing_is_sent_twice_or_lost()
        self.carry_on(name, begun, depth, answer, readable)
        return begun

    @rule(name=REPLICAS, depth=DEPTHS, answer=ANSWERS, readable=READABLE)
    def go_on(self, name: str, depth: int, answer: Answer, readable: bool) -> None:
        """With what was begun first, however long ago that was."""
        if self.replicas[name].rounds:
            self.carry_on(name, self.replicas[name].rounds[0], depth, answer, readable)

    def carry_on(self, name: str, one: Round, depth: int, answer: Answer, readable: bool) -> None:
        replica = self.replicas[name]
        if depth >= 1:
            replica.look(one, readable)
            self.run(replica.mark(one, self.now))
            self.nothing_is_sent_twice_or_lost()
        if depth >= 2:
            replica.call(one, answer, self.now)
        if depth >= 3:
            self.run(replica.record(one, self.now))
            replica.rounds = [other for other in replica.rounds if other is not one]
            self.nothing_is_sent_twice_or_lost()

    @rule(
        name=REPLICAS,
        other=REPLICAS,
        depth=st.integers(0, 2),
        answer=ANSWERS,
        readable=READABLE,
        rounds=st.integers(1, 3),
    )
    def stand_still(
        self, name: str, other: str, depth: int, answer: Answer, readable: bool, rounds: int
    ) -> None:
        """For longer than its lease, while another round, maybe of the same process, works; then
        it goes on regardless."""
        still = self.round(name, depth, answer, readable)
        for _ in range(rounds):
            self.time_passes(61)
            self.work(other, 3, "sent", readable)
        self.carry_on(name, still, 3, answer, readable)

    @rule(name=REPLICAS, number=st.integers(0, 1), which=st.integers(0, 4))
    def something_else(self, name: str, number: int, which: int) -> None:
        """What happens less often."""
        if which == 0:
            self.release(name)
        elif which == 1:
            self.run(self.replicas[name].renew(self.now))
        elif which == 2:
            self.run(self._cancel(f"U{number}"))
        elif which == 3:
            self.run(self._ask_again(f"k{number}"))
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
                    await settle(tx, delivery, state, self.now, wait)

    @rule(name=REPLICAS)
    def crash(self, name: str) -> None:
        self.replicas[name] = self.new_process()

    def release(self, name: str) -> None:
        """An orderly end: what is in flight was recorded, the rest is given back."""
        replica = self.replicas[name]
        for one in replica.rounds:
            self.run(replica.record(one, self.now))
            self.nothing_is_sent_twice_or_lost()
        self.crash(name)
        self.run(replica.release(self.now))

    async def _cancel(self, user: str) -> None:
        async with self.database.write(WORKSPACE) as tx:
            await deliveries.cancel(tx, user, ("prompt",), WEEK, "own_reminder", self.now)

    async def _ask_again(self, key: str) -> None:
        async with self.database.write(WORKSPACE) as tx:
            found = await ledger.by_key(tx, key)
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
        for name in self.replicas:
            self.crash(name)
        ended = {State.SENT, State.SKIPPED, State.FAILED}
        for _ in range(8):
            self.time_passes(61)
            for _ in range(2):
                self.work("a", 3, "sent", readable=True)
                self.time_passes(2)
            self.a_lead_decides()
            if set(self.before.values()) <= ended:
                break
        rows = self.run(self._rows())
        assert {row.state for row in rows} <= ended
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
    # A counterexample is reported as it was found: to make it shorter takes hundreds of runs.
    # Whoever wants that adds `Phase.shrink` for once.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
