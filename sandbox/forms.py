"""What a person does with forms: filling, sending, dismissing."""

from typing import Any, Unpack

from sandbox import interactions
from sandbox.acts import Forged, Reply, reply_of
from sandbox.api import modals
from sandbox.api.call import Call
from sandbox.calls import ApiCall
from sandbox.clicks import Clicks
from sandbox.entities import View
from sandbox.entry import complaints
from sandbox.refusal import Refused
from sandbox.screen import BotFailed, NotOnScreen, find

Errors = dict[str, str]


class Forms(Clicks):
    """Acts upon open modals."""

    def modal(self, user_id: str) -> View:
        """The modal in front of a person."""
        stack = self._slack.workspace.views.get(user_id)
        if not stack:
            raise NotOnScreen(f"{user_id} has no modal open")
        return stack[-1]

    async def fill(
        self, user_id: str, values: dict[str, Any], view: View | None = None
    ) -> Reply | None:
        """Fills inputs of the modal in front, or of `view`; the last ack where inputs report."""
        reply = None
        for wanted, value in values.items():
            place = view or self.modal(user_id)
            spot = find(place.blocks, wanted)
            reply = await self._use(user_id, place, spot, value, {})
        return reply

    async def submit(
        self, user_id: str, values: dict[str, Any] | None = None, **forged: Unpack[Forged]
    ) -> Errors | None:
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
        payload = interactions.view_submission(self._slack, self._responses, view)
        ack = await self._interact(payload, forged)
        if not ack.ok:
            raise BotFailed(f"the form was answered with {ack.status} {ack.error}: {ack.body!r}")
        return self._follow(view, ack.body)

    def _follow(self, view: View, body: Any) -> Errors | None:
        """Does what the ack of a submission says."""
        answer = body if isinstance(body, dict) else {}
        call = Call(self._slack, dict(answer))
        at = self._slack.clock.now()
        record = ApiCall("ack view_submission", answer, at, problems=call.problems)
        if answer:
            self._slack.calls.append(record)
        try:
            errors = self._act_upon(view, call)
        except Refused as refusal:
            record.response = refusal.answer()
            raise BotFailed(f"Slack refuses the answer to the form: {record.response}") from None
        record.response, record.user_visible = {"ok": True}, True
        return errors

    def _act_upon(self, view: View, call: Call) -> Errors | None:
        ws, action = self._slack.workspace, call.args.get("response_action")
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

    async def close(
        self, user_id: str, everything: bool = False, **forged: Unpack[Forged]
    ) -> Reply | None:
        """Dismisses the modal in front, or all; the bot's ack where it wants to know."""
        view = self.modal(user_id)
        cleared = everything or bool(view.source.get("clear_on_close"))
        payload = interactions.view_closed(self._slack, view, is_cleared=cleared)
        if cleared:
            modals.close_all(self._slack.workspace, user_id)
        else:
            modals.close_view(self._slack.workspace, view)
        if not view.source.get("notify_on_close"):
            return None
        return reply_of(await self._interact(payload, forged))
