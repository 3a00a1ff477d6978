"""Volleys against several servers in turn, so that a drifting machine slows all of them alike."""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from bench.load import Volley, fire
from bench.payloads import signed
from bench.servers import Server

#: What an answer sets off goes on after it (a wake-up, an edit), and is part of its cost.
SETTLE_SECONDS = 0.15
#: Requests sent to each target before anything is timed.
WARM_UP = 20


@dataclass
class Target:
    """One kind of request to one server; `bodies(n)` makes n of them, `marker` is in the answer.

    `floor` is the target that it is compared with; a floor has none.
    """

    name: str
    database: str
    server: Server
    path: str
    bodies: Callable[[int], Sequence[bytes]]
    marker: bytes
    floor: "Target | None" = None
    series: "dict[int, Series]" = field(default_factory=dict)


@dataclass
class Series:
    """All volleys of one target at one number of clients."""

    volleys: list[Volley] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def latencies(self) -> list[float]:
        return sorted(latency for volley in self.volleys for latency in volley.latencies)

    @property
    def medians(self) -> list[float]:
        return [statistics.median(volley.latencies) for volley in self.volleys]

    @property
    def p50(self) -> float:
        return statistics.median(self.latencies)

    @property
    def p99(self) -> float:
        found = self.latencies
        return found[min(len(found) - 1, len(found) * 99 // 100)]

    @property
    def rate(self) -> float:
        return len(self.latencies) / sum(volley.elapsed for volley in self.volleys)

    @property
    def cpu(self) -> float:
        """CPU seconds of the server's process for each request."""
        return self.cpu_seconds / len(self.latencies)

    @property
    def late(self) -> int:
        return sum(volley.late for volley in self.volleys)

    @property
    def generator(self) -> float:
        """The share of the time in which the load generator itself was busy."""
        return sum(v.busy for v in self.volleys) / sum(v.elapsed for v in self.volleys)

    def ratio(self, floor: "Series") -> float:
        """The median over the rounds of this round's p50 by the floor's p50 in the same round."""
        pairs = zip(self.medians, floor.medians, strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs)


async def measure(targets: Sequence[Target], plan: Sequence[tuple[int, int]], rounds: int) -> None:
    """Fill the targets' series. `plan` holds (clients, requests in each volley)."""
    for target in targets:
        await _volley(target, 1, WARM_UP)
    for clients, requests in plan:
        for target in targets:
            target.series[clients] = Series()
        for number in range(rounds):
            # There and back, so that no target always follows the same one.
            for target in targets if number % 2 == 0 else reversed(targets):
                cpu = target.server.cpu_seconds()
                volley = await _volley(target, clients, requests)
                target.series[clients].volleys.append(volley)
                target.series[clients].cpu_seconds += target.server.cpu_seconds() - cpu


async def _volley(target: Target, clients: int, requests: int) -> Volley:
    prepared = [signed(body, target.path) for body in islice(target.bodies(requests), requests)]
    volley = await fire(target.server.port, prepared, clients, target.marker)
    await asyncio.sleep(SETTLE_SECONDS)
    return volley
