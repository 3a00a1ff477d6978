"""Whatever replicas, crashes, leases and people do to a delivery, in any order: it is sent once.

The storage functions on a real file, two replicas in turn, and a Slack that keeps what it was sent.
"""

import asyncio
import tempfile
from collections import Counter, defaultdict
from collections.abc import Awaitable, Sequence
from datetime import timedelta
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
from sqlalchemy import select

from domain.delivery import PLANNED_ANEW, State, allowed
from domain.pace import Budget
from storage import deliveries, ledger, workspaces
from storage.database import Database, open_database
from storage.deliveries import COLUMNS, fetch
from tests.storage.replica import WORKSPACE, Answer, Replica, Round, settle
from tests.storage.tenants import NOW, WEEK
from tests.storage.witness import Witness, in_this_thread

REPLICAS = st.sampled_from("ab")
ANSWERS = st.sampled_from(["sent", "sent", "lost", "dropped", "busy", "refused"])
PACES = st.sampled_from([None, None, None, 0.5, 4])
READABLE = st.sampled_from([True, True, False])
#: Beyond a lease, short of one, and beyond the pause after a retry.
SPANS = st.sampled_from([61, 61, 35, 35, 20])
ACTS = ["work"] * 7 + ["go on", "end", "end", "end", "renew", "decide", "cancel", "again"]
#: What happens, also while a round stands still: how long that takes, who does what, and how far.
HAPPENING = st.tuples(SPANS, REPLICAS, st.sampled_from(ACTS), st.sampled_from([3, 3, 2, 2, 1]))
MEANWHILE = st.lists(HAPPENING, min_size=1, max_size=3)
Happening = tuple[float, str, str, int]


