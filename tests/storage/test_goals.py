"""Goals and what the return is worked out from, on both databases, with two leads at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from domain.goals import Goal
from domain.periods import Period
from domain.roi import RoiInputs
from storage import goals, roi
from storage.database import Database, open_database
from tests.storage.tenants import GOAL, GOAL_SET, NOW, PERSON, TEAM, populate

WORKSPACE = "T1"
HOUR = timedelta(hours=1)
#: When that person came to product operations.
BEGAN = NOW + timedelta(minutes=1)


@pytest.fixture
async def home(database: Database) -> Database:
    """The database with one of everything in it."""
    async with database.write(WORKSPACE) as tx:
        await populate(tx)
    return database


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The same database as another process sees it."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


async def set_goal(where: Database, goal_id: str, **changes: Any) -> tuple[Goal, Goal | None]:
    async with where.write(WORKSPACE) as tx:
        made = await goals.set_goal(tx, goal_id, **{**GOAL_SET, "now": NOW + HOUR, **changes})
        await asyncio.sleep(0.1)
    return made


async def test_what_is_stored_comes_back_exactly(home: Database) -> None:
    values = {"baseline": Fraction(3605, 10_000), "target": Fraction(2550, 10_000)}
    made, replaced = await set_goal(home, "g9", **values, owner=None, baseline_note="n" * 300)
    assert (made.baseline, made.target) == tuple(values.values())
    assert (made.owner, made.state, made.due_on) == (None, "open", date(2026, 9, 30))
    assert made.baseline_note == "n" * 120
    assert replaced is not None
    assert replaced.goal_id == GOAL
    levels = {"metric": "dimension:tools", "baseline": Fraction(2), "target": Fraction(3)}
    made, _ = await set_goal(home, "g10", **levels)
    assert (made.baseline, made.target) == (Fraction(2), Fraction(3))


async def test_two_leads_at_once_leave_one_open_goal_and_both_in_the_history(
    home: Database, other: Database
) -> None:
    done = await asyncio.gather(
        set_goal(home, "mine", metric="participation", target=Fraction(8, 10)),
        set_goal(other, "theirs", metric="participation", target=Fraction(9, 10)),
    )
    first, second = sorted(done, key=lambda made: made[1] is not None)
    assert first[1] is None
    assert second[1] is not None
    assert second[1].goal_id == first[0].goal_id
    async with home.read(WORKSPACE) as tx:
        standing = await goals.open_for(tx, TEAM, "participation")
        closed = await goals.closed_of(tx, TEAM, 9)
    assert standing == second[0]
    assert [g.goal_id for g in closed if g.state == "replaced"] == [first[0].goal_id]


async def test_the_same_goal_once_more_changes_nothing(home: Database) -> None:
    standing, replaced = await set_goal(home, "again")
    assert (standing.goal_id, replaced) == (GOAL, None)
    async with home.read(WORKSPACE) as tx:
        assert await goals.get(tx, "again") is None


async def test_an_outcome_is_kept_once(home: Database) -> None:
    async with home.write(WORKSPACE) as tx:
        assert await goals.close(tx, GOAL, "met", NOW)
        assert not await goals.close(tx, GOAL, "dropped", NOW)
        found = await goals.get(tx, GOAL)
    assert found is not None
    assert (found.state, found.closed_at) == ("met", NOW)


async def test_inputs_come_back_exactly_and_are_replaced_as_a_whole(home: Database) -> None:
    inputs = RoiInputs(
        currency="EUR",
        pm_salary=Fraction("120000.55"),
        ops_salary=Fraction(10**11),
        ops_fte=Fraction("1.25"),
        hours_per_week=Fraction("38.5"),
        baseline=(Period(2026, 9), Period(2026, 12)),
        other_benefits="One tool fewer",
    )
    async with home.write(WORKSPACE) as tx:
        await roi.save_inputs(tx, TEAM, inputs, PERSON, NOW)
        found = await roi.inputs_of(tx, TEAM)
        assert found is not None
        assert (found.saved_by, found.saved_at) == (PERSON, NOW)
        for name in ("currency", "pm_salary", "ops_salary", "ops_fte", "tools_per_quarter"):
            assert getattr(found, name) == getattr(inputs, name)
        assert (found.hours_per_week, found.baseline) == (Fraction("38.5"), inputs.baseline)
        await roi.save_inputs(tx, TEAM, RoiInputs(), "U2", NOW + HOUR)
        found = await roi.inputs_of(tx, TEAM)
    assert found == RoiInputs(saved_by="U2", saved_at=NOW + HOUR)


async def test_stays_in_product_operations_are_kept(home: Database) -> None:
    async with home.write(WORKSPACE) as tx:
        assert await roi.set_product_ops(tx, TEAM, [PERSON], NOW + HOUR) == ([], [])
        assert await roi.set_product_ops(tx, TEAM, ["U2"], NOW + HOUR) == (["U2"], [PERSON])
        assert await roi.set_product_ops(tx, TEAM, ["U2", PERSON], NOW + 2 * HOUR) == ([PERSON], [])
        stays = await roi.ops_stays(tx, TEAM)
    mine = [stay for stay in stays if stay.user_id == PERSON]
    assert [(s.since, s.until) for s in mine] == [(BEGAN, NOW + HOUR), (NOW + 2 * HOUR, None)]
    assert [s.covers(NOW + HOUR / 2) for s in mine] == [True, False]
    assert not any(stay.covers(NOW + HOUR) for stay in mine)
    assert any(stay.covers(NOW + 3 * HOUR) for stay in mine)
