"""The routes of the browser page: one page, its live changes, and what people do on it."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.page import address as addresses
from sandbox.page.acts import Acts, Outcome
from sandbox.page.clockbar import move
from sandbox.page.guard import guarded
from sandbox.page.journal import opened
from sandbox.page.memory import Memory
from sandbox.page.scene import Scene
from sandbox.page.screens import Screens, templates
from sandbox.page.shown import Shown
from sandbox.screen import BotFailed, NotOnScreen

Body = Mapping[str, Any]
#: How long a browser waits for changes, and a moment for those that follow at once, in seconds.
_HOLD, _CALM = 20.0, 0.03
_ASSETS = {"page.css": "text/css", "page.js": "text/javascript", "mark.svg": "image/svg+xml"}


def routes(sandbox: Shown) -> list[web.RouteDef]:
    """Everything under `/` and `/page/`; the page lives on the workspace's own server."""
    page = Page(sandbox)

    def host() -> str | None:
        return urlsplit(sandbox.base_url).hostname

    return [
        web.get("/", guarded(page.show, host)),
        web.get("/page/changes", guarded(page.changes, host)),
        web.get("/page/details/{kind}/{number:\\d+}", guarded(page.details, host)),
        web.get("/page/{asset}", guarded(page.asset, host)),
        web.post("/page/{act}", guarded(page.act, host)),
    ]


class Page:
    """Answers the browser; keeps what the page remembers while the server runs."""

    def __init__(self, sandbox: Shown) -> None:
        self._sandbox = sandbox
        self._memory = Memory(started=f"{sandbox.clock.now().timestamp():.6f}")
        self._screens = Screens(templates())
        self._run = secrets.token_hex(8)
        self._acts: dict[str, Callable[[Scene, Acts, Body], Awaitable[Outcome]]] = {
            "say": self._say,
            "act": self._act,
            "suggest": self._suggest,
            "submit": lambda _, acts, body: acts.submit(_text(body, "view"), _values(body)),
            "close": lambda _, acts, body: acts.close(_text(body, "view")),
            "open": lambda _, acts, body: acts.open_app(_text(body, "tab")),
            "shortcut": lambda _, acts, body: acts.shortcut(
                _text(body, "callback_id"), body.get("place")
            ),
            "clock": self._clock,
        }

    async def show(self, request: web.Request) -> web.Response:
        """The page itself."""
        version = self._sandbox.version
        html = await self._screens.page(self._scene(request), version, self._run)
        return web.Response(text=html, content_type="text/html")

    async def changes(self, request: web.Request) -> web.Response:
        """Waits for something new since `?since=`, then all regions; 204 when nothing came.

        `?run=` tells by which server the page was drawn: a version of another one says nothing.
        """
        try:
            since = int(request.query.get("since", "0"))
        except ValueError:
            raise web.HTTPBadRequest(text="since is a number\n") from None
        if request.query.get("run") != self._run:
            return web.json_response({"reload": True})
        if await self._sandbox.changed(since, _HOLD) <= since:
            return web.Response(status=204)
        await asyncio.sleep(_CALM)
        return await self._answer(request, {})

    async def act(self, request: web.Request) -> web.Response:
        """One act of the person at this address; the answer carries all regions after it."""
        perform = self._acts.get(request.match_info["act"])
        body = await _body(request)
        if perform is None:
            raise web.HTTPNotFound(text="There is no such act.\n")
        scene = self._scene(request)
        if scene.me is None:
            raise web.HTTPBadRequest(text="There is nobody to act as.\n")
        acts = Acts(self._sandbox, self._memory, scene.address.user_id, scene.reader.zone)
        try:
            outcome = await perform(scene, acts, body)
        except (NotOnScreen, BotFailed, ValueError) as reason:
            outcome = Outcome("failed", str(reason))
        answer: dict[str, Any] = {
            "ok": outcome.ok,
            "error": outcome.error,
            "message": outcome.message,
        }
        if outcome.options is not None:
            answer["options"] = list(outcome.options)
        return await self._answer(request, answer)

    async def details(self, request: web.Request) -> web.Response:
        """The JSON of one call or delivery."""
        kind, number = request.match_info["kind"], int(request.match_info["number"])
        parts = opened(kind, number, self._sandbox.calls, self._sandbox.courier.delivered)
        if parts is None:
            raise web.HTTPNotFound(text="There is no such call.\n")
        return web.Response(text=self._screens.details(parts), content_type="text/html")

    async def asset(self, request: web.Request) -> web.Response:
        """A file of the page."""
        name = request.match_info["asset"]
        if name not in _ASSETS:
            raise web.HTTPNotFound(text="There is no such file.\n")
        source = (files("sandbox.page") / "static" / name).read_bytes()
        return web.Response(body=source, content_type=_ASSETS[name], charset="utf-8")

    async def _answer(self, request: web.Request, answer: dict[str, Any]) -> web.Response:
        version = self._sandbox.version
        regions = await self._screens.regions(self._scene(request))
        return web.json_response({**answer, "version": version, "regions": regions})

    def _scene(self, request: web.Request) -> Scene:
        address = addresses.read(request.query, self._sandbox.workspace)
        return Scene(self._sandbox, self._memory, address)

    async def _say(self, scene: Scene, acts: Acts, body: Body) -> Outcome:
        return await acts.say(scene.address.channel_id, _text(body, "text").strip())

    async def _act(self, _: Scene, acts: Acts, body: Body) -> Outcome:
        place = acts.place(body.get("place") or {})
        return await acts.act(place, _text(body, "wanted"), body.get("value"), _values(body))

    async def _suggest(self, _: Scene, acts: Acts, body: Body) -> Outcome:
        place = acts.place(body.get("place") or {})
        return await acts.suggest(place, _text(body, "wanted"), _text(body, "typed"))

    async def _clock(self, _: Scene, __: Acts, body: Body) -> Outcome:
        sandbox = self._sandbox
        if await move(sandbox.clock, sandbox.clock_controls, _text(body, "step")):
            return Outcome()
        return Outcome("unknown_step", "The clock can't be moved that way here.")


async def _body(request: web.Request) -> Body:
    try:
        body = await request.json()
    except json.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="The body must be a JSON object.\n")
    return body


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise web.HTTPBadRequest(text=f"{name} must be a text\n")
    return value


def _values(body: Body) -> Mapping[str, Mapping[str, Any]]:
    values = body.get("values", {})
    sound = isinstance(values, dict) and all(isinstance(v, dict) for v in values.values())
    if not sound:
        raise web.HTTPBadRequest(text="values must be objects by block_id\n")
    return dict(values)
