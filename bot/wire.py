"""The wire that a fan-out goes over: the SDK client's calls with JSON, for a third of their work.

What it carries is posted by the thousand. Everything else goes through the SDK's own session.
"""

import json
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.metrics import Metrics
from handlers.slack import code_of

if TYPE_CHECKING:
    from pyreqwest.client import Client
    from pyreqwest.exceptions import RequestError

T = TypeVar("T")

#: Seconds for a whole call, and of these for a connection; Slack itself gives up on us after three.
CALL_SECONDS = 10
CONNECT_SECONDS = 5
#: Connections at once: what a fan-out may use, and a dozen edits beside it.
CONNECTIONS = 144

#: In the library's chain of causes, what says that a connection was never there. Its classes do
#: not: it calls a connection that dropped after the request a ConnectError as well.
_NO_CONNECTION = "client error (Connect)"

_FINE = 200


class NotConnectedError(Exception):
    """No connection could be made, so nothing can have been sent."""


class DroppedError(Exception):
    """No answer that can be read; the request may have arrived."""


def as_json(payload: Any) -> bytes:
    """What is posted, written as JSON; the library takes a tenth of the time of Python's own."""
    try:
        return orjson.dumps(payload)
    except TypeError:
        # What it refuses, such as half a character that somebody's text came with, may be sent.
        return json.dumps(payload).encode()


async def counted(metrics: Metrics | None, method: str, call: Awaitable[T]) -> T:
    """The call's answer; what came of it is counted."""
    result = "failed"
    try:
        answer = await call
        result = "ok"
        return answer
    except SlackApiError as problem:
        result = code_of(problem)
        raise
    finally:
        if metrics is not None:
            metrics.slack_call(method, result)


class Wire:
    """Connections that stay open, beside those of the session; the first call opens them."""

    def __init__(self, metrics: Metrics | None = None) -> None:
        self._metrics = metrics
        #: By proxy.
        self._connections: dict[str | None, Client] = {}

    async def call(
        self, client: AsyncWebClient, method: str, payload: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Make the client's call, once, and return what Slack said; raises a `SlackApiError` as
        the client itself would, a `NotConnectedError` or a `DroppedError`."""
        return await counted(self._metrics, method, self._call(client, method, payload))

    async def _call(
        self, client: AsyncWebClient, method: str, payload: Mapping[str, Any]
    ) -> dict[str, Any]:
        from pyreqwest.exceptions import RequestError

        url = client.base_url + method
        connections = self._connections.get(client.proxy) or self._open(client.proxy)
        request = connections.post(url).body_bytes(as_json(payload)).headers(client.headers)
        if client.token:
            request = request.bearer_auth(client.token)
        try:
            answer = await request.build().send()
            body = await answer.bytes()
        except RequestError as problem:
            never = _never_connected(problem)
            raise (NotConnectedError if never else DroppedError)(str(problem)) from problem
        said = _object_in(body)
        if answer.status == _FINE and said.get("ok"):
            return said
        # As the SDK tells it.
        response = AsyncSlackResponse(
            client=client,
            http_verb="POST",
            api_url=url,
            req_args={},
            data=said,
            headers=dict(answer.headers),
            status_code=answer.status,
        )
        text = f"{method} was refused with status {answer.status}"
        raise SlackApiError(text, response)  # type: ignore[no-untyped-call]

    def _open(self, proxy: str | None) -> "Client":
        # Not at the start: a process that posts nothing is spared its 13 MB.
        from pyreqwest.client import ClientBuilder
        from pyreqwest.proxy import ProxyBuilder

        builder = (
            ClientBuilder()
            .default_headers({"Content-Type": "application/json;charset=utf-8"})
            .timeout(timedelta(seconds=CALL_SECONDS))
            .connect_timeout(timedelta(seconds=CONNECT_SECONDS))
            .max_connections(CONNECTIONS)
            # A post that is sent on elsewhere could arrive twice.
            .follow_redirects(False)
            # The client has looked for one by itself, and that is the one that counts.
            .no_proxy()
        )
        if proxy:
            builder = builder.proxy(ProxyBuilder.all(proxy))
        opened = self._connections[proxy] = builder.build()
        return opened

    async def close(self) -> None:
        for connections in self._connections.values():
            await connections.close()


def _never_connected(problem: "RequestError") -> bool:
    """Only where that is certain: what may have arrived is looked for before it is sent again."""
    causes = problem.details["causes"] or ()
    return any(cause["message"] == _NO_CONNECTION for cause in causes)


def _object_in(body: Any) -> dict[str, Any]:
    """The answer's JSON object, empty where it is none: then its status has to say it all."""
    try:
        found = orjson.loads(memoryview(body))
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
