"""Finds out what became of a message whose sending was cut off, by our own mark in the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import structlog

from bot.slack import outcome_of
from domain.delivery import Transient, Unknown
from handlers.services import Services
from handlers.slack import FAILURES
from storage import deliveries
from storage.deliveries import Delivery

#: How far back to look: the message would be among the newest.
LOOK_AT = 100

log = structlog.get_logger()


@dataclass(frozen=True)
class Posted:
    """A message that is there; ids as Slack gave them."""

    channel: str
    ts: str


async def look_for(
    services: Services, delivery: Delivery
) -> Posted | Literal["missing", "busy", "unreadable"]:
    """Where a delivery's message lies; "missing" means that it certainly never arrived."""
    try:
        channel = await _channel_of(services, delivery)
        call = services.slack(delivery.workspace_id)
        if delivery.thread_ts:
            answer = await call.conversations_replies(
                channel=channel, ts=delivery.thread_ts, limit=LOOK_AT, include_all_metadata=True
            )
        else:
            answer = await call.conversations_history(
                channel=channel, limit=LOOK_AT, include_all_metadata=True
            )
    except FAILURES as problem:
        outcome = outcome_of(problem)
        log.warning("history not read", kind=delivery.kind, outcome=type(outcome).__name__)
        return "busy" if isinstance(outcome, Transient | Unknown) else "unreadable"
    for message in answer.get("messages") or []:
        if _key_of(message) == delivery.key:
            return Posted(channel, str(message["ts"]))
    return "missing"


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    found = (metadata.get("event_payload") or {}).get("key")
    return str(found) if found else None


async def _channel_of(services: Services, delivery: Delivery) -> str:
    """The conversation's id: for a person their DM, as known from an earlier message."""
    if not delivery.recipient.startswith(("U", "W")):
        return delivery.recipient
    async with services.database.read(delivery.workspace_id) as tx:
        known = await deliveries.dm_of(tx, delivery.recipient)
    if known is not None:
        return known
    opened = await services.slack(delivery.workspace_id).conversations_open(
        users=delivery.recipient
    )
    return str(opened["channel"]["id"])
