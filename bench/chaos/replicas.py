"""Replicas as real processes: started, killed as by a power cut, told to stop, started again."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.chaos.plan import Kill

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 25.0


class ReplicaFailedError(Exception):
    """A replica that ended by itself."""


@dataclass
class Replicas:
    """So many `prodops worker`, each started again some moments after it was ended."""

    clock_file: Path
    folder: Path
    environment: Mapping[str, str]
    draw: random.Random
    processes: list[asyncio.subprocess.Process | None] = field(default_factory=list)
    killed: int = 0
    stopped: int = 0
    #: Exit statuses of those that did not end well when told to stop.
    failed: list[int] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def running(
        cls,
        count: int,
        clock_file: Path,
        folder: Path,
        environment: Mapping[str, str],
        draw: random.Random,
    ) -> AsyncIterator["Replicas"]:
        replicas = cls(clock_file, folder, environment, draw, [None] * count)
        for number in range(count):
            await replicas._start(number)
        try:
            yield replicas
        finally:
            for process in replicas.processes:
                if process is not None and process.returncode is None:
                    process.kill()
                    await process.wait()

    async def _start(self, number: int) -> None:
        with (self.folder / f"replica-{number}.log").open("ab") as log:
            self.processes[number] = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bench.chaos.replica",
                str(self.clock_file),
                f"{self.draw.uniform(-1, 1):.3f}",
                "worker",
                # Not in the checkout, where the settings of a real workspace may lie in `.env`.
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def end(self, kill: Kill) -> None:
        """End one, and start it again; one that is down just now is let come up first."""
        process = self.processes[kill.replica]
        while process is None:
            await asyncio.sleep(0.05)
            process = self.processes[kill.replica]
        self.processes[kill.replica] = None
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL if kill.hard else signal.SIGTERM)
        try:
            status = await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            status = await process.wait()
        if kill.hard:
            self.killed += 1
        else:
            self.stopped += 1
            if status not in (0, -signal.SIGTERM):
                self.failed.append(status)
        await asyncio.sleep(kill.down_seconds)
        await self._start(kill.replica)

    @property
    def owners(self) -> list[str]:
        """By which names those that live hold their leases."""
        return [f"{process.pid:012d}" for process in self.processes if process is not None]

    @property
    def all_up(self) -> bool:
        """Whether none is down just now; ReplicaFailedError for one that ended by itself."""
        for number, process in enumerate(self.processes):
            if process is not None and process.returncode is not None:
                raise ReplicaFailedError(f"replica {number} ended: status {process.returncode}")
        return None not in self.processes
