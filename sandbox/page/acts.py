"""What people do on the page, passed on to the workspace, and what they read when it fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.entities import Message, View
from sandbox.entry import entered
from sandbox.page.memory import Memory
from sandbox.page.shown import Shown
from sandbox.people import Reply
from sandbox.screen import BotFailed, NotOnScreen, Spot, spots
from sandbox.state import VALUE_FIELDS, first_values

Raw = str | list[str] | None
RawValues = Mapping[str, Mapping[str, Raw]]
Place = Message | View

#: What Slack calls a failure, and what the page says about it.
_FAILURES = {
    "operation_timeout": "{bot} did not answer within 3 seconds",
    "dispatch_failed": "{bot} could not be reached or answered with an error",
    "invalid_command": "There is no such command here",
}


@dataclass(frozen=True)
class Outcome:
    """`error` is Slack's name for a failure, `message` the sentence about it; None when fine."""

    error: str | None = None
    message: str | None = None
    errors: Mapping[str, str] | None = None
    options: Sequence[str] | None = None

    @property
    def ok(self) -> bool:
        return self.error is None and not self.errors


class Acts:
    """One person's acts; every method waits for the bot's ack, at most 3 seconds."""

    def __init__(self, sandbox: Shown, memory: Memory, user_id: str, zone: ZoneInfo) -> None:
        self._sandbox = sandbox
        self._memory = memory
        self._user_id = user_id
        self._zone = zone

    async def say(self, channel_id: str | None, text: str) -> Outcome:
        """A message or, with a slash at its head, a command; no channel means the app's DM."""
        channel_id = channel_id or self._sandbox.workspace.dm(self._user_id).id
        people = self._sandbox.people
        if text.startswith("/"):
            reply = await people.command(self._user_id, channel_id, text)
            return self._outcome(reply, f"{text.split()[0]} failed")
        reply = await people.say(self._user_id, channel_id, text)
        # A message stands in the channel whether or not the app heard it.
        return Outcome() if reply.error == "not_heard" else self._outcome(reply, "Not delivered")

    async def act(self, place: Place, wanted: str, value: Raw, values: RawValues) -> Outcome:
        """Uses the element `wanted` (`block_id/action_id`) after entering all other `values`."""
        spot = self._spot(place, wanted)
        self._enter(place, values)
        people = self._sandbox.people
        if spot.element["type"] in ("button", "workflow_button", "icon_button"):
            reply = await people.click(self._user_id, place, wanted)
        else:
            entered_value = self._meant(spot, value)
            reply = await people.choose(self._user_id, place, wanted, entered_value)
        return self._outcome(reply, "That did not work")

    async def suggest(self, place: Place, wanted: str, typed: str) -> Outcome:
        """The texts that the bot offers for what was typed into a menu that loads."""
        self._spot(place, wanted)
        found = await self._sandbox.people.suggestions(self._user_id, place, wanted, typed)
        return Outcome(options=[str(option["text"]["text"]) for option in found])

    async def submit(self, view_id: str, values: RawValues) -> Outcome:
        """Sends the modal in front; sentences for its fields when it was not accepted."""
        view = self._modal(view_id)
        self._enter(view, values)
        try:
            errors = await self._sandbox.people.submit(self._user_id)
        except BotFailed as failure:
            self._memory.set_errors(view, None)
            return self._not_sent(str(failure))
        self._memory.set_errors(view, errors)
        return Outcome(errors=errors)

    def _not_sent(self, failure: str) -> Outcome:
        error = next((name for name in _FAILURES if name in failure), None)
        reason = _FAILURES[error].format(bot=self._sandbox.manifest.bot_name) if error else failure
        words = f"Not sent. {reason}. What you entered is still here; try again."
        return Outcome(error or "failed", words)

    async def close(self, view_id: str) -> Outcome:
        """Dismisses the modal in front; the bot's answer to that changes nothing for the person."""
        self._modal(view_id)
        await self._sandbox.people.close(self._user_id)
        return Outcome()

    async def open_app(self, tab: str) -> Outcome:
        """Comes to the app's Home or Messages tab."""
        await self._sandbox.people.open_home(self._user_id, tab)
        return Outcome()

    async def shortcut(self, callback_id: str, where: Mapping[str, Any] | None = None) -> Outcome:
        """Starts a global shortcut, or with `where` one from that message's own menu."""
        people = self._sandbox.people
        if where is None:
            reply = await people.shortcut(self._user_id, callback_id)
        else:
            message = self.place(where)
            if not isinstance(message, Message):
                raise NotOnScreen("Only messages have such a menu.")
            reply = await people.message_action(self._user_id, message, callback_id)
        return self._outcome(reply, "The shortcut failed")

    def place(self, where: Mapping[str, Any]) -> Place:
        """The message or view that an act names: `{"view": id}` or `{"channel": …, "ts": …}`."""
        ws = self._sandbox.workspace
        if "view" in where:
            view = ws.find_view(str(where["view"]))
            if view is None:
                raise NotOnScreen("This form is no longer open.")
            return view
        channel = ws.channels.get(str(where.get("channel")))
        message = channel.by_ts.get(str(where.get("ts"))) if channel else None
        if message is None:
            raise NotOnScreen("This message is no longer there.")
        return message

    def _modal(self, view_id: str) -> View:
        view = self._sandbox.people.modal(self._user_id)
        if view.id != view_id:
            raise NotOnScreen("This form is no longer in front.")
        return view

    def _spot(self, place: Place, wanted: str) -> Spot:
        for spot in spots(place.blocks):
            if wanted in spot.ids:
                return spot
        raise NotOnScreen("This is no longer there; look again at what stands here now.")

    def _enter(self, place: Place, values: RawValues) -> None:
        """Notes what stands in the fields, without telling the bot."""
        if isinstance(place, View):
            held = place.values
        else:
            held = place.states.setdefault(self._user_id, first_values(place.blocks))
        for spot in spots(place.blocks):
            block_id, action_id = spot.block["block_id"], spot.element["action_id"]
            given = values.get(block_id, {})
            if action_id not in given or spot.element["type"] not in VALUE_FIELDS:
                continue
            meant = self._meant(spot, given[action_id])
            if spot.element["type"].endswith("external_select"):
                continue
            row = held.setdefault(block_id, {})
            ws = self._sandbox.workspace
            row[action_id] = entered(spot, meant, ws, self._user_id, row.get(action_id))

    def _meant(self, spot: Spot, raw: Raw) -> Any:
        """A field's text as the workspace takes it; an empty field is nothing."""
        if raw in ("", None):
            return None
        kind = spot.element["type"]
        if kind == "datetimepicker" and isinstance(raw, str):
            return int(datetime.fromisoformat(raw).replace(tzinfo=self._zone).timestamp())
        if kind in ("checkboxes", "multi_static_select"):
            return [option for option in spot.options if option.get("value") in (raw or ())]
        if kind in ("static_select", "radio_buttons"):
            # By value and as an object: the text of one option may be the value of another.
            return next((one for one in spot.options if one.get("value") == raw), raw)
        return raw

    def _outcome(self, reply: Reply, what: str) -> Outcome:
        if reply.ok:
            return Outcome()
        error = reply.error or "dispatch_failed"
        bot = self._sandbox.manifest.bot_name
        reason = _FAILURES.get(error, "Slack reports a failure").format(bot=bot)
        return Outcome(error, f"{what}. {reason} ({error}).")
