"""What a person can do in the workspace; every act waits for the bot's ack."""

from typing import Any, Unpack

from sandbox import interactions
from sandbox.acts import Forged, Reply, reply_of
from sandbox.entities import Message
from sandbox.forms import Forms
from sandbox.payloads import view_object
from sandbox.screen import NotOnScreen
from sandbox.typed import as_command_text, as_message

__all__ = ["Forged", "People", "Reply"]


class People(Forms):
    """Acts of people: everything they can do to reach the bot."""

    async def command(
        self, user_id: str, channel_id: str, line: str, **forged: Unpack[Forged]
    ) -> Reply:
        """Types a slash command into a channel; the reply has what was shown to that person."""
        user, channel = self._member(user_id), self._slack.workspace.channels[channel_id]
        self._must_be_in(user_id, channel_id)
        name, _, text = line.strip().partition(" ")
        known = self._slack.manifest.command(name)
        if known is None or user.is_stranger:
            return Reply(0, error="invalid_command")
        text = as_command_text(text.strip(), self._slack.workspace, known.should_escape)
        payload = interactions.command(self._slack, user_id, channel, name, text)
        url = self._responses.issue(user_id, channel_id)
        payload["response_url"] = self._responses.address(url)
        ack = await self._slack.courier.deliver("command", payload, **forged)
        if ack.ok:
            self._responses.show_ack(url, ack.body)
        return reply_of(ack, url.shown)

    async def say(
        self,
        user_id: str,
        channel_id: str,
        text: str,
        thread_ts: str | None = None,
        **forged: Unpack[Forged],
    ) -> Reply:
        """Writes a message; the reply is the bot's ack of the event, if it hears such messages."""
        self._member(user_id)
        self._must_be_in(user_id, channel_id)
        ws, manifest = self._slack.workspace, self._slack.manifest
        channel = ws.channels[channel_id]
        if channel.is_im and (not manifest.messages_tab or manifest.messages_read_only):
            raise NotOnScreen("this app takes no messages")
        message = ws.post(
            Message(channel_id, ws.new_ts(), user_id, as_message(text, ws), thread_ts=thread_ts)
        )
        if ws.bot_user_id not in channel.members:
            return Reply(0, error="not_heard")
        subscription, event = self._slack.events.message(message, client_msg_id=f"m-{message.ts}")
        return reply_of(await self._slack.events.tell(subscription, event, **forged))

    async def open_home(self, user_id: str, tab: str = "home", **forged: Unpack[Forged]) -> Reply:
        """Opens the app's Home tab (or its Messages tab: `tab="messages"`)."""
        self._member(user_id)
        ws, manifest = self._slack.workspace, self._slack.manifest
        if not (manifest.home_tab if tab == "home" else manifest.messages_tab):
            raise NotOnScreen(f"this app has no {tab} tab")
        event: dict[str, Any] = {"type": "app_home_opened", "user": user_id, "tab": tab}
        event |= {"channel": ws.dm(user_id).id, "event_ts": ws.new_ts()}
        if tab == "home" and user_id in ws.homes:
            event["view"] = view_object(ws.homes[user_id], ws)
        return reply_of(await self._slack.events.tell("app_home_opened", event, **forged))

    async def shortcut(self, user_id: str, callback_id: str, **forged: Unpack[Forged]) -> Reply:
        """Starts a global shortcut from Slack's search or plus menu."""
        self._member(user_id)
        if self._slack.manifest.shortcut(callback_id) != "global":
            raise NotOnScreen(f"no global shortcut {callback_id!r} in the manifest")
        payload = interactions.shortcut(self._slack, user_id, callback_id)
        return reply_of(await self._interact(payload, forged))

    async def message_action(
        self, user_id: str, message: Message, callback_id: str, **forged: Unpack[Forged]
    ) -> Reply:
        """Starts a shortcut from a message's own menu."""
        self._must_see(user_id, message)
        if message.ephemeral_for:
            raise NotOnScreen("a message that only one person sees has no such menu")
        if self._slack.manifest.shortcut(callback_id) != "message":
            raise NotOnScreen(f"no message shortcut {callback_id!r} in the manifest")
        payload = interactions.message_action(self._slack, user_id, message, callback_id)
        url = self._responses.issue(user_id, message.channel, message)
        payload["response_url"] = self._responses.address(url)
        return reply_of(await self._interact(payload, forged), url.shown)

    async def settle(self, quiet: float = 0.05, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Waits until no request has been under way in either direction for `quiet` seconds."""
        await self._slack.traffic.settle(quiet, timeout)
