"""`python -m bench.fanout`: a fan-out of prompts beside a bare loop of the same client.

The client on its shared session is the floor that the goal is about; the wire of our own posts is
a harder one, since it is faster.

Three questions: how much of the bare client's rate is left against the same sandbox, how much
faster two replicas are than one, and how close to its minimum a fan-out with pacing stays.
Each side runs in processes of its own, in turns, there and back; a ratio is the median over rounds.
"""

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench.databases import Store, postgres, sqlite
from bench.fanout.sides import WARM_UP, Side
from bench.people import populate
from bench.servers import free_port, running

GOAL, GOAL_TWO, GOAL_PACED = 0.65, 1.6, 1.05
#: What the product keeps to by itself, in messages a second.
PACE = 4
#: About what Slack takes for a message, in seconds.
LATENCY = 0.1


async def main(count: int, paced: int, rounds: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="prodops-bench-")))
        stores = [sqlite(folder)]
        if (found := stack.enter_context(postgres())) is not None:
            stores.append(found)
        for store in stores:
            await populate(store.url, count + WARM_UP)
        print(
            f"Python {platform.python_version()}, {os.cpu_count()} cores; {rounds} rounds of "
            f"{count} prompts",
            flush=True,
        )
        with _slack(["-m", "bench.fanout.emulated", str(count + WARM_UP)], folder) as url:
            floor = Side("bare loop of the client", url, count)
            wire = Side("bare loop over our wire", url, count, loop="wire")
            sides = [Side(store.name, url, count, store) for store in stores]
            await _measure([floor, wire, *sides], rounds)
            _print("against the sandbox", floor, sides, GOAL)
            _print("the same rounds, beside our own wire", wire, sides, None)
        if found is not None:
            await _two(found, folder, count, rounds)
        if paced:
            await _paced(stores, folder, paced)


async def _two(store: Store, folder: Path, count: int, rounds: int) -> None:
    """One replica and two, against a stub that takes what Slack takes, and one that takes none."""
    for latency in (LATENCY, 0):
        with _slack(["-m", "bench.slack"], folder, str(latency)) as url:
            one = Side("one replica", url, count, store)
            two = Side("two replicas", url, count, store, replicas=2)
            await _measure([one, two], rounds)
            goal = GOAL_TWO if latency else None
            _print(f"against a stub that answers after {latency * 1e3:.0f} ms", one, [two], goal)


async def _paced(stores: Sequence[Store], folder: Path, count: int) -> None:
    """One round each; the minimum is what the budget alone takes for so many messages."""
    least = (count - 1) / PACE
    print(f"\nwith pacing, {count} prompts at {PACE} a second: at least {least:.2f} s")
    with _slack(["-m", "bench.fanout.emulated", str(count + WARM_UP)], folder) as url:
        for store in stores:
            side = Side(store.name, url, count, store, pace=PACE)
            await side.measure()
            seconds = count / side.rates[0]
            met = _goal(seconds / least <= GOAL_PACED)
            print(f"{side.name:44}{seconds:8.2f} s{seconds / least:8.3f} {met}", flush=True)


@contextmanager
def _slack(arguments: Sequence[str], folder: Path, *more: str) -> Iterator[str]:
    """A Slack in a process of its own; the base of its Web API."""
    port = free_port()
    module, rest = arguments[:2], arguments[2:]
    with running([*module, str(port), *rest, *more], port, folder / f"slack-{port}.log"):
        yield f"http://127.0.0.1:{port}/api/"


async def _measure(sides: Sequence[Side], rounds: int) -> None:
    for number in range(rounds):
        for side in sides if number % 2 == 0 else sides[::-1]:
            await side.measure()


def _print(title: str, floor: Side, sides: Sequence[Side], goal: float | None) -> None:
    print(f"\n{title:44}{'msg/s':>8}{'CPU ms':>8}{'ratio':>8}")
    for side in (floor, *sides):
        ratio = side.ratio(floor)
        met = "" if side is floor or goal is None else _goal(ratio >= goal)
        print(
            f"{side.name:44}{median(side.rates):8.0f}{median(side.cpu) * 1e3:8.2f}{ratio:8.2f} "
            f"{met:8}{' '.join(f'{rate:.0f}' for rate in side.rates)}",
            flush=True,
        )


def _goal(met: bool) -> str:
    return "met" if met else "MISSED"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.fanout", description=__doc__)
    parser.add_argument("--count", type=int, default=4000, help="prompts in each round")
    parser.add_argument(
        "--paced", type=int, default=80, help="prompts with pacing; 0 leaves it out"
    )
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.count, chosen.paced, chosen.rounds))
