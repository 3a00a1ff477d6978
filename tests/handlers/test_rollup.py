"""The roll-up over all teams: by hand, in its channel on the day, and only for admins."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from domain.periods import Period
from sandbox.entities import Channel, Message
from storage import agenda, audience
from tests.handlers.past_team import add_team, past_team, posted
from tests.stage import Stage, words

A = {"tools": 10, "strategy": 60, "delivery": 30}
B = {"tools": 40, "strategy": 40, "delivery": 20}
#: Three people, the first of them in several teams where a test says so; the four weeks of June.
WEEKS = [[A, A, A]] * 4


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    """The team `growth`, of which the lead is an admin of the workspace."""
    async with past_team(sqlite_url, WEEKS, admin=True) as (stage, _):
        yield stage


async def another(stage: Stage, name: str, weeks: list[list[dict[str, int]]]) -> Channel:
    people = stage.world.add_people(len(weeks[0]))
    channel = stage.world.sandbox.workspace.add_channel(name, people)
    await add_team(stage, channel, people, weeks)
    return channel


def rows(message: Message) -> list[list[str]]:
    [table] = [block for block in message.blocks if block["type"] == "table"]
    return [[cell["text"] for cell in row] for row in table["rows"]]


async def set_channel(stage: Stage, channel: Channel | None) -> dict[str, str]:
    await stage.home(stage.lead)
    home = stage.world.sandbox.workspace.homes[stage.lead.id]
    await stage.click(stage.lead, home, "Leadership roll-up")
    return await stage.submit(stage.lead, {"Channel": channel.id if channel else None})


async def test_posted_on_the_first_working_day_side_by_side(stage: Stage) -> None:
    await another(stage, "Core & <!here>", [[B, B, B]] * 4)
    await another(stage, "app", [[B, B, B, B]] * 4)
    await another(stage, "tiny", [[B, B]] * 4)
    board = stage.world.sandbox.workspace.add_channel("board", [stage.lead])
    assert await set_channel(stage, board) == {}
    assert "Wednesday 1 Jul, 14:00" in str(stage.modal(stage.lead).blocks)
    await stage.world.move_to_local("2026-07-01T14:00")
    [post] = posted(stage, board, "All teams · Q2 2026")
    # In alphabetical order; two people are too few for shares.
    assert rows(post) == [
        ["Team", "Operational", "Strategic", "Maturity", "Checklist", "Logged"],
        ["app", "40%", "40%", "–", "–", "100%"],
        ["Core & <!here>", "40%", "40%", "–", "–", "100%"],
        ["growth", "10%", "60%", "–", "–", "100%"],
        ["tiny", "–", "–", "–", "–", "100%"],
    ]
    # 3 x 10 + 7 x 40 over ten people.
    said = words(post)
    assert "operational 31%, customers and strategy 46% (10 people in 3 teams)" in said
    assert "never ranked" in said
    assert "<!here>" not in post.text
    # Once; the next is July's, on Monday 3 August.
    await stage.world.tick()
    assert len(posted(stage, board, "All teams")) == 1
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        standing = await agenda.get(tx, "rollup", "workspace")
    assert standing is not None
    assert standing.due_at == datetime(2026, 8, 3, 12, tzinfo=UTC)
    assert standing.period == Period(2026, 31)


async def test_with_two_teams_there_is_no_total(stage: Stage) -> None:
    await another(stage, "core", [[B, B, B]] * 4)
    await stage.world.move_to_local("2026-07-01T09:00")
    [shown] = await stage.type(stage.lead, "summary rollup")
    assert shown.ephemeral_for == stage.lead.id
    assert "All teams · June 2026" in words(shown)
    assert "No total: it takes 3 teams with numbers" in words(shown)
    assert [row[:2] for row in rows(shown)[1:]] == [["core", "40%"], ["growth", "10%"]]
    assert "All teams · Q2 2026" in await stage.typed(stage.lead, "summary rollup quarter")


async def test_whoever_is_in_two_teams_is_not_given_away(stage: Stage) -> None:
    ws = stage.world.sandbox.workspace
    await another(stage, "core", [[B, B, B]] * 4)
    both = [stage.people[1], *stage.world.add_people(3)]
    weeks = [[None, B, B, B]] * 4
    await add_team(stage, ws.add_channel("app", both), both, weeks, lead=both[1])
    await stage.world.move_to_local("2026-07-01T09:00")
    assert "No total: one or two people are in several teams" in await stage.typed(
        stage.lead, "summary rollup"
    )


async def test_only_admins_see_and_set_it(stage: Stage) -> None:
    ben = stage.people[1]
    refused = "Only an admin of this workspace can see or set the roll-up"
    assert refused in await stage.typed(ben, "summary rollup")
    assert "Leadership roll-up" not in await stage.home(ben)
    assert "Leadership roll-up" in await stage.home(stage.lead)


async def test_the_channel_must_take_it_and_can_be_given_up(stage: Stage) -> None:
    ws = stage.world.sandbox.workspace
    board = ws.add_channel("board", [stage.lead], bot_in=False)
    [complaint] = (await set_channel(stage, board)).values()
    assert complaint == "I am not in #board: send /invite @ProdOps there, then save again."
    await stage.world.sandbox.join_channel(board.id, ws.bot_user_id)
    assert await stage.submit(stage.lead) == {}
    assert await set_channel(stage, None) == {}
    assert "There is no roll-up any more." in str(stage.modal(stage.lead).blocks)
    async with stage.world.bot.database.read(ws.team_id) as tx:
        assert await audience.rollup(tx) is None
        assert await agenda.get(tx, "rollup", "workspace") is None
    await stage.world.move_to_local("2026-07-01T15:00")
    assert posted(stage, board, "All teams") == []


async def test_a_channel_that_fails_is_told_to_the_admin_and_comes_back(stage: Stage) -> None:
    ws = stage.world.sandbox.workspace
    stage.provoked |= {"not_in_channel"}
    board = ws.add_channel("board", [stage.lead])
    assert await set_channel(stage, board) == {}
    await stage.world.sandbox.leave_channel(board.id, ws.bot_user_id)
    await stage.world.move_to_local("2026-07-01T14:00")
    told = [words(m) for m in stage.dm(stage.lead) if f"<#{board.id}>" in words(m)]
    assert len(told) == 1
    assert "/invite @ProdOps" in told[0]
    await stage.world.sandbox.join_channel(board.id, ws.bot_user_id)
    await stage.world.settle()
    assert len(posted(stage, board, "All teams · Q2 2026")) == 1
