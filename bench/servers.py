"""Processes that are measured: started, waited for, weighed, and ended whatever happens."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.payloads import SECRET

ROOT = Path(__file__).parents[1]
#: Far more than it takes; a machine that has much else to do needs it.
START_SECONDS = 60.0
_SET_DEATH_SIGNAL = 1


class ServerFailedError(Exception):
    """A server that did not start, with what it wrote."""


class Server:
    """A process of ours on a loopback port."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self._weighed = psutil.Process(process.pid)

    def cpu_seconds(self) -> float:
        """CPU time so far, of all its threads."""
        times = self._weighed.cpu_times()
        return times.user + times.system

    def memory(self) -> int:
        """Resident memory in bytes."""
        return int(self._weighed.memory_info().rss)


@contextmanager
def running(
    arguments: Sequence[str],
    port: int,
    log: Path,
    environment: Mapping[str, str] | None = None,
    page: str | None = None,
) -> Iterator[Server]:
    """A Python process with these arguments, once it listens on the port (or shows `page`);
    its output goes to `log`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Not in the checkout, where the settings of a real workspace may lie in `.env`.
            cwd=log.parent,
            env={**_clean_environment(), "PYTHONPATH": str(ROOT), **(environment or {})},
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
    try:
        _await(process, port, page, log)
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def prodops(port: int, database_url: str, api_url: str) -> dict[str, str]:
    """The environment of a ProdOps that serves the benchmark's workspace."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": api_url,
        "DATABASE_URL": database_url,
        "PORT": str(port),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _clean_environment() -> dict[str, str]:
    """Ours without settings of a ProdOps that the person at the keyboard may use."""
    ours = ("SLACK_", "PRODOPS_", "DATABASE_URL", "HOST", "PORT")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _end_with_parent() -> None:
    # Nothing else ends it when the benchmark itself is killed.
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)


def _await(process: subprocess.Popen[bytes], port: int, page: str | None, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _listens(port) if page is None else _shows(port, page):
            return
        time.sleep(0.002)
    raise ServerFailedError(log.read_text()[-2000:] or f"nothing listens on port {port}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _shows(port: int, page: str) -> bool:
    """Whether this page is there with status 200."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
