"""Socket Mode: addresses for one connection, frames, acks, redelivery, goodbyes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from sandbox.server import Sandbox
from sandbox.workspace import Channel, User

Socket = aiohttp.ClientWebSocketResponse


@asynccontextmanager
async def connected(sandbox: Sandbox, address: str | None = None) -> AsyncIterator[Socket]:
    address = address or sandbox.sockets.new_address()
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        hello = await socket.receive_json(timeout=2)
        assert hello["type"] == "hello"
        assert hello["num_connections"] == len(sandbox.sockets.connections)
        yield socket


async def acked(socket: Socket, payload: Any = None) -> dict[str, Any]:
    frame: dict[str, Any] = await socket.receive_json(timeout=2)
    answer = {"envelope_id": frame["envelope_id"]}
    await socket.send_json(answer | ({"payload": payload} if payload else {}))
    return frame


async def test_a_command_with_its_answer(sandbox: Sandbox, channel: Channel, mira: User) -> None:
    async with connected(sandbox) as socket:
        work = asyncio.create_task(sandbox.people.command(mira.id, channel.id, "/prodops help"))
        frame = await acked(socket, {"text": "hello"})
        reply = await work
    assert (frame["type"], frame["accepts_response_payload"]) == ("slash_commands", True)
    assert frame["payload"]["command"] == "/prodops"
    assert (reply.status, reply.messages[0].text) == (200, "hello")


async def test_an_event_with_its_ack(sandbox: Sandbox, mira: User) -> None:
    async with connected(sandbox) as socket:
        dm = sandbox.workspace.dm(mira.id).id
        work = asyncio.create_task(sandbox.people.say(mira.id, dm, "hi"))
        frame = await acked(socket)
        assert (await work).ok
    assert (frame["type"], frame["accepts_response_payload"]) == ("events_api", False)
    assert frame["payload"]["event"]["text"] == "hi"
    assert frame["retry_attempt"] == 0


async def test_an_event_without_ack_comes_again(sandbox: Sandbox, mira: User) -> None:
    sandbox.courier.ack_seconds = 0.1
    async with connected(sandbox) as socket:
        dm = sandbox.workspace.dm(mira.id).id
        reply = await sandbox.people.say(mira.id, dm, "hi")
        assert reply.error == "operation_timeout"
        first = await socket.receive_json(timeout=2)
        second = await acked(socket)
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert second["payload"] == first["payload"]
    assert second["envelope_id"] != first["envelope_id"]


async def test_a_command_without_ack_does_not(
    sandbox: Sandbox, channel: Channel, mira: User
) -> None:
    sandbox.courier.ack_seconds = 0.1
    async with connected(sandbox) as socket:
        reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
        assert reply.error == "operation_timeout"
        frame = await socket.receive_json(timeout=2)
        await socket.send_json({"envelope_id": frame["envelope_id"]})
        with pytest.raises(asyncio.TimeoutError):
            await socket.receive_json(timeout=0.2)
        assert len(sandbox.sockets.strange_acks) == 1


async def test_an_address_opens_one_connection(sandbox: Sandbox) -> None:
    address = sandbox.sockets.new_address()
    async with connected(sandbox, address):
        pass
    for dead in (address, _killed(sandbox)):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            async with connected(sandbox, dead):
                pass
        assert refusal.value.status == 408


def _killed(sandbox: Sandbox) -> str:
    address = sandbox.sockets.new_address()
    sandbox.sockets.kill_tickets()
    return address


async def test_ten_connections_at_most(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(sandbox.sockets.new_address()) for _ in range(10)]
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(sandbox.sockets.new_address())
        for socket in sockets:
            await socket.close()


async def test_one_connection_gets_each_payload(
    sandbox: Sandbox, channel: Channel, mira: User
) -> None:
    async with connected(sandbox) as one, connected(sandbox) as other:
        for socket in (one, other):
            act = sandbox.people.command(mira.id, channel.id, "/prodops help")
            work = asyncio.create_task(act)
            await acked(socket)
            assert (await work).ok


async def test_goodbyes(sandbox: Sandbox) -> None:
    async with connected(sandbox) as socket:
        await sandbox.sockets.disconnect("warning")
        warning = await socket.receive_json(timeout=2)
        assert (warning["type"], warning["reason"]) == ("disconnect", "warning")
        assert not socket.closed
        await asyncio.gather(sandbox.sockets.disconnect(), _goodbye(socket))
        assert sandbox.sockets.connections == []


async def _goodbye(socket: Socket) -> None:
    frame = await socket.receive_json(timeout=2)
    assert frame["reason"] == "refresh_requested"
    assert (await socket.receive(timeout=2)).type == aiohttp.WSMsgType.CLOSE


async def test_a_broken_connection(sandbox: Sandbox, channel: Channel, mira: User) -> None:
    async with connected(sandbox) as socket:
        act = sandbox.people.command(mira.id, channel.id, "/prodops help")
        work = asyncio.create_task(act)
        await socket.receive_json(timeout=2)
        await sandbox.sockets.drop()
        assert (await work).error == "dispatch_failed"
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
    assert (reply.error, len(sandbox.events_refused)) == ("dispatch_failed", 2)


async def test_an_event_waits_for_the_next_connection(sandbox: Sandbox, mira: User) -> None:
    async with connected(sandbox):
        pass
    dm = sandbox.workspace.dm(mira.id).id
    assert (await sandbox.people.say(mira.id, dm, "hi")).error == "dispatch_failed"
    async with connected(sandbox) as socket:
        frame = await acked(socket)
    assert frame["payload"]["event"]["text"] == "hi"
