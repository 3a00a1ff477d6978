"""How fast messages go out: evenly spaced slots in a workspace, and in each place of it."""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Budget:
    """The least time between two calls in one workspace, and between two in one place of it."""

    gap: timedelta
    place_gap: timedelta = timedelta()


#: Slack allows one message a second in a channel, and 50 edits a minute in a workspace.
PLACE_GAP = timedelta(seconds=1)
EDITS_SHARE = 4


def budgets(messages_per_second: float) -> tuple[Budget | None, Budget | None]:
    """For messages and for edits of them; None, none of both, where 0 sets no limit."""
    if not messages_per_second:
        return None, None
    gap = timedelta(seconds=1 / messages_per_second)
    return Budget(gap, PLACE_GAP), Budget(gap * EDITS_SHARE)


def take_slots(
    budget: Budget,
    places: Iterable[str],
    line_free: datetime,
    places_free: MutableMapping[str, datetime],
    earliest: datetime,
) -> tuple[list[datetime], datetime]:
    """A slot for each message of one line, in order, and when the line is free after them.

    `places_free` says from when on a place may be written to, where that is later than
    `earliest`, and is brought up to date.
    """
    taken = []
    at = max(line_free, earliest)
    for place in places:
        slot = max(at, places_free.get(place, at))
        if budget.place_gap:
            places_free[place] = slot + budget.place_gap
        taken.append(slot)
        at += budget.gap
    return taken, at


def keeps_distance(
    slot: datetime, gap: timedelta, now: datetime, free_at: datetime, reserved: Iterable[datetime]
) -> bool:
    """Whether a place may be written to at `slot`, ahead of slots `reserved` for it.

    `free_at` is from when on it may be written to after all of these.
    """
    ahead = list(reserved)
    earliest = now + gap if ahead else free_at
    return slot >= earliest and all(abs(slot - other) >= gap for other in ahead)
