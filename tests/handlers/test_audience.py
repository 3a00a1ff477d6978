"""A team's summaries in further channels: each gets its copy once, and trouble stops no other."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from bot.simulate import foresee
from domain.delivery import State
from domain.periods import Period
from sandbox.entities import Channel, Message
from storage import audience, teams
from tests.handlers.past_team import past_team, posted
from tests.stage import Stage, words

SINCE = {"tools": 30, "strategy": 30, "delivery": 40}
WEEKS = [[SINCE] * 4] * 4
#: The Sunday before the summary of W22 and the review of May.
SUNDAY = datetime(2026, 5, 31, 10, 0, tzinfo=UTC)
SUMMARY = "growth · 25–31 May"


@dataclass
class Shared:
    stage: Stage
    sales: Channel
    board: Channel

    def copies(self, channel: Channel, title: str = SUMMARY) -> list[Message]:
        return posted(self.stage, channel, title)

    async def foreseen(self, day: str) -> set[tuple[str, str]]:
        """(kind, channel) of what `simulate` expects on a day."""
        on = date.fromisoformat(day)
        world = self.stage.world
        async with world.bot.database.read(world.sandbox.workspace.team_id) as tx:
            [team] = await teams.every(tx)
            return {(e.kind, e.recipient) for e in await foresee(tx, team, on, on)}

    async def share(self, *channels: Channel) -> dict[str, str]:
        """What the form complains of."""
        stage = self.stage
        await stage.home(stage.lead)
        home = stage.world.sandbox.workspace.homes[stage.lead.id]
        await stage.click(stage.lead, home, "Share the summary")
        return await stage.submit(stage.lead, {"Channels": [c.id for c in channels]})


@pytest.fixture
async def shared(sqlite_url: str) -> AsyncIterator[Shared]:
    async with past_team(sqlite_url, WEEKS, last=Period(2026, 22), now=SUNDAY) as (stage, _):
        ws = stage.world.sandbox.workspace
        sales = ws.add_channel("sales", [stage.lead])
        board = ws.add_channel("board", [stage.lead], is_private=True)
        yield Shared(stage, sales, board)


async def test_each_channel_gets_its_copy_once_and_late_answers_reach_it(shared: Shared) -> None:
    stage = shared.stage
    assert await shared.share(shared.sales, shared.board, stage.channel) == {}
    said = str(stage.modal(stage.lead).blocks)
    assert f"<#{shared.sales.id}>" in said
    assert f"<#{shared.board.id}>" in said
    assert stage.channel.id not in said
    # What was said already is not repeated; the next summary goes to all.
    assert shared.copies(shared.sales, "growth") == []
    assert await shared.foreseen("2026-06-01") == {
        (kind, channel.id)
        for channel in (shared.sales, shared.board)
        for kind in ("summary_copy", "review_copy")
    } | {("summary", stage.channel.id), ("month", stage.channel.id)}
    await stage.world.move_to_local("2026-06-01T14:00")
    for channel in (stage.channel, shared.sales, shared.board):
        [summary] = shared.copies(channel)
        [review] = shared.copies(channel, "growth · May 2026")
        assert "Operational 30%" in words(summary)
        assert "Operational 30%" in words(review)
        own = channel is stage.channel
        assert ("thread" in words(summary).lower()) == own
        assert (len(summary.replies), len(review.replies)) == ((1, 1) if own else (0, 0))
    # A late answer: (90 + 3 x 30) / 4 = 45.
    await stage.type(stage.people[1], "log last 90% jira 10% strategy")
    for channel in (stage.channel, shared.sales, shared.board):
        [summary] = shared.copies(channel)
        assert "Operational 45%" in words(summary)
        assert "updated with late answers" in words(summary).lower()
        assert "Operational 34%" in words(shared.copies(channel, "growth · May 2026")[0])
    # By hand, too, nothing comes twice.
    await stage.type(stage.lead, "summary post")
    await stage.type(stage.lead, "summary month post")
    assert [len(shared.copies(c, "growth")) for c in (shared.sales, shared.board)] == [2, 2]
    assert "*Copy of the review for May 2026* in <#C" in await stage.typed(stage.lead, "why")
    # The sharing ends before the next one.
    assert await shared.share(shared.board) == {}
    await stage.world.move_to_local("2026-06-08T14:00")
    assert len(shared.copies(shared.sales, "growth")) == 2
    assert len(shared.copies(shared.board, "growth · 1–7 Jun")) == 1


async def test_one_channel_that_fails_stops_no_other_and_comes_back(shared: Shared) -> None:
    stage = shared.stage
    stage.provoked |= {"is_archived"}
    assert await shared.share(shared.sales, shared.board) == {}
    happening = stage.world.sandbox
    await happening.archive_channel(shared.sales.id)
    await stage.world.move_to_local("2026-06-01T14:00")
    assert len(shared.copies(stage.channel)) == 1
    assert len(shared.copies(shared.board)) == 1
    told = [words(m) for m in stage.dm(stage.lead) if f"<#{shared.sales.id}>" in words(m)]
    assert len(told) == 1
    assert "the channel is archived" in told[0]
    assert "Unarchive the channel" in told[0]
    await happening.unarchive_channel(shared.sales.id)
    await stage.world.settle()
    assert len(shared.copies(shared.sales)) == 1
    assert len(shared.copies(shared.sales, "growth · May 2026")) == 1
    assert len(shared.copies(stage.channel)) == 1


async def test_what_the_form_refuses_and_why(shared: Shared) -> None:
    stage = shared.stage
    ws = stage.world.sandbox.workspace
    outside = ws.add_channel("partners", [stage.lead])
    closed = ws.add_channel("closed", [stage.lead], bot_in=False)
    hidden = ws.add_channel("hidden", [stage.lead], is_private=True, bot_in=False)
    stage.provoked |= {"channel_not_found"}
    [complaint] = (await shared.share(closed, shared.sales)).values()
    assert complaint == "I am not in #closed: send /invite @ProdOps there, then save again."
    # Nothing was lost: invited, the same form is saved.
    await stage.world.sandbox.join_channel(closed.id, ws.bot_user_id)
    assert await stage.submit(stage.lead) == {}
    [complaint] = (await shared.share(hidden)).values()
    assert "/invite @ProdOps" in complaint
    # Slack's menu does not offer such a channel; it may become one while the form is open.
    await stage.fill(stage.lead, {"Channels": [outside.id]})
    outside.is_ext_shared = True
    [complaint] = (await stage.submit(stage.lead)).values()
    assert complaint.startswith("#partners is shared with another organisation")
    async with stage.world.bot.database.read(ws.team_id) as tx:
        [team] = await teams.every(tx)
        assert await audience.channels_of(tx, team.team_id) == [shared.sales.id, closed.id]


async def test_only_leads_share(shared: Shared) -> None:
    stage = shared.stage
    assert "Share the summary" in await stage.home(stage.lead)
    assert "Share the summary" not in await stage.home(stage.people[1])
    # The form was open when they stopped leading.
    await stage.click(
        stage.lead, stage.world.sandbox.workspace.homes[stage.lead.id], "Share the summary"
    )
    await stage.fill(stage.lead, {"Channels": [shared.sales.id]})
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        [team] = await teams.every(tx)
        await teams.set_leads(tx, team.team_id, [stage.people[1].id], SUNDAY)
    [complaint] = (await stage.submit(stage.lead)).values()
    assert complaint.startswith("Only a lead can share the summary.")
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        assert await audience.channels_of(tx, team.team_id) == []


async def test_a_copy_that_is_not_wanted_any_more_says_so_in_the_ledger(shared: Shared) -> None:
    stage = shared.stage
    assert await shared.share(shared.sales) == {}
    await stage.world.move_to_local("2026-06-01T13:59")
    stage.world.clock.move_to(datetime(2026, 6, 1, 12, 0, tzinfo=UTC))
    await stage.world.bot.planner.work()
    assert await shared.share() == {}
    await stage.world.tick()
    found = await stage.ledger(shared.sales.id)
    assert {(d.kind, d.state, d.reason) for d in found} == {
        ("summary_copy", State.SKIPPED, "not_shared"),
        ("review_copy", State.SKIPPED, "not_shared"),
    }
