"""A member's two weeks, from the first prompt to the second summary, on every kind of ground."""

import pytest

from sandbox.entities import Message
from tests.stage import Stage, team, words


async def two_weeks(stage: Stage) -> None:
    ada, ben, cem, dora = stage.people
    assert "Where" not in await stage.home(ben)
    await stage.world.move_to_local("2026-06-05T14:00")
    # Ben by the form, Cem in the DM, Dora by the command, Ada by a button of the reminder.
    await stage.click(ben, stage.last(ben), "Log my week")
    await stage.fill(ben, {"Tools & tickets": "50"})
    assert "Total 50% — 50 left" in words(stage.modal(ben))
    await stage.submit(ben, {"Strategy & decisions": "50"})
    assert "50%  Tools &amp; tickets" in stage.home_now(ben)
    assert "*Logged: 1–7 Jun*" in await stage.say(cem, "30% reports, 70% interviews")
    [receipt] = await stage.type(dora, "log 10h delivery 30h prototypes")
    await stage.click(dora, receipt, "Undo")
    await stage.type(dora, "log 100% delivery")
    await stage.world.move_to_local("2026-06-08T09:30")
    await stage.click(ada, stage.last(ada), "Skip this week")
    await stage.world.move_to_local("2026-06-08T14:00")
    # (50 + 30 + 0) / 3 operational; (50 + 70 + 0) / 3 customer and strategic.
    first = summaries(stage)[0]
    assert "Operational 27%, within the 30% line" in words(first)
    assert "(3 of 3 logged)" in words(first)
    # The second week.
    await stage.world.move_to_local("2026-06-12T14:00")
    for user in (ben, cem, dora):
        await stage.click(user, stage.last(user), "Same as last week")
    await stage.typed(ada, "log 80% jira 20% people")
    await stage.world.move_to_local("2026-06-15T14:00")
    second = summaries(stage)[1]
    assert "Operational 40%, above the 30% line" in words(second)
    assert len(summaries(stage)) == 2
    assert "40%" in await stage.typed(cem, "summary")
    why = await stage.typed(ada, "why")
    assert why.count("*Prompt for") == 2
    assert why.count("*Reminder for 1–7 Jun*") == 1
    for user in stage.people:
        asked = [d for d in await stage.ledger(user.id) if d.kind == "prompt"]
        assert [(str(d.period), d.state) for d in asked] == [
            ("2026-W23", "sent"),
            ("2026-W24", "sent"),
        ]


def summaries(stage: Stage) -> list[Message]:
    found = stage.world.messages(stage.channel)
    return [m for m in found if m.text.startswith("growth ·") and m.ephemeral_for is None]


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_two_weeks(database_url: str, socket: bool) -> None:
    async with team(database_url, socket=socket) as stage:
        await two_weeks(stage)
