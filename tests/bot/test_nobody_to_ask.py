"""Deliveries of which nobody knows whether they arrived, and about which nobody can, or may, be
asked: they are settled with a plain reason, and never wait for an answer that can't come."""

from typing import Any

from domain.delivery import State
from domain.periods import Period
from sandbox.entities import User
from storage import deliveries, teams
from tests.bot.teamwork import FRIDAY, MONDAY, POST, Team, team
from tests.bot.test_unknown import forbid_history

GIVEN_UP = (State.FAILED, "arrival_unknown")


async def cut_off(t: Team, *users: User) -> None:
    """The prompts to these people are cut off, and their history may not be read."""
    forbid_history(t)
    for user in users:
        t.world.sandbox.faults.add(POST, "drop_after", channel=user.id)
    await t.world.move_to(FRIDAY)
    await t.world.advance(minutes=1)


async def without_leads(t: Team) -> None:
    async with t.world.bot.database.write(t.workspace_id) as tx:
        (mine,) = await teams.of_lead(tx, t.lead.id)
        await teams.set_leads(tx, mine.team_id, [], t.world.clock.now())


async def what_became_of(t: Team, user: User, *kinds: str) -> list[tuple[State, str | None]]:
    return [(d.state, d.reason) for d in await t.ledger(user, *kinds)]


async def test_without_leads_it_is_given_up_in_plain_words(database_url: str) -> None:
    async with team(database_url) as t:
        await without_leads(t)
        hit = t.members[0]
        await cut_off(t, hit)
        assert await what_became_of(t, hit, "prompt") == [GIVEN_UP]
        words = "may not have arrived: it was cut off while being sent, and nobody could look"
        assert words in await t.why(hit)
        assert not [key for key in t.keys(t.lead) if key.startswith("ask:")]
        # Given up is given up: it is never sent again by itself.
        await t.world.move_to(MONDAY)
        assert len([key for key in t.keys(hit) if key.startswith("prompt:")]) == 1


async def test_an_admin_is_asked_where_no_lead_is_left(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        hit, admin, _ = t.members
        await t.world.sandbox.set_profile(admin.id, is_admin=True)
        await t.world.sandbox.set_profile(t.lead.id, deleted=True)
        await t.world.settle()
        await cut_off(t, hit)
        assert await what_became_of(t, hit, "prompt") == [(State.UNKNOWN, "asked_a_lead")]
        assert "somebody who can look was asked whether it arrived" in await t.why(hit)
        await t.world.act.click(admin.id, t.said(admin)[-1], "It arrived")
        await t.world.settle()
        assert await what_became_of(t, hit, "prompt") == [(State.SENT, "decided_by_a_lead")]


async def test_a_lost_reminder_is_nobodys_to_know(database_url: str) -> None:
    """That somebody is reminded says that they have not answered."""
    async with team(database_url) as t:
        hit = t.members[0]
        await t.world.move_to(FRIDAY)
        forbid_history(t)
        t.world.sandbox.faults.add(POST, "drop_after", channel=hit.id)
        before = len(t.said(t.lead))
        await t.world.move_to_local("2026-06-08T09:35")
        assert await what_became_of(t, hit, "reminder") == [GIVEN_UP]
        # The lead, too, got a reminder of their own.
        assert len(t.said(t.lead)) == before + 1
        assert f"<@{hit.id}>" not in t.said(t.lead)[-1].text
        assert "Reminder for 1–7 Jun" in await t.why(hit)
        t.world.sandbox.faults.add(POST, "error", times=None, channel=hit.id, error="user_disabled")
        await _plan(t, hit, kind="later", key="later:1", team_id=await _team_id(t))
        await t.world.tick()
        assert await what_became_of(t, hit, "later") == [(State.FAILED, "deactivated")]
        assert [d.kind for d in await t.ledger(t.lead)] == ["prompt", "reminder"]


async def _plan(t: Team, user: User, **values: Any) -> None:
    now = t.world.clock.now()
    async with t.world.bot.database.write(t.workspace_id) as tx:
        await deliveries.plan(
            tx, recipient=user.id, period=Period(2026, 23), due_at=now, now=now, **values
        )


async def test_what_is_about_no_team_is_given_up(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        forbid_history(t)
        t.world.sandbox.faults.add(POST, "drop_after", channel=t.members[0].id)
        await _plan(t, t.members[0], kind="prompt", key="prompt:1")
        await t.world.tick()
        await t.world.advance(minutes=1)
        assert await what_became_of(t, t.members[0]) == [GIVEN_UP]


async def _two_leads(t: Team) -> User:
    other = t.members[-1]
    async with t.world.bot.database.write(t.workspace_id) as tx:
        (mine,) = await teams.of_lead(tx, t.lead.id)
        await teams.set_leads(tx, mine.team_id, [t.lead.id, other.id], t.world.clock.now())
    return other


async def test_a_question_that_reaches_nobody_is_not_waited_for(database_url: str) -> None:
    async with team(database_url) as t:
        hit, other = t.members[0], await _two_leads(t)
        await t.world.move_to(FRIDAY)
        # Both have had their own prompt; what comes now is the question.
        t.world.sandbox.faults.add(POST, "error", channel=t.lead.id, error="user_disabled")
        t.world.sandbox.faults.add(POST, "drop_after", channel=other.id)
        forbid_history(t)
        await _plan(t, hit, kind="prompt", key="prompt:2", team_id=await _team_id(t))
        t.world.sandbox.faults.add(POST, "drop_before", channel=hit.id)
        await t.world.tick()
        await t.world.advance(seconds=6)
        # One of the two could not be asked, and the other may have been.
        assert await what_became_of(t, t.lead, "ask") == [(State.FAILED, "deactivated")]
        assert (await t.prompt(hit)).reason == "asked_a_lead"
        await t.world.advance(minutes=1)
        assert await what_became_of(t, other, "ask") == [GIVEN_UP]
        assert await what_became_of(t, hit, "prompt") == [(State.SENT, None), GIVEN_UP]
        # The question that did arrive after all says so, and changes nothing.
        reply = await t.world.act.click(other.id, t.said(other)[-1], "It arrived")
        await t.world.settle()
        assert "settled" in " ".join(m.text for m in [*reply.messages, *t.said(other)])
        assert (await t.prompt(hit)).state is State.FAILED


async def _team_id(t: Team) -> str:
    async with t.world.bot.database.read(t.workspace_id) as tx:
        (mine,) = await teams.of_lead(tx, t.lead.id)
    return mine.team_id
