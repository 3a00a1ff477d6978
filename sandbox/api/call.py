"""One Web API call under way: its arguments, its checks and what it may touch."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from sandbox.blockkit import Problem
from sandbox.entities import Channel
from sandbox.problems import errors_among
from sandbox.refusal import Refused
from sandbox.slack import Slack
from sandbox.workspace import Workspace

Tier = Literal["tier1", "tier2", "tier3", "tier4", "special", "none"]


@dataclass
class Call:
    """What a method works with; it returns the fields beside `ok` or raises Refused."""

    slack: Slack
    args: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    @property
    def ws(self) -> Workspace:
        """The workspace that the call acts on."""
        return self.slack.workspace

    def required(self, name: str) -> str:
        """A text argument that must be there; `invalid_arguments` otherwise."""
        value = self.args.get(name)
        if not isinstance(value, str) or not value:
            message = f"missing required field: {name}"
            raise Refused("invalid_arguments", [Problem(f"/{name}", "missing_field", message)])
        return value

    def flag(self, name: str) -> bool:
        """A boolean argument, however the client wrote it."""
        return self.args.get(name) in (True, 1, "1", "true", "True")

    def count(self, name: str, default: int, most: int) -> int:
        """A positive number, at most `most`; `invalid_limit` for anything else."""
        try:
            value = int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise Refused("invalid_limit") from None
        if value < 1:
            raise Refused("invalid_limit")
        return min(value, most)

    def data(self, name: str, error: str = "invalid_arguments") -> Any:
        """A structured argument; clients send it as JSON or as JSON within text."""
        value = self.args.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise Refused(error) from None
            self.args[name] = value
        return value

    def warn(self, pointer: str, code: str, message: str) -> None:
        """Notes something that Slack lets pass but somebody would regret."""
        self.problems.append(Problem(pointer, code, message, "warning"))

    def object_to(self, error: str, problems: list[Problem]) -> None:
        """Keeps these problems; errors among them refuse the call unless the sandbox is lenient."""
        self.problems += problems
        wrong = errors_among(problems)
        if wrong and self.slack.strict:
            raise Refused(error, wrong)

    def need(self, *scopes: str) -> None:
        """Refuses with `missing_scope` unless the app holds one of these scopes."""
        granted = self.slack.manifest.scopes
        if scopes and not any(scope in granted for scope in scopes):
            message = f"needs the scope {' or '.join(scopes)}"
            self.problems.append(Problem("", "missing_scope", message))
            if self.slack.strict:
                needed = ",".join(scopes)
                raise Refused("missing_scope", needed=needed, provided=",".join(granted))

    def channel(self, name: str = "channel") -> Channel:
        """The conversation named by an argument, if the bot can see it at all."""
        channel = self.ws.channels.get(self.required(name))
        if channel is None:
            raise Refused("channel_not_found")
        if self.ws.bot_user_id not in channel.members and (channel.is_private or channel.is_im):
            raise Refused("channel_not_found")
        return channel

    def page(self, items: list[Any], default: int, most: int) -> tuple[list[Any], str]:
        """The part of `items` that `cursor` and `limit` ask for, and the next cursor."""
        limit = self.count("limit", default, most)
        cursor = self.args.get("cursor") or "at:0"
        if not str(cursor).startswith("at:") or not str(cursor)[3:].isdigit():
            raise Refused("invalid_cursor")
        start = int(str(cursor)[3:])
        end = start + limit
        return items[start:end], f"at:{end}" if end < len(items) else ""


Handler: TypeAlias = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True)
class Method:
    """A Web API method: who may call it, how often, and the function behind it.

    `scopes`: one of these must be granted. `caller`: whose token it takes. `shows`: people see
    what it did.
    """

    name: str
    run: Handler
    tier: Tier
    scopes: tuple[str, ...] = ()
    caller: Literal["bot", "app", "anybody"] = "bot"
    shows: bool = False
