"""The HTTP side: checks that a request is Slack's before anyone reads it, and the health pages."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import structlog
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.clock import Clock
from bot.health import Check, examine
from bot.logs import request_scope
from bot.metrics import Metrics

#: Slack's largest payloads are views of 250 kB with their state; form encoding triples some.
LARGEST_BODY = 1024 * 1024

log = structlog.get_logger()


class BoltAnswer(Protocol):
    """What we read of a `BoltResponse`."""

    status: int
    body: str
    headers: dict[str, Sequence[str]]


#: Takes a verified body and the headers that Bolt looks at, by lower-case name.
Receiver = Callable[[bytes, Mapping[str, str]], Awaitable[BoltAnswer]]


def build_web(
    receive: Receiver,
    checks: Mapping[str, Check],
    metrics: Metrics,
    clock: Clock,
    signing_secret: str | None,
    path: str = "/slack/events",
) -> ASGIApp:
    """The ASGI app. Without `signing_secret` (Socket Mode) it has the health pages only."""

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_request: Request) -> Response:
        states = await examine(checks)
        fine = all(state == "ok" for state in states.values())
        return JSONResponse({"ready": fine, "checks": states}, status_code=200 if fine else 503)

    async def numbers(_request: Request) -> Response:
        return Response(metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")

    routes = [
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route("/metrics", numbers),
    ]
    if signing_secret is None:
        return Starlette(routes=routes)
    endpoint = SlackEndpoint(receive, Signature(signing_secret, clock), metrics)
    pages = Starlette(routes=[*routes, Route(path, endpoint, methods=["POST"])])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # Routing would take a sixth of the time of a whole request.
        is_from_slack = scope.get("path") == path and scope.get("method") == "POST"
        await (endpoint if is_from_slack else pages)(scope, receive, send)

    return app


class Signature:
    """Slack's proof that a request is its own and at most five minutes old."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._verifier = SignatureVerifier(secret, _Seconds(clock))

    def signs(self, body: bytes, headers: Mapping[str, str]) -> bool:
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        # The SDK takes these on trust and would fail on them rather than say no.
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return False
        if not signature.isascii():
            return False
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:
            return False


class _Seconds(SignatureClock):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


class SlackEndpoint:
    """Answers Slack's POSTs; plain ASGI, since this is the path that every click takes."""

    def __init__(self, receive: Receiver, signature: Signature, metrics: Metrics) -> None:
        self._receive = receive
        self._signature = signature
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in scope["headers"]
            if name == b"content-type" or name.startswith(b"x-slack-")
        }
        body = await _read(receive)
        if body is None:
            await self._refuse(send, 413, "too large")
        elif self._signature.signs(body, headers):
            await self._answer(send, body, headers)
        elif "x-slack-signature" not in headers and b"ssl_check=1" in body.split(b"&"):
            # Slack looks at our certificate now and then, and does not sign for it.
            await _respond(send, 200, b"", [_PLAIN])
        else:
            await self._refuse(send, 401, "not signed by Slack")

    async def _answer(self, send: Send, body: bytes, headers: Mapping[str, str]) -> None:
        if (challenge := _challenge(body)) is not None:
            await _respond(send, 200, json.dumps({"challenge": challenge}).encode(), [_JSON])
            return
        with request_scope():
            try:
                answer = await self._receive(body, headers)
            except Exception as problem:
                log.error("a request failed", exc_info=problem)
                await _respond(send, 500, b"", [_PLAIN])
                return
        pairs = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, values in answer.headers.items()
            for value in values
        ]
        await _respond(send, answer.status, answer.body.encode(), pairs)

    async def _refuse(self, send: Send, status: int, reason: str) -> None:
        self._metrics.refused.labels(reason).inc()
        await _respond(send, status, reason.encode(), [_PLAIN])


_PLAIN = (b"content-type", b"text/plain; charset=utf-8")
_JSON = (b"content-type", b"application/json; charset=utf-8")


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None once it is larger than anything that Slack sends."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body", False):
            return body


def _challenge(body: bytes) -> str | None:
    """What Slack wants to hear back when the address is entered in the app's settings."""
    if not body.startswith(b"{") or b'"url_verification"' not in body:
        return None
    try:
        payload = json.loads(body)
    except ValueError:
        return None
    asked = isinstance(payload, dict) and payload.get("type") == "url_verification"
    return str(payload.get("challenge", "")) if asked else None


async def _respond(
    send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
