"""The clock of the workspace: what it shows, what comes next, and the buttons that move it."""

import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sandbox.clock import SandboxClock
from sandbox.page.dates import distance, moment_words
from sandbox.page.reader import Reader

_LOG = logging.getLogger(__name__)

Upcoming = list[tuple[datetime, str]]

#: How many coming events the menu lists.
_LISTED = 8


class ClockControls(Protocol):
    """How the running product moves with the clock; given by whoever composes sandbox and bot."""

    async def advance(self, hours: float) -> object: ...
    async def next_event(self) -> object: ...
    async def to_friday(self) -> object: ...
    async def to_monday(self) -> object: ...
    def upcoming(self) -> Upcoming | Awaitable[Upcoming]: ...


@dataclass(frozen=True)
class Coming:
    """Events of one instant: when, how far away, what."""

    at: str
    away: str
    what: str


@dataclass(frozen=True)
class ClockFace:
    time: str
    day: str
    zone: str
    epoch: float
    runs: bool
    controlled: bool
    coming: tuple[Coming, ...]
    plan_known: bool


async def clock_face(
    clock: SandboxClock, controls: ClockControls | None, reader: Reader
) -> ClockFace:
    local = reader.local_now
    plan = await _upcoming(controls)
    return ClockFace(
        time=f"{local:%H:%M}",
        day=f"{local:%a} {local.day} {local:%b} {local.year}",
        zone=str(reader.zone),
        epoch=reader.now.timestamp(),
        runs=not clock.frozen,
        controlled=controls is not None,
        coming=tuple(_coming(plan or [], reader)[:_LISTED]),
        plan_known=plan is not None,
    )


async def _upcoming(controls: ClockControls | None) -> Upcoming | None:
    """What is planned; None when the product can't tell, as with its database down."""
    if controls is None:
        return []
    try:
        found = controls.upcoming()
        return await found if inspect.isawaitable(found) else found
    except Exception:
        # Whatever befalls the product, the page that shows it must stand.
        _LOG.exception("the plan could not be read")
        return None


def _coming(events: Upcoming, reader: Reader) -> list[Coming]:
    """Events of the same instant in one line, the first two by name."""
    by_instant: dict[datetime, list[str]] = {}
    for at, what in sorted(events):
        by_instant.setdefault(at, []).append(what)
    return [
        Coming(moment_words(at, reader), distance(at, reader.now), _several(names))
        for at, names in by_instant.items()
    ]


def _several(names: list[str]) -> str:
    more = len(names) - 2
    return " · ".join(names[:2]) + (f" and {more} more" if more > 0 else "")


async def move(clock: SandboxClock, controls: ClockControls | None, step: str) -> bool:
    """Takes one step of the bar; False for a step that there is not (without the product)."""
    hours = {"hour": 1.0, "day": 24.0}.get(step)
    if hours is not None:
        if controls is None:
            clock.advance(timedelta(hours=hours))
        else:
            await controls.advance(hours)
        return True
    if controls is None:
        return False
    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "next": controls.next_event,
        "friday": controls.to_friday,
        "monday": controls.to_monday,
    }
    if step not in steps:
        return False
    await steps[step]()
    return True
