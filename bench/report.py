"""Prints what was measured, and how it stands to the goals."""

import statistics
from collections.abc import Sequence

from bench.starting import Start
from bench.volleys import Target

GOAL_RATIO = 1.5
GOAL_RECEIPT_MS = 10.0
GOAL_START_SECONDS = 1.2
GOAL_MEMORY_MB = 120.0


def print_speed(targets: Sequence[Target]) -> None:
    for clients in targets[0].series:
        requests = len(targets[0].series[clients].latencies)
        print(f"\n{clients} client{'s' * (clients > 1)}, {requests} requests each")
        titles = ("p50 ms", "p99 ms", "req/s", "CPU ms", "ratio")
        columns = "".join(f"{title:>8}" for title in titles) + f"{'late':>6}{'load':>6}"
        print(f"{'':34}{columns}")
        for target in targets:
            _print_target(target, clients)


def _print_target(target: Target, clients: int) -> None:
    series = target.series[clients]
    label = f"{target.name}, {target.database}" if target.database else target.name
    ratio = f"{series.ratio(target.floor.series[clients]):8.2f}" if target.floor else f"{'1':>8}"
    print(
        f"{label:34}{series.p50 * 1e3:8.2f}{series.p99 * 1e3:8.2f}{series.rate:8.0f}"
        f"{series.cpu * 1e3:8.2f}{ratio}{series.late:6}{series.generator:6.0%}"
    )


def print_starts(starts: Sequence[Start]) -> None:
    columns = f"{'s':>8}{'imports':>8}{'ratio':>8}{'MB':>8}{'later':>7}"
    print(f"\n{'From start to first answer':34}{columns}")
    for start in starts:
        print(
            f"{start.name:34}{statistics.median(start.seconds):8.2f}"
            f"{statistics.median(start.imports):8.2f}{start.ratio:8.2f}"
            f"{start.memory_at_start / 2**20:8.0f}{start.memory_after / 2**20:7.0f}"
        )


def print_goals(targets: Sequence[Target], starts: Sequence[Start]) -> None:
    """Each goal beside what was found; a busy machine misses the absolute ones by itself."""
    print("\nGoals")
    for target in targets:
        # What reads and writes waits for its database, which a bare handler has none of: no goal.
        if target.name == "help" and target.floor is not None:
            for clients, series in target.series.items():
                ratio = series.ratio(target.floor.series[clients])
                _goal(f"help, {target.database}, {clients} at once: ratio", ratio, GOAL_RATIO)
        if target.name == "log":
            receipt = target.series[min(target.series)].p50 * 1e3
            _goal(f"log, {target.database}: receipt in ms", receipt, GOAL_RECEIPT_MS)
    for start in starts:
        seconds = statistics.median(start.seconds)
        _goal(f"{start.name}: seconds to start", seconds, GOAL_START_SECONDS)
        _goal(f"{start.name}: MB after the load", start.memory_after / 2**20, GOAL_MEMORY_MB)
        heavy = ", ".join(start.unwanted)
        _goal(f"{start.name}: heavy imports ({heavy or 'none'})", len(start.unwanted), 0)


def _goal(label: str, found: float, limit: float) -> None:
    verdict = "met   " if found <= limit else "MISSED"
    print(f"  {verdict}  {label} {found:.2f}, at most {limit:g}")
