"""Each message arrives exactly once, whatever Slack and the network do to its call."""

from datetime import timedelta
from typing import Any, Literal, get_args

import pytest

from bot.results import LOOK_AFTER
from domain.delivery import State
from tests.bot.teamwork import FRIDAY, MONDAY, POST, team

CutOff = Literal["drop_after", "drop_before", "500", "fatal"]


async def test_all_are_asked_once(database_url: str) -> None:
    async with team(database_url) as t:
        await t.world.move_to(FRIDAY)
        await t.world.advance(hours=5)
        for user in [t.lead, *t.members]:
            assert t.keys(user) == [f"prompt:{user.id}:2026-W23"]
            prompt = await t.prompt(user)
            assert (prompt.state, prompt.attempts) == (State.SENT, 1)
            assert prompt.due_at == FRIDAY


@pytest.mark.parametrize("kind", get_args(CutOff))
async def test_a_call_cut_off_leads_to_one_message(database_url: str, kind: CutOff) -> None:
    async with team(database_url) as t:
        hit, *others = t.members
        t.world.sandbox.faults.add(POST, kind, channel=hit.id)
        await t.world.move_to(FRIDAY)
        assert (await t.prompt(hit)).state is State.UNKNOWN
        for user in others:
            assert len(t.keys(user)) == 1
        await t.world.advance(minutes=5)
        assert t.keys(hit) == [f"prompt:{hit.id}:2026-W23"]
        prompt = await t.prompt(hit)
        assert prompt.state is State.SENT
        assert prompt.attempts == (1 if kind == "drop_after" else 2)
        # What follows from a prompt follows from one that was found, too.
        assert [d.state for d in await t.ledger(hit, "reminder")] == [State.PLANNED]


