"""Real processes of the bot for tests, forked from one that has imported all they need.

Importing takes a process longer than all it does in most tests. `test_cli.py` starts whole ones.
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

ROOT = Path(__file__).parents[2]
PATIENCE = 60
IMPORTED = [
    *("tests.bot.killed", "bot.settings", "bot.logs", "uvloop", "storage.sqlite"),
    *("sqlalchemy.dialects.sqlite.aiosqlite", "sqlalchemy.dialects.postgresql.psycopg"),
]


@dataclass
class Process:
    """A running `prodops run`; its log goes to a file."""

    child: ForkServerProcess
    errors: Path

    async def ended(self) -> tuple[int, str]:
        """Wait for its end: exit status (negative: the signal) and all of standard error."""
        await asyncio.to_thread(self.child.join, PATIENCE)
        status = self.child.exitcode
        assert status is not None, "it did not end"
        return status, self.errors.read_text()

    async def told(self, number: signal.Signals) -> tuple[int, str]:
        assert self.child.pid is not None
        os.kill(self.child.pid, number)
        return await self.ended()


@asynccontextmanager
async def process(environment: Mapping[str, str], *deadly: str) -> AsyncIterator[Process]:
    """Start `prodops run`, to be killed at a point of `tests.bot.killed` if one is named; it
    ends at the latest in the end."""
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    variables = {"PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": "0", **environment}
    with tempfile.TemporaryDirectory() as folder:
        errors = Path(folder, "errors")
        child = context.Process(target=_run, args=(deadly, variables, errors))
        child.start()
        running = Process(child, errors)
        try:
            yield running
        finally:
            child.kill()
            await running.ended()
            child.close()


def _run(deadly: tuple[str, ...], environment: dict[str, str], errors: Path) -> None:
    """Within the new process: become `prodops run`."""
    from tests.bot import killed

    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT), 2)
    sys.argv = ["prodops", "run"]
    killed.run(*deadly)
