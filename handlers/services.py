"""What listeners and jobs are given to work with: one bundle, built in the composition root."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from domain.categories import Catalog, CategoryOverride, with_overrides
from domain.localtime import zone_or_utc
from domain.playbook import Playbook
from storage import categories
from storage.database import Database, Tx


class Clock(Protocol):
    """Where the time comes from; nothing else reads it."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""


class Respond(Protocol):
    """Posts a payload to a response_url (five times within 30 minutes, says Slack)."""

    async def __call__(self, url: str, payload: Mapping[str, Any]) -> bool:
        """Whether it arrived."""


@dataclass(frozen=True)
class Services:
    database: Database
    clock: Clock
    #: The packaged (or the company's own) files, before a workspace's changes of categories.
    playbook: Playbook
    #: The Web API client of a workspace; all share one HTTP session.
    slack: Callable[[str], AsyncWebClient]
    respond: Respond
    #: Tells the delivery loop that something may be due now.
    wake: Callable[[], None]
    #: Runs work on after the answer; shutdown waits for it.
    background: Callable[[Coroutine[Any, Any, None]], None]

    @property
    def catalog(self) -> Catalog:
        return self.playbook.catalog

    async def catalog_of(self, tx: Tx) -> Catalog:
        """The workspace's own categories."""
        return self.catalog_with(await categories.overrides(tx))

    def catalog_with(self, changes: Sequence[CategoryOverride]) -> Catalog:
        """The same where a workspace's changes are at hand already."""
        return with_overrides(self.catalog, changes) if changes else self.catalog

    def today(self, tz: str | None) -> date:
        """The date it is now in this zone."""
        return self.clock.now().astimezone(zone_or_utc(tz)).date()
