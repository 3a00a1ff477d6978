"""The clock's work: a handful of interval jobs that look for what is due."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.delivery import SHORTEST_WAIT, Courier
from bot.health import NotReady
from bot.metrics import Metrics
from bot.planner import Planner
from bot.purging import Purge
from bot.rounds import Rounds
from bot.tasks import Tasks
from handlers import sweep
from handlers.services import Services
from storage import agenda, outbox
from storage.lanes import EDITING, SENDING, Lane, next_after

#: How long a wake-up waits, which also gathers what several clicks in a row have changed.
SETTLE_SECONDS = 0.03
LOOKED_BEFORE = timedelta(seconds=0.5)
RESUME_SECONDS = 300
SWEEP_SECONDS = 60
PURGE_SECONDS = 3600

log = structlog.get_logger()


class Schedule:
    """Ticks. What is due lies in the database; no job holds any state."""

    def __init__(
        self,
        services: Services,
        planner: Planner,
        courier: Courier,
        editing: Rounds,
        resume: Callable[[], Awaitable[None]],
        metrics: Metrics,
        tasks: Tasks,
        tick_seconds: float,
    ) -> None:
        self._services = services
        self._planner = planner
        self._courier = courier
        self._editing = editing
        self._resume = resume
        self._metrics = metrics
        self._tasks = tasks
        self._tick_seconds = tick_seconds
        self._purge = Purge(services)
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._last_tick: datetime | None = None
        self._waking = False
        self._timers: dict[Lane, asyncio.TimerHandle] = {}

    def start(self) -> None:
        for job, name, seconds in (
            (self._look, "plan and deliver", self._tick_seconds),
            (self._resume, "resume", RESUME_SECONDS),
            (self._sweep_people, "sweep people", SWEEP_SECONDS),
            (self._sweep_teams, "sweep members", SWEEP_SECONDS),
            (self._purge.run, "purge", PURGE_SECONDS),
        ):
            self._scheduler.add_job(
                self._guarded,
                "interval",
                args=(job, name),
                seconds=seconds,
                id=name,
                max_instances=1,
                coalesce=True,
                # A job that comes late still runs: what it looks for is late then, too.
                misfire_grace_time=None,
            )
        self._scheduler.start()
        self.wake()

    def stop(self) -> None:
        """Take up no more work; what is in flight goes on."""
        self._courier.stop()
        self._editing.stop()
        for timer in self._timers.values():
            timer.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def wake(self) -> None:
        """Look for what is due now, without waiting for the next tick."""
        if not self._waking and not self._courier.stopping:
            self._waking = True
            self._tasks.start(self._woken())

    async def _woken(self) -> None:
        # Whoever wakes us may do so within a transaction that is about to end.
        await asyncio.sleep(SETTLE_SECONDS)
        self._waking = False
        await self._guarded(self._look, "woken")

    async def _guarded(self, job: Callable[[], Awaitable[object]], name: str) -> None:
        """A failing job is logged and comes again; the database may just be away."""
        try:
            with self._metrics.tick(name):
                await job()
        except Exception as problem:
            log.error("a scheduled job failed", job=name, exc_info=problem)

    async def tick(self) -> None:
        """Plan what is due, deliver it, and edit what is out of date; ends when all is done."""
        await self._plan()
        await asyncio.gather(self._courier.all(), self._editing.all())

    async def _plan(self, after_each: Callable[[], None] = lambda: None) -> None:
        def planned() -> None:
            # Thousands that are due at once take a while: that is no standstill.
            self._last_tick = self._services.clock.now()
            after_each()

        await self._planner.work(planned)
        self._last_tick = self._services.clock.now()

    async def _look(self) -> None:
        """The same without waiting: edits answer somebody's click, a fan-out takes long."""
        await self._plan(self._work_off)
        self._work_off()

    def _work_off(self) -> None:
        self._start(SENDING, self._courier, "deliver")
        self._start(EDITING, self._editing, "edit")

    def _start(self, lane: Lane, rounds: Courier | Rounds, name: str) -> None:
        if rounds.busy:
            rounds.look_again()
        else:
            self._tasks.start(self._guarded(partial(self._run, lane, rounds, name), name))

    async def _run(self, lane: Lane, rounds: Courier | Rounds, name: str) -> None:
        await rounds.all()
        if self._scheduler.running and not rounds.stopping:
            await self._come_back(lane, rounds, name)

    async def _come_back(self, lane: Lane, rounds: Courier | Rounds, name: str) -> None:
        """What comes up before the next tick is worked on at its own instant: nobody waits."""
        now = self._services.clock.now()
        async with self._services.database.read_across() as connection:
            # What came up since the last round looked must not wait for the next tick.
            at = await next_after(connection, lane, now - LOOKED_BEFORE)
        if at is None:
            return
        seconds = max(SHORTEST_WAIT, (at - now).total_seconds())
        if seconds < self._tick_seconds:
            if lane in self._timers:
                self._timers[lane].cancel()
            loop = asyncio.get_running_loop()
            self._timers[lane] = loop.call_later(seconds, self._start, lane, rounds, name)

    async def _sweep_people(self) -> None:
        await sweep.sweep_people(self._services, self._services.clock.now())

    async def _sweep_teams(self) -> None:
        await sweep.sweep_teams(self._services, self._services.clock.now())

    async def next_event(self) -> datetime | None:
        """When the next thing falls due that is known by now."""
        async with self._services.database.read_across() as connection:
            known = [await agenda.next_due(connection), await outbox.next_work(connection)]
        return min((at for at in known if at is not None), default=None)

    def check(self, clock: Clock) -> Callable[[], Awaitable[None]]:
        """For readiness: the planner has run within the last few ticks."""
        patience = timedelta(seconds=max(60.0, 4 * self._tick_seconds))

        async def ticking() -> None:
            if self._last_tick is None:
                raise NotReady("has not ticked yet")
            if clock.now() - self._last_tick > patience:
                raise NotReady("stopped ticking")

        return ticking
