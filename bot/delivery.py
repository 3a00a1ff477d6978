"""Delivers what is planned and edits what was sent: claimed, marked, sent, recorded."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.logs import delivery_scope
from bot.metrics import Metrics
from bot.pace import Pace
from bot.settling import Posted, look_for
from bot.slack import outcome_of
from domain.delivery import (
    Outcome,
    RecipientGone,
    State,
    Transient,
    Unknown,
    WorkspaceGone,
    backoff,
)
from domain.rhythm import is_expired
from handlers import troubles
from handlers.registry import Registry, Skip
from handlers.services import Services
from handlers.views.blocks import Message
from storage import deliveries, workspaces
from storage.database import StorageUnavailableError, Tx
from storage.deliveries import Delivery

#: Deliveries claimed at once, and of these sent at once: what a crash can leave uncertain.
BATCH = 48
AT_ONCE = 12
LEASE = timedelta(seconds=60)
EDIT_AGAIN = timedelta(seconds=60)

log = structlog.get_logger()


class Courier:
    def __init__(
        self, services: Services, registry: Registry, metrics: Metrics, pace: Pace, owner: str
    ) -> None:
        self._services = services
        self._registry = registry
        self._metrics = metrics
        self._pace = pace
        self._owner = owner
        self._delivering = asyncio.Lock()
        self._editing = asyncio.Lock()
        self.stopping = False

    @property
    def delivering(self) -> bool:
        return self._delivering.locked()

    async def deliver(self) -> int:
        """Send all that is due by now; how many deliveries were looked at."""
        return await self._all(self._delivering, self._deliver)

    async def edit(self) -> int:
        """Edit in place all that is out of date; how many messages were looked at."""
        return await self._all(self._editing, self._edit)

    async def _all(self, lock: asyncio.Lock, batch: Callable[[], Awaitable[int]]) -> int:
        worked = 0
        async with lock:
            while not self.stopping and (done := await batch()):
                worked += done
        return worked

    async def release(self) -> None:
        """Stop taking work, and give back what was claimed and not begun."""
        self.stopping = True
        async with self._delivering, self._services.database.write_across() as connection:
            await deliveries.release(connection, self._owner, self._services.clock.now())

    async def _deliver(self) -> int:
        now = self._services.clock.now()
        async with self._services.database.write_across() as connection:
            claimed = await deliveries.claim(connection, self._owner, now, now + LEASE, BATCH)
        for start in range(0, len(claimed), AT_ONCE):
            if self.stopping:
                break
            await self._deliver_some(claimed[start : start + AT_ONCE])
        return len(claimed)

    async def _deliver_some(self, claimed: Sequence[Delivery]) -> None:
        uncertain = [d for d in claimed if d.state in (State.SENDING, State.UNKNOWN)]
        for delivery in uncertain:
            await self._settle_unknown(delivery)
        ready = [
            (delivery, said)
            for delivery in claimed
            if delivery not in uncertain and (said := await self._prepare(delivery)) is not None
        ]
        if not ready:
            return
        async with self._services.database.write_across() as connection:
            now = self._services.clock.now()
            ids = [delivery.delivery_id for delivery, _ in ready]
            ours = await deliveries.mark_sending(connection, self._owner, ids, now)
        ready = [(d, said) for d, said in ready if d.delivery_id in ours]
        results = await asyncio.gather(*(self._send(d, said) for d, said in ready))
        await self._record([(d, result) for (d, _), result in zip(ready, results, strict=True)])

    async def _prepare(self, delivery: Delivery) -> Message | None:
        """What to send; None when it was settled without (too late, no longer wanted)."""
        now = self._services.clock.now()
        occasion = self._registry.occasions[delivery.kind]
        state, reason, said = State.SKIPPED, "", None
        if is_expired(occasion.grace, delivery.due_at, now):
            state, reason = State.EXPIRED, "expired"
        else:
            try:
                async with self._services.database.read(delivery.workspace_id) as tx:
                    said = await occasion.compose(self._services, tx, delivery, now)
            except StorageUnavailableError:
                raise
            except Exception as problem:
                # A message that cannot be made must not stop the others.
                log.error("composing failed", kind=delivery.kind, exc_info=problem)
                state, reason = State.FAILED, "could_not_be_composed"
        if said is not None and not isinstance(said, Skip):
            return said
        if isinstance(said, Skip):
            reason = said.reason
        async with self._services.database.write_across() as connection:
            await deliveries.settle(connection, delivery, state, now, reason=str(reason))
        self._metrics.delivery(delivery.kind, state)
        return None

    async def _send(self, delivery: Delivery, said: Message) -> Posted | Outcome:
        with delivery_scope(delivery.delivery_id):
            now = self._services.clock.now()
            wait = self._pace.held(delivery.workspace_id, now)
            if wait is not None:
                return Transient(wait.total_seconds())
            await self._pace.slot(delivery.workspace_id)
            try:
                return await self._post(delivery, said, said["blocks"])
            except Exception as problem:
                outcome = outcome_of(problem)
                if _refuses_charts(problem) and "fallback_blocks" in said:
                    return await self._send_without_charts(delivery, said)
                log.warning("not delivered", kind=delivery.kind, outcome=type(outcome).__name__)
                if isinstance(outcome, Transient) and outcome.retry_after:
                    until = now + timedelta(seconds=outcome.retry_after)
                    self._pace.hold(delivery.workspace_id, until)
                return outcome

    async def _send_without_charts(self, delivery: Delivery, said: Message) -> Posted | Outcome:
        """The workspace refused the message with charts, so nothing was sent: tables instead."""
        try:
            posted = await self._post(delivery, said, said["fallback_blocks"])
        except Exception as problem:
            return outcome_of(problem)
        async with self._services.database.write(delivery.workspace_id) as tx:
            await workspaces.refuse_charts(tx)
        return posted

    async def _post(
        self, delivery: Delivery, said: Message, blocks: list[dict[str, Any]]
    ) -> Posted:
        payload = {"key": delivery.key}
        answer = await self._services.slack(delivery.workspace_id).chat_postMessage(
            channel=delivery.recipient,
            text=said["text"],
            blocks=blocks,
            thread_ts=delivery.thread_ts,
            metadata={"event_type": "prodops_delivery", "event_payload": payload},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def _record(self, results: Sequence[tuple[Delivery, Posted | Outcome]]) -> None:
        """All results of one round in one transaction; what follows from each within it."""
        now = self._services.clock.now()
        async with self._services.database.write_across() as connection:
            for delivery, result in results:
                tx = Tx(connection, delivery.workspace_id)
                if isinstance(result, Posted):
                    await self._sent(tx, delivery, result, now)
                else:
                    await self._not_sent(tx, delivery, result, now)

    async def _sent(self, tx: Tx, delivery: Delivery, posted: Posted, now: datetime) -> None:
        await deliveries.settle(
            tx.connection, delivery, State.SENT, now, channel=posted.channel, ts=posted.ts
        )
        late = (now - delivery.due_at).total_seconds()
        self._metrics.delivery(delivery.kind, State.SENT, late)
        sent = await deliveries.get(tx, delivery.delivery_id)
        assert sent is not None
        try:
            async with tx.connection.begin_nested():
                await self._registry.occasions[delivery.kind].sent(self._services, tx, sent, now)
        except StorageUnavailableError:
            raise
        except Exception as problem:
            log.error("what follows a delivery failed", kind=delivery.kind, exc_info=problem)

    async def _not_sent(self, tx: Tx, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        attempts = delivery.attempts + 1
        state, reason = State.FAILED, ""
        work_at: datetime | None = None
        match outcome:
            case Transient(retry_after=seconds):
                wait = timedelta(seconds=seconds) if seconds else backoff(attempts)
                state, reason, work_at = State.RETRY, "slack_busy", now + wait
            case Unknown(reason=reason):
                state, work_at = State.UNKNOWN, now
            case WorkspaceGone(reason=reason):
                state, work_at = State.RETRY, now
                await workspaces.pause(tx, reason)
            case RecipientGone(reason=code):
                reason = troubles.reason_for(code, delivery)
                await troubles.tell_leads(tx, delivery, reason, now)
        await deliveries.settle(tx.connection, delivery, state, now, reason=reason, work_at=work_at)
        self._metrics.delivery(delivery.kind, state)

    async def _settle_unknown(self, delivery: Delivery) -> None:
        """Look for our own message before anything is sent again; else ask a lead."""
        now = self._services.clock.now()
        found = await look_for(self._services, delivery)
        async with self._services.database.write(delivery.workspace_id) as tx:
            if isinstance(found, Posted):
                await self._sent(tx, delivery, found, now)
                return
            state, reason = State.RETRY, "not_found_in_history"
            work_at: datetime | None = now
            if found == "busy":
                state, reason = State.UNKNOWN, "history_busy"
                work_at = now + backoff(delivery.attempts)
            elif found == "unreadable":
                state, reason, work_at = State.UNKNOWN, "asked_a_lead", None
                await troubles.ask_leads(tx, delivery, now)
            await deliveries.settle(
                tx.connection, delivery, state, now, reason=reason, work_at=work_at
            )
            self._metrics.delivery(delivery.kind, state)

    async def _edit(self) -> int:
        now = self._services.clock.now()
        async with self._services.database.write_across() as connection:
            again = now + EDIT_AGAIN
            claimed = await deliveries.claim_edits(connection, now, again, AT_ONCE)
        await asyncio.gather(*(self._edit_one(d, again) for d in claimed))
        return len(claimed)

    async def _edit_one(self, delivery: Delivery, claimed: datetime) -> None:
        now = self._services.clock.now()
        occasion = self._registry.occasions[delivery.kind]
        next_at: datetime | None = None
        try:
            async with self._services.database.read(delivery.workspace_id) as tx:
                said = await occasion.compose(self._services, tx, delivery, now)
            if not isinstance(said, Skip):
                await self._update(delivery, said)
        except SlackApiError as problem:
            outcome = outcome_of(problem)
            if not isinstance(outcome, RecipientGone | WorkspaceGone):
                wait = outcome.retry_after if isinstance(outcome, Transient) else None
                next_at = now + timedelta(seconds=wait or EDIT_AGAIN.total_seconds())
        except StorageUnavailableError:
            raise
        except Exception as problem:
            # An edit can be repeated without harm; it comes up again by itself.
            log.warning("an edit failed", kind=delivery.kind, exc_info=problem)
            next_at = now + EDIT_AGAIN
        async with self._services.database.write(delivery.workspace_id) as tx:
            await deliveries.edited(tx.connection, delivery, claimed, next_at)
            if next_at is None:
                await occasion.edited(self._services, tx, delivery, now)

    async def _update(self, delivery: Delivery, said: Message) -> None:
        client = self._services.slack(delivery.workspace_id)
        update = partial(
            client.chat_update,
            channel=str(delivery.channel),
            ts=str(delivery.ts),
            text=said["text"],
        )
        try:
            await update(blocks=said["blocks"])
        except SlackApiError as problem:
            if not (_refuses_charts(problem) and "fallback_blocks" in said):
                raise
            await update(blocks=said["fallback_blocks"])


def _refuses_charts(problem: Exception) -> bool:
    """Some workspaces do not take native charts yet, and refuse the whole message."""
    return isinstance(problem, SlackApiError) and problem.response.get("error") == "invalid_blocks"
