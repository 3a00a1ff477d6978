"""What is old is forgotten in small steps, and what still matters is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from bot import purging
from domain.delivery import State
from domain.eligibility import SkipReason
from domain.periods import Period
from handlers.teamweeks import MOST_WEEKS
from storage import deliveries, purge, workspaces
from storage.schema import deliveries as ledger
from storage.schema import delivery_events, received_events
from tests.bot.teamwork import FRIDAY, Team, team

DAY = timedelta(days=1)


async def enter(t: Team, key: str, at: datetime, **more: object) -> None:
    values = {"kind": "prompt", "recipient": "U1", "period": Period(2026, 1), "due_at": at}
    given = {"state": State.SENT, **values, **more}
    async with t.world.bot.database.write(t.workspace_id) as tx:
        entered = await deliveries.plan(tx, key=key, now=at, **given)  # type: ignore[arg-type]
        # What got into its way is forgotten with it.
        await tx.connection.execute(
            insert(delivery_events).values(
                workspace_id=tx.workspace_id,
                delivery_id=entered,
                at=at,
                state=State.RETRY,
                reason="slack_busy",
            )
        )


async def kept(t: Team) -> Sequence[str]:
    async with t.world.bot.database.read_across() as connection:
        events = await connection.execute(select(func.count()).select_from(delivery_events))
        rows = await connection.execute(select(ledger.c.key).order_by(ledger.c.key))
        keys = [row.key for row in rows]
        assert events.scalar_one() == len(keys)
        return keys


async def test_half_a_year_of_the_ledger_is_kept(database_url: str) -> None:
    async with team(database_url) as t:
        old, ancient = FRIDAY - 181 * DAY, FRIDAY - 431 * DAY
        excused = {"state": State.SKIPPED, "reason": SkipReason.AWAY}
        await enter(t, "new", FRIDAY - 179 * DAY)
        await enter(t, "old", old)
        await enter(t, "old, with a reason", old, state=State.FAILED, reason="dm_refused")
        await enter(t, "old, logged", old, state=State.SKIPPED, reason="already_logged")
        await enter(t, "old, excused", old, **excused)
        await enter(t, "old, still to be sent", old, state=State.PLANNED)
        await enter(t, "ancient", ancient, **excused)
        async with t.world.bot.database.write(t.workspace_id) as tx:
            await workspaces.first_sight_of_event(tx, "old", FRIDAY - 3 * DAY)
            await workspaces.first_sight_of_event(tx, "new", FRIDAY - 1 * DAY)
        t.world.clock.move_to(FRIDAY - timedelta(minutes=1))
        job = purging.Purge(t.world.bot.services)
        assert await job.run() == 5
        assert await kept(t) == ["new", "old, excused", "old, still to be sent"]
        assert await job.run() == 0
        async with t.world.bot.database.read_across() as connection:
            rows = await connection.execute(select(received_events.c.event_id))
            assert "old" not in {row.event_id for row in rows}
        t.world.clock.move_to(FRIDAY + 2 * DAY)
        assert "new" in await kept(t)
        await job.run()
        assert "new" not in await kept(t)


async def test_many_rows_are_forgotten_in_small_transactions(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 3)
    monkeypatch.setattr(purging, "BATCHES", 2)
    async with team(database_url) as t:
        for number in range(10):
            # Entered in one transaction, as by a planner: at one instant.
            await enter(t, f"k{number}", FRIDAY - 200 * DAY)
        job = purging.Purge(t.world.bot.services)
        t.world.clock.move_to(FRIDAY - timedelta(minutes=1))
        assert [await job.run() for _ in range(3)] == [6, 4, 0]
        await enter(t, "later", FRIDAY - 180 * DAY - timedelta(minutes=2))
        assert await job.run() == 1


def test_what_excuses_a_week_is_kept_as_long_as_its_figures() -> None:
    assert timedelta(weeks=MOST_WEEKS) < purge.EXCUSES_KEPT
