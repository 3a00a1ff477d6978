"""What would only pile up is turned away, and taken again once there is room."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.pace import Pace
from bot.posting import CALLS_AT_ONCE, Posted, Poster
from bot.slack import CONNECTIONS, open_client, open_session
from bot.tasks import to_the_end
from bot.wire import Wire
from handlers.call import Answer, Call, Reply
from handlers.errors import sentence
from handlers.prompts import Prompt
from handlers.registry import Skip
from handlers.services import Services
from handlers.views.blocks import Message
from sandbox.entities import User
from storage.database import Tx
from storage.deliveries import Delivery
from tests.bot.serving import served
from tests.bot.teamwork import FRIDAY, team
from tests.bot.test_pace import Plain, plan


async def test_beyond_the_limit_a_payload_is_turned_away(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.dispatch.MOST_AT_ONCE", 3)
    async with team(sqlite_url) as t:
        free = asyncio.Event()

        async def slow(_call: Call) -> Answer:
            await free.wait()
            return Reply(sentence("At last."))

        t.world.bot.registry.commands["slow"] = slow

        async def ask(user: User) -> bool:
            return (await t.world.act.command(user.id, t.channel.id, "/prodops slow")).ok

        waiting = [asyncio.create_task(ask(user)) for user in t.members]
        while len(t.world.bot.tasks) < 3:  # noqa: ASYNC110 - seen from outside
            await asyncio.sleep(0.01)
        refused = await t.world.act.command(t.lead.id, t.channel.id, "/prodops help")
        assert not refused.ok
        free.set()
        assert await asyncio.gather(*waiting) == [True] * 3
        await t.world.settle()
        assert (await t.world.act.command(t.lead.id, t.channel.id, "/prodops help")).ok


async def test_what_is_claimed_together_has_a_lease_of_its_own(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        leases: dict[str, set[str]] = {"prompt": set(), "plain": set()}
        begun, over = asyncio.Event(), asyncio.Event()

        def note(alike: Sequence[Delivery]) -> None:
            for delivery in alike:
                leases[delivery.kind].add(str(delivery.lease_owner))

        class Slow(Prompt):
            async def compose_many(
                self, services: Services, tx: Tx, alike: Sequence[Delivery], now: datetime
            ) -> list[Message | Skip]:
                note(alike)
                begun.set()
                await over.wait()
                return await super().compose_many(services, tx, alike, now)

        class Quick(Plain):
            async def sent_many(
                self, services: Services, tx: Tx, alike: Sequence[Delivery], now: datetime
            ) -> None:
                note(alike)
                over.set()

        bot = t.world.bot
        t.world.clock.move_to(FRIDAY)
        bot.registry.occasions["prompt"] = Slow()
        ticking = asyncio.create_task(bot.schedule.tick())
        await begun.wait()
        await plan(t, t.workspace_id, 3)
        bot.registry.occasions["plain"] = Quick()
        bot.courier.look_again()
        await ticking
        (first,), (second,) = leases["prompt"], leases["plain"]
        assert first != second
        assert first.split(".")[0] == second.split(".")[0]


async def test_what_runs_beside_a_failure_comes_to_its_end() -> None:
    ended = []

    async def work() -> None:
        await asyncio.sleep(0.01)
        ended.append(True)

    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await to_the_end(fail(), work())
    assert ended == [True]


async def test_a_fan_out_leaves_connections_free_for_those_who_click(sqlite_url: str) -> None:
    """While Slack answers no post for long, what somebody waits for still reaches it."""
    held, free = asyncio.Semaphore(0), asyncio.Event()

    async def slow(_request: Request) -> Response:
        held.release()
        await free.wait()
        return JSONResponse({"ok": True, "channel": "D1", "ts": "1.0"})

    async def quick(_request: Request) -> Response:
        return JSONResponse({"ok": True, "view": {"id": "V1"}})

    routes = [
        Route("/api/chat.postMessage", slow, methods=["POST"]),
        Route("/api/views.open", quick, methods=["POST"]),
    ]
    async with team(sqlite_url) as t, served(Starlette(routes=routes)) as address:
        await t.world.move_to(FRIDAY)
        delivery = await t.prompt(t.members[0])
        async with open_session() as session:
            client = open_client("xoxb-1", f"{address}/api/", session, None)
            services = replace(t.world.bot.services, slack=lambda _workspace_id: client)
            wire = Wire()
            poster = Poster(services, Pace(t.world.bot.database, 0), wire)
            until = FRIDAY + timedelta(seconds=60)
            posts = [
                asyncio.create_task(poster.post(delivery, sentence("Hello."), until, lambda: None))
                for _ in range(2 * CONNECTIONS)
            ]
            for _ in range(CALLS_AT_ONCE):
                await held.acquire()
            async with asyncio.timeout(5):
                await client.views_open(trigger_id="1.2", view={"type": "modal"})
            assert held.locked()
            free.set()
            assert all(isinstance(posted, Posted) for posted in await asyncio.gather(*posts))
            await wire.close()
