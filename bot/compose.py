"""The composition root: the one place where settings, clock, database and Slack meet."""

import logging
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

from bot.clock import Clock
from bot.delivery import Courier
from bot.dispatch import Dispatch
from bot.edits import Editor
from bot.installation import Installation
from bot.metrics import Metrics
from bot.pace import Pace
from bot.planner import Planner
from bot.playbook import playbook_of
from bot.posting import Poster
from bot.readiness import readiness_checks
from bot.rounds import Rounds
from bot.schedule import Schedule
from bot.settings import Settings
from bot.slack import Client, Responder, open_client, open_session
from bot.socketmode import SocketMode
from bot.tasks import Tasks
from bot.web import Receiver, build_web
from bot.wire import Wire
from handlers.features import all_features
from handlers.registry import Registry
from handlers.services import Services
from storage.database import Database, open_database

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
            playbook=playbook_of(settings),
            slack=lambda _workspace_id: client,
            respond=Responder(session),
            wake=lambda: wakers[0].wake(),
            background=tasks.background,
        )
        planner = Planner(services, registry)
        pace = Pace(database, settings.messages_per_second)
        wire = Wire(metrics)
        stack.push_async_callback(wire.close)
        poster = Poster(services, pace, wire)
        courier = Courier(services, registry, metrics, poster, pace, owner=uuid.uuid4().hex[:12])
        editing = Rounds(Editor(services, registry, poster, pace).round)
        installation = Installation(token, client, database, clock)
        schedule = Schedule(
            services,
            planner,
            courier,
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
