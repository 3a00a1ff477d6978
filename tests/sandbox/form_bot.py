"""A small bot with a form that it keeps up to date while somebody types into it."""

import asyncio
from typing import Any

from tests.sandbox.conftest import Api, Received, actions, an_input, button, modal, section

LIVE = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
HOURS: dict[str, Any] = {"type": "number_input", "is_decimal_allowed": True, **LIVE}


def form(total: str) -> dict[str, Any]:
    """A form of two numbers and the total that the bot keeps up to date."""
    return modal(
        an_input(HOURS, "Strategy", "strategy", dispatch_action=True, optional=True),
        an_input(HOURS, "Delivery", "delivery", dispatch_action=True, optional=True),
        section(f"Total {total}", block_id="total"),
    )


class FormBot:
    """Opens the form on a command or click, sums while one types, refuses all but 100.

    Sums wait for `may_sum`; `remark` stands below the total from the first sum on.
    """

    def __init__(self, api: Api) -> None:
        self.api = api
        self.sent: list[dict[str, Any]] = []
        self.may_sum = asyncio.Event()
        self.may_sum.set()
        self.remark = ""

    async def __call__(self, received: Received) -> Any:
        payload = received.payload
        if received.kind == "command" and payload["text"] == "help":
            return {"text": "Help", "blocks": [section("Help"), actions(button("Log", "log"))]}
        if received.kind == "view_submission":
            return self._submitted(payload)
        if "view" in payload:
            await self.may_sum.wait()
            view = form(f"{_total(payload):g}{self.remark}")
            await self.api("views.update", view_id=payload["view"]["id"], view=view)
        elif "trigger_id" in payload:
            await self.api("views.open", trigger_id=payload["trigger_id"], view=form("0"))
        return None

    def _submitted(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        if _total(payload) != 100:
            return {"response_action": "errors", "errors": {"strategy": "It must total 100."}}
        self.sent.append(payload["view"]["state"]["values"])
        return None


def _total(payload: dict[str, Any]) -> float:
    values = payload["view"]["state"]["values"]
    return sum(float(values[block]["value"]["value"] or 0) for block in ("strategy", "delivery"))
