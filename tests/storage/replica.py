"""What one process does with deliveries, step by step on the storage functions, and a Slack that
keeps what it was sent: for tests in which it may stand still or die between any two steps."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from domain.delivery import State
from domain.pace import Budget
from storage import batches, deliveries, outbox
from storage.database import Database, Tx
from storage.deliveries import Delivery
from storage.lanes import SENDING
from storage.pace import give_slots

WORKSPACE = "T1"
LEASE = timedelta(seconds=60)
#: From the mark on. Just after the claim its lease lasts longer, and stays as it is.
TO_SEND_IN = timedelta(seconds=55)
#: As long as a call may take: what is left of a lease must cover it.
CALL = timedelta(seconds=20)
UNCERTAIN = (State.SENDING, State.UNKNOWN)

#: What comes of a call (sent; lost: but its answer never comes; dropped: nor the message), and of
#: a look into the history.
Answer = Literal["sent", "lost", "dropped", "busy", "refused"]
Result = Answer | Literal["found", "missing", "unreadable"]
#: What follows from each but from what is in Slack, and after how many seconds it comes up again.
_BECOMES: dict[Result, tuple[State, float | None]] = {
    "busy": (State.RETRY, 15),
    "missing": (State.RETRY, 15),
    "refused": (State.FAILED, None),
    "lost": (State.UNKNOWN, 5),
    "dropped": (State.UNKNOWN, 5),
    # A lead is asked.
    "unreadable": (State.UNKNOWN, None),
}


@dataclass(eq=False)
class Round:
    """What a process has in its memory of one claim, and loses when it is killed."""

    lease: str
    claimed: list[Delivery] = field(default_factory=list)
    uncertain: list[Delivery] = field(default_factory=list)
    marked: list[tuple[Delivery, datetime]] = field(default_factory=list)
    results: list[tuple[Delivery, Result]] = field(default_factory=list)

    @property
    def held(self) -> list[str]:
        begun = [delivery for delivery, _ in [*self.marked, *self.results]]
        return [d.delivery_id for d in [*self.claimed, *self.uncertain, *begun]]


@dataclass
class Replica:
    name: str
    database: Database
    slack: Counter[str]
    rounds: list[Round] = field(default_factory=list)
    begun: int = 0

    async def claim(self, now: datetime, budget: Budget | None) -> Round:
        self.begun += 1
        lease = outbox.lease_of(self.name, self.begun)
        paced = budget is not None
        async with self.database.write_across() as connection:
            await give_slots(connection, SENDING, budget, now)
            found = await outbox.claim(connection, lease, now, now + LEASE, 2, paced=paced)
        made = Round(lease)
        made.uncertain = [d for d in found if d.state in UNCERTAIN]
        made.claimed = [d for d in found if d.state not in UNCERTAIN]
        if found:
            self.rounds.append(made)
        return made

    async def go_on(
        self, one: Round, depth: int, answer: Answer, readable: bool, now: datetime
    ) -> None:
        """Up to the mark (1), the call (2) or the record (3); what is done already is not again."""
        if depth >= 1:
            self.look(one, readable)
            if one.claimed:
                await self.mark(one, now)
        if depth >= 2:
            self.call(one, answer, now)
        if depth >= 3:
            if one.results:
                await self.record(one, now)
            self.rounds = [other for other in self.rounds if other is not one]

    async def renew(self, now: datetime) -> None:
        async with self.database.write_across() as connection:
            for one in self.rounds:
                await outbox.renew(connection, one.lease, one.held, now, now + LEASE)

    async def release(self, now: datetime) -> None:
        async with self.database.write_across() as connection:
            await outbox.release(connection, self.name, now)

    def look(self, one: Round, readable: bool) -> None:
        """Look in Slack's history for what may have been sent."""
        for delivery in one.uncertain:
            seen: Result = "found" if self.slack[delivery.key] else "missing"
            one.results.append((delivery, seen if readable else "unreadable"))
        one.uncertain = []

    async def mark(self, one: Round, now: datetime) -> None:
        claimed, one.claimed = one.claimed, []
        ids = [delivery.delivery_id for delivery in claimed]
        until = now + TO_SEND_IN
        async with self.database.write_across() as connection:
            ours = await outbox.mark_sending(connection, one.lease, ids, now, until)
        one.marked += [(d, until) for d in claimed if d.delivery_id in ours]

    def call(self, one: Round, answer: Answer, now: datetime) -> None:
        """Slack takes the message, or does not; too late in the lease nothing is tried."""
        for delivery, until in one.marked:
            in_time = now <= until - CALL
            if in_time and answer in ("sent", "lost"):
                self.slack[delivery.key] += 1
            one.results.append((delivery, answer if in_time else "busy"))
        one.marked = []

    async def record(self, one: Round, now: datetime) -> None:
        results, one.results = one.results, []
        async with self.database.write(WORKSPACE) as tx:
            there = [d for d, result in results if result in ("sent", "found")]
            arrived = [batches.Arrived(delivery, "D1", "1.2") for delivery in there]
            await batches.settle_sent(tx, arrived, now)
            for delivery, result in results:
                if result in _BECOMES:
                    state, seconds = _BECOMES[result]
                    await settle(tx, delivery, state, now, seconds, one.lease)


async def settle(
    tx: Tx,
    delivery: Delivery,
    state: State,
    now: datetime,
    seconds: float | None,
    holder: str | None = None,
) -> None:
    """`seconds`: when it is to be looked at again, if ever."""
    again = None if seconds is None else now + timedelta(seconds=seconds)
    await deliveries.settle(
        tx.connection, delivery, state, now, reason="test", work_at=again, holder=holder
    )
