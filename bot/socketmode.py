"""Receives Slack's payloads over a WebSocket that the bot opens itself (Socket Mode).

Written on aiohttp rather than on the SDK's client, which may try one dead address for ever, opens
a session of its own and drops a connection before it has the next. Here every try asks for a new
address, and a connection that Slack is about to end is replaced before it ends.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any

import aiohttp
import structlog
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import stopwatch
from bot.health import NotReady
from bot.logs import request_scope
from bot.problems import SettingsProblem
from bot.tasks import Tasks

#: Seconds between pings; a connection that leaves one unanswered for half as long is given up.
HEARTBEAT = 10.0
#: Seconds within which a new connection must have said hello.
HANDSHAKE = 10.0
#: Envelopes answered at the same time; more wait on Slack's side of the wire.
AT_ONCE = 64
#: Longest pause between two tries, in seconds.
LONGEST_PAUSE = 60.0
#: A connection that lived this long, in seconds, was a good one: the next try needs no pause.
GOOD_LIFE = 60.0
#: What Slack answers when trying again can't help.
REFUSALS = frozenset(
    {
        "access_denied",
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
Sleep = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


@dataclass(eq=False)
class Link:
    """One open connection; `ending` is set once it is over, or announced to be."""

    socket: aiohttp.ClientWebSocketResponse
    opened: float = field(default_factory=stopwatch)
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    announced: bool = False


class SocketMode:
    """Keeps a connection to Slack and hands what arrives on it to Bolt."""

    def __init__(
        self,
        dispatch: Dispatch,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        app_token: str,
        sleep: Sleep = asyncio.sleep,
        heartbeat: float = HEARTBEAT,
    ) -> None:
        self._dispatch = dispatch
        self._client = client
        self._session = session
        self._app_token = app_token
        self._sleep = sleep
        self._heartbeat = heartbeat
        self._links: dict[Link, asyncio.Task[None]] = {}
        self._answers = Tasks()
        self._free = asyncio.Semaphore(AT_ONCE)
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, or keep trying in the background; `SettingsProblem` if Slack says no."""
        link, asked_for = None, 0.0
        try:
            link = await self._connect()
        except Exception as problem:
            _stop_at_refusal(problem)
            log.warning("connecting to Slack failed", exc_info=problem)
            asked_for = _retry_after(problem)
        self._keeper = asyncio.create_task(self._keep_connected(link, asked_for))

    async def stop(self, seconds: float) -> None:
        """Take nothing new, finish within `seconds` what was taken, and hang up."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
        readers = list(self._links.values())
        for reader in readers:
            # Stops reading only: the answers still go out on the open connection.
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        await self._answers.drain(seconds)
        for link in list(self._links):
            await link.socket.close()
        self._links.clear()

    async def check(self) -> None:
        """The readiness check: red while there is no connection."""
        if all(link.socket.closed for link in self._links):
            raise NotReady("not connected to Slack")

    async def _keep_connected(self, link: Link | None, asked_for: float) -> None:
        failures = 0 if link else 1
        while True:
            if link is not None:
                await link.ending.wait()
                good = link.announced or stopwatch() - link.opened > GOOD_LIFE
                failures = 0 if good else failures + 1
            if failures:
                await self._sleep(_pause(failures, asked_for))
            try:
                link, asked_for = await self._connect(), 0.0
            except Exception as problem:
                log.warning("connecting to Slack failed", exc_info=problem)
                link, asked_for = None, _retry_after(problem)
                failures += 1

    async def _connect(self) -> Link:
        response = await self._client.apps_connections_open(app_token=self._app_token)
        socket = await self._session.ws_connect(
            str(response["url"]),
            heartbeat=self._heartbeat,
            timeout=aiohttp.ClientWSTimeout(ws_close=2.0),
        )
        try:
            async with asyncio.timeout(HANDSHAKE):
                while _frame(await socket.receive()).get("type") != "hello":
                    if socket.closed:
                        raise ConnectionResetError
        except BaseException:
            await socket.close()
            raise
        link = Link(socket)
        self._links[link] = asyncio.create_task(self._read(link))
        log.info("connected to Slack", connections=len(self._links))
        return link

    async def _read(self, link: Link) -> None:
        try:
            async for message in link.socket:
                await self._take(link, _frame(message))
        except Exception as problem:
            log.warning("a connection to Slack broke", exc_info=problem)
            await link.socket.close()
        finally:
            if link.socket.closed:
                self._links.pop(link, None)
            link.ending.set()

    async def _take(self, link: Link, frame: dict[str, Any]) -> None:
        if frame.get("type") == "disconnect":
            log.info("Slack ends a connection", reason_code=str(frame.get("reason")))
            link.announced = True
            link.ending.set()
        elif "envelope_id" in frame:
            await self._free.acquire()
            self._answers.start(self._answer(link, frame))

    async def _answer(self, link: Link, frame: dict[str, Any]) -> None:
        try:
            with request_scope():
                answer = await self._dispatch(_request(frame))
                if answer.status != 200:
                    # Unacknowledged, so that Slack sends it again or tells the person.
                    log.warning("an envelope was not answered", status=answer.status)
                    return
                await link.socket.send_json(_acknowledgement(frame, answer))
        except ConnectionError:
            log.warning("the connection ended before an answer was ready")
        finally:
            self._free.release()


def _frame(message: aiohttp.WSMessage) -> dict[str, Any]:
    """Empty for what is no frame: Slack also sends plain words, to keep the line busy."""
    is_frame = message.type is aiohttp.WSMsgType.TEXT and message.data.startswith("{")
    frame: dict[str, Any] = json.loads(message.data) if is_frame else {}
    return frame


def _stop_at_refusal(problem: Exception) -> None:
    code = problem.response.get("error") if isinstance(problem, SlackApiError) else None
    if code in REFUSALS:
        raise SettingsProblem(
            f"SLACK_APP_TOKEN was refused by Slack ({code}): copy an app-level token with the "
            "scope connections:write, and switch Socket Mode on in the app's settings"
        ) from None


def _request(frame: dict[str, Any]) -> AsyncBoltRequest:
    """As over HTTP: with the headers by which a repeated event is known."""
    headers: dict[str, Any] = {}
    if frame.get("retry_attempt"):
        headers["x-slack-retry-num"] = str(frame["retry_attempt"])
        headers["x-slack-retry-reason"] = str(frame.get("retry_reason", ""))
    return AsyncBoltRequest(mode="socket_mode", body=frame.get("payload") or {}, headers=headers)


def _acknowledgement(frame: dict[str, Any], answer: BoltResponse) -> dict[str, Any]:
    acknowledgement: dict[str, Any] = {"envelope_id": frame["envelope_id"]}
    if answer.body:
        is_json = answer.headers.get("content-type", [""])[0].startswith("application/json")
        acknowledgement["payload"] = json.loads(answer.body) if is_json else {"text": answer.body}
    return acknowledgement


def _pause(failures: int, asked_for: float) -> float:
    """Seconds until the next try: doubling, spread so that replicas don't come in step."""
    longest = min(LONGEST_PAUSE, 2.0 ** (failures - 1))
    return max(asked_for, SystemRandom().uniform(longest / 2, longest))


def _retry_after(problem: Exception) -> float:
    """Seconds that Slack asked us to wait, if it did."""
    headers = problem.response.headers if isinstance(problem, SlackApiError) else {}
    after = str(headers.get("Retry-After", ""))
    return float(after) if after.isdigit() else 0.0
