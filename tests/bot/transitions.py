"""Each change of a delivery's state: how it is brought about, who dies in it, and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.settling import HISTORY
from domain.delivery import State
from sandbox.entities import User
from sandbox.faults import FaultKind
from storage import deliveries, ledger, outbox, teams
from storage.deliveries import Delivery
from tests.bot.dying import KIND, WEEK
from tests.bot.mortals import Mortals, order_of
from tests.bot.teamwork import POST, Team
from tests.storage.tenants import rows_of


@dataclass(frozen=True)
class Fault:
    kind: FaultKind
    method: str = POST
    times: int | None = 1
    error: str = "user_disabled"


REFUSED, BUSY = Fault("error", times=None), Fault("ratelimited")
ARRIVES, GETS_LOST = Fault("drop_after"), Fault("drop_before")
UNREADABLE = Fault("error", HISTORY, times=None, error="not_in_channel")


@dataclass(frozen=True)
class Change:
    """How a delivery comes to be in `was`, who changes that and dies after which write, and how
    it ends: in which state, with how many messages and how many words to the lead.

    `faults` meet whoever brings it to `was` (`before`) and whoever comes after.
    """

    was: State
    write: str
    end: State
    messages: int
    act: str = "work"
    note: str | None = None
    before: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()
    to_lead: int = 0
    pace: str = "0"
    age: timedelta = timedelta(0)
    about_team: bool = True


SENT, RETRY, UNKNOWN, FAILED = State.SENT, State.RETRY, State.UNKNOWN, State.FAILED
CLAIMED, SENDING, SKIPPED = State.CLAIMED, State.SENDING, State.SKIPPED

CHANGES: dict[str, Change] = {
    "planned to claimed": Change(State.PLANNED, "claim", SENT, 1),
    "planned to skipped": Change(State.PLANNED, "settle", SENT, 1, act="cancel"),
    "claimed to planned, given back": Change(CLAIMED, "release", SENT, 1, act="release"),
    "claimed to planned, its lease over": Change(CLAIMED, "slots", SENT, 1, pace="4"),
    "claimed to sending": Change(CLAIMED, "mark", SENT, 1),
    "claimed to retry": Change(CLAIMED, "settle", RETRY, 0, note="broken"),
    "claimed to skipped": Change(CLAIMED, "settle", SKIPPED, 0, note="skip"),
    "claimed to expired": Change(CLAIMED, "settle", State.EXPIRED, 0, age=timedelta(hours=80)),
    "sending to sent": Change(SENDING, "settle_sent", SENT, 1),
    "sending to retry": Change(SENDING, "settle", SENT, 1, faults=(BUSY,)),
    "sending to failed": Change(SENDING, "settle", FAILED, 0, faults=(REFUSED,), to_lead=1),
    "sending to unknown": Change(SENDING, "settle", SENT, 1, faults=(ARRIVES,)),
    "retry to claimed": Change(RETRY, "claim", SENT, 1, before=(BUSY,)),
    "retry to skipped": Change(RETRY, "settle", SENT, 1, act="cancel", before=(BUSY,)),
    "unknown to sent, found": Change(UNKNOWN, "settle_sent", SENT, 1, before=(ARRIVES,)),
    "unknown to retry, missing": Change(UNKNOWN, "settle", SENT, 1, before=(GETS_LOST,)),
    "unknown to unknown, a lead asked": Change(
        UNKNOWN, "settle", UNKNOWN, 1, before=(ARRIVES,), faults=(UNREADABLE,), to_lead=1
    ),
    "unknown to failed, nobody to ask": Change(
        UNKNOWN,
        "settle",
        FAILED,
        1,
        before=(ARRIVES,),
        faults=(UNREADABLE,),
        about_team=False,
    ),
    "unknown to sent, a lead decides": Change(
        UNKNOWN, "settle", SENT, 1, act="arrived", before=(ARRIVES, UNREADABLE), to_lead=1
    ),
    "unknown to retry, a lead decides": Change(
        UNKNOWN, "settle", SENT, 1, act="send again", before=(GETS_LOST, UNREADABLE), to_lead=1
    ),
    "failed to planned": Change(
        FAILED, "settle", SENT, 1, act="plan again", before=(REFUSED,), to_lead=1
    ),
}


#: What a lead presses, by what the process that dies does.
DECISIONS = {"arrived": "It arrived", "send again": "Send it again"}


@dataclass
class Scene:
    """One delivery to one member, on its own in the workspace."""

    t: Team
    mortals: Mortals
    change: Change
    number: int

    @property
    def user(self) -> User:
        return self.t.members[self.number]

    @property
    def key(self) -> str:
        return f"{KIND}:{self.number}"

    async def play(self) -> None:
        told = len(self._told())
        await self._bring_about()
        before = await self._ledger()
        await self._die()
        assert (await self._found()).state is self.change.was
        # Nothing that belongs to the change stands without it, nor is anything noted of it.
        assert await self._ledger() == before
        await self._carry_on()
        assert (await self._found()).state is self.change.end
        assert self.t.keys(self.user).count(self.key) == self.change.messages
        assert len(self._told()) - told == self.change.to_lead

    def _told(self) -> list[str]:
        return [key for key in self.t.keys(self.t.lead) if key.startswith(("ask:", "trouble:"))]

    def _strike(self, faults: Sequence[Fault]) -> None:
        self.t.world.sandbox.faults.clear()
        for fault in faults:
            self.t.world.sandbox.faults.add(
                fault.method, fault.kind, fault.times, channel=self.user.id, error=fault.error
            )

    async def _bring_about(self) -> None:
        t, now = self.t, self.t.world.clock.now()
        async with t.world.bot.database.write(t.workspace_id) as tx:
            (mine,) = await teams.of_lead(tx, t.lead.id)
            await deliveries.plan(
                tx,
                key=self.key,
                kind=KIND,
                team_id=mine.team_id if self.change.about_team else None,
                recipient=self.user.id,
                period=WEEK,
                due_at=now - self.change.age,
                now=now,
                note=self.change.note,
            )
        if self.change.write == "slots":
            async with t.world.bot.database.write_across() as connection:
                await outbox.claim(connection, "gone.1", now, now + timedelta(seconds=1), 9)
            self._pass(4)
        if self.change.before:
            self._strike(self.change.before)
            await t.world.bot.courier.all()
            self._pass(6)
        if UNREADABLE in self.change.before:
            await t.world.bot.courier.all()
        self._strike(self.change.faults)

    def _pass(self, seconds: float) -> None:
        self.t.world.clock.advance(timedelta(seconds=seconds))

    async def _die(self) -> None:
        await self.mortals.die(
            order_of(
                self.t,
                self.change.act,
                self.change.write,
                pace=self.change.pace,
                key=self.key,
                user_id=self.t.lead.id if self.change.act in DECISIONS else self.user.id,
            )
        )

    async def _carry_on(self) -> None:
        t = self.t
        if self.change.act in DECISIONS:
            button = DECISIONS[self.change.act]
            await t.world.act.click(t.lead.id, t.said(t.lead)[-1], button)
            await t.world.settle()
        if self.change.act == "plan again":
            async with t.world.bot.database.write(t.workspace_id) as tx:
                await deliveries.plan_again(tx, await self._found(), t.world.clock.now())
        for _ in range(4):
            self._pass(61)
            await t.world.bot.courier.all()

    async def _found(self) -> Delivery:
        async with self.t.world.bot.database.read(self.t.workspace_id) as tx:
            found = await ledger.by_key(tx, self.key)
        assert found is not None
        return found

    async def _ledger(self) -> tuple[set[str], int]:
        """The keys that stand in it, and how many changes it has noted."""
        rows = await rows_of(self.t.world.bot.database, self.t.workspace_id)
        return {row[2] for row in rows["deliveries"]}, len(rows["delivery_events"])