class Deliveries(RuleBasedStateMachine):
    #: One for all examples: statements are compiled for each engine anew.
    runner: asyncio.Runner
    database: Database
    witness: Witness

    def __init__(self) -> None:
        super().__init__()
        self.witness.begin_anew()
        self.now = NOW
        self.slack: Counter[str] = Counter()
        self.processes = count(1)
        self.replicas = {name: self.new_process() for name in "ab"}
        self.wanted_again: set[str] = set()
        #: By key: how often it came into each state, and how often it was planned anew.
        self.changed: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.anew: Counter[str] = Counter()

    def new_process(self) -> Replica:
        return Replica(f"p{next(self.processes)}", self.database, self.slack)

    def run(self, work: Awaitable[Any]) -> Any:
        async def waited() -> Any:
            return await work

        return self.runner.run(waited())

    def teardown(self) -> None:
        if hasattr(self, "budget"):
            self.all_ends_well()

    @initialize(per_second=PACES, many=st.sampled_from([1, 1, 2]))
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

    @rule(
        name=REPLICAS,
        depths=st.tuples(st.integers(0, 2), st.integers(0, 2)),
        first=MEANWHILE,
        then=MEANWHILE | st.just([]),
        answer=ANSWERS,
        readable=READABLE,
    )
    def stand_still(
        self,
        name: str,
        depths: tuple[int, int],
        first: Sequence[Happening],
        then: Sequence[Happening],
        answer: Answer,
        readable: bool,
    ) -> None:
        """A round that is interrupted once or twice, and goes on regardless of what happened."""
        one = self.claim(name)
        for depth, meanwhile in zip(sorted(depths), (first, then), strict=True):
            self.carry_on(name, one, depth, answer, readable)
            for happening in meanwhile:
                self.happens(happening, "sent", readable)
        self.carry_on(name, one, 3, answer, readable)

    @rule(what=HAPPENING, answer=ANSWERS, readable=READABLE)
    def happens(self, what: Happening, answer: Answer, readable: bool) -> None:
        seconds, name, act, depth = what
        self.now += timedelta(seconds=seconds)
        rounds = self.replicas[name].rounds
        if act == "work":
            self.carry_on(name, self.claim(name), depth, answer, readable)
        elif act == "go on" and rounds:
            self.carry_on(name, rounds[0], 3, answer, readable)
        elif act == "end":
            self.end(name, depth)
        elif act == "renew":
            self.run(self.replicas[name].renew(self.now))
        elif act == "decide":
            self.run(self._decide())
        elif act == "cancel":
            self.run(self._cancel("U0"))
        elif act == "again":
            self.run(self._ask_again("k0"))

    def claim(self, name: str) -> Round:
        begun: Round = self.run(self.replicas[name].claim(self.now, self.budget))
        return begun

    def carry_on(self, name: str, one: Round, depth: int, answer: Answer, readable: bool) -> None:
        """As its process did when it stood still; one that has died does nothing any more."""
        replica = self.replicas[name]
        if one in replica.rounds:
            self.run(replica.go_on(one, depth, answer, readable, self.now))

    def end(self, name: str, how: int) -> None:
        """Killed (1); told to stop, which cut off what was in flight (2) or let it come to its end
        (3), and gives the rest back."""
        replica, self.replicas[name] = self.replicas[name], self.new_process()
        for one in replica.rounds if how > 1 else []:
            replica.call(one, "sent", self.now)
            if how == 3 and one.results:
                self.run(replica.record(one, self.now))
        if how > 1:
            self.run(replica.release(self.now))

    async def _decide(self) -> None:
        """Rightly, by what is to be seen in Slack."""
        async with self.database.write(WORKSPACE) as tx:
            for delivery in await fetch(tx.connection, select(*COLUMNS)):
                if delivery.state is State.UNKNOWN and delivery.work_at is None:
                    arrived = self.slack[delivery.key]
                    state, wait = (State.SENT, None) if arrived else (State.RETRY, 0)
                    await settle(tx, delivery, state, self.now, wait)

    async def _cancel(self, user: str) -> None:
        async with self.database.write(WORKSPACE) as tx:
            await deliveries.cancel(tx, user, ("prompt",), WEEK, "own_reminder", self.now)

    async def _ask_again(self, key: str) -> None:
        async with self.database.write(WORKSPACE) as tx:
            found = await ledger.by_key(tx, key)
            if found is not None and await deliveries.plan_again(tx, found, self.now):
                self.wanted_again.add(key)

    @invariant()
    @precondition(lambda self: hasattr(self, "budget"))
    def nothing_is_sent_twice_or_lost(self) -> None:
        assert set(self.slack.values()) <= {1}
        for key, was, became in self.witness.new_changes():
            anew = key in self.wanted_again and (was, became) in _ANEW
            self.changed[key][became] += 1
            self.anew[key] += anew
            assert became in allowed(State(was)) or anew, (was, became)
        for key, (state, wants_work) in self.witness.states().items():
            if state == State.SENT:
                assert self.slack[key] == 1
            elif state in PLANNED_ANEW:
                assert self.slack[key] == 0
            else:
                # Somebody will look at it again; or a lead was asked.
                assert wants_work or state == State.UNKNOWN

    def all_ends_well(self) -> None:
        """One healthy replica is enough, once the leases of the others are over, though all that
        stood still go on."""
        self.now += timedelta(seconds=25)
        for name, replica in self.replicas.items():
            for one in list(replica.rounds):
                self.carry_on(name, one, 3, "sent", readable=True)
        for name in self.replicas:
            self.end(name, 1)
        ended = {State.SENT, State.SKIPPED, State.FAILED}
        for _ in range(16):
            self.happens((31, "a", "work", 3), "sent", readable=True)
            self.run(self._decide())
            self.nothing_is_sent_twice_or_lost()
            if {state for state, _ in self.witness.states().values()} <= ended:
                break
        for key, (state, _) in self.witness.states().items():
            assert state in ended
            assert self.slack[key] == (state == State.SENT)
            noted, was = Counter(self.witness.noted()[key]), self.changed[key]
            # What follows from a sending followed once.
            assert was[State.SENT] == self.slack[key]
            # The history tells what got into its way, and nothing else.
            told = {State.RETRY, State.SKIPPED, State.FAILED}
            assert {one: noted[one] for one in told} == {one: was[one] for one in told}
            assert noted[State.PLANNED] == self.anew[key]
            assert noted.keys() <= {*told, State.PLANNED, State.UNKNOWN}
            assert noted[State.UNKNOWN] >= was[State.UNKNOWN]
            assert bool(noted[State.UNKNOWN]) == bool(was[State.UNKNOWN])


_ANEW = {(str(was), str(State.PLANNED)) for was in PLANNED_ANEW}


class TestDeliveries(Deliveries.TestCase):  # type: ignore[valid-type,misc]
    settings = settings(
        max_examples=200,
        stateful_step_count=3,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # A counterexample is reported as it was found: to make it shorter takes hundreds of runs.
        # Whoever wants that adds `Phase.shrink` for once.
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        file = Path(folder.name) / "states.db"
        Deliveries.witness = Witness(file)
        cls.addClassCleanup(Deliveries.witness.close)
        Deliveries.runner = asyncio.Runner()
        cls.addClassCleanup(Deliveries.runner.close)
        Deliveries.database = open_database(f"sqlite:///{file}")
        in_this_thread(Deliveries.database)
        cls.addClassCleanup(lambda: Deliveries.runner.run(Deliveries.database.close()))