async def test_pauses_that_slack_asked_for_lengthen_no_later_wait(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        hit = t.members[0]
        await t.world.move_to(FRIDAY - timedelta(seconds=1))
        for _ in range(8):
            t.world.sandbox.faults.add(POST, "ratelimited", channel=hit.id, retry_after=5)
        t.world.sandbox.faults.add(POST, "drop_before", channel=hit.id)
        await t.world.advance(seconds=2 * 60)
        assert t.keys(hit) == [f"prompt:{hit.id}:2026-W23"]
        assert (await t.prompt(hit)).attempts == 2


async def test_why_tells_when_and_after_what_a_late_one_was_sent(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        failed, cut_off, in_time = t.members
        t.world.sandbox.faults.add(POST, "500", times=2, channel=failed.id)
        t.world.sandbox.faults.add(POST, "drop_before", times=1, channel=cut_off.id)
        await t.world.move_to(FRIDAY)
        await t.world.advance(hours=1)
        about = "14:00  Prompt for 1–7 Jun: sent"
        busy = "Slack had a failure of its own; it was cut off and had not arrived"
        assert f"{about} at 14:00 (before that: {busy})." in await t.why(failed)
        lost = "Slack's answer got lost; it was cut off and had not arrived"
        assert f"{about} at 14:00 (before that: {lost})." in await t.why(cut_off)
        assert f"{about}." in await t.why(in_time)


async def test_what_was_cut_off_is_not_looked_for_at_once(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        t.world.sandbox.faults.add(POST, "drop_before", channel=t.members[0].id)
        await t.world.move_to(FRIDAY)
        assert not t.calls("conversations.history")
        await t.world.move_to(FRIDAY + LOOK_AFTER)
        assert len(t.calls("conversations.history")) == 1


async def test_an_endless_failure_is_not_repeated_in_a_circle(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        hit = t.members[0]
        t.world.sandbox.faults.add(POST, "500", times=None, channel=hit.id)
        await t.world.move_to(FRIDAY + timedelta(hours=1))
        tried = [call for call in t.calls() if call.fault]
        assert 3 < len(tried) < 12
        await t.world.move_to(FRIDAY + timedelta(hours=30))
        assert (await t.prompt(hit)).state is State.EXPIRED
        assert t.keys(hit) == []


async def test_slack_that_is_quite_down_loses_nothing(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        t.world.sandbox.faults.add("*", "500", times=None)
        await t.world.move_to(FRIDAY + timedelta(hours=2))
        calls = len(t.world.sandbox.calls)
        assert calls < 400
        t.world.sandbox.faults.clear()
        await t.world.move_to(FRIDAY + timedelta(hours=4))
        for user in t.members:
            assert len(t.keys(user)) == 1


async def test_retry_after_is_honoured(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        t.world.sandbox.faults.add(POST, "ratelimited", retry_after=90, channel=t.members[1].id)
        await t.world.move_to(FRIDAY)
        limited = [call for call in t.calls() if call.fault]
        assert [call.at for call in limited] == [FRIDAY]
        states = {user.name: (await t.prompt(user)).state for user in t.members}
        assert states[t.members[1].name] is State.RETRY
        await t.world.move_to(FRIDAY + timedelta(seconds=89))
        assert t.keys(t.members[1]) == []
        await t.world.move_to(FRIDAY + timedelta(seconds=90))
        for user in t.members:
            assert len(t.keys(user)) == 1


async def test_after_a_429_nobody_is_called_before_its_time(sqlite_url: str) -> None:
    async with team(sqlite_url, count=5, settings={"PRODOPS_MESSAGES_PER_SECOND": "40"}) as t:
        t.world.sandbox.faults.add(POST, "ratelimited", retry_after=30)
        await t.world.move_to(FRIDAY)
        before = len(t.calls())
        await t.world.move_to(FRIDAY + timedelta(seconds=29))
        assert len(t.calls()) == before
        await t.world.move_to(FRIDAY + timedelta(seconds=31))
        for user in t.members:
            assert len(t.keys(user)) == 1


async def test_a_refused_direct_message_is_told_to_the_leads_once(database_url: str) -> None:
    async with team(database_url) as t:
        hit, *others = t.members
        t.world.sandbox.faults.add(
            POST, "error", times=None, channel=hit.id, error="messages_tab_disabled"
        )
        await t.world.move_to(FRIDAY)
        await t.world.move_to(FRIDAY + timedelta(days=14))
        prompts = await t.ledger(hit, "prompt")
        assert {(d.state, d.reason) for d in prompts} == {(State.FAILED, "dm_refused")}
        assert len(prompts) == 3
        told = [key for key in t.keys(t.lead) if key.startswith("trouble:")]
        assert len(told) == 1
        notice = next(m for m in t.said(t.lead) if f"<@{hit.id}>" in m.text)
        assert "What helps" in notice.text
        for user in others:
            assert len([key for key in t.keys(user) if key.startswith("prompt:")]) == 3


async def test_a_message_that_slack_finds_faulty_is_not_blamed_on_its_reader(
    sqlite_url: str,
) -> None:
    async with team(sqlite_url) as t:
        hit = t.members[0]
        t.world.sandbox.faults.add(
            POST, "error", times=None, channel=hit.id, error="invalid_blocks"
        )
        await t.world.move_to(FRIDAY)
        (prompt,) = await t.ledger(hit, "prompt")
        assert (prompt.state, prompt.reason) == (State.FAILED, "message_refused")
        notice = next(m for m in t.said(t.lead) if f"<@{hit.id}>" in m.text)
        assert "whoever runs ProdOps" in notice.text


async def test_a_deactivated_person_is_not_written_to(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        await t.world.sandbox.set_profile(t.members[0].id, deleted=True)
        await t.world.move_to(FRIDAY)
        prompt = await t.prompt(t.members[0])
        assert (prompt.state, prompt.reason) == (State.SKIPPED, "deactivated")
        assert t.said(t.members[0]) == []


async def test_charts_refused_once_are_never_tried_again(database_url: str) -> None:
    async with team(database_url, reject_charts=True) as t:
        await t.world.move_to(FRIDAY)
        for user in t.members:
            await t.world.log(user, t.channel, "40% strategy, 60% delivery")
        await t.world.move_to(MONDAY)
        assert t.keys(t.channel)[0].startswith("summary:")
        refused = [c for c in t.calls() if c.response.get("error") == "invalid_blocks"]
        assert len(refused) == 1
        kinds = {block["type"] for block in t.said(t.channel)[0].blocks}
        assert "data_visualization" not in kinds
        await t.world.move_to(MONDAY + timedelta(days=4))
        for user in t.members:
            await t.world.log(user, t.channel, "50% strategy, 50% delivery")
        await t.world.move_to(MONDAY + timedelta(days=7))
        again = [c for c in t.calls() if c.response.get("error") == "invalid_blocks"]
        assert len(again) == 1
        summaries = [key for key in t.keys(t.channel) if key.startswith("summary:")]
        assert len(summaries) == 2


async def test_an_edit_that_fails_is_made_later(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        user = t.members[0]
        await t.world.move_to(FRIDAY)
        t.world.sandbox.faults.add("chat.update", "500", times=1)
        t.world.sandbox.faults.add("chat.update", "ratelimited", times=1, retry_after=20)
        t.world.sandbox.faults.add("chat.update", "drop_before", times=1)
        await t.world.log(user, t.channel, "40% strategy, 60% delivery")
        assert "Where did your week go" in t.said(user)[0].text
        for _ in range(4):
            await t.world.advance(seconds=61)
        assert len(t.said(user)) == 1
        assert "Where did your week go" not in t.said(user)[0].text
        assert len(t.calls("chat.update")) == 4
        assert (await t.prompt(user)).edit_at is None


async def test_an_edit_of_a_message_that_is_gone_is_given_up(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        await t.world.move_to(FRIDAY)
        t.world.sandbox.faults.add("chat.update", "error", times=None, error="message_not_found")
        await t.world.log(t.members[0], t.channel, "100% strategy")
        await t.world.advance(hours=3)
        assert len(t.calls("chat.update")) == 1


async def test_a_message_that_cannot_be_composed_waits_for_its_cause_to_be_mended(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with team(sqlite_url) as t:
        occasion = t.world.bot.registry.occasions["prompt"]
        compose = type(occasion).compose_many

        async def fails(itself: Any, services: Any, tx: Any, several: Any, now: Any) -> Any:
            if t.members[0].id in [delivery.recipient for delivery in several]:
                raise ZeroDivisionError
            return await compose(itself, services, tx, several, now)

        monkeypatch.setattr(type(occasion), "compose_many", fails)
        await t.world.move_to(FRIDAY + timedelta(minutes=10))
        prompt = await t.prompt(t.members[0])
        assert (prompt.state, prompt.reason) == (State.RETRY, "could_not_be_composed")
        for user in t.members[1:]:
            assert len(t.keys(user)) == 1
        monkeypatch.undo()
        await t.world.advance(hours=1)
        assert len(t.keys(t.members[0])) == 1
