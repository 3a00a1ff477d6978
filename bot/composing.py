"""What is to be said in each of many deliveries, and which of them are not to be sent after all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import structlog

from domain.delivery import State, backoff
from domain.rhythm import is_expired
from handlers.registry import Occasion, Registry, Skip
from handlers.services import Services
from handlers.views.blocks import Message
from storage.database import StorageUnavailableError
from storage.deliveries import Delivery

log = structlog.get_logger()


@dataclass(frozen=True)
class Unsent:
    """Why a delivery is not sent now; `work_at` where it is to be looked at again."""

    state: State
    reason: str
    work_at: datetime | None = None
    attempts: int | None = None


@dataclass
class Composed:
    ready: list[tuple[Delivery, Message]] = field(default_factory=list)
    unsent: list[tuple[Delivery, Unsent]] = field(default_factory=list)

    def add(self, delivery: Delivery, said: Message | Skip | Unsent) -> None:
        if isinstance(said, Skip):
            self.unsent.append((delivery, Unsent(State.SKIPPED, str(said.reason))))
        elif isinstance(said, Unsent):
            self.unsent.append((delivery, said))
        else:
            self.ready.append((delivery, said))


def chunks(
    registry: Registry, deliveries: Sequence[Delivery]
) -> Iterator[tuple[Occasion, list[Delivery]]]:
    """Those of one workspace and kind together, as many as their occasion takes at once."""
    place = attrgetter("workspace_id", "kind")
    for (_, kind), group in groupby(sorted(deliveries, key=place), key=place):
        occasion, alike = registry.occasions[kind], list(group)
        for start in range(0, len(alike), occasion.together):
            yield occasion, alike[start : start + occasion.together]


async def compose_all(
    services: Services, registry: Registry, deliveries: Sequence[Delivery]
) -> Composed:
    """What to send now of these, and what becomes of the others; StorageUnavailableError."""
    now = services.clock.now()
    composed = Composed()
    fresh = []
    for delivery in deliveries:
        if is_expired(registry.occasions[delivery.kind].grace, delivery.due_at, now):
            composed.add(delivery, Unsent(State.EXPIRED, "expired"))
        else:
            fresh.append(delivery)
    for occasion, alike in chunks(registry, fresh):
        for delivery, said in await _compose(services, occasion, alike, now):
            composed.add(delivery, said)
    return composed


async def _compose(
    services: Services, occasion: Occasion, alike: Sequence[Delivery], now: datetime
) -> Sequence[tuple[Delivery, Message | Skip | Unsent]]:
    try:
        async with services.database.read(alike[0].workspace_id) as tx:
            said = await occasion.compose_many(services, tx, alike, now)
        return list(zip(alike, said, strict=True))
    except StorageUnavailableError:
        raise
    except Exception as problem:
        if len(alike) > 1:
            # One that cannot be made must not stop the others.
            return [
                each for one in alike for each in await _compose(services, occasion, [one], now)
            ]
        # Whoever mends the cause within its grace saves the message too.
        log.error("composing failed", kind=alike[0].kind, exc_info=problem)
        attempts = alike[0].attempts + 1
        again = now + backoff(attempts)
        return [(alike[0], Unsent(State.RETRY, "could_not_be_composed", again, attempts))]
