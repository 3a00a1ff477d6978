"""The connection to Slack is kept through all that breaks it, and no answer is lost on the way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.health import NotReady
from bot.manifest import manifest
from bot.problems import SettingsProblem
from bot.socketmode import AT_ONCE, SocketMode
from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from tests.bot.sockets import SlackLine


class Bot:
    """Stands for Bolt: answers each command with its own text, when it may."""

    def __init__(self) -> None:
        self.heard: list[AsyncBoltRequest] = []
        self.busy = self.busiest = 0
        self.may_finish = asyncio.Event()
        self.may_finish.set()
        self.status = 200

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        self.heard.append(request)
        self.busy += 1
        self.busiest = max(self.busy, self.busiest)
        await self.may_finish.wait()
        self.busy -= 1
        match request.body.get("text"):
            case "json":
                return BoltResponse(status=self.status, body={"text": "blocks"})
            case "words":
                return BoltResponse(status=self.status, body="words")
        return BoltResponse(status=self.status)


class Pauses(list[float]):
    """Stands for sleeping: notes how long, and lets others run."""

    async def sleep(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def line() -> AsyncIterator[SlackLine]:
    line = SlackLine()
    async with line.serve():
        yield line


Connecting = Callable[..., AbstractAsyncContextManager[SocketMode]]


@pytest.fixture
def connecting(bot: Bot, line: SlackLine, pauses: Pauses) -> Connecting:
    @asynccontextmanager
    async def connect(total: float = 10, heartbeat: float = 10) -> AsyncIterator[SocketMode]:
        timeout = aiohttp.ClientTimeout(total=total)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            client = AsyncWebClient(base_url=f"http://{line.base}/api/", session=session)
            socket = SocketMode(bot.dispatch, client, session, "xapp-1", pauses.sleep, heartbeat)
            await socket.start()
            try:
                yield socket
            finally:
                await socket.stop(2)

    return connect


async def test_an_envelope_is_answered_with_what_the_bot_says(
    line: SlackLine, connecting: Connecting, bot: Bot
) -> None:
    async with connecting() as socket:
        await socket.check()
        await line.send("e1", {"command": "/prodops"})
        assert await line.acks.get() == {"envelope_id": "e1"}
        await line.send("e2", {"command": "/prodops", "text": "json"})
        assert await line.acks.get() == {"envelope_id": "e2", "payload": {"text": "blocks"}}
        await line.send("e3", {"command": "/prodops", "text": "words"})
        assert await line.acks.get() == {"envelope_id": "e3", "payload": {"text": "words"}}
    assert [request.mode for request in bot.heard] == ["socket_mode"] * 3
    await until(lambda: line.sockets[0].closed)


async def test_a_repeated_event_is_known_by_its_headers(
    line: SlackLine, connecting: Connecting, bot: Bot
) -> None:
    async with connecting():
        await line.send("e1", {"type": "event_callback"}, retry_attempt=0, retry_reason="")
        await line.send("e2", {"type": "event_callback"}, retry_attempt=2, retry_reason="timeout")
        await line.acks.get()
        await line.acks.get()
    assert "x-slack-retry-num" not in bot.heard[0].headers
    assert bot.heard[1].headers["x-slack-retry-num"] == ["2"]
    assert bot.heard[1].headers["x-slack-retry-reason"] == ["timeout"]


async def test_what_the_bot_does_not_answer_is_not_acknowledged(
    line: SlackLine, connecting: Connecting, bot: Bot
) -> None:
    async with connecting():
        bot.status = 500
        await line.send("lost", {})
        await until(lambda: len(bot.heard) == 1)
        bot.status = 200
        await line.send("next", {})
        assert (await line.acks.get())["envelope_id"] == "next"


async def test_each_try_has_a_ticket_of_its_own(
    line: SlackLine, connecting: Connecting, pauses: Pauses
) -> None:
    line.dead_tickets = 3
    async with connecting() as socket:
        with pytest.raises(NotReady, match="not connected to Slack"):
            await socket.check()
        await until(lambda: bool(line.sockets))
        await line.send("e1", {})
        await line.acks.get()
        await socket.check()
    assert line.tried == ["1", "2", "3", "4"]
    assert [1 / 2 * 2**n <= pause <= 2**n for n, pause in enumerate(pauses)] == [True] * 3


async def test_a_connection_that_slack_ends_is_replaced_while_it_still_works(
    line: SlackLine, connecting: Connecting, pauses: Pauses, bot: Bot
) -> None:
    async with connecting() as socket:
        bot.may_finish.clear()
        await line.send("old", {})
        await until(lambda: bot.busy == 1)
        (old,) = line.sockets
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await until(lambda: len(line.sockets) == 2)
        await socket.check()
        bot.may_finish.set()
        assert await line.acks.get() == {"envelope_id": "old"}
        await old.close()
        await line.send("new", {})
        assert await line.acks.get() == {"envelope_id": "new"}
    assert pauses == []


async def test_a_cut_line_is_mended(
    line: SlackLine, connecting: Connecting, pauses: Pauses
) -> None:
    async with connecting() as socket:
        for _ in range(2):
            await line.sockets[-1].close()
            await until(lambda: line.sockets[-1].closed is False)
            await line.send("e1", {})
            assert await line.acks.get() == {"envelope_id": "e1"}
            await socket.check()
    assert len(line.sockets) == 3
    assert len(pauses) == 2


async def test_a_line_that_has_gone_silent_is_given_up(
    line: SlackLine, connecting: Connecting
) -> None:
    line.silent = True
    async with connecting(heartbeat=0.1):
        line.silent = False
        await until(lambda: len(line.sockets) == 2)


async def test_the_limit_of_the_shared_session_does_not_end_a_connection(
    line: SlackLine, connecting: Connecting
) -> None:
    async with connecting(total=0.3):
        await asyncio.sleep(0.5)
        await line.send("e1", {})
        assert await line.acks.get() == {"envelope_id": "e1"}
    assert line.tickets == 1


@pytest.mark.parametrize("code", ["invalid_auth", "not_allowed_token_type", "token_revoked"])
async def test_a_wrong_token_is_one_line_that_names_it(
    line: SlackLine, connecting: Connecting, code: str
) -> None:
    line.refusals = [({"ok": False, "error": code}, {})]
    with pytest.raises(SettingsProblem, match=rf"SLACK_APP_TOKEN was refused by Slack \({code}\)"):
        async with connecting():
            pass
    assert line.tickets == 1


async def test_slacks_wish_to_wait_is_heeded(
    line: SlackLine, connecting: Connecting, pauses: Pauses
) -> None:
    limited = ({"ok": False, "error": "ratelimited"}, {"Retry-After": "30"})
    line.refusals = [limited, limited, ({"ok": False, "error": "internal_error"}, {})]
    async with connecting():
        await until(lambda: bool(line.sockets))
    assert pauses[:2] == [30, 30]
    assert pauses[2] <= 4


async def test_no_more_than_so_many_are_answered_at_once(
    line: SlackLine, connecting: Connecting, bot: Bot
) -> None:
    async with connecting():
        bot.may_finish.clear()
        for number in range(AT_ONCE + 10):
            await line.send(str(number), {})
        await until(lambda: bot.busy == AT_ONCE)
        await asyncio.sleep(0.05)
        bot.may_finish.set()
        answered = [await line.acks.get() for _ in range(AT_ONCE + 10)]
    assert len(answered) == AT_ONCE + 10
    assert bot.busiest == AT_ONCE


async def test_what_is_in_flight_is_answered_before_the_end(
    line: SlackLine, connecting: Connecting, bot: Bot
) -> None:
    async with connecting() as socket:
        bot.may_finish.clear()
        await line.send("last", {})
        await until(lambda: bot.busy == 1)
        stopping = asyncio.create_task(socket.stop(5))
        await asyncio.sleep(0.05)
        await line.send("too late", {})
        bot.may_finish.set()
        await stopping
    assert await line.acks.get() == {"envelope_id": "last"}
    assert line.acks.empty()
    assert len(bot.heard) == 1


async def test_a_command_comes_and_goes_through_the_emulated_workspace(bot: Bot) -> None:
    sandbox = Sandbox(SandboxClock(), manifest())
    ann = sandbox.workspace.add_user("ann")
    team = sandbox.workspace.add_channel("product", [ann.id])
    async with sandbox.serve(), aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=f"{sandbox.base_url}/api/", session=session)
        socket = SocketMode(bot.dispatch, client, session, sandbox.app_token)
        await socket.start()
        reply = await sandbox.people.command(ann.id, team.id, "/prodops words")
        await sandbox.sockets.disconnect("refresh_requested", after=0.2)
        again = await sandbox.people.command(ann.id, team.id, "/prodops words")
        await socket.stop(1)
    assert [message.text for message in (*reply.messages, *again.messages)] == ["words", "words"]
