"""The one table of what the bot answers to; Bolt itself only looks things up in it."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.rhythm import Kind
from handlers.call import Answer, Call
from handlers.services import Services
from handlers.views.blocks import Message
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery

Listener = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True)
class Skip:
    """A delivery that is not to be sent after all, with the reason the ledger keeps."""

    reason: str


class Occasion(ABC):
    """A kind of delivery: when it is due, what it says, what follows once it was sent."""

    #: Whose grace it has after a downtime: prompt, reminder or summary.
    grace: Kind = "summary"
    #: How many are composed, and recorded, in one transaction; what reads little can do more.
    together: int = 1

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        """Enter the delivery of a due occurrence into the ledger and set the next one."""
        raise NotImplementedError(f"{type(self).__name__} is not on the agenda")

    @abstractmethod
    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        """What to send now; called again, after it was sent, for what it should say now."""

    async def compose_many(
        self, services: Services, tx: Tx, deliveries: Sequence[Delivery], now: datetime
    ) -> Sequence[Message | Skip]:
        """The same for several of one workspace, in their order, before they are sent.

        What goes out to many at once reads for all of them together.
        """
        return [await self.compose(services, tx, delivery, now) for delivery in deliveries]

    async def sent(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Business that becomes true in the transaction that records the sending."""
        return

    async def sent_many(
        self, services: Services, tx: Tx, deliveries: Sequence[Delivery], now: datetime
    ) -> None:
        """The same for several of one workspace."""
        for delivery in deliveries:
            await self.sent(services, tx, delivery, now)

    async def edited(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """The same after an edit in place."""
        return


@dataclass
class Registry:
    """Listeners by kind of payload and id; a feature module adds its own in `register`."""

    commands: dict[str, Listener] = field(default_factory=dict)
    actions: dict[str, Listener] = field(default_factory=dict)
    submissions: dict[str, Listener] = field(default_factory=dict)
    #: Forms that were dismissed, by callback id; Slack tells of those with `notify_on_close`.
    closed: dict[str, Listener] = field(default_factory=dict)
    shortcuts: dict[str, Listener] = field(default_factory=dict)
    events: dict[str, Listener] = field(default_factory=dict)
    occasions: dict[str, Occasion] = field(default_factory=dict)

    def find(self, kind: str, name: str) -> Listener | None:
        table = {
            "command": self.commands,
            "action": self.actions,
            "submission": self.submissions,
            "closed": self.closed,
            "shortcut": self.shortcuts,
            "event": self.events,
        }[kind]
        return table.get(name)
