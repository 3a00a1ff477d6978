"""Runs the real process and kills it, as nothing else can be killed, at one point of delivery.

`python -m tests.bot.killed POINT`: `planned`, `claimed`, `marked` or `sent`.
"""

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from bot import cli, delivery
from bot.delivery import Courier
from bot.planner import Planner
from bot.posting import Poster
from bot.results import Results


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def before(owner: type, method: str) -> None:
    async def dying(*_args: Any) -> NoReturn:
        die()

    setattr(owner, method, dying)


def after(owner: type, method: str) -> None:
    whole: Callable[..., Awaitable[Any]] = getattr(owner, method)

    async def dying(*args: Any) -> NoReturn:
        await whole(*args)
        die()

    setattr(owner, method, dying)


POINTS: dict[str, Callable[[], None]] = {
    # Within the transaction that plans.
    "planned": lambda: after(Planner, "_plan"),
    # Leased and committed, not yet marked.
    "claimed": lambda: before(Courier, "_deliver"),
    # Marked as being sent and committed, nothing sent.
    "marked": lambda: before(Poster, "post"),
    # One message of the round has arrived, none is recorded.
    "sent": lambda: after(Poster, "post"),
    # The whole round has arrived, none is recorded.
    "unrecorded": lambda: before(Results, "record"),
}

if __name__ == "__main__":
    # Rounds of three, so that each process that is killed leaves work to the next.
    delivery.AT_ONCE = 3
    POINTS[sys.argv.pop()]()
    sys.argv.append("run")
    cli.main()
