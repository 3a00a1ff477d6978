"""Killed within the transaction of each change of state: it is as if nothing had been done there,
and whoever comes next brings the delivery to the same end, once."""

import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

import pytest

from domain.delivery import PLANNED_ANEW, State, allowed
from handlers.closing import END, RESULT
from handlers.summaries import DETAILS
from storage import agenda, maturity, teams
from tests.bot.dying import KIND, WEEK, Plain
from tests.bot.killed import POINTS
from tests.bot.mortals import Mortals, mortals_forked, order_of
from tests.bot.processes import ROOT
from tests.bot.teamwork import FRIDAY, MONDAY, Team, team
from tests.bot.transitions import CHANGES, Scene

SPAN = re.compile(r"`([^`]+)`")


@pytest.fixture(scope="module")
def mortals() -> Iterator[Mortals]:
    with mortals_forked() as process:
        yield process


async def test_killed_within_each_change_of_state(database_url: str, mortals: Mortals) -> None:
    async with team(database_url, count=len(CHANGES)) as t:
        t.world.bot.registry.occasions[KIND] = Plain()
        for number, (name, change) in enumerate(CHANGES.items()):
            try:
                await Scene(t, mortals, change, number).play()
            except AssertionError as problem:
                raise AssertionError(name) from problem


def test_every_change_is_tried() -> None:
    tried = {tuple(name.partition(",")[0].split(" to ")) for name in CHANGES}
    possible = {(str(was), str(then)) for was in State for then in allowed(was)}
    # What was not sent is planned anew by one and the same write, whatever it was.
    assert tried == possible | {("failed", "planned")}


async def test_killed_while_a_checkin_is_closed(database_url: str, mortals: Mortals) -> None:
    """That it is over, and the message that says so, stand or fall together."""
    async with team(database_url) as t:
        now = t.world.clock.now()
        async with t.world.bot.database.write(t.workspace_id) as tx:
            (mine,) = await teams.of_lead(tx, t.lead.id)
            started = await maturity.start(
                tx,
                team_id=mine.team_id,
                by=t.lead.id,
                at=now,
                deadline_at=now + timedelta(hours=1),
                note="",
                dimensions=["tools"],
                min_raters=3,
                raters={user.id: False for user in t.members},
                checkin_id="checkin",
            )
            assert started is not None
            await agenda.put(tx, END, "checkin", WEEK, started.deadline_at)
        t.world.clock.move_to(started.deadline_at)
        await mortals.die(order_of(t, "work", f"plan:{RESULT}"))
        assert (await _checkin(t)).is_open
        assert await t.ledger(t.channel, RESULT) == []
        await t.world.tick()
        assert not (await _checkin(t)).is_open
        assert [d.state for d in await t.ledger(t.channel, RESULT)] == [State.SENT]
        assert len([key for key in t.keys(t.channel) if key.startswith(RESULT)]) == 1


async def _checkin(t: Team) -> maturity.Checkin:
    async with t.world.bot.database.read(t.workspace_id) as tx:
        found = await maturity.get(tx, "checkin")
    assert found is not None
    return found


async def test_killed_while_a_posted_summary_is_recorded(
    database_url: str, mortals: Mortals
) -> None:
    """The post, what it pointed out and the thread under it stand or fall together."""
    async with team(database_url) as t:
        await t.world.move_to(FRIDAY)
        for user in t.members:
            await t.world.log(user, t.channel, "40% strategy, 60% delivery")
        await t.world.move_to(MONDAY - timedelta(seconds=1))
        t.world.clock.move_to(MONDAY)
        await mortals.die(order_of(t, "work", f"plan:{DETAILS}"))
        (summary,) = await t.ledger(t.channel, "summary")
        assert summary.state is State.SENDING
        assert await t.ledger(t.channel, DETAILS) == []
        t.world.clock.advance(timedelta(seconds=61))
        await t.world.tick()
        found = await t.ledger(t.channel, "summary", DETAILS)
        assert [d.state for d in found] == [State.SENT, State.SENT]
        (parent,) = [m for m in t.said(t.channel) if m.metadata]
        assert len(parent.replies) == 1


def _tables() -> list[list[list[str]]]:
    """The page's tables, by row and cell, without their heads."""
    page = (ROOT / "docs" / "deliveries.md").read_text(encoding="utf-8")
    tables = re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE)
    return [
        [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]]
        for table in tables
    ]


def test_the_page_tells_of_every_state_and_every_change() -> None:
    states, changes = _tables()
    assert sorted(SPAN.findall(row[0]) for row in states) == sorted([state] for state in State)
    told = {
        (was, then)
        for row in changes
        for was in SPAN.findall(row[0])
        for then in SPAN.findall(row[1])
    }
    anew = {(was, State.PLANNED) for was in PLANNED_ANEW}
    assert told == {(was, then) for was in State for then in allowed(was)} | anew


def test_the_page_names_what_there_is() -> None:
    killed = set()
    for was, then, _, function, left, tests in _tables()[1]:
        module, _, name = SPAN.findall(function)[0].rpartition(".")
        assert inspect.iscoroutinefunction(getattr(import_module(module), name)), function
        assert left in (was, "the same")
        named = SPAN.findall(tests)
        assert named[0].startswith(f"{SPAN.findall(was)[-1]} to {SPAN.findall(then)[0]}")
        killed.update(named)
    assert killed == {*CHANGES, *POINTS} - {"planned"}
