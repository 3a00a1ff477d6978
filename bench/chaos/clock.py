"""A clock that all processes of a chaos run share, and its command moves: an offset in a file."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.clock import SandboxClock

_OFFSET = struct.Struct("d")


class MovedClock:
    """The machine's time and the offset that stands in the file now."""

    def __init__(self, file: Path, skew: timedelta = timedelta(0)) -> None:
        with file.open("rb") as opened:
            self._seen = mmap.mmap(opened.fileno(), _OFFSET.size, access=mmap.ACCESS_READ)
        # No two machines agree to the second.
        self._skew = skew

    def now(self) -> datetime:
        (seconds,) = _OFFSET.unpack_from(self._seen)
        return datetime.now(UTC) + timedelta(seconds=seconds) + self._skew


class MovableClock:
    """The command's hand on it, which moves the workspace's clock as well."""

    def __init__(self, file: Path, start: datetime) -> None:
        self.sandbox = SandboxClock(start)
        file.write_bytes(bytes(_OFFSET.size))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), _OFFSET.size)
        self.move_to(start)

    def now(self) -> datetime:
        return self.sandbox.now()

    def move_to(self, instant: datetime) -> None:
        """The workspace goes first: a message must not seem older than the instant it was due."""
        self.sandbox.move_to(instant)
        offset = (instant - datetime.now(UTC)).total_seconds()
        _OFFSET.pack_into(self._shared, 0, offset)
