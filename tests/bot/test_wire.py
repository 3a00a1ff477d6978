"""What goes over the wire is sent once, and what became of it is never told rosier than it is."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import wire as wires
from bot.metrics import Metrics
from bot.slack import outcome_of
from bot.wire import DroppedError, NotConnectedError, Wire, as_json
from domain.delivery import Outcome, RecipientGone, Transient, Unknown
from handlers.slack import patience_of

Respond = Callable[[asyncio.StreamWriter, int], Awaitable[None]]
METHOD = "chat.postMessage"
OK = {"ok": True, "channel": "D1", "ts": "1.0"}


def reply(body: str, status: str = "200 OK", headers: str = "") -> bytes:
    kind = "Content-Type: application/json; charset=utf-8\r\n"
    head = f"HTTP/1.1 {status}\r\n{headers}{kind}Content-Length: {len(body.encode())}\r\n\r\n"
    return (head + body).encode()


@dataclass
class Line:
    """A Slack of a few lines: `respond` is told the number of each request, from 1."""

    respond: Respond
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    connections: int = 0
    talks: set[asyncio.Task[None] | None] = field(default_factory=set)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.talks.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines if line)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.requests.append((first, headers, body))
                await self.respond(writer, len(self.requests))
        writer.close()


@asynccontextmanager
async def line(respond: Respond) -> AsyncIterator[tuple[Line, AsyncWebClient]]:
    there = Line(respond)
    server = await asyncio.start_server(there.talk, "127.0.0.1", 0)
    base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
    try:
        yield there, AsyncWebClient(token="xoxb-1", base_url=base_url)
    finally:
        server.close()
        for talk in there.talks:
            assert talk is not None
            talk.cancel()
        await asyncio.gather(*filter(None, there.talks))


def saying(answer: bytes) -> Respond:
    async def respond(writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(answer)

    return respond


async def ending(writer: asyncio.StreamWriter, _number: int) -> None:
    writer.close()


async def resetting(writer: asyncio.StreamWriter, _number: int) -> None:
    writer.transport.abort()


async def hanging(_writer: asyncio.StreamWriter, _number: int) -> None:
    await asyncio.sleep(3600)


async def breaking_off(writer: asyncio.StreamWriter, _number: int) -> None:
    writer.write(reply(json.dumps(OK))[:-4])
    writer.close()


async def outcome(client: AsyncWebClient) -> Outcome:
    wire = Wire()
    try:
        with pytest.raises((SlackApiError, DroppedError, NotConnectedError)) as failed:
            await wire.call(client, METHOD, {"channel": "U1"})
        return outcome_of(failed.value)
    finally:
        await wire.close()


async def test_a_call_is_what_the_clients_own_would_be() -> None:
    """Both ask Slack for the same, by the same token."""
    async with line(saying(reply(json.dumps(OK)))) as (there, client):
        asked: dict[str, Any] = {"channel": "U1", "text": "ä 🎉", "blocks": [{"type": "divider"}]}
        wire = Wire()
        answer = await wire.call(client, METHOD, asked)
        assert (answer["channel"], answer["ts"]) == ("D1", "1.0")
        await client.chat_postMessage(**asked)
        await wire.close()
    ours, theirs = there.requests
    assert ours[0] == theirs[0] == "POST /api/chat.postMessage HTTP/1.1"
    assert json.loads(ours[2]) == json.loads(theirs[2]) == asked
    for name in ("authorization", "content-type", "user-agent"):
        assert ours[1][name] == theirs[1][name]


async def test_connections_are_kept_and_counted() -> None:
    async with line(saying(reply(json.dumps(OK)))) as (there, client):
        wire = Wire()
        for _ in range(5):
            await wire.call(client, METHOD, {"channel": "U1"})
        await wire.close()
    assert (len(there.requests), there.connections) == (5, 1)


@pytest.mark.parametrize("respond", [ending, resetting, hanging, breaking_off])
async def test_what_may_have_arrived_is_not_sent_again(
    respond: Respond, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "CALL_SECONDS", 0.3)
    async with line(respond) as (there, client):
        assert isinstance(await outcome(client), Unknown)
    assert len(there.requests) == 1


async def test_a_dropped_connection_is_not_tried_again_on_another() -> None:
    """Also where it served before: the library must take it for no stale one."""

    async def second_time_unlucky(writer: asyncio.StreamWriter, number: int) -> None:
        if number == 2:
            writer.transport.abort()
        else:
            writer.write(reply(json.dumps(OK)))

    async with line(second_time_unlucky) as (there, client):
        wire = Wire()
        await wire.call(client, METHOD, {"channel": "U1"})
        with pytest.raises(DroppedError):
            await wire.call(client, METHOD, {"channel": "U2"})
        await wire.call(client, METHOD, {"channel": "U3"})
        await wire.close()
    assert [json.loads(body)["channel"] for _, _, body in there.requests] == ["U1", "U2", "U3"]


async def test_connections_that_slack_has_closed_meanwhile_cost_nothing() -> None:
    async def once(writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(reply(json.dumps(OK)))
        writer.write_eof()

    async with line(once) as (there, client):
        wire = Wire()
        for _ in range(10):
            await wire.call(client, METHOD, {"channel": "U1"})
            # Until the wire has seen the end, and has ended its side too.
            async with asyncio.timeout(20):
                await asyncio.gather(*filter(None, there.talks))
        await wire.close()
    assert (len(there.requests), there.connections) == (10, 10)


async def test_connections_that_slack_closes_meanwhile_bring_nothing_twice() -> None:
    """Where the end comes just as the next call begins, it is not known; mostly it is seen."""

    async def once(writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(reply(json.dumps(OK)))
        writer.close()

    arrived = 0
    async with line(once) as (there, client):
        wire = Wire()
        for number in range(50):
            with suppress(DroppedError):
                await wire.call(client, METHOD, {"channel": f"U{number}"})
                arrived += 1
        await wire.close()
    asked = [body for _, _, body in there.requests]
    assert len(set(asked)) == len(asked)
    assert 0 < arrived <= len(asked)


@pytest.mark.parametrize(
    "base_url",
    ["http://127.0.0.1:1/api/", "http://nobody.invalid/api/", "https://127.0.0.1:1/api/"],
    ids=["refused", "no such name", "refused over TLS"],
)
async def test_without_a_connection_nothing_was_sent(base_url: str) -> None:
    assert await outcome(AsyncWebClient(token="xoxb-1", base_url=base_url)) == Transient(None)


async def test_a_connection_that_takes_too_long_sent_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wires, "CONNECT_SECONDS", 0.3)
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        base_url = f"http://127.0.0.1:{full.getsockname()[1]}/api/"
        assert await outcome(AsyncWebClient(token="xoxb-1", base_url=base_url)) == Transient(None)


async def test_without_encryption_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "CONNECT_SECONDS", 0.3)
    async with line(saying(reply(json.dumps(OK)))) as (there, client):
        client.base_url = client.base_url.replace("http://", "https://")
        assert await outcome(client) == Transient(None)
    assert there.requests == []


@pytest.mark.parametrize(
    ("answer", "became"),
    [
        (reply('{"ok": false, "error": "user_not_found"}'), RecipientGone("user_not_found")),
        (
            reply('{"ok": false, "error": "ratelimited"}', "429 X", "Retry-After: 7\r\n"),
            Transient(7.0),
        ),
        (reply("", "503 X", "retry-after: 3\r\n"), Transient(3.0)),
    ],
)
async def test_what_slack_refuses_is_understood(answer: bytes, became: Outcome) -> None:
    async with line(saying(answer)) as (_, client):
        assert await outcome(client) == became


@pytest.mark.parametrize(
    "answer",
    [
        reply("<html>Bad gateway</html>", "502 X"),
        reply("{"),
        reply("[1]"),
        reply("null"),
        reply(""),
        b"SSH-2.0-OpenSSH_9.6\r\n",
        reply("", "307 X", "Location: /api/elsewhere\r\n"),
    ],
)
async def test_an_answer_that_says_nothing_leaves_it_open(answer: bytes) -> None:
    async def once(writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(answer)
        writer.close()

    async with line(once) as (there, client):
        assert isinstance(await outcome(client), Unknown)
    assert len(there.requests) == 1


@pytest.mark.parametrize("body", ["{", "[1]", "<html>"])
async def test_so_it_is_with_the_clients_own_calls(body: str) -> None:
    async with line(saying(reply(body))) as (_, client):
        with pytest.raises((SlackApiError, AttributeError)) as failed:
            await client.chat_postMessage(channel="U1", text="Hello.")
        assert isinstance(outcome_of(failed.value), Unknown)


async def test_the_patience_that_an_unreadable_answer_asks_for_is_understood() -> None:
    async with line(saying(reply("{", "429 X", "Retry-After: 7\r\n"))) as (_, client):
        with pytest.raises(SlackApiError) as failed:
            await client.users_info(user="U1")
        assert patience_of(failed.value) == 7.0
        assert outcome_of(failed.value) == Transient(7.0)


async def test_a_call_that_is_given_up_ends() -> None:
    arrived = asyncio.Event()

    async def arriving(writer: asyncio.StreamWriter, number: int) -> None:
        arrived.set()
        await hanging(writer, number)

    async with line(arriving) as (_, client):
        wire = Wire()
        call = asyncio.create_task(wire.call(client, METHOD, {}))
        await arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await wire.close()


async def test_a_proxy_carries_it_where_the_client_has_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with line(saying(reply(json.dumps(OK)))) as (there, client):
        proxy = client.base_url.removesuffix("/api/")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        direct = AsyncWebClient(token="xoxb-1", base_url=client.base_url)
        direct.proxy = None
        wire = Wire()
        await wire.call(direct, METHOD, {"channel": "U1"})
        beyond = AsyncWebClient(token="xoxb-1", base_url="http://slack.invalid/api/", proxy=proxy)
        await wire.call(beyond, METHOD, {"channel": "U2"})
        await wire.close()
    assert [first for first, _, _ in there.requests] == [
        "POST /api/chat.postMessage HTTP/1.1",
        "POST http://slack.invalid/api/chat.postMessage HTTP/1.1",
    ]


async def test_calls_are_counted_by_what_came_of_them() -> None:
    async def each(writer: asyncio.StreamWriter, number: int) -> None:
        bad = '{"ok": false, "error": "is_archived"}'
        writer.write(reply(json.dumps(OK) if number == 1 else bad))

    metrics = Metrics()
    async with line(each) as (_, client):
        wire = Wire(metrics)
        await wire.call(client, METHOD, {})
        with pytest.raises(SlackApiError):
            await wire.call(client, METHOD, {})
        client.base_url = "http://127.0.0.1:1/api/"
        with pytest.raises(NotConnectedError):
            await wire.call(client, METHOD, {})
        await wire.close()
    said = metrics.page().decode()
    for result in ("ok", "is_archived", "failed"):
        assert f'method="chat.postMessage",result="{result}"' in said


def test_half_a_character_can_be_posted_too() -> None:
    assert as_json({"text": "a\ud83d"}) == b'{"text": "a\\ud83d"}'
    assert as_json({"text": "ä 🎉"}).decode() == '{"text":"ä 🎉"}'


def test_a_session_that_never_opened_a_connection_is_told_apart_too() -> None:
    problem = aiohttp.ConnectionTimeoutError()
    assert outcome_of(problem) == Transient(None)
