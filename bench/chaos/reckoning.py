"""Holds the ledger against what the workspace received: lost, duplicated, unknown, late."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import dict_row

from domain.delivery import State
from sandbox.entities import Message
from sandbox.workspace import Workspace

#: A message is late that arrives so long after its due instant.
LATE = timedelta(minutes=2)
ASKED = "asked_a_lead"
GIVEN_UP = "arrival_unknown"
#: What a person is told when a delivery went wrong; not due by any rule.
NOTICES = ("ask", "trouble")


class Event(NamedTuple):
    """What befell a delivery on its way."""

    at: datetime
    state: str
    reason: str | None

    def __str__(self) -> str:
        because = f" {self.reason}" if self.reason else ""
        return f"{self.at:%H:%M:%S} {self.state}{because}"


@dataclass
class Reckoning:
    """Each finding in words, most under one of the four names that matter."""

    due: int = 0
    arrived: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    settled: int = 0
    asked: int = 0
    given_up: int = 0
    #: How late, which, and what had befallen it; the latest first.
    latest: list[tuple[timedelta, str]] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    @property
    def late(self) -> int:
        return len(self.latest)

    @property
    def good(self) -> bool:
        return not (self.lost or self.duplicated or self.unsettled)


def received(workspace: Workspace) -> dict[str, list[Message]]:
    """What the bot posted by itself, by the key in its metadata."""
    found = defaultdict(list)
    for channel in workspace.channels.values():
        for message in channel.by_ts.values():
            if message.bot_id == workspace.bot_id and message.ephemeral_for is None:
                payload = (message.metadata or {}).get("event_payload", {})
                found[str(payload.get("key", f"without a key: {message.ts}"))].append(message)
    return dict(found)


def ledger(url: str) -> tuple[list[dict[str, Any]], dict[str, list[Event]]]:
    """The deliveries, and by their ids what befell each."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        rows = connection.execute("SELECT * FROM deliveries").fetchall()
        events = connection.execute("SELECT * FROM delivery_events ORDER BY event_id").fetchall()
    passed = defaultdict(list)
    for event in events:
        passed[event["delivery_id"]].append(Event(event["at"], event["state"], event["reason"]))
    return rows, passed


def reckon(
    rows: Iterable[Mapping[str, Any]],
    passed: Mapping[str, list[Event]],
    messages: Mapping[str, list[Message]],
    expected: Mapping[str, str],
    end: datetime,
) -> Reckoning:
    """Compare the three; `expected` are the keys that must be there, whatever the ledger says."""
    found = Reckoning(due=len(expected))
    by_key = {row["key"]: row for row in rows}
    for key in expected.keys() - by_key.keys():
        # Whether its prompt arrived is left to a lead: until then nobody is reminded of it.
        prompt = by_key.get(key.replace("reminder:", "prompt:"), {})
        if prompt.get("reason") != ASKED:
            found.lost.append(f"{key}: is not in the ledger")
    for key in messages.keys() - by_key.keys():
        found.duplicated.append(f"{key}: arrived, and is not in the ledger")
    for key, row in by_key.items():
        found.states[row["state"]] += 1
        if row["due_at"] <= end:
            _judge(found, row, passed.get(row["delivery_id"], []), messages.get(key, []), expected)
    found.latest.sort(reverse=True)
    return found


def _judge(
    found: Reckoning,
    row: Mapping[str, Any],
    passed: list[Event],
    there: list[Message],
    expected: Mapping[str, str],
) -> None:
    key, state = row["key"], row["state"]
    found.arrived += bool(there)
    if len(there) > 1:
        found.duplicated.append(f"{key}: arrived {len(there)} times ({_listed(passed)})")
    if state == State.SENT:
        if row["ts"] not in [message.ts for message in there]:
            found.lost.append(f"{key}: is said to be sent, and did not arrive")
        found.settled += any(event.state == State.UNKNOWN for event in passed)
    elif state == State.UNKNOWN and row["reason"] == ASKED:
        found.asked += 1
    elif state == State.FAILED and row["reason"] == GIVEN_UP:
        found.given_up += 1
    elif state == State.UNKNOWN:
        found.unsettled.append(f"{key}: {row['reason']}")
    elif there:
        found.duplicated.append(f"{key}: arrived, and is said to be {state}")
    elif key in expected or row["work_at"] is not None:
        found.lost.append(f"{key}: {state} {row['reason'] or ''} ({_listed(passed)})")
    for message in there[:1]:
        _time(found, row, passed, message)


def _time(
    found: Reckoning, row: Mapping[str, Any], passed: Sequence[Event], message: Message
) -> None:
    late = datetime.fromtimestamp(float(message.ts), UTC) - row["due_at"]
    if late > LATE:
        because = _listed([f"due {row['due_at']:%H:%M:%S}", *passed])
        found.latest.append((late, f"{row['key']}: {row['attempts']} attempts ({because})"))


def _listed(events: Iterable[Event | str]) -> str:
    return ", ".join(map(str, events))


def unasked(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Deliveries that wait for a lead's decision, of whom no lead was told."""
    rows = list(rows)
    asked = {row["note"] for row in rows if row["kind"] == "ask" and row["state"] == State.SENT}
    return [
        f"{row['key']}: no lead was asked"
        for row in rows
        if row["state"] == State.UNKNOWN and row["reason"] == ASKED and row["key"] not in asked
    ]
