"""The record of every call the bot made, with tokens masked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.problems import Problem

_SECRET = ("token", "client_secret", "code")


@dataclass
class ApiCall:
    """One call: a Web API method, a `response_url` post, or the body of an `ack …`.

    `user_visible` tells whether people saw something of it; `problems` holds what Slack refuses
    or warns of; `fault` names an injected fault; `status` is the HTTP status of the answer.
    """

    method: str
    args: dict[str, Any]
    at: datetime
    user_visible: bool = False
    response: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    status: int = 200
    fault: str | None = None

    @property
    def ok(self) -> bool:
        """Whether Slack did as asked."""
        return bool(self.response.get("ok"))


def masked(args: dict[str, Any]) -> dict[str, Any]:
    """The arguments without secrets."""
    return {key: "•••" if key in _SECRET else value for key, value in args.items()}
