"""How long a process takes from its start to its first healthy answer, and what it imports."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.databases import Store
from bench.servers import Server, free_port, prodops, running

#: What any bot on these libraries imports before it does anything.
IMPORTS = "import slack_bolt.app.async_app, starlette.applications, uvicorn; print(flush=True)"
#: Heavy libraries that a serving process has no use for.
UNWANTED = ("alembic", "matplotlib", "numpy", "jinja2", "sandbox")
#: An installed bot has its bytecode on the disk, like the libraries that it is compared with.
BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}


@dataclass
class Start:
    """Starts of one kind of process: seconds each took, beside the imports alone; bytes held."""

    name: str
    seconds: list[float]
    imports: list[float]
    memory_at_start: int
    unwanted: Sequence[str]
    memory_after: int = 0

    @property
    def ratio(self) -> float:
        """The median of each start by the imports that were timed just before it."""
        pairs = zip(self.seconds, self.imports, strict=True)
        return median(mine / theirs for mine, theirs in pairs)


@contextmanager
def serving(store: Store, api_url: str, folder: Path, page: str = "/readyz") -> Iterator[Server]:
    """`prodops run` or `web` on a database, once it shows the page."""
    port, log = free_port(), folder / f"{store.name}.log"
    environment = {**prodops(port, store.url, api_url), **BYTECODE, **store.environment}
    with running(["-m", "bot.cli", store.command], port, log, environment, page) as server:
        yield server


def time_starts(store: Store, api_url: str, folder: Path, count: int) -> Start:
    """Start the process `count` times, each time after the imports alone."""
    # First of all, since it leaves our own modules' bytecode behind.
    unwanted = _unwanted(store, api_url, folder)
    seconds, imports, memory = [], [], 0
    for _ in range(count):
        imports.append(_seconds_to_import())
        begun = time.perf_counter()
        with serving(store, api_url, folder, "/healthz") as server:
            seconds.append(time.perf_counter() - begun)
            memory = max(memory, server.memory())
    name = f"prodops {store.command}, {store.name}"
    return Start(name, seconds, imports, memory, unwanted)


def _seconds_to_import() -> float:
    begun = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", IMPORTS], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        return time.perf_counter() - begun


def _unwanted(store: Store, api_url: str, folder: Path) -> list[str]:
    """Which of `UNWANTED` a serving process imports until it is ready."""
    traced = store.with_environment({"PYTHONPROFILEIMPORTTIME": "1"})
    with serving(traced, api_url, folder):
        pass
    lines = (folder / f"{store.name}.log").read_text().splitlines()
    traces = [line for line in lines if line.startswith("import time:")]
    assert traces, "the interpreter reported no imports"
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in traces}
    return [name for name in UNWANTED if name in imported]
