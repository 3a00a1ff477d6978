"""`prodops` as it is, but for the clock: `python -m bench.chaos.replica CLOCK_FILE SKEW worker`.

The one clock of a process is made where it starts to serve; here another one is put in its place
before anything has been imported that makes it. Its leases bear its process number, so that the
command can tell those of the dead, which are waited for, from those of the living.
"""

import ctypes
import os
import signal
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import bot.clock
from bench.chaos.clock import MovedClock

_SET_DEATH_SIGNAL = 1


def _end_with_parent() -> None:
    """Nothing else ends a replica when the command itself is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() == 1:
            sys.exit("the command is gone")


if __name__ == "__main__":
    _end_with_parent()
    _, file, skew, command = sys.argv
    moved = partial(MovedClock, Path(file), timedelta(seconds=float(skew)))
    bot.clock.SystemClock = moved  # type: ignore[assignment,misc]
    sys.argv[1:] = [command]

    from bot import cli, compose

    name = SimpleNamespace(hex=f"{os.getpid():012d}")
    vars(compose)["uuid"] = SimpleNamespace(uuid4=lambda: name)
    cli.main()
