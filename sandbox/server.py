"""The emulated Slack: one workspace, its Web API, its deliveries, and what tests ask of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

import aiohttp
from aiohttp import web

from sandbox.delivery import Delivery
from sandbox.gateway import Gateway
from sandbox.happenings import Happenings
from sandbox.page.clockbar import ClockControls
from sandbox.page.routes import routes
from sandbox.people import People
from sandbox.responses import ResponseUrls

MOST_BODY = 8_000_000


class Sandbox(Happenings):
    """An emulated Slack workspace with one app installed; `Slack` tells what it is made with.

    `clock_controls` lets the page move the clock together with the bot that lives by it.
    """

    clock_controls: ClockControls | None = None

    @cached_property
    def responses(self) -> ResponseUrls:
        """The response_urls handed out so far."""
        return ResponseUrls(self)

    @cached_property
    def people(self) -> People:
        """What people do."""
        return People(self, self.responses)

    @property
    def deliver_to(self) -> str | None:
        """The bot's request URL; None delivers through Socket Mode."""
        return self.courier.deliver_to

    @deliver_to.setter
    def deliver_to(self, url: str | None) -> None:
        self.courier.deliver_to = url

    @property
    def events_refused(self) -> list[Delivery]:
        """Requests that the bot answered wrongly, late or not at all."""
        return [delivery for delivery in self.courier.delivered if not delivery.ack.ok]

    @property
    def version(self) -> int:
        """Grows with every change in the workspace, of the clock, and every call and delivery."""
        return self.feed.version

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109
        """Waits until `version` exceeds `since`, at most `timeout` seconds; the version then."""
        return await self.feed.changed(since, timeout)

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator["Sandbox"]:
        """Serves Web API, sockets and the browser page while the context is open."""
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104
        self.base_url = f"http://{shown}:{runner.addresses[0][1]}"
        self.sockets.base_url = self.base_url
        self.courier.session = aiohttp.ClientSession()
        try:
            yield self
        finally:
            await self.events.stop()
            await self.sockets.close()
            await self.courier.session.close()
            self.courier.session = None
            await runner.cleanup()

    def _app(self) -> web.Application:
        gateway = Gateway(self, self.responses)
        app = web.Application(client_max_size=MOST_BODY)
        app.add_routes(
            [
                web.get("/api/{method}", gateway.api),
                web.post("/api/{method}", gateway.api),
                web.post("/respond/{team}/{url}", gateway.respond),
                web.get("/link/", self.sockets.accept),
                *routes(self),
            ]
        )
        return app
