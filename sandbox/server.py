"""The emulated Slack: one workspace, its Web API, its deliveries, and what tests ask of it."""

import importlib
import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from sandbox.calls import ApiCall
from sandbox.clock import SandboxClock
from sandbox.delivery import Courier, Delivery
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.gateway import Gateway
from sandbox.happenings import Happenings, Installation
from sandbox.limits import RateLimits
from sandbox.manifest import Manifest
from sandbox.people import People
from sandbox.responses import ResponseUrls
from sandbox.sockets import SocketMode
from sandbox.traffic import Traffic
from sandbox.triggers import Triggers
from sandbox.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.page.clockbar import ClockControls

MOST_BODY = 8_000_000


class Sandbox(Happenings):
    """An emulated Slack workspace with one app installed.

    `strict`: what Slack refuses is refused; otherwise it is only noted in `calls`. `rate_limits`
    switches Slack's limits on. `reject_charts` makes native charts invalid, as some workspaces do.
    `clock_controls` lets the page move the clock together with the bot that lives by it.
    """

    def __init__(
        self,
        clock: SandboxClock,
        manifest: dict[str, Any],
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107
        bot_token: str = "xoxb-sandbox",  # noqa: S107
        app_token: str = "xapp-sandbox",  # noqa: S107
        strict: bool = True,
        rate_limits: bool = False,
        reject_charts: bool = False,
        team_name: str = "Sandbox",
    ) -> None:
        self.clock = clock
        self.manifest = Manifest(manifest)
        self.signing_secret, self.bot_token, self.app_token = signing_secret, bot_token, app_token
        self.strict, self.reject_charts = strict, reject_charts
        self.installation: Installation = "active"
        self.base_url = ""
        self.workspace = Workspace(clock, team_name, self.manifest.bot_name)
        self.calls: list[ApiCall] = []
        self.faults = Faults()
        self.limits = RateLimits(clock, rate_limits)
        self.triggers = Triggers(clock)
        self.traffic = Traffic()
        self.sockets = SocketMode(clock, self.workspace.app_id)
        self.courier = Courier(clock, self.traffic, self.sockets, signing_secret)
        self.events = Events(self.workspace, self.manifest, self.courier, self.sockets)
        self.responses = ResponseUrls(self)
        self.people = People(self)
        self.clock_controls: ClockControls | None = None
        self.feed = Feed()
        for source in (self.workspace, self.clock, self.courier):
            source.watch(self.feed.note)

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
        gateway = Gateway(self)
        app = web.Application(client_max_size=MOST_BODY)
        app.add_routes(
            [
                web.get("/api/{method}", gateway.api),
                web.post("/api/{method}", gateway.api),
                web.post("/respond/{team}/{url}", gateway.respond),
                web.get("/link/", self.sockets.accept),
                *self._page_routes(),
            ]
        )
        return app

    def _page_routes(self) -> list[web.AbstractRouteDef]:
        # The page builds on this module, so it is looked up only when a server starts.
        if importlib.util.find_spec("sandbox.page.routes") is None:
            return []
        routes: list[web.AbstractRouteDef] = importlib.import_module("sandbox.page.routes").routes(
            self
        )
        return routes
