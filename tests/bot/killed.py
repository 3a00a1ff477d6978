"""Runs the real process and kills it, as nothing else can be killed, at one point of delivery."""

import os
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NoReturn

from bot import cli, delivery, leases, posting, running
from bot.planner import Planner
from bot.posting import Poster
from bot.results import Results
from bot.sending import Sender


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def before(owner: Any, method: str) -> None:
    async def dying(*_args: Any) -> NoReturn:
        die()

    setattr(owner, method, dying)


def after(owner: Any, method: str) -> None:
    whole: Callable[..., Awaitable[Any]] = getattr(owner, method)

    async def dying(*args: Any) -> NoReturn:
        await whole(*args)
        die()

    setattr(owner, method, dying)


#: In an order in which each finds what the one before has left.
POINTS: dict[str, Callable[[], None]] = {
    # Within the transaction that plans.
    "planned": lambda: after(Planner, "_plan"),
    # Within the transaction that gives slots and claims.
    "slotted": lambda: after(delivery, "give_slots"),
    # Leased and committed, nothing composed.
    "claimed": lambda: before(Sender, "_deliver"),
    # Composed, not yet marked.
    "composed": lambda: before(Sender, "_mark"),
    # Marked as being sent and committed, nothing sent.
    "marked": lambda: before(Poster, "post"),
    # Looked for what the last one left, found nothing, and about to commit a retry.
    "missing": lambda: after(Results, "settle"),
    # One message of the round has arrived, none is recorded.
    "sent": lambda: after(Poster, "post"),
    # Found in the history what the last one sent, and not recorded.
    "found": lambda: before(Results, "found"),
    # The whole round has arrived, none is recorded.
    "unrecorded": lambda: before(Results, "record"),
    # Within the transaction that records them, with all that follows.
    "recording": lambda: after(Results, "_what_follows"),
    # Recorded and committed.
    "recorded": lambda: after(Results, "record"),
}


def run(point: str | None = None, lease: str | None = None) -> None:
    """`prodops run`, killed at one of `POINTS`, or `never`; the lease in seconds."""
    if point is not None:
        # Rounds of three, so that each process that is killed leaves work to the next.
        delivery.AT_ONCE = 3
        # What may have been sent comes up first, on SQLite too, so that the next point is reached.
        vars(running)["LOOK_AFTER"] = timedelta(minutes=-1)
        POINTS.get(point, lambda: None)()
    if lease is not None:
        leases.LEASE = timedelta(seconds=float(lease))
        posting.CALLS_TAKE = leases.LEASE / 3
    cli.main()
