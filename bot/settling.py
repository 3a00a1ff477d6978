"""Finds out what became of a message whose sending was cut off, by our own mark in the history."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

import structlog

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

log = structlog.get_logger()


async def look_for(
    services: Services, delivery: Delivery
) -> Posted | Literal["missing", "busy", "unreadable"]:
    """Where a delivery's message lies; "missing" means that it certainly never arrived."""
    try:
        channel = await _channel_of(services, delivery)
        cursor: str | None = None
        for _ in range(PAGES):
            answer = await _history(services, delivery, channel, cursor)
            for message in answer.get("messages") or []:
                if _key_of(message) == delivery.key:
                    return Posted(channel, str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return "missing"
    except Exception as problem:
        outcome = outcome_of(problem)
        log.warning("history not read", kind=delivery.kind, outcome=type(outcome).__name__)
        return "busy" if isinstance(outcome, Transient | Unknown) else "unreadable"
    return "unreadable"


async def _history(
    services: Services, delivery: Delivery, channel: str, cursor: str | None
) -> Mapping[str, Any]:
    client = services.slack(delivery.workspace_id)
    oldest = str((delivery.due_at - CLOCKS_DIFFER).timestamp())
    if delivery.thread_ts:
        answer: Any = await client.conversations_replies(
            channel=channel,
            ts=delivery.thread_ts,
            oldest=oldest,
            limit=PAGE,
            cursor=cursor,
            include_all_metadata=True,
        )
    else:
        answer = await client.conversations_history(
            channel=channel, oldest=oldest, limit=PAGE, cursor=cursor, include_all_metadata=True
        )
    return dict(answer.data)


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    found = (metadata.get("event_payload") or {}).get("key")
    return str(found) if found else None


async def _channel_of(services: Services, delivery: Delivery) -> str:
    """The conversation's id: for a person their DM, as known from an earlier message."""
    if not delivery.recipient.startswith(("U", "W")):
        return delivery.recipient
    async with services.database.read(delivery.workspace_id) as tx:
        known = await ledger.dm_of(tx, delivery.recipient)
    if known is not None:
        return known
    opened = await services.slack(delivery.workspace_id).conversations_open(
        users=delivery.recipient
    )
    return str(opened["channel"]["id"])
