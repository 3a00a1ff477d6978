"""Carries payloads to the bot, signed over HTTP or through a socket, and waits for the ack."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

from sandbox.clock import SandboxClock
from sandbox.sockets import SocketMode
from sandbox.traffic import Traffic

Kind = Literal["command", "interactive", "event"]
ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Ack:
    """What the bot answered: HTTP status (0: nothing in time), body, seconds it took.

    `error` is what a person reads: `operation_timeout`, or `dispatch_failed` for a refused or
    undeliverable request; None when all is well.
    """

    status: int
    body: Any = None
    error: str | None = None
    seconds: float = 0
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        """Whether the bot took it."""
        return self.error is None


@dataclass(frozen=True)
class Delivery:
    """A payload handed to the bot at some instant of the workspace's clock, and the answer."""

    at: datetime
    kind: Kind
    payload: dict[str, Any]
    ack: Ack


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's `X-Slack-Signature` for a raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Courier:
    """Delivers to `deliver_to` over HTTP, or through Socket Mode when that is None."""

    def __init__(
        self, clock: SandboxClock, traffic: Traffic, sockets: SocketMode, signing_secret: str
    ) -> None:
        self.deliver_to: str | None = None
        self.delivered: list[Delivery] = []
        self.ack_seconds = ACK_SECONDS
        self.session: aiohttp.ClientSession | None = None
        self._clock = clock
        self._traffic = traffic
        self._sockets = sockets
        self._secret = signing_secret
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> None:
        """Has `watcher` called after every delivery."""
        self._watchers.append(watcher)

    @property
    def has_listener(self) -> bool:
        """Whether a bot listens, or at least once did."""
        return self.deliver_to is not None or self._sockets.was_used

    async def deliver(
        self,
        kind: Kind,
        payload: dict[str, Any],
        signing_secret: str | None = None,
        at: datetime | None = None,
        retry: tuple[int, str] | None = None,
    ) -> Ack:
        """Sends one payload and waits for the ack, at most 3 seconds of real time.

        `signing_secret` and `at` replace the right ones; `retry` is attempt number and reason.
        """
        if not self.has_listener:
            return Ack(0, error="dispatch_failed")
        now = self._clock.now()
        with self._traffic.one_more():
            started = time.monotonic()
            if self.deliver_to is None:
                status, body = await self._sockets.deliver(kind, payload, self.ack_seconds, retry)
                ack = _judged(status, body, time.monotonic() - started)
            else:
                secret = signing_secret or self._secret
                ack = await self._post(kind, payload, secret, at or now, retry)
        self.delivered.append(Delivery(now, kind, payload, ack))
        for watcher in self._watchers:
            watcher()
        return ack

    async def _post(
        self,
        kind: Kind,
        payload: dict[str, Any],
        secret: str,
        at: datetime,
        retry: tuple[int, str] | None,
    ) -> Ack:
        if self.session is None or self.deliver_to is None:
            raise RuntimeError("the sandbox is not being served")
        body, content_type = _encoded(kind, payload)
        timestamp = str(int(at.timestamp()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret, timestamp, body),
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        started = time.monotonic()
        try:
            async with self.session.post(
                self.deliver_to,
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=self.ack_seconds),
            ) as response:
                answer = _parsed(await response.read(), response.content_type)
                no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                seconds = time.monotonic() - started
                return _judged(response.status, answer, seconds, no_retry)
        except TimeoutError:
            return Ack(0, error="operation_timeout", seconds=time.monotonic() - started)
        except aiohttp.ClientError:
            return Ack(0, error="dispatch_failed", seconds=time.monotonic() - started)


def _judged(status: int, body: Any, seconds: float, no_retry: bool = False) -> Ack:
    if status == 0:
        return Ack(0, error=str(body), seconds=seconds)
    error = None if 200 <= status < 300 else "dispatch_failed"
    return Ack(status, body, error, seconds, no_retry)


def _encoded(kind: Kind, payload: dict[str, Any]) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if kind == "command":
        return urlencode(payload).encode(), form
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), form
    return json.dumps(payload).encode(), "application/json"


def _parsed(body: bytes, content_type: str) -> Any:
    if not body.strip():
        return None
    if content_type == "application/json":
        try:
            return json.loads(body)
        except ValueError:
            return body.decode(errors="replace")
    return body.decode(errors="replace")
