"""The sandbox in a process of its own, for the benchmark's people: `PORT COUNT`.

It checks all that Slack checks; only its rate limits are off.
"""

import asyncio
import gc
import sys

import uvloop

from bench.payloads import WORKSPACE
from bench.people import users
from bot.manifest import manifest
from sandbox.clock import SandboxClock
from sandbox.server import Sandbox

TOKEN = "xoxb-bench"


async def serve(port: int, count: int) -> None:
    # It remembers every message. To look through them all for garbage would take longer from
    # round to round, and hit one side or the other by chance.
    gc.disable()
    sandbox = Sandbox(SandboxClock(), manifest("https://prodops.test"), bot_token=TOKEN)
    sandbox.workspace.team_id = WORKSPACE
    for user_id in users(count):
        sandbox.workspace.add_user(user_id, user_id=user_id)
    async with sandbox.serve(port=port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2])))
