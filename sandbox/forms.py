"""What a person does with forms: filling, sending, dismissing, and menus that load."""

from typing import TYPE_CHECKING, Any

from sandbox import interactions, modals
from sandbox.api.call import Call
from sandbox.calls import ApiCall
from sandbox.delivery import Ack
from sandbox.entities import Message, View
from sandbox.entry import complaints
from sandbox.refusal import Refused
from sandbox.screen import BotFailed, NotOnScreen, Spot, find

if TYPE_CHECKING:
    from sandbox.people import Forged, Reply
    from sandbox.server import Sandbox

Errors = dict[str, str]


class Forms:
    """Acts upon open modals; mixed into `People`, which brings the delivery of clicks."""

    _sandbox: "Sandbox"

    async def _use(
        self, user_id: str, place: Message | View, spot: Spot, value: Any, forged: "Forged"
    ) -> "Reply":
        raise NotImplementedError

    async def _interact(self, payload: dict[str, Any], forged: "Forged") -> Ack:
        raise NotImplementedError

    def modal(self, user_id: str) -> View:
        """The modal in front of a person."""
        stack = self._sandbox.workspace.views.get(user_id)
        if not stack:
            raise NotOnScreen(f"{user_id} has no modal open")
        return stack[-1]

    async def fill(
        self, user_id: str, values: dict[str, Any], view: View | None = None
    ) -> "Reply | None":
        """Fills inputs of the modal in front, or of `view`; the last ack where inputs report."""
        reply = None
        for wanted, value in values.items():
            place = view or self.modal(user_id)
            spot = find(place.blocks, wanted)
            reply = await self._use(user_id, place, spot, value, {})
        return reply

    async def submit(self, user_id: str, values: dict[str, Any] | None = None) -> Errors | None:
        """Fills and sends the modal in front; the errors shown at its inputs by block_id, or None.

        What Slack's own client objects to is never sent. BotFailed when the bot does not answer
        properly.
        """
        await self.fill(user_id, values or {})
        view = self.modal(user_id)
        if view.text_of("submit") is None:
            raise NotOnScreen("this modal has no submit button")
        if found := complaints(view):
            return found
        payload = interactions.view_submission(self._sandbox, view)
        ack = await self._interact(payload, {})
        if not ack.ok:
            raise BotFailed(f"the form was answered with {ack.status} {ack.error}: {ack.body!r}")
        return self._follow(view, ack.body)

    def _follow(self, view: View, body: Any) -> Errors | None:
        """Does what the ack of a submission says."""
        answer = body if isinstance(body, dict) else {}
        call = Call(self._sandbox, dict(answer))
        at = self._sandbox.clock.now()
        record = ApiCall("ack view_submission", answer, at, problems=call.problems)
        if answer:
            self._sandbox.calls.append(record)
        try:
            errors = self._act_upon(view, call)
        except Refused as refusal:
            record.response = refusal.answer()
            raise BotFailed(f"Slack refuses the answer to the form: {record.response}") from None
        record.response, record.user_visible = {"ok": True}, True
        return errors

    def _act_upon(self, view: View, call: Call) -> Errors | None:
        ws, action = self._sandbox.workspace, call.args.get("response_action")
        if action == "errors":
            return self._shown_errors(view, call.args.get("errors"))
        if action == "update":
            modals.replace_view(ws, view, modals.checked_view(call, "modal", replacing=view))
        elif action == "push":
            modals.push_view(ws, view.user_id, modals.checked_view(call, "modal"))
        elif action == "clear":
            modals.close_all(ws, view.user_id)
        elif action is None:
            modals.close_view(ws, view)
        else:
            raise Refused("invalid_response_action")
        return None

    def _shown_errors(self, view: View, errors: Any) -> Errors:
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
            raise Refused("errors_for_unknown_inputs", known=sorted(inputs), given=errors)
        return {block_id: str(words) for block_id, words in errors.items()}

    async def close(self, user_id: str, everything: bool = False) -> Ack | None:
        """Dismisses the modal in front, or all; the bot's ack where it wants to know."""
        view = self.modal(user_id)
        cleared = everything or bool(view.source.get("clear_on_close"))
        payload = interactions.view_closed(self._sandbox, view, is_cleared=cleared)
        if cleared:
            modals.close_all(self._sandbox.workspace, user_id)
        else:
            modals.close_view(self._sandbox.workspace, view)
        if not view.source.get("notify_on_close"):
            return None
        return await self._interact(payload, {})

    async def _load(
        self, user_id: str, place: Message | View, spot: Spot, typed: str
    ) -> list[dict[str, Any]]:
        payload = interactions.block_suggestion(self._sandbox, user_id, place, spot, typed)
        ack = await self._interact(payload, {})
        body = ack.body if isinstance(ack.body, dict) else {}
        groups = body.get("option_groups") or [{"options": body.get("options")}]
        options = [option for group in groups for option in group.get("options") or ()]
        if not ack.ok or len(options) > 100:
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
