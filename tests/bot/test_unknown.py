"""Deliveries of which nobody knows whether they arrived: found, or left to a lead's eyes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.compose import Bot, build
from bot.manifest import manifest
from bot.results import LOOK_AFTER
from bot.sending import LOOKS_AT_ONCE
from bot.settling import HISTORY
from domain.delivery import State
from sandbox.manifest import Manifest
from storage import pace
from tests.bot.teamwork import FRIDAY, MONDAY, POST, Team, team


def forbid_history(t: Team) -> None:
    t.world.sandbox.manifest.scopes = [
        scope for scope in t.world.sandbox.manifest.scopes if not scope.endswith(":history")
    ]


@asynccontextmanager
async def another(t: Team) -> AsyncIterator[Bot]:
    """A second process on the same database; it works only when it is told to."""
    async with build(t.world.bot.settings, t.world.clock) as bot:
        await bot.installation.identify()
        yield bot


async def asked(t: Team) -> None:
    """A prompt whose call was cut off, in a workspace whose history may not be read."""
    forbid_history(t)
    t.world.sandbox.faults.add(POST, "drop_after", channel=t.members[0].id)
    await t.world.move_to(FRIDAY)
    await t.world.advance(minutes=1)
    prompt = await t.prompt(t.members[0])
    assert (prompt.state, prompt.reason, prompt.work_at) == (State.UNKNOWN, "asked_a_lead", None)


async def test_history_is_within_the_manifest() -> None:
    assert {"im:history", "channels:history"} <= set(Manifest(manifest()).scopes)


async def test_a_lead_can_say_that_it_arrived(database_url: str) -> None:
    async with team(database_url) as t:
        await asked(t)
        assert f"<@{t.members[0].id}>" in t.said(t.lead)[-1].text
        await t.world.act.click(t.lead.id, t.said(t.lead)[-1], "It arrived")
        await t.world.settle()
        prompt = await t.prompt(t.members[0])
        assert (prompt.state, prompt.reason) == (State.SENT, "decided_by_a_lead")
        # When it did is not known.
        doubts = "(before that: Slack's answer got lost; somebody who can look was asked"
        assert f"Prompt for 1–7 Jun: sent {doubts} whether it arrived)." in await t.why(
            t.members[0]
        )
        # The reminder follows as from any prompt.
        assert [d.state for d in await t.ledger(t.members[0], "reminder")] == [State.PLANNED]
        await t.world.move_to(MONDAY)
        assert len([k for k in t.keys(t.members[0]) if k.startswith("prompt:")]) == 1


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=2)])
async def test_a_lead_can_have_it_sent_again(database_url: str, later: timedelta) -> None:
    async with team(database_url) as t:
        await asked(t)
        question = t.said(t.lead)[-1]
        await t.world.advance(seconds=later.total_seconds())
        await t.world.act.click(t.lead.id, question, "Send it again")
        await t.world.settle()
        await t.world.tick()
        assert (await t.prompt(t.members[0])).state is State.SENT
        prompts = [k for k in t.keys(t.members[0]) if k.startswith("prompt:")]
        assert len(prompts) == 2


async def test_only_the_first_decision_counts(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        await asked(t)
        stale = t.said(t.lead)[-1].snapshot()
        await t.world.act.click(t.lead.id, stale, "It arrived")
        await t.world.settle()
        await t.world.act.click(t.lead.id, stale, "Send it again")
        await t.world.settle()
        await t.world.tick()
        assert len([k for k in t.keys(t.members[0]) if k.startswith("prompt:")]) == 1


async def test_a_summary_cut_off_is_found_in_its_channel(database_url: str) -> None:
    async with team(database_url) as t:
        await t.world.move_to(FRIDAY)
        for user in t.members:
            await t.world.log(user, t.channel, "40% strategy, 60% delivery")
        t.world.sandbox.faults.add(POST, "drop_after", times=2, channel=t.channel.id)
        await t.world.move_to(MONDAY)
        await t.world.advance(minutes=5)
        assert [key.split(":")[0] for key in t.keys(t.channel)] == ["summary"]
        parent = next(m for m in t.said(t.channel) if m.metadata)
        assert len(parent.replies) == 1
        found = await t.ledger(t.channel, "summary", "details")
        assert [d.state for d in found] == [State.SENT, State.SENT]


async def test_a_pause_that_slack_asks_for_is_kept_by_all_processes(database_url: str) -> None:
    async with team(database_url, count=9) as t, another(t) as other:
        for user in t.members:
            t.world.sandbox.faults.add(POST, "drop_after", channel=user.id)
        t.world.sandbox.faults.add(HISTORY, "ratelimited", times=None, retry_after=90)
        await t.world.move_to(FRIDAY + LOOK_AFTER)
        # Those that were under way when the first answer came; nobody asks again before its time.
        begun = len(t.calls(HISTORY))
        assert begun <= LOOKS_AT_ONCE
        for seconds in (20, 60, 89):
            t.world.clock.move_to(FRIDAY + LOOK_AFTER + timedelta(seconds=seconds))
            for bot in (other, t.world.bot):
                await bot.courier.all()
        assert len(t.calls(HISTORY)) == begun
        t.world.sandbox.faults.clear()
        t.world.clock.move_to(FRIDAY + LOOK_AFTER + timedelta(seconds=90))
        await other.courier.all()
        assert len(t.calls(HISTORY)) == begun + 9
        assert {(await t.prompt(user)).state for user in t.members} == {State.SENT}


async def test_a_pause_told_by_another_process_holds_before_the_first_call(
    database_url: str,
) -> None:
    async with team(database_url) as t, another(t) as other:
        t.world.sandbox.faults.add(POST, "drop_after", channel=t.members[0].id)
        await t.world.move_to(FRIDAY)
        until = FRIDAY + timedelta(seconds=300)
        async with t.world.bot.database.write(t.workspace_id) as tx:
            await pace.hold(tx, HISTORY, until)
        for at in (FRIDAY + LOOK_AFTER, until - timedelta(seconds=1)):
            t.world.clock.move_to(at)
            await other.courier.all()
            assert not t.calls(HISTORY)
        t.world.clock.move_to(until)
        await other.courier.all()
        assert (await t.prompt(t.members[0])).state is State.SENT


async def test_beyond_its_grace_nobody_waits_for_slack_any_more(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        t.world.sandbox.faults.add(POST, "drop_after", channel=t.members[0].id)
        t.world.sandbox.faults.add(HISTORY, "500", times=None)
        await t.world.move_to(FRIDAY + timedelta(hours=23))
        assert (await t.prompt(t.members[0])).reason == "history_busy"
        assert len(t.calls(HISTORY)) < 60
        await t.world.move_to(FRIDAY + timedelta(hours=25))
        assert (await t.prompt(t.members[0])).reason == "asked_a_lead"


async def test_history_is_read_back_to_the_call(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        await t.world.move_to(FRIDAY)
        t.world.sandbox.faults.add(POST, "drop_after", channel=t.channel.id)
        t.world.sandbox.faults.add("conversations.history", "ratelimited", retry_after=30)
        await t.world.move_to(MONDAY)
        for n in range(450):
            await t.world.act.say(t.lead.id, t.channel.id, f"chatter {n}")
        await t.world.advance(minutes=2)
        summaries = [key for key in t.keys(t.channel) if key.startswith("summary:")]
        assert len(summaries) == 1
        assert (await t.ledger(t.channel, "summary"))[0].state is State.SENT
