"""Processes that kill themselves within one transaction, right after one write of it.

`python -m tests.bot.dying` reads orders, a line of JSON each, and answers each with the exit status
of a process forked for it: forked, since to start a Python takes longer than all that it does here.
"""

import asyncio
import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

from bot import delivery as delivering
from bot.compose import Bot, build
from bot.leases import LEASE
from bot.logs import configure_logs
from bot.settings import Settings
from domain.periods import Period
from handlers.call import Call
from handlers.errors import sentence
from handlers.registry import Occasion, Skip
from handlers.services import Services
from handlers.views import notices
from handlers.views.blocks import Message
from sandbox.clock import SandboxClock
from storage import batches, deliveries, ledger, outbox
from storage.database import Tx
from storage.deliveries import Delivery
from tests.bot.killed import die

#: Seconds after which one that has not died is over, with status 1.
LIFETIME = 20
KIND = "plain"
WEEK = Period(2026, 23)


class Plain(Occasion):
    """A kind of delivery whose note says what becomes of it."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        if delivery.note == "skip":
            return Skip("left_team")
        if delivery.note == "broken":
            raise ZeroDivisionError
        return sentence("Hello.")


@dataclass(frozen=True)
class Order:
    """What a process does (`act`, one of `ACTS`), as whom and about which delivery, and the write
    (one of `WRITES`) after which it dies; of `plan` also the kind: `plan:trouble`."""

    environment: dict[str, str]
    now: str
    workspace_id: str
    act: str
    write: str
    key: str = ""
    user_id: str = ""

    def as_line(self) -> str:
        return json.dumps(asdict(self)) + "\n"


async def work(bot: Bot, order: Order) -> None:
    await bot.planner.work()
    await bot.courier.all()


async def click(bot: Bot, order: Order, action: str) -> None:
    """A lead's decision, as it reaches its listener."""
    call = Call(
        kind="action",
        id=action,
        workspace_id=order.workspace_id,
        user_id=order.user_id,
        services=bot.services,
        now=bot.services.clock.now(),
        body={},
        action={"action_id": action, "value": order.key},
    )
    await bot.registry.actions[action](call)


async def cancel(bot: Bot, order: Order) -> None:
    now = bot.services.clock.now()
    async with bot.database.write(order.workspace_id) as tx:
        await deliveries.cancel(tx, order.user_id, (KIND,), WEEK, "own_reminder", now)


async def plan_again(bot: Bot, order: Order) -> None:
    async with bot.database.write(order.workspace_id) as tx:
        found = await ledger.by_key(tx, order.key)
        assert found is not None
        await deliveries.plan_again(tx, found, bot.services.clock.now())


async def release(bot: Bot, order: Order) -> None:
    """What was claimed, and not begun, is given back."""
    now = bot.services.clock.now()
    leases = vars(bot.courier)["_leases"]
    async with bot.database.write_across() as connection:
        await outbox.claim(connection, leases.another(), now, now + LEASE, 9)
    await bot.courier.release()


ACTS: dict[str, Callable[[Bot, Order], Awaitable[None]]] = {
    "work": work,
    "arrived": partial(click, action=notices.ARRIVED),
    "send again": partial(click, action=notices.RESEND),
    "cancel": cancel,
    "plan again": plan_again,
    "release": release,
}
WRITES: dict[str, tuple[Any, str]] = {
    "slots": (delivering, "give_slots"),
    "claim": (outbox, "claim"),
    "mark": (outbox, "mark_sending"),
    "release": (outbox, "release"),
    "settle": (deliveries, "settle"),
    "settle_sent": (batches, "settle_sent"),
    "plan": (deliveries, "plan"),
}


def die_after(write: str) -> None:
    name, _, kind = write.partition(":")
    owner, method = WRITES[name]
    whole: Callable[..., Awaitable[Any]] = getattr(owner, method)

    async def dying(*args: Any, **named: Any) -> Any:
        done = await whole(*args, **named)
        if kind in ("", named.get("kind")):
            die()
        return done

    setattr(owner, method, dying)


async def live(order: Order) -> None:
    clock = SandboxClock(datetime.fromisoformat(order.now), frozen=True)
    async with asyncio.timeout(LIFETIME), build(Settings.load(order.environment), clock) as bot:
        configure_logs(clock)
        bot.registry.occasions[KIND] = Plain()
        await bot.installation.identify()
        die_after(order.write)
        await ACTS[order.act](bot, order)
        # What follows by itself has its time, too.
        await bot.tasks.drain(LIFETIME)


def forked(order: Order) -> NoReturn:
    """Live, and never come back."""
    status = 1
    # What it prints is no answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        asyncio.run(live(order))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            forked(Order(**json.loads(line)))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()
