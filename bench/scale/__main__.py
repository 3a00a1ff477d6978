"""What history costs: the paths that run often, with and without millions of rows beside them.

`python -m bench.scale` fills two databases of PostgreSQL with 1,000 workspaces of 50 people, one of
them with five million shares of logged weeks as well, and measures in turns; `--sqlite` does so on
SQLite. The ratio is the median over the rounds of one round's times.

A team's summary is the whole weekly post of 50 people with 12 weeks, check-ins, a checklist, a
goal, costs and decisions: all reads, the arithmetic and the Block Kit. It is measured beside its
own reads in plain SQL as well (`bench/scale/plain.py`).
"""

import argparse
import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import uvloop

from bench.scale.filling import OWN_WEEKS, Size, add_history, populate, set_up
from bench.scale.paths import Subject, reads, subject
from bench.scale.plain import Against, compare, plainly, twice
from bench.scale.starting import NOW
from bot.running import collect_less
from storage import migrate
from tests.postgres_server import PostgresServer

WARM_UP = 3
GOAL_TICK_MS = 5.0
#: What counts as the same: more than the noise of a machine in use, less than any scan.
GOAL_RATIO = 1.5


@contextmanager
def databases(sqlite: bool) -> Iterator[tuple[str, str]]:
    """The addresses of two databases that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="prodops-scale-") as folder:
        if sqlite:
            yield f"sqlite:///{Path(folder) / 'bare.db'}", f"sqlite:///{Path(folder) / 'full.db'}"
            return
        server = PostgresServer()
        try:
            yield server.create_database("bare"), server.create_database("full")
        finally:
            server.close()


def fill(url: str, size: Size, *, history: bool) -> None:
    began = time.monotonic()
    migrate.migrate(url)
    asyncio.run(set_up(url))
    populate(url, size)
    if history:
        add_history(url, size)
    print(f"filled {'with' if history else 'without'} history: {time.monotonic() - began:.0f} s")


async def measure(bare: str, full: str, rounds: int) -> None:
    async with subject(bare) as without, subject(full) as beside:
        # As in the process that serves, once it has started.
        gc.collect()
        collect_less()
        found = {name: await _compare(without, beside, name, rounds) for name in without.paths}
        against = {
            history: await _against_plain(one, url, rounds)
            for history, one, url in (("without", without, bare), ("with", beside, full))
        }
        tick = found["tick, nothing due"][2]
        if not beside.bot.database.is_sqlite:
            tick = median([await beside.server_seconds(beside.tick) for _ in range(rounds)])
    print(f"\n{'':24}{'without':>10}{'with':>10}{'in SQL':>10}{'ratio':>8}   ms, p50")
    for name, (one, other, in_sql, ratio) in found.items():
        print(f"{name:24}{one * 1e3:10.2f}{other * 1e3:10.2f}{in_sql * 1e3:10.2f}{ratio:8.2f}")
    print("\nA team's summary beside its reads in plain SQL, through the bare driver")
    print(
        f"{'history':12}{'summary':>10}{'plain':>10}{'ratio':>8}{'CPU':>10}{'CPU, plain':>12}   ms"
    )
    for history, seen in against.items():
        wall = f"{seen.whole:10.2f}{seen.plain:10.2f}{seen.ratio:8.2f}"
        print(f"{history:12}{wall}{seen.whole_cpu:10.2f}{seen.plain_cpu:12.2f}")
    print(f"{against['with'].statements} statements, none of them twice")
    print("\nGoals")
    _goal("tick with nothing due: ms in the database", tick * 1e3, GOAL_TICK_MS)
    for history, seen in against.items():
        _goal(f"a team's summary, {history} history: times plain SQL", seen.ratio, 2.0)
    for name, (_, _, _, ratio) in found.items():
        _goal(f"{name}: ratio", ratio, GOAL_RATIO)


async def _compare(
    without: Subject, beside: Subject, name: str, rounds: int
) -> tuple[float, float, float, float]:
    """Median seconds without and with history, those of its SQL, and the median ratio."""
    seen: list[tuple[float, float, float]] = []
    for round_number in range(rounds + WARM_UP):
        # There and back, so that none always comes second.
        order = (without, beside) if round_number % 2 else (beside, without)
        taken = {id(one): await one.seconds(one.paths[name]) for one in order}
        (one, _), (other, in_sql) = taken[id(without)], taken[id(beside)]
        seen.append((one, other, in_sql))
    seen = seen[WARM_UP:]
    ratio = median(other / one for one, other, _ in seen)
    return (
        median(one for one, _, _ in seen),
        median(other for _, other, _ in seen),
        median(in_sql for _, _, in_sql in seen),
        ratio,
    )


async def _against_plain(subject: Subject, url: str, rounds: int) -> Against:
    """The weekly post as a whole beside what it reads."""
    with reads(subject.bot) as seen:
        await subject.summary()
    assert not twice(seen), twice(seen)
    async with plainly(url, seen) as plain:
        return await compare(subject.summary, plain, len(seen), rounds)


def _goal(label: str, found: float, limit: float) -> None:
    verdict = "met   " if found <= limit else "MISSED"
    print(f"  {verdict}  {label} {found:.2f}, at most {limit:g}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--workspaces", type=int, default=1000)
    parser.add_argument("--shares", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--sqlite", action="store_true")
    given = parser.parse_args()
    size = Size(given.workspaces, given.shares)
    print(
        f"{size.workspaces} workspaces, {size.people} people; {size.weeks} weeks of logs: "
        f"{size.people * size.weeks * 4} shares; {given.rounds} rounds; "
        f"the measured team has {OWN_WEEKS} weeks of its own; it is {NOW:%A %d %b %Y %H:%M} UTC",
        flush=True,
    )
    with databases(given.sqlite) as (bare, full):
        fill(bare, size, history=False)
        fill(full, size, history=True)
        uvloop.run(measure(bare, full, given.rounds))


if __name__ == "__main__":
    main()
