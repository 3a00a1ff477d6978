"""Runs the web app within the event loop that is already there, until it is told to stop."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.problems import SettingsProblem

#: Longer than the idle time of usual load balancers, so that they never meet a closed connection.
KEEP_ALIVE_SECONDS = 75


def listen(host: str, port: int) -> socket.socket:
    """A listening socket (`port` 0: any free one), or a `SettingsProblem` that names the setting.

    Taken before anything else is started, so that a second process on the port does no harm.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as problem:
        raise SettingsProblem(_explain(problem, host, port)) from None


def _explain(problem: OSError, host: str, port: int) -> str:
    match problem.errno:
        case errno.EADDRINUSE:
            return f"PORT {port} is in use by another program: stop it or set another PORT"
        case errno.EACCES:
            return f"PORT {port} may not be opened by this user: set one above 1023"
        case _:
            return f"HOST {host} is not an address of this machine: set 127.0.0.1 or 0.0.0.0"


async def serve(
    app: ASGIApp, listener: socket.socket, stop: asyncio.Event, grace_seconds: int
) -> None:
    """Answer requests until `stop` is set, then refuse new ones and finish those in flight."""
    server = _Server(
        uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=grace_seconds,
        )
    )
    running = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await running
    finally:
        stopping.cancel()
        listener.close()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Signals end more than this server; `bot.shutdown` sees to them.
        yield
