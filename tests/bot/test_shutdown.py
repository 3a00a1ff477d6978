"""The first signal asks for an orderly end, the second has its usual effect."""

import signal
import subprocess
import sys
import time

import pytest

# Says when it listens, waits for the event, and then takes its time.
PROGRAM = """
import asyncio
from bot.shutdown import stop_on_signals

async def main():
    with stop_on_signals() as stop:
        print("ready", flush=True)
        await stop.wait()
        print("stopping", flush=True)
        await asyncio.sleep(SECONDS)
        print("done", flush=True)

import uvloop
LOOP.run(main())
"""


def start(loop: str, seconds: float) -> "subprocess.Popen[str]":
    program = PROGRAM.replace("LOOP", loop).replace("SECONDS", str(seconds))
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_lets_work_finish(number: signal.Signals) -> None:
    with start("uvloop", 0.1) as process:
        process.send_signal(number)
        printed, _ = process.communicate(timeout=10)
    assert printed == "stopping\ndone\n"
    assert process.returncode == 0


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_second_signal_ends_it_at_once(loop: str, number: signal.Signals) -> None:
    with start(loop, 60) as process:
        assert process.stdout is not None
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "stopping\n"
        begun = time.monotonic()
        process.send_signal(number)
        process.communicate(timeout=10)
    assert process.returncode == -number
    assert time.monotonic() - begun < 5
