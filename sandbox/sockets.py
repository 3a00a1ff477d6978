"""Socket Mode: tickets, connections, and frames with envelope ids."""

import asyncio
import itertools
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from aiohttp import WSMsgType, web

from sandbox.clock import SandboxClock

MOST_CONNECTIONS = 10
TICKET_LIFETIME = timedelta(seconds=30)
APPROXIMATE_LIFE = 18_060
_FRAME_TYPES = {"command": "slash_commands", "interactive": "interactive", "event": "events_api"}
_Pending = asyncio.Future[tuple[int, Any]]


@dataclass(eq=False)
class Connection:
    """One open socket and the envelopes that it has not acknowledged yet."""

    socket: web.WebSocketResponse
    request: web.Request
    pending: dict[str, _Pending] = field(default_factory=dict)


class SocketMode:
    """Hands out single-use addresses and speaks with whoever connects to them."""

    def __init__(self, clock: SandboxClock, app_id: str) -> None:
        self._clock = clock
        self._app_id = app_id
        self._tickets: dict[str, datetime] = {}
        self._numbers = itertools.count()
        self.base_url = ""
        self.connections: list[Connection] = []
        self.was_used = False
        self.strange_acks: list[Any] = []
        self._arrival = asyncio.Event()

    def new_address(self) -> str:
        """A WebSocket URL that opens one connection, within 30 seconds."""
        ticket = uuid.uuid4().hex
        self._tickets[ticket] = self._clock.now()
        self.was_used = True
        host = self.base_url.replace("http", "ws", 1)
        return f"{host}/link/?ticket={ticket}&app_id={self._app_id}"

    def kill_tickets(self) -> None:
        """Makes every address handed out so far worthless."""
        self._tickets.clear()

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serves one connection until it ends; 408 for a used, old or unknown ticket."""
        issued = self._tickets.pop(request.query.get("ticket", ""), None)
        if issued is None or self._clock.now() - issued > TICKET_LIFETIME:
            return web.Response(status=408, text="dead ticket")
        if len(self.connections) >= MOST_CONNECTIONS:
            return web.Response(status=429, text="too_many_websockets")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.append(connection)
        try:
            await socket.send_json(self._hello(request))
            self._arrival.set()
            await self._listen(connection)
        finally:
            self._forget(connection)
        return socket

    def _hello(self, request: web.Request) -> dict[str, Any]:
        short = request.query.get("debug_reconnects") == "true"
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": 360 if short else APPROXIMATE_LIFE,
            },
        }

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type != WSMsgType.TEXT:
                continue
            try:
                frame = json.loads(message.data)
                pending = connection.pending.pop(frame["envelope_id"])
            except (ValueError, KeyError, TypeError):
                # An unknown envelope, or one whose three seconds are over.
                self.strange_acks.append(message.data)
                continue
            if not pending.done():
                pending.set_result((200, frame.get("payload")))

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        if not self.connections:
            self._arrival.clear()
        for pending in connection.pending.values():
            if not pending.done():
                pending.set_result((0, "dispatch_failed"))

    async def deliver(
        self, kind: str, payload: dict[str, Any], seconds: float, retry: tuple[int, str] | None
    ) -> tuple[int, Any]:
        """Sends one envelope to any connection; (200, response payload) or (0, error)."""
        if not self.connections:
            return 0, "dispatch_failed"
        connection = self.connections[next(self._numbers) % len(self.connections)]
        envelope_id = str(uuid.uuid4())
        frame: dict[str, Any] = {
            "envelope_id": envelope_id,
            "type": _FRAME_TYPES[kind],
            "accepts_response_payload": kind != "event",
            "payload": payload,
        }
        if kind == "event":
            attempt, reason = retry or (0, "")
            frame |= {"retry_attempt": attempt, "retry_reason": reason}
        pending: _Pending = asyncio.get_running_loop().create_future()
        connection.pending[envelope_id] = pending
        try:
            await connection.socket.send_json(frame)
            async with asyncio.timeout(seconds):
                return await pending
        except TimeoutError:
            return 0, "operation_timeout"
        except ConnectionError:
            return 0, "dispatch_failed"
        finally:
            connection.pending.pop(envelope_id, None)

    async def connected(self, seconds: float) -> bool:
        """Whether somebody is connected, waiting that long for it."""
        try:
            async with asyncio.timeout(seconds):
                await self._arrival.wait()
        except TimeoutError:
            return False
        return True

    async def disconnect(
        self,
        reason: Literal["warning", "refresh_requested", "link_disabled"] = "refresh_requested",
        after: float = 0,
    ) -> None:
        """Announces the end of every connection and, but for a warning, ends it `after` seconds."""
        leaving = list(self.connections)
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        for connection in leaving:
            await connection.socket.send_json(frame)
        if reason == "warning":
            return
        await asyncio.sleep(after)
        await self._close(leaving)

    async def drop(self) -> None:
        """Cuts every connection without a word, as a broken network does."""
        for connection in list(self.connections):
            self._forget(connection)
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def close(self) -> None:
        """Ends every connection politely."""
        await self._close(list(self.connections))

    async def _close(self, connections: list[Connection]) -> None:
        for connection in connections:
            self._forget(connection)
            await connection.socket.close()
