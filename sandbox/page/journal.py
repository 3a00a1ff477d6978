"""The panel of traffic: every call of the bot and every delivery to it, newest first."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.calls import ApiCall
from sandbox.delivery import Delivery
from sandbox.page.dates import moment_words
from sandbox.page.reader import Reader
from sandbox.problems import Problem

Delivered = Sequence[Delivery]

#: How many entries the panel lists; refused ones are kept beyond that.
_NEWEST, _REFUSED = 120, 60


@dataclass(frozen=True)
class Entry:
    """One line; `number` and `kind` find its details, `outcome` is ok, refused or warned."""

    kind: str
    number: int
    title: str
    target: str
    time: str
    moment: str
    outcome: str
    remark: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Journal:
    entries: tuple[Entry, ...]
    total: int
    refused: int


def journal(
    calls: Sequence[ApiCall],
    deliveries: Delivered,
    names: Mapping[str, str],
    reader: Reader,
) -> Journal:
    """Both kinds of traffic in one list; `names` gives words for ids of people and channels."""
    dated: list[tuple[datetime, int, Entry]] = []
    for number, call in enumerate(calls):
        dated.append((call.at, 0, _call(number, call, names, reader)))
    for number, delivery in enumerate(deliveries):
        dated.append((delivery.at, -1, _delivery(number, delivery, names, reader)))
    dated.sort(key=lambda one: one[:2])
    entries = [entry for _, _, entry in reversed(dated)]
    refused = [entry for entry in entries if entry.outcome == "refused"]
    late = [entry for entry in entries[_NEWEST:] if entry.outcome == "refused"][:_REFUSED]
    return Journal((*entries[:_NEWEST], *late), len(entries), len(refused))


def _call(number: int, call: ApiCall, names: Mapping[str, str], reader: Reader) -> Entry:
    warned = bool(call.problems)
    outcome = "refused" if not call.ok else "warned" if warned else "ok"
    error = str(call.response.get("error") or "no answer yet")
    remark = call.fault or ("ok" if call.ok else error)
    return Entry(
        "call",
        number,
        call.method,
        _target(call.args, names),
        _time(call.at, reader),
        moment_words(call.at, reader),
        outcome,
        remark,
        tuple(call.problems),
    )


def _delivery(number: int, delivery: Delivery, names: Mapping[str, str], reader: Reader) -> Entry:
    return Entry(
        "delivery",
        number,
        _title(delivery),
        names.get(_user_id(delivery), ""),
        _time(delivery.at, reader),
        moment_words(delivery.at, reader),
        "ok" if delivery.ack.ok else "refused",
        delivery.ack.error or f"ack in {delivery.ack.seconds * 1000:.0f} ms",
        (),
    )


def _title(delivery: Delivery) -> str:
    """A few words for it: `/prodops log 40 %…`, `view_submission prodops_log_form`."""
    payload = delivery.payload
    if delivery.kind == "command":
        return f"{payload.get('command', '')} {payload.get('text', '')}".strip()
    if delivery.kind == "event":
        return f"event {(payload.get('event') or {}).get('type', '')}"
    action, view = (payload.get("actions") or [{}])[0], payload.get("view") or {}
    names = (action.get("action_id"), payload.get("action_id"), payload.get("callback_id"))
    detail = next((name for name in (*names, view.get("callback_id")) if name), "")
    return f"{payload.get('type', 'interactive')} {detail}".strip()


def _user_id(delivery: Delivery) -> str:
    """The person whose act it tells of, or an empty string."""
    payload = delivery.payload
    event = payload.get("event") or {}
    user = payload.get("user_id") or payload.get("user") or event.get("user") or ""
    return str(user.get("id", "")) if isinstance(user, dict) else str(user)


def _target(args: Mapping[str, Any], names: Mapping[str, str]) -> str:
    for key in ("channel", "user_id", "user", "users", "view_id", "usergroup"):
        value = args.get(key)
        if isinstance(value, str) and value:
            return names.get(value, value)
    return ""


def _time(at: datetime, reader: Reader) -> str:
    return f"{at.astimezone(reader.zone):%H:%M:%S}"


def opened(
    kind: str, number: int, calls: Sequence[ApiCall], deliveries: Delivered
) -> list[tuple[str, str]] | None:
    """The JSON of one entry under headings; None when there is no such entry."""
    if kind == "call" and number < len(calls):
        call = calls[number]
        return [("Arguments", _pretty(call.args)), ("Response", _pretty(call.response))]
    if kind == "delivery" and number < len(deliveries):
        one = deliveries[number]
        return [("Payload", _pretty(one.payload)), ("Ack body", _pretty(one.ack.body))]
    return None


def _pretty(value: Any) -> str:
    """JSON for people; arguments that carry JSON as text are opened up."""
    return json.dumps(_opened(value), indent=2, ensure_ascii=False, default=str)


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    if isinstance(value, Mapping):
        return {key: _opened(one) for key, one in value.items()}
    return value
