"""Runs one side of the fan-out in a process of its own: the bot's, or a bare loop of the client.

`python -m bench.fanout.runner bare|wire API COUNT`, or `bot API DATABASE PACE`: says "ready" once
it is warm, starts at a line on standard input, prints when it began and ended, and its CPU time.
"""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import structlog
import uvloop
from sqlalchemy import select

from bench.fanout.sides import WARM_UP
from bench.payloads import SECRET
from bench.people import users
from bot.clock import SystemClock
from bot.compose import build
from bot.posting import CALLS_AT_ONCE
from bot.running import collect_less
from bot.settings import Settings
from bot.slack import open_client, open_session
from bot.wire import Wire
from domain.delivery import State
from domain.periods import Period
from handlers.views import prompt
from storage import schema
from storage.database import Database

Work = Callable[[], Awaitable[object]]


async def measured(work: Work) -> None:
    """Do the work at the word, and say how it went."""
    collect_less()
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    begun, busy = time.time(), time.process_time()
    await work()
    found = {"begun": begun, "ended": time.time(), "cpu": time.process_time() - busy}
    print(json.dumps(found), flush=True)


async def bare(api_url: str, count: int, wired: bool) -> None:
    """The same messages by the same client, and nothing else: on the SDK's own shared session, or
    over the wire that the product's posts go over."""
    week = Period.containing(datetime.now(UTC).date())
    said = prompt.prompt(week, team_names=["Team"], can_repeat=True)
    pending = iter(users(WARM_UP))
    wire = Wire()
    async with open_session() as session:
        client = open_client("xoxb-bench", api_url, session, None)

        async def post(message: dict[str, Any]) -> object:
            if wired:
                return await wire.call(client, "chat.postMessage", message)
            return await client.chat_postMessage(**message)

        async def send() -> None:
            for user in pending:
                await post(
                    {
                        "channel": user,
                        "text": said["text"],
                        "blocks": said["blocks"],
                        "metadata": {
                            "event_type": "prodops_delivery",
                            "event_payload": {"key": f"prompt:{user}:{week}"},
                        },
                        "unfurl_links": False,
                        "unfurl_media": False,
                    }
                )

        async def all_of_them() -> None:
            await asyncio.gather(*(send() for _ in range(CALLS_AT_ONCE)))

        await all_of_them()
        pending = iter(users(count))
        await measured(all_of_them)
    await wire.close()


async def bot(api_url: str, database_url: str, pace: str) -> None:
    """Deliver what is due, as a worker does; with a pace it comes back by its own timers."""
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": api_url,
        "DATABASE_URL": database_url,
        "PRODOPS_MESSAGES_PER_SECOND": pace,
    }
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    async with build(Settings.load(environment), SystemClock()) as built:
        await built.installation.identify()
        if pace == "0":
            # What is due by now only warms it up.
            await built.courier.all()
            await measured(built.courier.all)
            return

        async def paced() -> None:
            built.schedule.start()
            while await _waiting(built.database):  # noqa: ASYNC110 - seen from outside
                await asyncio.sleep(0.02)

        await measured(paced)
        built.schedule.stop()


async def _waiting(database: Database) -> bool:
    """Whether a prompt has not been sent yet."""
    waiting = select(schema.deliveries.c.delivery_id).where(
        schema.deliveries.c.kind == "prompt", schema.deliveries.c.state != State.SENT
    )
    async with database.read_across() as connection:
        return (await connection.execute(waiting.limit(1))).first() is not None


if __name__ == "__main__":
    kind, api, what, *more = sys.argv[1:]
    if kind == "bot":
        uvloop.run(bot(api, what, *more))
    else:
        uvloop.run(bare(api, int(what), kind == "wire"))
