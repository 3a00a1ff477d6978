"""The floor: a bare Bolt app with one listener, run as `python -m bench.bare PORT API_URL`.

It acknowledges without Bolt's polling, and is served as ProdOps is.
"""

import asyncio
import gc
import sys
from typing import Any

import aiohttp
import uvloop
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bench.payloads import SECRET
from bot.serving import listen
from bot.serving import serve as serve_web
from handlers.views.prompt import LATER

ANSWER = "At your service."
COMMAND_PATH, BUTTON_PATH = "/command", "/button"


def _app(client: AsyncWebClient) -> AsyncApp:
    # Without this flag Bolt looks every 10 ms whether the listener has acknowledged.
    return AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)


async def _answer(ack: AsyncAck) -> None:
    await ack(ANSWER)


async def _accept(ack: AsyncAck) -> None:
    await ack()


async def serve(port: int, api_url: str) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-bench", base_url=api_url, session=session)
        command, button = _app(client), _app(client)
        command.command("/prodops")(_answer)
        button.action(LATER)(_accept)
        paths = {
            COMMAND_PATH: AsyncSlackRequestHandler(command, COMMAND_PATH),
            BUTTON_PATH: AsyncSlackRequestHandler(button, BUTTON_PATH),
        }

        async def web(scope: Any, receive: Any, send: Any) -> None:
            await paths[scope["path"]](scope, receive, send)

        gc.collect()
        gc.freeze()
        await serve_web(web, listen("127.0.0.1", port), asyncio.Event(), 1)


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
