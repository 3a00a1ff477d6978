"""A small Slack for Socket Mode that can be told to fail: dead tickets, refusals, cut lines."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web


class SlackLine:
    """`tickets` and `sockets` count what was asked for; `acks` are the frames that came back."""

    def __init__(self) -> None:
        self.tickets = 0
        self.tried: list[str] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.acks: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.dead_tickets = 0
        self.refusals: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.silent = False
        self.base = ""

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """The base of the Web API while the context is open."""
        app = web.Application()
        app.router.add_post("/api/apps.connections.open", self._open)
        app.router.add_get("/link", self._link)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base = f"127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield f"http://{self.base}/api/"
        finally:
            for socket in self.sockets:
                await socket.close()
            await runner.cleanup()

    async def _open(self, request: web.Request) -> web.Response:
        self.tickets += 1
        if self.refusals:
            body, headers = self.refusals.pop(0)
            return web.json_response(body, headers=headers, status=429 if headers else 200)
        assert request.headers["Authorization"] == "Bearer xapp-1"
        url = f"ws://{self.base}/link?ticket={self.tickets}"
        return web.json_response({"ok": True, "url": url})

    async def _link(self, request: web.Request) -> web.StreamResponse:
        self.tried.append(request.query["ticket"])
        if self.dead_tickets:
            self.dead_tickets -= 1
            return web.Response(status=408)
        socket = web.WebSocketResponse(autoping=not self.silent)
        await socket.prepare(request)
        await socket.send_str("Ping from applink")
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acks.put_nowait(message.json())
        return socket

    async def send(self, envelope_id: str, payload: dict[str, Any], **more: Any) -> None:
        """An envelope on the newest connection."""
        frame = {"type": "slash_commands", "envelope_id": envelope_id, "payload": payload}
        await self.sockets[-1].send_json(frame | more)
