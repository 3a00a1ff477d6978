"""auth.*, team.*, apps.*, blocks.*: the app itself and its surroundings."""

import json
from typing import Any

from sandbox.api.call import Call, Method
from sandbox.blockkit import Problem, validate_blocks, validate_message, validate_view
from sandbox.problems import errors_among
from sandbox.refusal import Refused


def auth_test(call: Call) -> dict[str, Any]:
    """auth.test: whose token this is."""
    ws = call.ws
    return {
        "url": f"https://{ws.domain}.slack.com/",
        "team": ws.name,
        "user": ws.users[ws.bot_user_id].name,
        "team_id": ws.team_id,
        "user_id": ws.bot_user_id,
        "bot_id": ws.bot_id,
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> dict[str, Any]:
    """team.info: the workspace."""
    ws = call.ws
    return {"team": {"id": ws.team_id, "name": ws.name, "domain": ws.domain, "email_domain": ""}}


def connections_open(call: Call) -> dict[str, Any]:
    """apps.connections.open: a fresh address for Socket Mode, good for one connection."""
    return {"url": call.slack.sockets.new_address()}


def validate(call: Call) -> dict[str, Any]:
    """blocks.validate: what is wrong with blocks, a message or a view, without sending it."""
    given = [name for name in ("blocks", "message", "view") if call.args.get(name) is not None]
    if len(given) != 1:
        raise Refused("invalid_arguments")
    payload = call.data(given[0])
    problems = errors_among(_problems_of(given[0], payload))
    if not problems:
        return {}
    errors = [
        {
            "pointer": problem.pointer,
            "code": problem.code,
            "message": problem.message,
            "constraint": problem.constraint,
        }
        for problem in problems
    ]
    raise Refused(f"invalid_{given[0]}", errors=errors)


def _problems_of(kind: str, payload: Any) -> list[Problem]:
    if kind == "view":
        return validate_view(payload)
    if kind == "blocks":
        return validate_blocks(payload)
    if not isinstance(payload, dict):
        return [Problem("", "wrong_type", "must be an object")]
    blocks = payload.get("blocks")
    if isinstance(blocks, str):
        payload = {**payload, "blocks": json.loads(blocks)}
    return validate_message(payload)


METHODS = (
    Method("auth.test", auth_test, "special"),
    Method("team.info", team_info, "tier3", ("team:read",)),
    Method("apps.connections.open", connections_open, "tier1", caller="app"),
    Method("blocks.validate", validate, "special", caller="anybody"),
)
