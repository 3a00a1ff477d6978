"""The process that forks those that die within a transaction, as a test gives it orders."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bot.dying import Order
from tests.bot.processes import ROOT
from tests.bot.teamwork import Team


class Mortals:
    """The process that forks those who die."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    async def die(self, order: Order) -> None:
        assert await asyncio.to_thread(self._answer, order) == -signal.SIGKILL

    def _answer(self, order: Order) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(order.as_line())
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def mortals_forked() -> Iterator[Mortals]:
    command = [sys.executable, "-m", "tests.bot.dying"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        yield Mortals(process)


def order_of(t: Team, act: str, write: str, *, pace: str = "0", **more: str) -> Order:
    sandbox = t.world.sandbox
    environment = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": f"{sandbox.base_url}/api/",
        "DATABASE_URL": t.world.bot.settings.database_url,
        "PRODOPS_MESSAGES_PER_SECOND": pace,
    }
    now = t.world.clock.now().isoformat()
    return Order(environment, now, t.workspace_id, act, write, **more)
