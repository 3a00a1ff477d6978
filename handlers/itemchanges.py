"""Changes of an item, each made only while the item still stands as it was seen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.checklist import UNFINISHED, State, TeamItem
from handlers.itemconsequences import follow
from handlers.items import stored_item
from handlers.services import Services
from storage import checklist
from storage.database import Tx
from storage.teams import Team

#: What a change that comes too late meets.
_STANDING = {
    "open": "is open again",
    "started": "is in progress already",
    "blocked": "is blocked",
    "done": "is done already",
    "dropped": "was dropped",
}
_DONE: tuple[State, ...] = ("done",)
_BEGINNING: tuple[State, ...] = ("open", "blocked")
_OVER: tuple[State, ...] = ("done", "dropped")


@dataclass(frozen=True)
class Hand:
    """Who changes something, on whose list, and when."""

    services: Services
    tx: Tx
    team: Team
    by: str
    now: datetime


async def take(hand: Hand, item: TeamItem) -> str | None:
    """Nobody's item becomes one's own; None, or why it did not, as the end of a sentence."""
    return await _change(hand, item, "taken", UNFINISHED, {"owner": hand.by}, owner=None)


async def assign(hand: Hand, item: TeamItem, owner: str, due_on: date | None = None) -> str | None:
    """Give it to somebody; work that was begun begins anew for them."""
    values: dict[str, Any] = {"owner": owner, "due_on": due_on}
    if owner != item.owner and item.worked_on_since is not None:
        values["started_at"] = hand.now
    return await _change(hand, item, "assigned", UNFINISHED, values, note=owner)


async def start(hand: Hand, item: TeamItem) -> str | None:
    """Begin, or go on where it was blocked; nobody's item becomes one's own."""
    return await _change(hand, item, "started", _BEGINNING, _in_progress(hand, item))


async def confirm(hand: Hand, item: TeamItem) -> str | None:
    """*Still going*: in progress, whatever it was before. A practice that is done is in use."""
    if item.state == "done":
        return await _change(hand, item, "confirmed", _DONE, {"confirmed_at": hand.now})
    values: dict[str, Any] = {"confirmed_at": hand.now}
    if item.state != "started":
        values |= _in_progress(hand, item)
    return await _change(hand, item, "confirmed", UNFINISHED, values)


def _in_progress(hand: Hand, item: TeamItem) -> dict[str, Any]:
    return {
        "state": "started",
        "state_since": hand.now,
        "started_at": item.started_at or hand.now,
        "owner": item.owner or hand.by,
        "reason": "",
    }


async def set_due(hand: Hand, item: TeamItem, due_on: date | None) -> str | None:
    note = due_on.isoformat() if due_on else ""
    return await _change(hand, item, "due", UNFINISHED, {"due_on": due_on}, note=note)


async def finish(hand: Hand, item: TeamItem, evidence: str) -> str | None:
    values = {"evidence": evidence, "reason": "", "done_at": hand.now, "done_by": hand.by}
    return await _move(hand, item, "done", UNFINISHED, values, evidence)


async def block(hand: Hand, item: TeamItem, reason: str) -> str | None:
    return await _move(hand, item, "blocked", UNFINISHED, {"reason": reason}, reason)


async def drop(hand: Hand, item: TeamItem, reason: str) -> str | None:
    return await _move(hand, item, "dropped", UNFINISHED, {"reason": reason}, reason)


async def reopen(hand: Hand, item: TeamItem) -> str | None:
    """Open again as if nobody had begun; its owner and what it was done with stay on record."""
    values = dict.fromkeys(("started_at", "done_at", "done_by", "confirmed_at"))
    values = {**values, "evidence": "", "reason": "", "state": "open", "state_since": hand.now}
    return await _change(hand, item, "reopened", _OVER, values)


async def _move(
    hand: Hand,
    item: TeamItem,
    state: State,
    states: Collection[State],
    values: dict[str, Any],
    note: str,
) -> str | None:
    values = {**values, "state": state, "state_since": hand.now}
    return await _change(hand, item, state, states, values, note=note)


async def _change(
    hand: Hand,
    item: TeamItem,
    kind: str,
    states: Collection[State],
    values: dict[str, Any],
    *,
    note: str = "",
    owner: str | None = "*",
) -> str | None:
    key = (await stored_item(hand.services, hand.tx, item, hand.by, hand.now)).key
    before = await checklist.get(hand.tx, key)
    made = await checklist.change(hand.tx, key, states=states, values=values, owner=owner)
    after = await checklist.get(hand.tx, key)
    assert before is not None
    assert after is not None
    if not made:
        return _why_not(after, hand.by, values.get("state"), note, free=owner is None)
    if after == before:
        return None
    number = await checklist.note(hand.tx, key, kind, hand.by, hand.now, note)
    await follow(hand.tx, hand.team, before, after, by=hand.by, now=hand.now, number=number)
    return None


def _why_not(item: TeamItem, by: str, wanted: State | None, note: str, *, free: bool) -> str | None:
    if free and not item.is_over and item.owner is not None:
        return None if item.owner == by else f"is <@{item.owner}>'s already"
    mine = (
        item.owner == by if wanted == "started" else note and note in (item.evidence, item.reason)
    )
    if item.state == wanted and mine:
        # Pressed twice: it is as they want it.
        return None
    return _STANDING[item.state]
