"""Our side of the Web API: one HTTP session, clients without blind retries, what errors mean."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import Metrics
from bot.wire import CALL_SECONDS, CONNECT_SECONDS, NotConnectedError, as_json, counted
from domain.delivery import Outcome, classify
from handlers.slack import status_of

#: Connections at once, apart from those that messages go over; more only queue up at Slack's side.
CONNECTIONS = 96
#: Seconds that somebody who has clicked is let wait for a busy Slack.
MOST_PATIENCE = 5

_REFUSED = (NotConnectedError, aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)

log = structlog.get_logger()


def open_session() -> aiohttp.ClientSession:
    """The one session of a process. Made within the loop; the client's own timeout is ignored."""
    return aiohttp.ClientSession(
        json_serialize=lambda payload: as_json(payload).decode(),
        timeout=aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS),
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        trust_env=False,
    )


class Client(AsyncWebClient):
    """The SDK's client, counting its calls."""

    metrics: Metrics | None = None

    async def api_call(self, api_method: str, **kwargs: Any) -> Any:
        return await counted(self.metrics, api_method, super().api_call(api_method, **kwargs))


def open_client(
    token: str | None, base_url: str, session: aiohttp.ClientSession, metrics: Metrics | None
) -> Client:
    """A client that never repeats a call: the default repeats one whose connection dropped,
    and a message that had arrived would then arrive twice."""
    # The SDK writes out what it would log of every call unless this very logger is above that.
    logger = logging.getLogger("slack_sdk.web.client")
    logger.setLevel(logging.WARNING)
    client = Client(
        token=token, base_url=base_url, session=session, retry_handlers=[], logger=logger
    )
    client.metrics = metrics
    return client


def outcome_of(problem: Exception) -> Outcome:
    """What a failed call means for the delivery it was made for."""
    if isinstance(problem, SlackApiError):
        response = problem.response
        data = getattr(response, "data", None)
        error = data.get("error") if isinstance(data, dict) else None
        headers = {str(k).lower(): v for k, v in (response.headers or {}).items()}
        return classify(status_of(problem), error, _seconds(headers.get("retry-after")))
    # Without a connection nothing can have been sent; a dropped one leaves that open.
    refused = isinstance(problem, _REFUSED)
    return classify(None, None, sent_maybe=not refused)


def _seconds(header: Any) -> float | None:
    try:
        return max(0.0, float(header[0] if isinstance(header, list) else header))
    except (TypeError, ValueError):
        return None


class Responder:
    """Posts answers to response_urls, through the same session."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __call__(self, url: str, payload: Mapping[str, Any]) -> bool:
        """Whether it arrived; where Slack asks for patience, there is one more try."""
        for last in (False, True):
            try:
                async with self._session.post(url, json=dict(payload)) as answer:
                    if answer.status < 400:
                        return True
                    log.warning("a response_url refused an answer", status=answer.status)
                    wait = _seconds(answer.headers.get("Retry-After"))
                    if last or answer.status != 429 or wait is None or wait > MOST_PATIENCE:
                        return False
            except (aiohttp.ClientError, TimeoutError) as problem:
                log.warning("a response_url could not be reached", error=type(problem).__name__)
                return False
            await asyncio.sleep(wait)
        return False
