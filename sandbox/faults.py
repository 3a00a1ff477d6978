"""Faults on demand: what Slack and the network do on a bad day."""

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "ratelimited", "500", "drop_before", "drop_after", "latency", "fatal", "error", "bare"
]


@dataclass
class Fault:
    """One injected fault; `times` counts down, None means for good.

    `bare` says that all is well, and nothing else; `fatal` answers `internal_error` without doing
    anything; `error` does so with the given `error`; `drop_before` and `drop_after` cut the
    connection, the latter once the call took effect; `latency` waits `seconds` of real time and
    goes on.
    """

    method: str
    kind: FaultKind
    times: int | None = 1
    retry_after: int = 1
    seconds: float = 0
    channel: str | None = None
    error: str = "internal_error"


class Faults:
    """The faults waiting to happen, in the order in which they were added."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []

    def add(
        self,
        method: str,
        kind: FaultKind,
        times: int | None = 1,
        retry_after: int = 1,
        seconds: float = 0,
        channel: str | None = None,
        error: str = "internal_error",
    ) -> Fault:
        """Adds a fault for a method (`*`: any; `response_url`: posts to those), maybe one channel.

        `channel` may be a channel id or, for direct messages, a user id.
        """
        fault = Fault(method, kind, times, retry_after, seconds, channel, error)
        self.pending.append(fault)
        return fault

    def clear(self) -> None:
        """Forgets all faults."""
        self.pending.clear()

    def take(self, method: str, places: tuple[str, ...]) -> Fault | None:
        """The fault that strikes this call; `places` are the ids that its channel goes by."""
        for fault in self.pending:
            if fault.method not in ("*", method):
                continue
            if fault.channel is not None and fault.channel not in places:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
            return fault
        return None
