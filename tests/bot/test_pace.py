"""The pace in a process at work: fair among workspaces, patient with Slack, never in the way."""

from datetime import timedelta
from typing import Any

from domain.delivery import State
from domain.periods import Period
from handlers.errors import sentence
from handlers.registry import Occasion
from handlers.views.blocks import Message
from storage import batches, ledger, workspaces
from storage.deliveries import Delivery
from tests.bot.teamwork import FRIDAY, POST, Team, team

DEFAULT = {"PRODOPS_MESSAGES_PER_SECOND": "4"}
QUARTER = timedelta(seconds=0.25)


class Plain(Occasion):
    async def compose(self, services: Any, tx: Any, delivery: Delivery, now: Any) -> Message:
        return sentence("Hello.")


async def plan(t: Team, workspace_id: str, count: int, channel: str = "") -> None:
    """Deliveries of a fan-out, planned before and due on Friday."""
    t.world.bot.registry.occasions["plain"] = Plain()
    async with t.world.bot.database.write(workspace_id) as tx:
        await workspaces.remember(tx, workspace_id, "UBOT", FRIDAY)
        await batches.plan_all(
            tx,
            [
                batches.Plan(
                    key=f"plain:{number}",
                    kind="plain",
                    recipient=channel or t.members[number % len(t.members)].id,
                    period=Period(2026, 23),
                    due_at=FRIDAY,
                )
                for number in range(count)
            ],
            FRIDAY - timedelta(minutes=1),
        )


async def states(t: Team, workspace_id: str) -> list[State]:
    async with t.world.bot.database.read(workspace_id) as tx:
        found = await ledger.of_recipients(tx, [u.id for u in t.members], 9999)
    return [d.state for d in found if d.kind == "plain"]


async def test_a_workspace_of_thousands_does_not_delay_one_of_five(database_url: str) -> None:
    async with team(database_url, count=5, settings=DEFAULT) as t:
        await plan(t, "TBIG", 1200)
        await plan(t, "TSMALL", 5)
        t.world.clock.move_to(FRIDAY)
        for _ in range(9):
            await t.world.bot.courier.all()
            t.world.clock.move_to(t.world.clock.now() + QUARTER)
        assert t.world.clock.now() - FRIDAY <= timedelta(seconds=2.25)
        assert await states(t, "TSMALL") == [State.SENT] * 5
        big = await states(t, "TBIG")
        assert 5 <= big.count(State.SENT) <= 9
        assert big.count(State.PLANNED) == 1200 - big.count(State.SENT)


async def test_a_pause_of_one_workspace_is_none_of_another(database_url: str) -> None:
    async with team(database_url, count=5, settings=DEFAULT) as t:
        t.world.sandbox.faults.add(POST, "ratelimited", retry_after=30, channel=t.members[0].id)
        await plan(t, "TBIG", 5)
        t.world.clock.move_to(FRIDAY)
        await t.world.bot.courier.all()
        await plan(t, "TSMALL", 5)
        for _ in range(8):
            t.world.clock.move_to(t.world.clock.now() + QUARTER)
            await t.world.bot.courier.all()
        assert (await states(t, "TBIG")).count(State.SENT) == 0
        assert await states(t, "TSMALL") == [State.SENT] * 5
        assert len([call for call in t.calls() if call.fault]) == 1
        for _ in range(5):
            t.world.clock.move_to(max(t.world.clock.now() + QUARTER, FRIDAY + 120 * QUARTER))
            await t.world.bot.courier.all()
        assert await states(t, "TBIG") == [State.SENT] * 5


async def test_answers_do_not_wait_behind_a_fan_out(sqlite_url: str) -> None:
    async with team(sqlite_url, count=5, settings=DEFAULT) as t:
        await plan(t, t.workspace_id, 400)
        t.world.clock.move_to(FRIDAY - timedelta(seconds=1))
        await t.world.bot.courier.all()
        t.world.clock.move_to(FRIDAY)
        await t.world.bot.courier.all()
        assert "Logged" in await t.world.log(t.members[0], t.channel, "100% strategy")
