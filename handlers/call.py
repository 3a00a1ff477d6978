"""One thing that somebody did in Slack, as listeners see it, and what they may answer."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from handlers.services import Services
from handlers.views.blocks import Message, View
from storage.database import Tx


@dataclass(frozen=True)
class Reply:
    """A message only the person sees, or one that replaces the message they clicked in.

    `url` is the response_url to send it through where the call itself has none, or another one.
    """

    message: Message
    replace: bool = False
    url: str | None = None

    @cached_property
    def as_json(self) -> str:
        """The answer to a command; made once where one reply serves everybody."""
        said = {"text": self.message["text"], "blocks": self.message["blocks"]}
        return json.dumps({"response_type": "ephemeral", **said})


@dataclass(frozen=True)
class Errors:
    """A form's complaints by block id; the form stays open with all that was typed."""

    by_block: Mapping[str, str]


@dataclass(frozen=True)
class Show:
    """Another view in place of the submitted one."""

    view: View


@dataclass(frozen=True)
class NotTaken:
    """An event that could not be seen to now: Slack is to send it again."""


Answer = Reply | Errors | Show | NotTaken | None


@dataclass(frozen=True)
class Call:
    """A command, click, submission, shortcut or event.

    `id` is the subcommand, action id, callback id or event type; `text` what was typed after
    the subcommand; `body` Slack's payload; `action` the element that was used, for a click.
    """

    kind: str
    id: str
    workspace_id: str
    user_id: str
    services: Services
    now: datetime
    body: Mapping[str, Any]
    channel_id: str | None = None
    text: str = ""
    trigger_id: str | None = None
    response_url: str | None = None
    action: Mapping[str, Any] = field(default_factory=dict)
    #: Set once the listener has begun to store something: the person's Home follows.
    stored: asyncio.Event = field(default_factory=asyncio.Event)

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction in the call's workspace that only looks."""
        return self.services.database.read(self.workspace_id)

    def write(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction in the call's workspace that may change what the person sees."""
        self.stored.set()
        return self.services.database.write(self.workspace_id)

    @property
    def client(self) -> AsyncWebClient:
        return self.services.slack(self.workspace_id)

    @property
    def value(self) -> str:
        """What the used element carries: a button's value or the selected option's."""
        chosen = self.action.get("selected_option") or {}
        return str(self.action.get("value") or chosen.get("value") or "")

    @property
    def view(self) -> Mapping[str, Any]:
        """The view that was submitted or clicked in; empty for messages."""
        found: Mapping[str, Any] = self.body.get("view") or {}
        return found

    @property
    def values(self) -> Mapping[str, Any]:
        """`state.values` of the view: block id -> action id -> element state."""
        found: Mapping[str, Any] = (self.view.get("state") or {}).get("values") or {}
        return found

    @property
    def message_ts(self) -> str | None:
        """The timestamp of the (lasting) message that was clicked in."""
        container = self.body.get("container") or {}
        return None if container.get("is_ephemeral") else container.get("message_ts")
