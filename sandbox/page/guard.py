"""Keeps other sites from driving or reading the page: host, origin and content rules."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

#: Scripts and styles from here only; pictures also from this machine, where bots draw charts.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data: http://127.0.0.1:* http://localhost:*; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guarded(handler: Handler, served_host: Callable[[], str | None]) -> Handler:
    """The handler behind the rules; 403 for a foreign host or origin, 415 for a plain form.

    A foreign Host header means a name that was made to point here (DNS rebinding). A browser
    sends Origin with every POST of another site, and JSON from there needs leave beforehand.
    """

    async def checked(request: web.Request) -> web.StreamResponse:
        host = _hostname(f"//{request.host}")
        if host not in _LOOPBACK | {served_host()}:
            raise web.HTTPForbidden(text="This page answers under its own address only.\n")
        if request.method != "GET":
            _check_post(request)
        response = await handler(request)
        response.headers.update(HEADERS)
        return response

    return checked


def _check_post(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="Another site may not act here.\n")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise web.HTTPForbidden(text="Another site may not act here.\n")
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Acts are sent as JSON.\n")


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
