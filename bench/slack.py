"""A Web API that agrees to everything, run as `python -m bench.slack PORT [LATENCY_SECONDS]`.

Not the sandbox: that one checks all that Slack checks, and would take longer than the bot.
"""

import asyncio
import sys
from typing import Any

import uvloop
from aiohttp import web

from bench.payloads import WORKSPACE

TS = "1700000000.000100"


LATENCY = web.AppKey("latency", float)


async def call(request: web.Request) -> web.Response:
    if request.app[LATENCY]:
        await asyncio.sleep(request.app[LATENCY])
    answers: dict[str, dict[str, Any]] = {
        "auth.test": {
            "team": "Bench",
            "team_id": WORKSPACE,
            "user_id": "U0BOT",
            "bot_id": "B0BOT",
            "url": "https://bench.slack.com/",
        },
    }
    usual = {"channel": "D0BENCH", "ts": TS}
    return web.json_response({"ok": True, **answers.get(request.match_info["method"], usual)})


async def respond(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def serve(port: int, latency: float) -> None:
    app = web.Application()
    app[LATENCY] = latency
    app.router.add_post("/api/{method}", call)
    app.router.add_post("/respond", respond)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0))
