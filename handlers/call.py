"""One thing that somebody did in Slack, as listeners see it, and what they may answer."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from handlers.services import Services
from handlers.views.blocks import Message, View

#: Seconds that data may take before a modal opens as "loading": its trigger lives only three.
OPEN_AT_ONCE = 0.5


@dataclass(frozen=True)
class Reply:
    """A message only the person sees, or one that replaces the message they clicked in."""

    message: Message
    replace: bool = False


@dataclass(frozen=True)
class Errors:
    """A form's complaints by block id; the form stays open with all that was typed."""

    by_block: Mapping[str, str]


@dataclass(frozen=True)
class Show:
    """Another view in place of the submitted one."""

    view: View


Answer = Reply | Errors | Show | None


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

    async def open_modal(self, build: Coroutine[Any, Any, View], loading: View) -> None:
        """Open a modal within the trigger's life, even where its data takes longer."""
        if self.trigger_id is None:
            build.close()
            raise ValueError("this call carries no trigger_id")
        building = asyncio.ensure_future(build)
        ready, _ = await asyncio.wait({building}, timeout=OPEN_AT_ONCE)
        if ready:
            await self.client.views_open(trigger_id=self.trigger_id, view=building.result())
            return
        opened = await self.client.views_open(trigger_id=self.trigger_id, view=loading)
        view_id = opened["view"]["id"]
        await self.client.views_update(view_id=view_id, view=await building)
