"""A fan-out keeps flowing: a call that hangs, and a process that ends, cost no other delivery."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.delivery import AT_ONCE
from bot.gathering import Gathering
from bot.posting import Poster
from domain.delivery import State
from handlers.following import MOST_KEPT
from sandbox.entities import User
from storage import ledger, outbox
from storage.deliveries import Delivery
from tests.bot.teamwork import FRIDAY, Team, team
from tests.bot.test_pace import DEFAULT, QUARTER, plan


class Held:
    """Calls to one person, or to whoever is first, hang until `free` is set."""

    def __init__(self, user: User | None, monkeypatch: pytest.MonkeyPatch) -> None:
        self.recipient = user.id if user else None
        self.begun, self.free = asyncio.Event(), asyncio.Event()
        say = Poster._say

        async def held(poster: Poster, delivery: Any, *more: Any) -> Any:
            self.recipient = self.recipient or delivery.recipient
            if delivery.recipient == self.recipient:
                self.begun.set()
                await self.free.wait()
            return await say(poster, delivery, *more)

        monkeypatch.setattr(Poster, "_say", held)


async def until(t: Team, wanted: Sequence[State], *kinds: str) -> None:
    """Wait until the members' deliveries of these kinds have come so far."""
    async with asyncio.timeout(20):
        while [s for states in (await t.states(*kinds)).values() for s in states] != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_call_that_hangs_holds_up_nobody_else(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with team(database_url) as t:
        held = Held(t.members[0], monkeypatch)
        t.world.clock.move_to(FRIDAY)
        ticking = asyncio.create_task(t.world.bot.schedule.tick())
        await until(t, [State.SENDING, State.SENT, State.SENT])
        # What falls due while it hangs goes out as well.
        await plan(t, t.workspace_id, 1, t.members[1].id)
        t.world.bot.courier.look_again()
        async with asyncio.timeout(20):
            while len(t.keys(t.members[1])) < 2:  # noqa: ASYNC110 - seen from outside
                await asyncio.sleep(0.01)
        assert t.keys(t.members[0]) == []
        held.free.set()
        await ticking
        assert len(t.keys(t.members[0])) == 1


async def test_at_its_pace_too_a_call_that_hangs_holds_up_nobody_else(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with team(database_url, settings=DEFAULT) as t:
        everybody = [t.lead, *t.members]
        held = Held(None, monkeypatch)
        t.world.clock.move_to(FRIDAY)
        ticking = asyncio.create_task(t.world.bot.schedule.tick())
        # With a pace the first look gives slots, and the next takes up what is at its turn.
        await asyncio.wait_for(held.begun.wait(), 20)
        # Nobody wakes the bot while that call hangs; time alone passes.
        others = [user for user in everybody if user.id != held.recipient]
        async with asyncio.timeout(20):
            while [len(t.keys(user)) for user in others] != [1, 1, 1]:
                t.world.clock.advance(QUARTER / 2)
                await asyncio.sleep(0.05)
        held.free.set()
        await ticking
        assert [len(t.keys(user)) for user in everybody] == [1] * 4


async def test_no_more_are_taken_up_than_soon_have_their_turn(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.posting.CALLS_AT_ONCE", 1)
    monkeypatch.setattr("bot.delivery.TOGETHER", 2)
    monkeypatch.setattr("bot.delivery.ENOUGH", 2)
    async with team(database_url, 9) as t:
        everybody = [t.lead, *t.members]
        held = Held(None, monkeypatch)
        t.world.clock.move_to(FRIDAY)
        ticking = asyncio.create_task(t.world.bot.schedule.tick())
        await asyncio.wait_for(held.begun.wait(), 20)
        # One is on its way and one waits; then two more are taken up, and are marked in time.
        async with asyncio.timeout(20):
            while (states := await prompts_of(t, everybody)).count(State.SENDING) < 4:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert states.count(State.PLANNED) == 6
        held.free.set()
        await ticking
        assert [len(t.keys(user)) for user in everybody] == [1] * 10
        assert await prompts_of(t, everybody) == [State.SENT] * 10


def test_what_follows_is_kept_for_all_that_is_in_flight() -> None:
    assert MOST_KEPT > AT_ONCE


async def prompts_of(t: Team, users: Sequence[User]) -> list[State]:
    return [(await t.prompt(user)).state for user in users]


async def test_what_is_not_on_its_way_when_the_process_ends_is_given_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.posting.CALLS_AT_ONCE", 1)
    async with team(database_url) as t:
        everybody = [t.lead, *t.members]
        held = [Held(user, monkeypatch) for user in everybody]
        t.world.clock.move_to(FRIDAY)
        ticking = asyncio.create_task(t.world.bot.schedule.tick())
        await asyncio.wait(
            [asyncio.create_task(one.begun.wait()) for one in held],
            timeout=20,
            return_when=asyncio.FIRST_COMPLETED,
        )
        t.world.bot.courier.stop()
        for one in held:
            one.free.set()
        await ticking
        found = [await t.prompt(user) for user in everybody]
        assert sorted((d.state, d.reason) for d in found) == [
            *[(State.RETRY, "not_begun")] * 3,
            (State.SENT, None),
        ]
        assert sum(len(t.keys(user)) for user in everybody) == 1


@pytest.mark.parametrize(("seconds", "tries"), [(0, 1), (4, 1), (36, 2)])
async def test_nothing_is_sent_that_its_lease_does_not_cover(
    database_url: str, monkeypatch: pytest.MonkeyPatch, seconds: int, tries: int
) -> None:
    mark, post, late = outbox.mark_sending, Poster.post, [timedelta(seconds=seconds)]
    async with team(database_url) as t:

        async def slowly(*given: Any) -> set[str]:
            marked = await mark(*given)
            if late:
                t.world.clock.advance(late.pop())
            return marked

        async def in_time(
            poster: Poster, delivery: Delivery, said: Any, until: datetime, begun: Any
        ) -> Any:
            now = t.world.clock.now()
            async with t.world.bot.services.database.read(delivery.workspace_id) as tx:
                (row,) = await ledger.of_recipients(tx, [delivery.recipient], 1)
            assert row.work_at is not None
            assert now < until <= row.work_at
            return await post(poster, delivery, said, until, begun)

        monkeypatch.setattr(outbox, "mark_sending", slowly)
        monkeypatch.setattr(Poster, "post", in_time)
        await t.world.move_to(FRIDAY)
        for user in [t.lead, *t.members]:
            assert len(t.keys(user)) == 1
            assert (await t.prompt(user)).attempts == tries


async def test_what_arrives_together_is_worked_on_together() -> None:
    worked: list[Sequence[int]] = []

    async def work(numbers: Sequence[int]) -> None:
        worked.append(list(numbers))

    gathering = Gathering(work)
    gathering.expect(4)
    tasks = [gathering.add(number) for number in (1, 2, 3)]
    # One is late: the others do not wait for it for ever.
    await asyncio.gather(*tasks)
    await gathering.add(4)
    assert worked == [[1, 2, 3], [4]]


async def test_whoever_waits_for_a_failure_hears_of_it() -> None:
    async def work(_numbers: Sequence[int]) -> None:
        raise ZeroDivisionError

    gathering = Gathering(work)
    gathering.expect(2)
    one, other = gathering.add(1), gathering.add(2)
    assert one is other
    await gathering.end()
    assert one.done()
    with pytest.raises(ZeroDivisionError):
        await one
