"""What leads see of their team's deliveries, and what they never see: who has answered."""

from datetime import timedelta

from domain.delivery import State
from sandbox.entities import Message, User
from storage import deliveries
from tests.stage import Stage, team, words

POST = "chat.postMessage"


async def ledger_of(stage: Stage, user: User) -> Message:
    """What the button under `/prodops why` shows."""
    (why,) = await stage.type(user, "why")
    reply = await stage.act.click(user.id, why, "Deliveries of growth")
    await stage.world.settle()
    found: Message = reply.messages[-1]
    return found


async def test_a_lead_sees_how_much_arrived_and_what_did_not(database_url: str) -> None:
    async with team(database_url) as stage:
        stage.provoked.add("messages_tab_disabled")
        _, ben, cem, dora = stage.people
        stage.world.sandbox.faults.add(
            POST, "error", times=None, channel=ben.id, error="messages_tab_disabled"
        )
        await stage.type(cem, "away today to 14 Jun")
        await stage.type(dora, "log 100% tools")
        await stage.world.move_to_local("2026-06-08T15:00")
        said = words(await ledger_of(stage, stage.lead))
        assert "*1–7 Jun*" in said
        assert "Prompt: 2 in order, 1 left out, 1 failed" in said
        assert "Summary: 1 in order" in said
        assert f"*Prompt for 1–7 Jun* to <@{ben.id}>: failed: Slack refused the direct mess" in said
        assert f"to <@{cem.id}>: left out: away, or pausing prompts" in said
        # Not dora's answer, nor who was reminded for want of one.
        assert dora.id not in said
        assert "logged" not in said
        assert "Reminder" not in said


async def test_who_has_answered_can_not_be_told_from_who_has_not(stage: Stage) -> None:
    """Three weeks: everybody answers before being asked, marks the week, or says nothing."""
    for line, day in (("log 100% tools", "05"), ("log skip on leave", "12"), ("", "19")):
        for user in stage.people if line else ():
            await stage.type(user, line)
        await stage.world.move_to_local(f"2026-06-{day}T15:00")
        await stage.world.move_to_local(f"2026-06-{int(day) + 3:02}T10:00")
    said = words(await ledger_of(stage, stage.lead))
    assert said.count("Prompt: 4 in order") == 3
    assert "Prompt for" not in said


async def test_others_see_only_their_own(stage: Stage) -> None:
    await stage.world.move_to_local("2026-06-08T15:00")
    (why,) = await stage.type(stage.people[1], "why")
    assert "Deliveries of" not in str(why.blocks)
    (leads_own,) = await stage.type(stage.lead, "why")
    # As if somebody had sent the lead's button in their own name.
    leads_own.ephemeral_for = stage.people[1].id
    said = await stage.click(stage.people[1], leads_own, "Deliveries of growth")
    assert "Only a lead can see the team's deliveries" in said


async def test_a_long_ledger_is_paged(stage: Stage) -> None:
    workspace = stage.world.sandbox.workspace.team_id
    await stage.world.move_to_local("2026-06-05T15:00")
    prompt = (await stage.ledger(stage.people[1].id))[0]
    async with stage.world.bot.database.write(workspace) as tx:
        for number in range(40):
            at = prompt.due_at - timedelta(days=7 * (number % 20))
            await deliveries.plan(
                tx,
                key=f"old{number}",
                kind="prompt",
                team_id=prompt.team_id,
                recipient=f"U{number:02}",
                period=prompt.period.shift(-(number % 20)),
                due_at=at,
                now=at,
                state=State.FAILED,
                reason="dm_refused",
            )
    page = await ledger_of(stage, stage.lead)
    shown = [words(page)]
    for _ in range(2):
        await stage.click(stage.lead, page, "Older")
        page = next(m for m in reversed(stage.world.messages(stage.channel)) if m.ephemeral_for)
        shown.append(words(page))
    assert [text.count("failed: Slack refused") for text in shown] == [15, 15, 10]
    assert "Older" not in str(page.blocks)
    assert all(f"<@U{number:02}>" in "".join(shown) for number in range(40))
