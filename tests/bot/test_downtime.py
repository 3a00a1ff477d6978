"""After a downtime: what is within its grace goes out once, what is older is on record."""

from datetime import timedelta
from typing import Any

import pytest

from bot.posting import Poster
from domain.delivery import State
from storage.database import StorageUnavailableError
from tests.bot.teamwork import FRIDAY, MONDAY, Team, team
from tests.postgres_server import PostgresServer

HOUR = timedelta(hours=1)


async def sleep_until(t: Team, instant: Any) -> None:
    """Let time pass without a single tick, as while the process is down."""
    t.world.clock.move_to(instant)
    await t.world.tick()


@pytest.mark.parametrize(("late", "sent"), [(23 * HOUR, True), (25 * HOUR, False)])
async def test_a_prompt_has_a_day_of_grace(database_url: str, late: timedelta, sent: bool) -> None:
    async with team(database_url) as t:
        await sleep_until(t, FRIDAY + late)
        for user in t.members:
            prompt = await t.prompt(user)
            assert prompt.state is (State.SENT if sent else State.EXPIRED)
            assert prompt.due_at == FRIDAY
            assert len(t.keys(user)) == (1 if sent else 0)
        became = (
            "sent on Saturday 6 Jun, 13:00"
            if sent
            else "was not sent: it could not be sent in time"
        )
        assert f"Prompt for 1–7 Jun: {became}" in await t.why(t.members[0])


@pytest.mark.parametrize(("late", "sent"), [(11 * HOUR, True), (13 * HOUR, False)])
async def test_a_reminder_has_half_a_day(sqlite_url: str, late: timedelta, sent: bool) -> None:
    async with team(sqlite_url) as t:
        await t.world.move_to(FRIDAY)
        reminder = (await t.ledger(t.members[0], "reminder"))[0]
        await sleep_until(t, reminder.due_at + late)
        reminder = (await t.ledger(t.members[0], "reminder"))[0]
        assert reminder.state is (State.SENT if sent else State.EXPIRED)


@pytest.mark.parametrize(("late", "sent"), [(71 * HOUR, True), (73 * HOUR, False)])
async def test_a_summary_has_three_days(sqlite_url: str, late: timedelta, sent: bool) -> None:
    async with team(sqlite_url) as t:
        await t.world.move_to(FRIDAY)
        await sleep_until(t, MONDAY + late)
        summary = (await t.ledger(t.channel, "summary"))[0]
        assert summary.state is (State.SENT if sent else State.EXPIRED)


async def test_three_weeks_of_downtime(database_url: str) -> None:
    async with team(database_url) as t:
        await sleep_until(t, FRIDAY + timedelta(days=21, hours=2))
        for user in t.members:
            prompts = await t.ledger(user, "prompt")
            assert [str(d.period) for d in prompts] == [f"2026-W{n}" for n in (23, 24, 25, 26)]
            assert [d.state for d in prompts] == [State.EXPIRED] * 3 + [State.SENT]
            assert t.keys(user) == [f"prompt:{user.id}:2026-W26"]
        summaries = await t.ledger(t.channel, "summary")
        assert [d.state for d in summaries] == [State.EXPIRED] * 3
        await t.world.move_to(FRIDAY + timedelta(days=24))
        assert [k for k in t.keys(t.channel) if k.startswith("summary:")] == [
            f"summary:{summaries[0].team_id}:2026-W26"
        ]


async def test_a_clock_that_goes_back_repeats_nothing(database_url: str) -> None:
    async with team(database_url) as t:
        await t.world.move_to(MONDAY)
        before = {user.id: t.keys(user) for user in t.members}
        t.world.clock.move_to(FRIDAY - timedelta(days=1))
        await t.world.tick()
        assert before == {user.id: t.keys(user) for user in t.members}
        await t.world.move_to(MONDAY)
        assert before == {user.id: t.keys(user) for user in t.members}
        await t.world.move_to(MONDAY + timedelta(days=4))
        for user in t.members:
            assert len([k for k in t.keys(user) if k.startswith("prompt:")]) == 2


async def test_one_person_that_cannot_be_planned_does_not_stop_the_others(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with team(sqlite_url) as t:
        occasion = type(t.world.bot.registry.occasions["prompt"])
        plan = occasion.plan

        async def fails(itself: Any, services: Any, tx: Any, due: Any, now: Any) -> None:
            await plan(itself, services, tx, due, now)
            if due.subject == t.members[0].id:
                raise ZeroDivisionError

        monkeypatch.setattr(occasion, "plan", fails)
        await t.world.move_to(FRIDAY)
        assert await t.ledger(t.members[0]) == []
        for user in t.members[1:]:
            assert len(t.keys(user)) == 1
        monkeypatch.undo()
        await t.world.advance(minutes=1)
        assert len(t.keys(t.members[0])) == 1


@pytest.mark.postgres
async def test_ticks_while_the_database_is_down_lose_nothing(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    async with team(postgres_url) as t:
        t.world.clock.move_to(FRIDAY)
        postgres_server.stop()
        with pytest.raises(StorageUnavailableError):
            await t.world.bot.schedule.tick()
        postgres_server.start()
        await t.world.tick()
        for user in t.members:
            assert len(t.keys(user)) == 1


@pytest.mark.postgres
async def test_a_database_that_goes_away_while_sending_is_waited_for(
    postgres_url: str, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with team(postgres_url) as t:
        send = Poster.post

        async def post(*args: Any) -> Any:
            done = await send(*args)
            postgres_server.stop()
            postgres_server.start()
            return done

        monkeypatch.setattr(Poster, "post", post)
        await t.world.move_to(FRIDAY)
        assert await t.states() == {user.name: [State.SENT] for user in t.members}
        for user in t.members:
            assert len(t.keys(user)) == 1
        assert t.calls("conversations.history") == []


async def test_a_wake_up_during_a_fan_out_waits_for_nothing(sqlite_url: str) -> None:
    slow = {"PRODOPS_MESSAGES_PER_SECOND": "2"}
    async with team(sqlite_url, count=5, settings=slow) as t:
        t.world.clock.move_to(FRIDAY)
        for _ in range(50):
            t.world.bot.schedule.wake()
            await t.world.bot.schedule._look()
        assert len(t.world.bot.tasks) < 5
        await t.world.settle()
        assert sum(len(t.keys(user)) for user in [t.lead, *t.members]) == 1
        await t.world.log(t.members[4], t.channel, "100% strategy")
        await t.world.advance(seconds=5)
        assert [len(t.keys(user)) for user in [t.lead, *t.members]] == [1] * 5 + [0]
