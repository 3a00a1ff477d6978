"""The composition root: the one place where settings, clock, database and Slack meet."""

import asyncio
import gc
import logging
import socket
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.types import ASGIApp

from bot.clock import Clock, SystemClock
from bot.delivery import LOOK_AFTER, ROUND_SECONDS, Courier
from bot.dispatch import Dispatch
from bot.edits import Editor
from bot.installation import Installation
from bot.metrics import Metrics
from bot.pace import Pace
from bot.planner import Planner
from bot.posting import Poster
from bot.problems import SettingsProblem
from bot.readiness import readiness_checks
from bot.rounds import Rounds
from bot.schedule import Schedule
from bot.serving import listen
from bot.serving import serve as serve_web
from bot.settings import Settings
from bot.shutdown import stop_on_signals
from bot.slack import Client, Responder, open_client, open_session
from bot.socketmode import SocketMode
from bot.sole_use import sole_use
from bot.tasks import Tasks
from bot.web import Receiver, build_web
from domain.categories import load_catalog
from handlers.features import all_features
from handlers.registry import Registry
from handlers.services import Services
from storage import outbox, revision
from storage.database import Database, StorageUnavailableError, open_database

log = structlog.get_logger()


@dataclass(frozen=True)
class Bot:
    """A bot that is put together and not yet running."""

    settings: Settings
    services: Services
    registry: Registry
    database: Database
    metrics: Metrics
    tasks: Tasks
    app: AsyncApp
    web: ASGIApp
    installation: Installation
    planner: Planner
    courier: Courier
    delivering: Rounds
    editing: Rounds
    schedule: Schedule
    #: Present in Socket Mode, in place of the HTTP route.
    socket: SocketMode | None


@asynccontextmanager
async def build(settings: Settings, clock: Clock, *, worker: bool = True) -> AsyncIterator[Bot]:
    """Put a bot together on these settings and this clock; everything is closed at the end."""
    async with AsyncExitStack() as stack:
        database = open_database(settings.database_url)
        stack.push_async_callback(database.close)
        session = await stack.enter_async_context(open_session())
        metrics, tasks = Metrics(), Tasks()
        metrics.watch_tasks(lambda: len(tasks))
        token = settings.slack_bot_token.get_secret_value()
        client = open_client(token, settings.slack_api_url, session, metrics)
        registry = all_features()
        wakers: list[Schedule] = []
        services = Services(
            database=database,
            clock=clock,
            catalog=load_catalog(settings.categories),
            slack=lambda _workspace_id: client,
            respond=Responder(session),
            wake=lambda: wakers[0].wake(),
            background=tasks.background,
        )
        planner = Planner(services, registry)
        pace = Pace(settings.messages_per_second)
        poster = Poster(services, pace)
        courier = Courier(
            services,
            registry,
            metrics,
            poster,
            owner=uuid.uuid4().hex[:12],
            at_once=pace.within(ROUND_SECONDS),
        )
        delivering = Rounds(courier.round)
        editing = Rounds(Editor(services, registry, poster).round)
        installation = Installation(token, client, database, clock)
        schedule = Schedule(
            services,
            planner,
            delivering,
            editing,
            installation.resume,
            metrics,
            tasks,
            settings.tick_seconds,
        )
        wakers.append(schedule)
        # Without a token of its own, since each request brings the workspace's.
        app = _bolt(open_client(None, settings.slack_api_url, session, metrics), installation)
        app.use(Dispatch(registry, services, tasks, metrics))
        socket = _socket(settings, app, client, session)
        checks = readiness_checks(database, schedule, clock, installation, worker=worker)
        if socket is not None:
            checks["socket"] = socket.check
        secret = None if socket else settings.slack_signing_secret
        web = build_web(
            _receiver(app), checks, metrics, clock, secret.get_secret_value() if secret else None
        )
        yield Bot(
            settings=settings,
            services=services,
            registry=registry,
            database=database,
            metrics=metrics,
            tasks=tasks,
            app=app,
            web=web,
            installation=installation,
            planner=planner,
            courier=courier,
            delivering=delivering,
            editing=editing,
            schedule=schedule,
            socket=socket,
        )


def _bolt(client: Client, installation: Installation) -> AsyncApp:
    async def authorize() -> AuthorizeResult | None:
        return await installation.whose()

    return AsyncApp(
        # Without a name Bolt looks for one in the source of all its callers: a tenth of a second.
        name="ProdOps",
        logger=logging.getLogger("slack_bolt"),
        client=client,
        authorize=authorize,  # type: ignore[arg-type]
        # Requests are verified before Bolt sees them, against the injected clock.
        signing_secret="unused",  # noqa: S106
        request_verification_enabled=False,
        url_verification_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )


def _socket(
    settings: Settings, app: AsyncApp, client: Client, session: aiohttp.ClientSession
) -> SocketMode | None:
    if settings.slack_app_token is None:
        return None
    token = settings.slack_app_token.get_secret_value()
    return SocketMode(app.async_dispatch, client, session, token)


def _receiver(app: AsyncApp) -> Receiver:
    async def receive(body: bytes, headers: Mapping[str, str]) -> BoltResponse:
        return await app.async_dispatch(
            AsyncBoltRequest(body=body.decode(), headers={k: [v] for k, v in headers.items()})
        )

    return receive


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


async def finish(bot: Bot) -> None:
    """Stop taking work, finish what is in flight, give back what was claimed."""
    seconds = bot.settings.shutdown_seconds
    bot.schedule.stop()
    late = await bot.tasks.drain(seconds)
    if late:
        log.warning("work cut off at shutdown", tasks=late)
    try:
        async with asyncio.timeout(5):
            await bot.delivering.end()
            await bot.courier.release()
    except (StorageUnavailableError, TimeoutError):
        log.warning("leases not released: they run out by themselves")


async def serve(settings: Settings, *, web: bool, worker: bool) -> None:
    """Run until SIGTERM or SIGINT: HTTP or Socket Mode (`web`), the clock's work (`worker`)."""
    clock = SystemClock()
    with stop_on_signals() as stop, sole_use(settings.sqlite_file):
        listener = listen(settings.host, settings.port) if web else None
        await ensure_schema(settings.database_url)
        async with build(settings, clock, worker=worker) as bot, asyncio.TaskGroup() as group:
            identifying = group.create_task(bot.installation.identify_when_possible())
            try:
                await _run(bot, listener, stop, worker=worker)
            finally:
                identifying.cancel()
                await finish(bot)
    log.info("stopped")


async def _run(
    bot: Bot, listener: socket.socket | None, stop: asyncio.Event, *, worker: bool
) -> None:
    seconds = bot.settings.shutdown_seconds
    if worker:
        await begin(bot)
        bot.schedule.start()
    async with AsyncExitStack() as stack:
        if listener is not None and bot.socket is not None:
            await bot.socket.start()
            stack.push_async_callback(bot.socket.stop, seconds)
        # What was loaded until now stays: collections need not look at it again.
        gc.freeze()
        gc.enable()
        log.info("started", web=listener is not None, worker=worker, socket=bot.socket is not None)
        if listener is not None:
            await serve_web(bot.web, listener, stop, seconds)
        else:
            await stop.wait()
