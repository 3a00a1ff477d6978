"""Runs a bot that was put together: what comes before it, while it serves, and at its end."""

import asyncio
import gc
import socket
import sys
from contextlib import AsyncExitStack

import structlog

from bot.clock import SystemClock
from bot.compose import Bot, build
from bot.problems import SettingsProblem
from bot.results import LOOK_AFTER
from bot.serving import listen
from bot.serving import serve as serve_web
from bot.settings import Settings
from bot.shutdown import Stop, stop_on_signals
from bot.sole_use import sole_use
from storage import outbox, revision
from storage.database import StorageUnavailableError, open_database

#: Kept back of the time for stopping: to give leases back, and then to close what is open.
RELEASE_SECONDS = 2.0
CLOSE_SECONDS = 1.0

#: Objects made and not freed until garbage is looked for; Python's own 700 are for small programs.
COLLECT_AT = 10_000

log = structlog.get_logger()


def collect_less() -> None:
    """Once all is loaded: let the collector of garbage look at what comes and goes alone."""
    # What was loaded until now stays: collections need not look at it again.
    gc.freeze()
    # Four hundred deliveries in flight are more objects than it takes for a sign of garbage.
    gc.set_threshold(COLLECT_AT)
    gc.enable()


async def ensure_schema(database_url: str) -> None:
    """Bring SQLite to the newest schema, in a child process so that Alembic stays out of this
    one; a PostgreSQL that is behind is a `SettingsProblem`, since others may be using it."""
    database = open_database(database_url)
    try:
        found = await revision.current(database)
    except StorageUnavailableError:
        # Not reachable yet: readiness says so until it is.
        return
    finally:
        await database.close()
    if found == revision.HEAD:
        return
    if not database.is_sqlite:
        raise SettingsProblem(
            "DATABASE_URL: the database is not at the newest schema: run `prodops migrate` first"
        )
    code = "import sys; from storage.migrate import migrate; migrate(sys.argv[1])"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, database_url)
    if await child.wait() != 0:
        raise SettingsProblem("DATABASE_URL: the database could not be brought up to date")


async def begin(bot: Bot) -> None:
    """What comes before the first tick, on a database that one process alone uses."""
    if bot.database.is_sqlite:
        async with bot.database.write_across() as connection:
            now = bot.services.clock.now()
            await outbox.reclaim_all(connection, now, now + LOOK_AFTER)


async def finish(bot: Bot, seconds: float | None = None) -> None:
    """Stop taking work, finish what is in flight, give back what was claimed: in that time."""
    left = bot.settings.shutdown_seconds if seconds is None else seconds
    bot.schedule.stop()
    late = await bot.tasks.drain(max(0.0, left - RELEASE_SECONDS - CLOSE_SECONDS))
    if late:
        log.warning("work cut off at shutdown", tasks=late)
    try:
        async with asyncio.timeout(RELEASE_SECONDS):
            await bot.courier.end()
            await bot.courier.release()
    except (StorageUnavailableError, TimeoutError):
        log.warning("leases not released: they run out by themselves")


async def serve(settings: Settings, *, web: bool, worker: bool) -> None:
    """Run until SIGTERM or SIGINT: HTTP or Socket Mode (`web`), the clock's work (`worker`)."""
    clock = SystemClock()
    with stop_on_signals() as stop, sole_use(settings.sqlite_file):
        stop.at_most = settings.shutdown_seconds
        listener = listen(settings.host, settings.port) if web else None
        await ensure_schema(settings.database_url)
        async with build(settings, clock, worker=worker) as bot, asyncio.TaskGroup() as group:
            identifying = group.create_task(bot.installation.identify_when_possible())
            try:
                await _run(bot, listener, stop, worker=worker)
            finally:
                identifying.cancel()
                await finish(bot, stop.left(settings.shutdown_seconds))
    log.info("stopped")


async def _run(bot: Bot, listener: socket.socket | None, stop: Stop, *, worker: bool) -> None:
    # Requests are answered within two seconds; the rest of the time is for what follows them.
    seconds = max(1, bot.settings.shutdown_seconds // 3)
    if worker:
        await begin(bot)
        bot.schedule.start()
    async with AsyncExitStack() as stack:
        if listener is not None and bot.socket is not None:
            await bot.socket.start()
            stack.push_async_callback(bot.socket.stop, seconds)
        collect_less()
        log.info("started", web=listener is not None, worker=worker, socket=bot.socket is not None)
        if listener is not None:
            await serve_web(bot.web, listener, stop, seconds)
        else:
            await stop.wait()
