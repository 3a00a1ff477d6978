"""Turns the signals that ask a process to stop into an event; a second one ends it at once."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger()

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop(asyncio.Event):
    """Set once the process is to end, and since when: all that is still done shares the time.

    With `at_most` the process is over so many seconds later, whatever still hangs then.
    """

    at_most: float | None = None
    _since: float | None = None

    def set(self) -> None:
        if self._since is None:
            self._since = asyncio.get_running_loop().time()
            if self.at_most is not None:
                _end_after(self.at_most)
        super().set()

    def left(self, seconds: float) -> float:
        """What is left of so many seconds; all of them while nobody asked for an end."""
        if self._since is None:
            return seconds
        return max(0.0, seconds - (asyncio.get_running_loop().time() - self._since))


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Within it, SIGTERM and SIGINT set the event instead of ending the process.

    The second signal has its usual effect at once, for an operator who will not wait.
    """
    loop = asyncio.get_running_loop()
    stop = Stop()

    def on_signal(number: signal.Signals) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        stop.set()

    for number in SIGNALS:
        loop.add_signal_handler(number, on_signal, number)
    try:
        yield stop
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


def _end_after(seconds: float) -> None:
    # In a thread of its own: a driver that was told to give up tells a server that is gone, and
    # nothing in the loop can keep it from waiting for an answer.
    timer = threading.Timer(seconds, _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    log.warning("ended with work still hanging: what it had begun is looked into by the next")
    sys.stderr.flush()
    os._exit(0)
