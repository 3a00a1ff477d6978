"""The Events API: which events the app hears, their envelopes, retries and duplicates."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from sandbox.delivery import Ack, Courier
from sandbox.entities import Channel, Message
from sandbox.manifest import Manifest
from sandbox.payloads import message_object
from sandbox.sockets import SocketMode
from sandbox.workspace import Workspace

RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
Envelope = dict[str, Any]


class Events:
    """Tells the bot what happened, when it subscribed to it and holds the scope.

    `sent` keeps every envelope. `retry`: whether an unanswered event comes again, on the
    workspace's clock; None means in Socket Mode only.
    """

    def __init__(
        self, ws: Workspace, manifest: Manifest, courier: Courier, sockets: SocketMode
    ) -> None:
        self._ws = ws
        self._manifest = manifest
        self._courier = courier
        self._sockets = sockets
        self._tasks: set[asyncio.Task[Any]] = set()
        self.sent: list[Envelope] = []
        self.retry: bool | None = None

    async def tell(
        self,
        subscription: str,
        event: dict[str, Any],
        *scopes: str,
        **overrides: Any,
    ) -> Ack | None:
        """Delivers one event and returns the first ack; None when the app does not hear it."""
        if not self._manifest.hears(subscription, *scopes):
            return None
        envelope = self._envelope(event)
        self.sent.append(envelope)
        return await self.deliver(envelope, **overrides)

    def tell_soon(self, subscription: str, event: dict[str, Any], *scopes: str) -> None:
        """The same without waiting, for what the bot's own calls cause."""
        if self._courier.has_listener and self._manifest.hears(subscription, *scopes):
            self._soon(self.tell(subscription, event, *scopes))

    async def deliver(self, envelope: Envelope, **overrides: Any) -> Ack:
        """Delivers an envelope, perhaps once more, and sees to its retries."""
        ack = await self._courier.deliver("event", envelope, **overrides)
        wanted = self._courier.deliver_to is None if self.retry is None else self.retry
        if not ack.ok and not ack.no_retry and wanted and self._courier.has_listener:
            self._soon(self._again(envelope, ack))
        return ack

    async def _again(self, envelope: Envelope, ack: Ack) -> None:
        failed_at = self._ws.clock.now()
        for attempt, wait in enumerate(RETRY_AFTER, start=1):
            await self._ws.clock.reach(failed_at + wait)
            if self._courier.deliver_to is None:
                await self._sockets.connected(self._courier.ack_seconds)
            reason = "http_timeout" if ack.error == "operation_timeout" else "http_error"
            reason = "timeout" if self._courier.deliver_to is None else reason
            ack = await self._courier.deliver("event", envelope, retry=(attempt, reason))
            if ack.ok or ack.no_retry:
                return

    def message(self, message: Message, **changes: Any) -> tuple[str, dict[str, Any]]:
        """The subscription and the event for a message; `changes` replace or add fields."""
        channel = self._ws.channels[message.channel]
        kind = {"im": "im", "groups": "group", "channels": "channel"}[channel.kind]
        event = message_object(message, self._ws, metadata=True)
        event |= {"channel": channel.id, "channel_type": kind, "event_ts": message.ts}
        return f"message.{_plural(kind)}", event | changes

    def posted(self, message: Message) -> None:
        """Tells of a message of the bot's own (it carries a bot_id)."""
        if self._hears_in(message):
            self.tell_soon(*self.message(message))

    def edited(self, message: Message, before: dict[str, Any]) -> None:
        """Tells of an edit."""
        if self._hears_in(message):
            after = message_object(message, self._ws)
            self._change(message, "message_changed", {"message": after}, before)

    def removed(self, message: Message) -> None:
        """Tells of a deletion."""
        if self._hears_in(message):
            before = message_object(message, self._ws)
            self._change(message, "message_deleted", {"deleted_ts": message.ts}, before)

    def _change(
        self, message: Message, subtype: str, fields: dict[str, Any], before: dict[str, Any]
    ) -> None:
        subscription, event = self.message(message)
        kept = {key: event[key] for key in ("type", "channel", "channel_type")}
        now = self._ws.new_ts()
        changed = kept | fields | {"subtype": subtype, "previous_message": before, "hidden": True}
        self.tell_soon(subscription, changed | {"ts": now, "event_ts": now})

    def _hears_in(self, message: Message) -> bool:
        channel = self._ws.channels[message.channel]
        return not message.ephemeral_for and self._ws.bot_user_id in channel.members

    def membership(self, channel: Channel, user_id: str, joined: bool) -> dict[str, Any]:
        """A member_joined_channel or member_left_channel event."""
        return {
            "type": "member_joined_channel" if joined else "member_left_channel",
            "user": user_id,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self._ws.team_id,
            "event_ts": self._ws.new_ts(),
        }

    def joined(self, channel: Channel, user_id: str) -> None:
        """Tells, without waiting, that somebody entered."""
        event = self.membership(channel, user_id, joined=True)
        self.tell_soon("member_joined_channel", event, f"{channel.kind}:read")

    def _envelope(self, event: dict[str, Any]) -> Envelope:
        ws = self._ws
        shared = ws.channels.get(str(event.get("channel")))
        return {
            "token": "verification-token",
            "team_id": ws.team_id,
            "context_team_id": ws.team_id,
            "api_app_id": ws.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": ws.new_id("Ev"),
            "event_time": int(ws.clock.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": ws.team_id,
                    "user_id": ws.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(shared and shared.is_ext_shared),
            "event_context": f"4-{event['type']}",
        }

    def _soon(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Gives up on everything that is still to be told."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _plural(kind: str) -> str:
    return kind if kind == "im" else f"{kind}s"
