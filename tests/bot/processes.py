"""Real processes of `prodops` for tests, forked from one that has imported all they need.

Importing takes a process longer than what most tests want of it. Those that are about starting
start whole ones (`test_cli.py`).
"""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PATIENCE = 60
IMPORTED = [
    *("tests.bot.killed", "bot.settings", "bot.simulate", "bot.logs", "uvloop", "storage.sqlite"),
    *("sqlalchemy.dialects.sqlite.aiosqlite", "sqlalchemy.dialects.postgresql.psycopg"),
]


@dataclass
class Process:
    """A process that was started; what it prints goes to files."""

    child: ForkServerProcess
    output: Path
    errors: Path

    async def ended(self) -> tuple[int, str]:
        """Wait for its end: exit status (negative: the signal) and all of standard error."""
        await asyncio.to_thread(self.child.join, PATIENCE)
        return self.status(), self.errors.read_text()

    async def told(self, number: signal.Signals) -> tuple[int, str]:
        assert self.child.pid is not None
        os.kill(self.child.pid, number)
        return await self.ended()

    def status(self) -> int:
        assert self.child.exitcode is not None, "it did not end"
        return self.child.exitcode


@asynccontextmanager
async def process(environment: Mapping[str, str], *deadly: str) -> AsyncIterator[Process]:
    """Start `prodops run`, to be killed at a point of `tests.bot.killed` if one is named; it
    ends at the latest in the end."""
    variables = {"PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": "0", **environment}
    with tempfile.TemporaryDirectory() as folder:
        running = _started(["run"], variables, ROOT, Path(folder), deadly)
        try:
            yield running
        finally:
            running.child.kill()
            await running.ended()


class Ended(NamedTuple):
    status: int
    printed: str
    errors: str


def prodops(words: list[str], variables: Mapping[str, str], cwd: Path) -> Ended:
    """Have a command run to its end."""
    with tempfile.TemporaryDirectory() as folder:
        running = _started(words, variables, cwd, Path(folder))
        running.child.join(PATIENCE)
        return Ended(running.status(), running.output.read_text(), running.errors.read_text())


def _started(
    words: list[str],
    variables: Mapping[str, str],
    cwd: Path,
    folder: Path,
    deadly: tuple[str, ...] = (),
) -> Process:
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    output, errors = folder / "output", folder / "errors"
    child = context.Process(target=_become, args=(words, variables, cwd, output, errors, deadly))
    child.start()
    return Process(child, output, errors)


def _become(
    words: list[str],
    variables: Mapping[str, str],
    cwd: Path,
    output: Path,
    errors: Path,
    deadly: tuple[str, ...],
) -> None:
    """Within the new process: be `prodops`."""
    from tests.bot import killed

    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(variables)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT), 1)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT), 2)
    sys.argv = ["prodops", *words]
    killed.run(*deadly)
