"""Reads what kind of thing somebody did out of Slack's payload, and which listener it is for."""

from collections.abc import Mapping
from typing import Any

from domain.cleaning import printable


def identify(body: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
    """(kind, id, the call's other fields) of a Slack payload; None for one we do not know."""
    if "command" in body:
        return _command(body)
    kind = str(body.get("type") or "")
    if kind == "event_callback":
        return _event(body)
    user_id = str((body.get("user") or {}).get("id") or "")
    rest: dict[str, Any] = {
        "user_id": user_id,
        "channel_id": (body.get("channel") or {}).get("id"),
        "trigger_id": body.get("trigger_id"),
        "response_url": body.get("response_url"),
    }
    if kind == "block_actions" and body.get("actions"):
        action = body["actions"][0]
        return "action", str(action.get("action_id")), {**rest, "action": action}
    if kind == "view_submission":
        return "submission", str((body.get("view") or {}).get("callback_id")), rest
    if kind in ("shortcut", "message_action"):
        return "shortcut", str(body.get("callback_id")), rest
    if kind == "view_closed":
        return "closed", str((body.get("view") or {}).get("callback_id")), rest
    return None


def _command(body: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    first, *rest = str(body.get("text") or "").split(maxsplit=1) or [""]
    return (
        "command",
        printable(first).strip().lower() or "help",
        {
            "user_id": str(body.get("user_id") or ""),
            "channel_id": body.get("channel_id"),
            "text": rest[0].strip() if rest else "",
            "trigger_id": body.get("trigger_id"),
            "response_url": body.get("response_url"),
        },
    )


def _event(body: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    event = body.get("event") or {}
    user = event.get("user")
    channel = event.get("channel")
    return (
        "event",
        str(event.get("type")),
        {
            "user_id": str(user.get("id") if isinstance(user, dict) else user or ""),
            "channel_id": channel.get("id") if isinstance(channel, dict) else channel,
            "text": str(event.get("text") or ""),
        },
    )
