"""`python -m bench [--short]`: speed, start and memory beside the bare libraries, on loopback."""

import argparse
import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import uvloop

from bench import bare
from bench.databases import Store, postgres, sqlite
from bench.payloads import click, command
from bench.people import log_texts, people_for, populate, users
from bench.report import print_goals, print_speed, print_starts
from bench.servers import Server, free_port, running
from bench.starting import serving, time_starts
from bench.volleys import WARM_UP, Target, measure
from domain.periods import Period
from handlers.views.prompt import LATER
from handlers.views.receipts import UNDO

PATH = "/slack/events"

#: Makes so many bodies of one kind of request.
Bodies = Callable[[int], Sequence[bytes]]


@dataclass(frozen=True)
class Size:
    """How much to measure: rounds, (clients, requests of each volley), starts of a process."""

    rounds: int
    plan: Sequence[tuple[int, int]]
    starts: int

    @property
    def logs(self) -> int:
        """How many logs each database is sent."""
        return WARM_UP + self.rounds * sum(requests for _, requests in self.plan)


FULL = Size(rounds=9, plan=((1, 150), (16, 640)), starts=7)
SHORT = Size(rounds=5, plan=((1, 60), (16, 320)), starts=3)


async def main(size: Size) -> None:
    """Start all that is needed, measure, print; nothing is left running or on the disk."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="prodops-bench-")))
        port = free_port()
        stack.enter_context(running(["-m", "bench.slack", str(port)], port, folder / "slack.log"))
        slack = f"http://127.0.0.1:{port}"
        stores = [sqlite(folder)]
        if (found := stack.enter_context(postgres())) is not None:
            stores.append(found)
        for store in stores:
            await populate(store.url, people_for(size.logs))
        print(
            f"Python {platform.python_version()}, {os.cpu_count()} cores; "
            f"{size.rounds} rounds, {people_for(size.logs)} people",
            flush=True,
        )
        starts = [time_starts(store, f"{slack}/api/", folder, size.starts) for store in stores]
        servers = [stack.enter_context(serving(s, f"{slack}/api/", folder)) for s in stores]
        floor = stack.enter_context(_bare(slack, folder))
        targets = _targets(floor, list(zip(stores, servers, strict=True)), slack, size)
        await measure(targets, size.plan, size.rounds)
        for start, server in zip(starts, servers, strict=True):
            start.memory_after = server.memory()
        print_speed(targets)
        print_starts(starts)
        print_goals(targets, starts)


def _bare(slack: str, folder: Path) -> AbstractContextManager[Server]:
    port = free_port()
    arguments = ["-m", "bench.bare", str(port), f"{slack}/api/"]
    return running(arguments, port, folder / "bare.log")


def _targets(
    bare_server: Server, served: Sequence[tuple[Store, Server]], slack: str, size: Size
) -> list[Target]:
    """All that is asked for, each kind beside its floor; what a `log` sets off has then ended
    by the time its server is asked for something else."""
    commands, clicks, said = _commands(slack), _clicks(slack), bare.ANSWER.encode()
    a_command = Target("bare Bolt, a command", "", bare_server, bare.COMMAND_PATH, commands, said)
    a_click = Target("bare Bolt, a click", "", bare_server, bare.BUTTON_PATH, clicks, b"")

    def ours(
        name: str, bodies: Callable[[Store], Bodies], marker: str, floor: Target
    ) -> list[Target]:
        return [
            Target(name, store.name, server, PATH, bodies(store), marker.encode(), floor)
            for store, server in served
        ]

    return [
        a_command,
        *ours("help", lambda _: commands, "Everyone", a_command),
        *ours("log", lambda _: _logs(slack, size.logs), UNDO, a_command),
        a_click,
        *ours("Remind me later", lambda _: clicks, "", a_click),
    ]


def _commands(slack: str) -> Bodies:
    everybody = users(100)

    def bodies(count: int) -> Sequence[bytes]:
        chosen = (everybody[number % len(everybody)] for number in range(count))
        return [command(user, "help", f"{slack}/respond") for user in chosen]

    return bodies


def _logs(slack: str, count: int) -> Bodies:
    fresh = iter(log_texts(count))

    def bodies(count: int) -> Sequence[bytes]:
        return [command(user, text, f"{slack}/respond") for user, text in islice(fresh, count)]

    return bodies


def _clicks(slack: str) -> Bodies:
    everybody = users(100)
    # A week ahead of all that is logged: the question still stands, and has to be looked up.
    week = str(Period.containing(datetime.now(UTC).date()).shift(1))

    def bodies(count: int) -> Sequence[bytes]:
        chosen = (everybody[number % len(everybody)] for number in range(count))
        return [click(user, LATER, week, f"{slack}/respond") for user in chosen]

    return bodies


def _size(arguments: argparse.Namespace) -> Size:
    chosen = SHORT if arguments.short else FULL
    return Size(
        arguments.rounds or chosen.rounds,
        [(clients, arguments.requests or requests) for clients, requests in chosen.plan],
        arguments.starts or chosen.starts,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer repetitions: about a minute")
    parser.add_argument("--rounds", type=int, help="how often each kind of request has its turn")
    parser.add_argument("--requests", type=int, help="how many of a kind are sent in each round")
    parser.add_argument("--starts", type=int, help="how often each kind of process is started")
    uvloop.run(main(_size(parser.parse_args())))
