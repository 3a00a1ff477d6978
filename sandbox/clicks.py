"""What a person does with buttons, menus and boxes, in messages as in views."""

from typing import Any, Unpack

from sandbox import interactions
from sandbox.acts import Acts, Forged, Reply, reply_of
from sandbox.entities import Message, Values, View
from sandbox.entry import entered
from sandbox.screen import BotFailed, NotOnScreen, Spot, find
from sandbox.state import first_values

MOST_OPTIONS = 100
_BUTTONS = ("button", "workflow_button", "icon_button")


class Clicks(Acts):
    """Acts upon elements, which are found by the words on them or by action_id."""

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
        if spot.element["type"] not in _BUTTONS:
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
        values = self._values(user_id, place).setdefault(spot.block["block_id"], {})
        action_id = spot.element["action_id"]
        held = entered(spot, value, self._slack.workspace, user_id, values.get(action_id))
        values[action_id] = held
        self._slack.workspace.changed()
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
        action = interactions.action_of(self._slack, spot, held)
        if isinstance(place, View):
            payload = interactions.block_actions_in_view(self._slack, user_id, place, action)
            return reply_of(await self._interact(payload, forged))
        payload = interactions.block_actions_in_message(self._slack, user_id, place, action)
        live = self._slack.workspace.channels[place.channel].by_ts.get(place.ts)
        url = self._responses.issue(user_id, place.channel, live)
        payload["response_url"] = self._responses.address(url)
        return reply_of(await self._interact(payload, forged), url.shown)

    def _values(self, user_id: str, place: Message | View) -> Values:
        if isinstance(place, View):
            return place.values
        return place.states.setdefault(user_id, first_values(place.blocks))

    async def _load(
        self, user_id: str, place: Message | View, spot: Spot, typed: str
    ) -> list[dict[str, Any]]:
        payload = interactions.block_suggestion(self._slack, user_id, place, spot, typed)
        ack = await self._interact(payload, {})
        body = ack.body if isinstance(ack.body, dict) else {}
        groups = body.get("option_groups") or [{"options": body.get("options")}]
        options = [option for group in groups for option in group.get("options") or ()]
        if not ack.ok or len(options) > MOST_OPTIONS:
            raise BotFailed(f"the menu was answered with {ack.status} {ack.error}: {ack.body!r}")
        return options

    async def _pick_loaded(
        self, user_id: str, place: Message | View, spot: Spot, wanted: str
    ) -> dict[str, Any]:
        options = await self._load(user_id, place, spot, wanted)
        for option in options:
            if wanted in (option["text"]["text"], option["value"]):
                return option
        raise NotOnScreen(f"the bot did not offer {wanted!r} but {options}")

    def _seen(self, user_id: str, place: Message | View, wanted: str, nth: int | None) -> Spot:
        self._must_see(user_id, place)
        return find(place.blocks, wanted, nth)
