"""A served workspace with a frozen clock, a Web API client, and a small bot that records."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from sandbox.workspace import Channel, User
from tests.sandbox.visiting import Visitor

FRIDAY = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
SCOPES = [
    *("commands", "chat:write", "im:history", "im:read", "im:write", "users:read"),
    *("channels:read", "channels:history", "groups:read", "groups:history", "usergroups:read"),
]
EVENTS = [
    *("app_home_opened", "app_uninstalled", "tokens_revoked", "message.im", "message.channels"),
    *("user_change", "member_joined_channel", "member_left_channel", "channel_archive"),
    *("channel_unarchive", "channel_rename", "channel_deleted", "channel_left"),
    *("group_archive", "channel_id_changed", "subteam_members_changed"),
]


def make_manifest() -> dict[str, Any]:
    """A manifest that tests may alter before they build a sandbox."""
    return {
        "display_information": {"name": "ProdOps"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "ProdOps"},
            "slash_commands": [{"command": "/prodops", "should_escape": True}],
            "shortcuts": [
                {"name": "Log", "type": "global", "callback_id": "log_week"},
                {"name": "Add", "type": "message", "callback_id": "add_item"},
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
        },
    }


@dataclass
class Received:
    """One request as the bot got it."""

    kind: str
    payload: dict[str, Any]
    headers: dict[str, str]
    body: bytes


@dataclass
class Bot:
    """Answers every request with `answer(received)`: a body, a (status, body), or None."""

    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], Any] = lambda received: None
    arrival: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.Response:
        """Records a request and answers it."""
        body = await request.read()
        received = _received(request, body)
        self.received.append(received)
        self.arrival.set()
        answer = self.answer(received)
        if hasattr(answer, "__await__"):
            answer = await answer
        status, shown = answer if isinstance(answer, tuple) else (200, answer)
        if isinstance(shown, dict):
            return web.json_response(shown, status=status)
        return web.Response(text=shown or "", status=status)

    async def heard(self, number: int) -> None:
        """Waits until so many requests arrived, two seconds at most."""
        async with asyncio.timeout(2):
            while len(self.received) < number:
                self.arrival.clear()
                await self.arrival.wait()

    def events(self) -> list[dict[str, Any]]:
        """The events it heard."""
        return [r.payload["event"] for r in self.received if r.kind == "event"]


def _received(request: web.Request, body: bytes) -> Received:
    headers = dict(request.headers)
    if request.content_type == "application/json":
        return Received("event", json.loads(body), headers, body)
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    if "payload" in form:
        payload = json.loads(form["payload"])
        return Received(payload["type"], payload, headers, body)
    return Received("command", form, headers, body)


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(FRIDAY, frozen=True)


@pytest.fixture
def manifest() -> dict[str, Any]:
    return make_manifest()


@pytest.fixture
async def sandbox(clock: SandboxClock, manifest: dict[str, Any]) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(clock, manifest)
    async with sandbox.serve():
        yield sandbox


@pytest.fixture
def mira(sandbox: Sandbox) -> User:
    return sandbox.workspace.add_user("Mira Okafor")


@pytest.fixture
def channel(sandbox: Sandbox, mira: User) -> Channel:
    return sandbox.workspace.add_channel("product", [mira])


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/slack/events", bot.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield bot
    await runner.cleanup()


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    retries: list[AsyncRetryHandler] = []
    url = f"{sandbox.base_url}/api/"
    return AsyncWebClient(token=sandbox.bot_token, base_url=url, retry_handlers=retries)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def visitor(
    session: aiohttp.ClientSession, sandbox: Sandbox, mira: User, channel: Channel
) -> Visitor:
    """Mira on the browser page, looking at the channel."""
    return Visitor(session, sandbox.base_url, mira.id, channel.id)


@dataclass
class Api:
    """Calls methods by name and tells the error when one refuses."""

    client: AsyncWebClient

    async def __call__(self, method: str, **args: Any) -> dict[str, Any]:
        """The whole answer, ok or not."""
        try:
            response = await self.client.api_call(method, json=args)
        except SlackApiError as error:
            response = error.response
        data = response.data
        assert isinstance(data, dict)
        return data

    async def error(self, method: str, **args: Any) -> str:
        """The error of a refused call."""
        answer = await self(method, **args)
        assert not answer["ok"], answer
        return str(answer["error"])


@pytest.fixture
def api(client: AsyncWebClient) -> Api:
    return Api(client)


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def button(text: str = "Go", action_id: str = "go", **more: Any) -> dict[str, Any]:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An actions block."""
    return {"type": "actions", "elements": list(elements), **more}


def section(text: str = "words", **more: Any) -> dict[str, Any]:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def an_input(
    element: dict[str, Any], label: str = "Hours", block_id: str = "hours", **more: Any
) -> dict[str, Any]:
    """An input block."""
    named = {"action_id": "value", **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": named,
        **more,
    }


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A modal with a submit button."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Save"),
        "blocks": list(blocks),
        **more,
    }
