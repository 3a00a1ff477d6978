"""The parts of the emulated Slack that all others work with: state, clock, record, deliveries."""

from typing import Any, Literal

from sandbox.calls import ApiCall
from sandbox.clock import SandboxClock
from sandbox.delivery import Courier
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.limits import RateLimits
from sandbox.manifest import Manifest
from sandbox.sockets import SocketMode
from sandbox.traffic import Traffic
from sandbox.triggers import Triggers
from sandbox.workspace import Workspace

Installation = Literal["active", "token_revoked", "account_inactive"]
"""Whether the bot's token is good; otherwise the error that every call is answered with."""


class Slack:
    """One workspace with one app installed, before anybody calls, acts or serves.

    `strict`: what Slack refuses is refused; otherwise it is only noted in `calls`. `rate_limits`
    switches Slack's limits on. `reject_charts` makes native charts invalid, as some workspaces do.
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
        self.feed = Feed()
        for source in (self.workspace, self.clock, self.courier):
            source.watch(self.feed.note)
