"""Chaos: replicas on PostgreSQL, killed at random, while Slack and the network fail and time jumps.

`python -m bench.chaos --replicas 3 --deliveries 2000 --kills 50 --seed 1`. Exit status 1 when
anything was lost or arrived twice, or was left unknown without anybody being asked.
"""

import argparse
import asyncio
import sys
import time

from bench.chaos.plan import Plan
from bench.chaos.run import Result, run

#: So many of those that were late are shown.
LATEST = 5


def show(plan: Plan, result: Result, seconds: float) -> None:
    found = result.reckoning
    print(
        f"{plan.replicas} replicas, seed {plan.seed}: {result.killed} killed, {result.stopped} "
        f"told to stop, {result.outages} restarts of the database, {result.jumps} jumps in time; "
        f"{seconds:.0f} s"
    )
    struck = ", ".join(f"{count} {kind}" for kind, count in sorted(result.faults.items()))
    print(f"faults: {struck}")
    print(f"due {found.due}, arrived {found.arrived} with notices to leads")
    states = ", ".join(f"{count} {state}" for state, count in sorted(found.states.items()))
    print(f"ledger: {states}")
    print(f"lost {len(found.lost)}")
    print(f"duplicated {len(found.duplicated)}")
    unknown = found.settled + found.asked + found.given_up + len(found.unsettled)
    print(
        f"unknown {unknown}: settled {found.settled}, asked {found.asked}, "
        f"given up {found.given_up}, left {len(found.unsettled)}"
    )
    print(f"late {found.late}{':' if found.latest else ''}")
    for late, what in found.latest[:LATEST]:
        print(f"  by {late.total_seconds():.0f} s {what}")
    for line in [*found.lost, *found.duplicated, *found.unsettled, *result.problems]:
        print(f"  {line}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--deliveries", type=int, default=2000, help="about so many are due")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--restarts", type=int, default=2, help="of the database")
    parser.add_argument("--seconds", type=float, default=1800, help="given up after so many")
    parser.add_argument("--seed", type=int, default=None, help="repeats a run's faults and kills")
    given = parser.parse_args()
    seed = int(time.time()) if given.seed is None else given.seed
    plan = Plan(given.replicas, given.deliveries, given.kills, given.restarts, given.seconds, seed)
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    result = asyncio.run(run(plan))
    show(plan, result, time.monotonic() - began)
    return 0 if result.good else 1


if __name__ == "__main__":
    sys.exit(main())
