"""The HTTP side of the Web API: arguments, tokens, limits, faults, and the record of each call."""

import asyncio
import json
from typing import Any

from aiohttp import web

from sandbox.api.call import Call, Method
from sandbox.api.methods import METHODS
from sandbox.calls import ApiCall, masked
from sandbox.faults import Fault
from sandbox.problems import Problem
from sandbox.refusal import Refused
from sandbox.responses import ResponseUrls, parsed_response
from sandbox.slack import Slack

_DROPPED = ("drop_before", "drop_after")


class Gateway:
    """Answers `/api/<method>` and `/respond/…` as Slack does, or as a fault demands."""

    def __init__(self, slack: Slack, responses: ResponseUrls) -> None:
        self._slack = slack
        self._responses = responses

    async def api(self, request: web.Request) -> web.StreamResponse:
        """One Web API request."""
        with self._slack.traffic.one_more():
            name = request.match_info["method"]
            args = await _arguments(request)
            token = _token(request, args)
            record = ApiCall(name, masked(args), self._slack.clock.now())
            self._slack.calls.append(record)
            fault = await self._strike(name, args, record)
            if fault and fault.kind != "drop_after":
                return self._faulty(request, fault, record)
            record.response, headers = self._answered(name, args, token, record)
            self._slack.feed.note()
            if fault:
                return _cut(request)
            return _json(record.response, record.status, headers)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """One post to a response_url."""
        with self._slack.traffic.one_more():
            try:
                args = parsed_response(await request.read())
            except Refused as refusal:
                return _json(refusal.answer(), 400, {})
            record = ApiCall("response_url", args, self._slack.clock.now())
            fault = await self._strike("response_url", args, record)
            if fault and fault.kind != "drop_after":
                self._slack.calls.append(record)
                return self._faulty(request, fault, record)
            status, body = self._responses.respond(request.match_info["url"], args)
            if fault:
                return _cut(request)
            return web.Response(text="ok") if status == 200 else _json(body, status, {})

    def _answered(
        self, name: str, args: dict[str, Any], token: str | None, record: ApiCall
    ) -> tuple[dict[str, Any], dict[str, str]]:
        call = Call(self._slack, args, record.problems)
        headers = {"X-OAuth-Scopes": ",".join(self._slack.manifest.scopes)}
        try:
            method = METHODS.get(name)
            if method is None:
                raise Refused("unknown_method", req_method=name)
            headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
            self._authorise(method, token)
            if wait := self._wait(method, args):
                record.status, headers["Retry-After"] = 429, str(wait)
                raise Refused("ratelimited")
            call.need(*method.scopes)
            answer = {"ok": True, **method.run(call)}
            record.user_visible = method.shows
        except Refused as refusal:
            answer = refusal.answer()
            if not record.problems:
                message = f"refused: {refusal.error}"
                record.problems.append(Problem("", refusal.error, message))
        record.args = masked(args)
        return answer, headers

    def _authorise(self, method: Method, given: str | None) -> None:
        if method.caller == "anybody":
            return
        if not given:
            raise Refused("not_authed")
        callers = {self._slack.bot_token: "bot", self._slack.app_token: "app"}
        caller = callers.get(given)
        if caller is None:
            raise Refused("invalid_auth")
        if caller != method.caller:
            raise Refused("not_allowed_token_type")
        if caller == "bot" and self._slack.installation != "active":
            raise Refused(self._slack.installation)

    def _wait(self, method: Method, args: dict[str, Any]) -> int:
        limits = self._slack.limits
        if not limits.enabled:
            return 0
        places = self._places(args)
        return limits.seconds_to_wait(method.name, method.tier, places[-1] if places else None)

    def _places(self, args: dict[str, Any]) -> tuple[str, ...]:
        """The ids by which a call's channel is known: a DM goes by its person's as well."""
        ws = self._slack.workspace
        named = str(args.get("channel") or args.get("user_id") or args.get("users") or "")
        if named in ws.users and ws.has_dm(named):
            return named, ws.dm(named).id
        if named in ws.channels and ws.channels[named].is_im:
            return str(ws.channels[named].user), named
        return (named,) if named else ()

    async def _strike(self, name: str, args: dict[str, Any], record: ApiCall) -> Fault | None:
        if not self._slack.faults.pending:
            return None
        fault = self._slack.faults.take(name, self._places(args))
        record.fault = fault.kind if fault else None
        if fault and fault.kind == "latency":
            await asyncio.sleep(fault.seconds)
            return None
        return fault

    def _faulty(self, request: web.Request, fault: Fault, record: ApiCall) -> web.StreamResponse:
        if fault.kind in _DROPPED:
            record.response = {"ok": False, "error": fault.kind}
            return _cut(request)
        if fault.kind == "500":
            record.status, record.response = 500, {"ok": False, "error": "http_500"}
            return web.Response(status=500, text="<html>Something went wrong</html>")
        if fault.kind == "ratelimited":
            record.status, record.response = 429, {"ok": False, "error": "ratelimited"}
            return _json(record.response, 429, {"Retry-After": str(fault.retry_after)})
        if fault.kind == "bare":
            record.response = {"ok": True}
            return _json(record.response, 200, {})
        error = "internal_error" if fault.kind == "fatal" else fault.error
        record.response = {"ok": False, "error": error}
        return _json(record.response, 200, {})


async def _arguments(request: web.Request) -> dict[str, Any]:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            body = None
        return args | body if isinstance(body, dict) else args
    if request.method == "POST":
        args |= dict((await request.post()).items())
    return args


def _token(request: web.Request, args: dict[str, Any]) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token
    given = args.get("token")
    return str(given) if given else None


def _json(body: dict[str, Any], status: int, headers: dict[str, str]) -> web.Response:
    return web.json_response(body, status=status, headers=headers)


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
