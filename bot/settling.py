"""Finds out what became of a message whose sending was cut off, by our own mark in the history."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final, Literal

import structlog

from bot.pace import Pace
from bot.posting import Posted
from bot.slack import outcome_of
from domain.delivery import Transient, Unknown
from handlers.services import Services
from storage import ledger
from storage.deliveries import Delivery

#: Messages asked for at once, and how often: whatever is beyond, a lead can find better.
PAGE = 200
PAGES = 5
#: A message is never older than its due instant; clocks may differ by this.
CLOCKS_DIFFER = timedelta(minutes=5)

HISTORY: Final = "conversations.history"
REPLIES: Final = "conversations.replies"
OPEN: Final = "conversations.open"

log = structlog.get_logger()


@dataclass(frozen=True)
class Busy:
    """Slack could not be asked now; `wait`: for how long it wants to be left alone, if it said."""

    wait: timedelta | None = None


class _HeldError(Exception):
    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


async def look_for(
    services: Services, pace: Pace, delivery: Delivery
) -> Posted | Busy | Literal["missing", "unreadable"]:
    """Where a delivery's message lies; "missing" means that it certainly never arrived."""
    try:
        channel = await _channel_of(services, pace, delivery)
        cursor: str | None = None
        for _ in range(PAGES):
            answer = await _history(services, pace, delivery, channel, cursor)
            for message in answer.get("messages") or []:
                if _key_of(message) == delivery.key:
                    return Posted(channel, str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return "missing"
    except _HeldError as held:
        return Busy(held.wait)
    except Exception as problem:
        outcome = outcome_of(problem)
        log.warning("history not read", kind=delivery.kind, outcome=type(outcome).__name__)
        return Busy() if isinstance(outcome, Transient | Unknown) else "unreadable"
    return "unreadable"


async def _patiently(
    services: Services,
    pace: Pace,
    workspace_id: str,
    method: str,
    call: Callable[[], Awaitable[Any]],
) -> Any:
    """A call that keeps to what Slack asked any process for, and tells all what it asks for now."""
    wait = await pace.held_by_any(workspace_id, method, services.clock.now())
    if wait is not None:
        raise _HeldError(wait)
    try:
        return await call()
    except Exception as problem:
        outcome = outcome_of(problem)
        if not isinstance(outcome, Transient) or not outcome.retry_after:
            raise
        wait = timedelta(seconds=outcome.retry_after)
        await pace.hold(workspace_id, method, services.clock.now() + wait)
        raise _HeldError(wait) from problem


async def _history(
    services: Services, pace: Pace, delivery: Delivery, channel: str, cursor: str | None
) -> Mapping[str, Any]:
    client = services.slack(delivery.workspace_id)
    asked: dict[str, Any] = {
        "channel": channel,
        "oldest": str((delivery.due_at - CLOCKS_DIFFER).timestamp()),
        "limit": PAGE,
        "cursor": cursor,
        "include_all_metadata": True,
    }
    method: str = HISTORY
    call: Callable[..., Awaitable[Any]] = client.conversations_history
    if delivery.thread_ts:
        method, call = REPLIES, partial(client.conversations_replies, ts=delivery.thread_ts)
    answer = await _patiently(services, pace, delivery.workspace_id, method, partial(call, **asked))
    return dict(answer.data)


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    found = (metadata.get("event_payload") or {}).get("key")
    return str(found) if found else None


async def _channel_of(services: Services, pace: Pace, delivery: Delivery) -> str:
    """The conversation's id: for a person their DM, as known from an earlier message."""
    if not delivery.recipient.startswith(("U", "W")):
        return delivery.recipient
    async with services.database.read(delivery.workspace_id) as tx:
        known = await ledger.dm_of(tx, delivery.recipient)
    if known is not None:
        return known
    client = services.slack(delivery.workspace_id)
    opening = partial(client.conversations_open, users=delivery.recipient)
    opened = await _patiently(services, pace, delivery.workspace_id, OPEN, opening)
    return str(opened["channel"]["id"])
