"""What was delivered to the bot and how fast it acked: a log kept around the courier."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.delivery import Ack, Courier, Kind


@dataclass(frozen=True)
class Delivery:
    """One payload that was handed to the bot, and the bot's answer."""

    at: datetime
    kind: Kind
    payload: dict[str, Any]
    ack: Ack

    @property
    def title(self) -> str:
        """A few words that name it: `/prodops log 40 %…`, `view_submission prodops_log_form`."""
        payload = self.payload
        if self.kind == "command":
            return f"{payload.get('command', '')} {payload.get('text', '')}".strip()
        if self.kind == "event":
            return f"event {(payload.get('event') or {}).get('type', '')}"
        action = (payload.get("actions") or [{}])[0]
        view = payload.get("view") or {}
        names = (action.get("action_id"), payload.get("action_id"), payload.get("callback_id"))
        detail = next((name for name in (*names, view.get("callback_id")) if name), "")
        return f"{payload.get('type', 'interactive')} {detail}".strip()

    @property
    def user_id(self) -> str:
        """The person whose act it tells of, or an empty string."""
        event = self.payload.get("event") or {}
        user = self.payload.get("user_id") or self.payload.get("user") or event.get("user") or ""
        return str(user.get("id", "")) if isinstance(user, dict) else str(user)


def noted(courier: Courier, clock: SandboxClock) -> list[Delivery]:
    """A list that from now on grows with every delivery of this courier."""
    log: list[Delivery] = []
    deliver = courier.deliver

    async def deliver_and_note(
        kind: Kind, payload: dict[str, Any], *args: Any, **named: Any
    ) -> Ack:
        at = clock.now()
        ack = await deliver(kind, payload, *args, **named)
        log.append(Delivery(at, kind, payload, ack))
        return ack

    vars(courier)["deliver"] = deliver_and_note
    return log
