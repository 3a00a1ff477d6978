"""Waits as a process of its own until the test run is gone, then ends the server it left behind.

Run as `python reaper.py FOLDER`. The test run holds the other end of standard input, which closes
when the run ends, were it by `kill -9`: no fixture or signal handler in the run could promise that.
"""

import contextlib
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil


def family(pid_file: Path) -> Iterator[psutil.Process]:
    """The server whose number leads the file, then its children; nothing when it is gone."""
    with contextlib.suppress(FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        server = psutil.Process(int(pid_file.read_text().split()[0]))
        # The number in an old file may by now belong to a stranger.
        if server.name() == "postgres":
            yield server
            yield from server.children(recursive=True)


def reap(folder: Path) -> None:
    """End the server that runs in this folder, kindly at first, and remove the folder."""
    processes = list(family(folder / "data" / "postmaster.pid"))
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.resume()
    for process in processes[:1]:
        with contextlib.suppress(psutil.NoSuchProcess):
            # "Immediate shutdown": within milliseconds, and it gives shared memory back.
            process.send_signal(signal.SIGQUIT)
    for process in psutil.wait_procs(processes, timeout=5)[1]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.read()
    reap(Path(sys.argv[1]))
