"""What a person can do in the workspace; every act waits for the bot's ack."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from sandbox import interactions
from sandbox.delivery import Ack
from sandbox.entities import Message, User, View
from sandbox.entry import entered
from sandbox.forms import Forms
from sandbox.payloads import view_object
from sandbox.screen import NotOnScreen, Spot, find
from sandbox.state import first_values
from sandbox.typed import as_command_text, as_message

if TYPE_CHECKING:
    from sandbox.server import Sandbox


class Forged(TypedDict, total=False):
    """Overrides for one delivery over HTTP: another signing secret, another time of signing."""

    signing_secret: str
    at: datetime


@dataclass
class Reply:
    """The bot's answer to an act.

    `status` is its HTTP status (0: none in time), `error` what the person reads when it failed.
    `messages` are those shown by the ack or through the response_url; the list goes on growing.
    """

    status: int
    ack_body: Any = None
    messages: list[Message] = field(default_factory=list)
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the bot took it within 3 seconds."""
        return self.error is None


class People(Forms):
    """Acts of people. Elements are found by the words on them, or by action_id."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    async def command(
        self, user_id: str, channel_id: str, line: str, **forged: Unpack[Forged]
    ) -> Reply:
        """Types a slash command into a channel; the reply has what was shown to that person."""
        user, channel = self._member(user_id), self._sandbox.workspace.channels[channel_id]
        self._must_be_in(user_id, channel_id)
        name, _, text = line.strip().partition(" ")
        known = self._sandbox.manifest.command(name)
        if known is None or user.is_stranger:
            return Reply(0, error="invalid_command")
        text = as_command_text(text.strip(), self._sandbox.workspace, known.should_escape)
        payload = interactions.command(self._sandbox, user_id, channel, name, text)
        url = self._sandbox.responses.issue(user_id, channel_id)
        payload["response_url"] = self._sandbox.responses.address(url)
        ack = await self._sandbox.courier.deliver("command", payload, **forged)
        if ack.ok:
            self._sandbox.responses.show_ack(url, ack.body)
        return _reply(ack, url.shown)

    async def click(
        self,
        user_id: str,
        place: Message | View,
        wanted: str,
        nth: int | None = None,
        **forged: Unpack[Forged],
    ) -> Reply:
        """Presses a button, or picks the option that bears these words."""
        spot = self._seen(user_id, place, wanted, nth)
        if spot.element["type"] not in ("button", "workflow_button", "icon_button"):
            if spot.option(wanted) is None:
                raise NotOnScreen(f"{wanted!r} is a {spot.element['type']}, not a button")
            return await self._use(user_id, place, spot, wanted, forged)
        return await self._send_action(user_id, place, spot, {}, forged)

    async def choose(
        self,
        user_id: str,
        place: Message | View,
        wanted: str,
        value: Any,
        nth: int | None = None,
        **forged: Unpack[Forged],
    ) -> Reply:
        """Picks in a menu, group of boxes or date field; options go by text or value."""
        spot = self._seen(user_id, place, wanted, nth)
        return await self._use(user_id, place, spot, value, forged)

    async def suggestions(
        self, user_id: str, place: Message | View, wanted: str, typed: str
    ) -> list[dict[str, Any]]:
        """The options that the bot offers for what was typed into a menu that loads."""
        spot = self._seen(user_id, place, wanted, None)
        return await self._load(user_id, place, spot, typed)

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
        ws, manifest = self._sandbox.workspace, self._sandbox.manifest
        channel = ws.channels[channel_id]
        if channel.is_im and (not manifest.messages_tab or manifest.messages_read_only):
            raise NotOnScreen("this app takes no messages")
        message = ws.post(
            Message(channel_id, ws.new_ts(), user_id, as_message(text, ws), thread_ts=thread_ts)
        )
        if ws.bot_user_id not in channel.members:
            return Reply(0, error="not_heard")
        subscription, event = self._sandbox.events.message(message, client_msg_id=f"m-{message.ts}")
        return _reply(await self._sandbox.events.tell(subscription, event, **forged))

    async def open_home(self, user_id: str, tab: str = "home", **forged: Unpack[Forged]) -> Reply:
        """Opens the app's Home tab (or its Messages tab: `tab="messages"`)."""
        self._member(user_id)
        ws, manifest = self._sandbox.workspace, self._sandbox.manifest
        if not (manifest.home_tab if tab == "home" else manifest.messages_tab):
            raise NotOnScreen(f"this app has no {tab} tab")
        event: dict[str, Any] = {"type": "app_home_opened", "user": user_id, "tab": tab}
        event |= {"channel": ws.dm(user_id).id, "event_ts": ws.new_ts()}
        if tab == "home" and user_id in ws.homes:
            event["view"] = view_object(ws.homes[user_id], ws)
        return _reply(await self._sandbox.events.tell("app_home_opened", event, **forged))

    async def shortcut(self, user_id: str, callback_id: str, **forged: Unpack[Forged]) -> Reply:
        """Starts a global shortcut from Slack's search or plus menu."""
        self._member(user_id)
        if self._sandbox.manifest.shortcut(callback_id) != "global":
            raise NotOnScreen(f"no global shortcut {callback_id!r} in the manifest")
        payload = interactions.shortcut(self._sandbox, user_id, callback_id)
        return _reply(await self._interact(payload, forged))

    async def message_action(
        self, user_id: str, message: Message, callback_id: str, **forged: Unpack[Forged]
    ) -> Reply:
        """Starts a shortcut from a message's own menu."""
        self._must_see(user_id, message)
        if self._sandbox.manifest.shortcut(callback_id) != "message":
            raise NotOnScreen(f"no message shortcut {callback_id!r} in the manifest")
        payload = interactions.message_action(self._sandbox, user_id, message, callback_id)
        url = self._sandbox.responses.issue(user_id, message.channel, message)
        payload["response_url"] = self._sandbox.responses.address(url)
        return _reply(await self._interact(payload, forged), url.shown)

    async def settle(self, quiet: float = 0.05, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Waits until no request has been under way in either direction for `quiet` seconds."""
        await self._sandbox.traffic.settle(quiet, timeout)

    async def _use(
        self, user_id: str, place: Message | View, spot: Spot, value: Any, forged: Forged
    ) -> Reply:
        """Enters a value and tells the bot where Slack does so."""
        if spot.element["type"] == "overflow":
            option = spot.option(str(value))
            if option is None:
                raise NotOnScreen(f"the menu {spot.ids[0]!r} does not offer {value!r}")
            return await self._send_action(
                user_id, place, spot, {"selected_option": option}, forged
            )
        if spot.element["type"].endswith("external_select") and isinstance(value, str):
            value = await self._pick_loaded(user_id, place, spot, value)
        held = entered(spot, value, self._sandbox.workspace)
        values = self._values(user_id, place)
        values.setdefault(spot.block["block_id"], {})[spot.element["action_id"]] = held
        self._sandbox.workspace.changed()
        if spot.block["type"] == "input" and not spot.block.get("dispatch_action"):
            return Reply(200)
        return await self._send_action(user_id, place, spot, held, forged)

    async def _send_action(
        self,
        user_id: str,
        place: Message | View,
        spot: Spot,
        held: dict[str, Any],
        forged: Forged,
    ) -> Reply:
        action = interactions.action_of(self._sandbox, spot, held)
        if isinstance(place, View):
            payload = interactions.block_actions_in_view(self._sandbox, user_id, place, action)
            return _reply(await self._interact(payload, forged))
        payload = interactions.block_actions_in_message(self._sandbox, user_id, place, action)
        live = self._sandbox.workspace.channels[place.channel].by_ts.get(place.ts)
        url = self._sandbox.responses.issue(user_id, place.channel, live)
        payload["response_url"] = self._sandbox.responses.address(url)
        return _reply(await self._interact(payload, forged), url.shown)

    def _values(self, user_id: str, place: Message | View) -> dict[str, Any]:
        if isinstance(place, View):
            return place.values
        return place.states.setdefault(user_id, first_values(place.blocks))

    async def _interact(self, payload: dict[str, Any], forged: Forged) -> Ack:
        if not self._sandbox.manifest.interactive:
            raise NotOnScreen("interactivity is off in the manifest")
        return await self._sandbox.courier.deliver("interactive", payload, **forged)

    def _seen(self, user_id: str, place: Message | View, wanted: str, nth: int | None) -> Spot:
        self._must_see(user_id, place)
        return find(place.blocks, wanted, nth)

    def _must_see(self, user_id: str, place: Message | View) -> None:
        self._member(user_id)
        if isinstance(place, View):
            stack = self._sandbox.workspace.views.get(user_id, [])
            shown = [*stack[-1:], self._sandbox.workspace.homes.get(user_id)]
            if place not in shown:
                raise NotOnScreen(f"{user_id} does not have that view in front of them")
            return
        self._must_be_in(user_id, place.channel)
        if place.ephemeral_for not in (None, user_id):
            raise NotOnScreen(f"only {place.ephemeral_for} sees that message")

    def _must_be_in(self, user_id: str, channel_id: str) -> None:
        if user_id not in self._sandbox.workspace.channels[channel_id].members:
            raise NotOnScreen(f"{user_id} is not in {channel_id}")

    def _member(self, user_id: str) -> User:
        user = self._sandbox.workspace.users[user_id]
        if user.deleted:
            raise NotOnScreen(f"{user_id} is deactivated")
        return user


def _reply(ack: Ack | None, messages: list[Message] | None = None) -> Reply:
    shown = [] if messages is None else messages
    if ack is None:
        return Reply(0, messages=shown, error="not_heard")
    return Reply(ack.status, ack.body, shown, ack.error)
