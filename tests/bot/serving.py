"""Runs a web app on a free port for a test, with the same server as in production."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from bot.serving import listen, serve


@asynccontextmanager
async def served(app: ASGIApp, grace_seconds: int = 5) -> AsyncIterator[str]:
    """The base address under which `app` answers until the block is left."""
    listener, stop = listen("127.0.0.1", 0), asyncio.Event()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    running = asyncio.create_task(serve(app, listener, stop, grace_seconds))
    try:
        yield address
    finally:
        stop.set()
        await running
