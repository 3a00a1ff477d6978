"""The weekly summary in the channel and on request, against figures worked out by hand."""

import pytest

from sandbox.entities import Message
from storage import workspaces
from tests.stage import Stage, team, words

MONDAY = "2026-06-08T14:00"


def posted(stage: Stage) -> list[Message]:
    """What stands in the channel for all to see, without set-up's own note."""
    return [m for m in stage.world.messages(stage.channel) if m.ephemeral_for is None][1:]


async def answer_by(stage: Stage, count: int) -> None:
    for user, text in list(
        zip(
            stage.people,
            [
                "40% jira 20% reports 40% strategy",
                "30% fires 30% customer 40% delivery",
                "2h meetings 6h discovery",
                "100% people",
            ],
            strict=False,
        )
    )[:count]:
        await stage.type(user, f"log {text}")


async def test_figures_by_hand(stage: Stage) -> None:
    """Three of four logged. Operational: (60 + 0 + 25) / 3 = 28.3; strategic with customer:
    (40 + 30 + 75) / 3 = 48.3; reactive and delivery 10 and 13.3."""
    await answer_by(stage, 3)
    await stage.world.move_to_local(MONDAY)
    [summary] = posted(stage)
    said = words(summary)
    assert "growth · 1–7 Jun" in said
    assert "Operational 28%, within the 30% line" in said
    assert "confidence: good (3 of 4 logged)" in said
    assert "No mean yet" in said
    assert "28%" in said
    assert summary.text.startswith("growth · 1–7 Jun. Operational 28%")
    assert "Firefighting 10%, Customer 10%, Strategic 38%, Delivery 13%, People 0%" in summary.text
    kinds = [block["type"] for block in summary.blocks]
    assert "data_visualization" in kinds
    [details] = summary.replies
    cells = [cell["text"] for row in table(details) for cell in row]
    assert cells[:4] == ["Category", "This week", "Discovery & analysis", "25%"]
    names = {user.name for user in stage.people} | {f"<@{user.id}>" for user in stage.people}
    assert not any(name in f"{said}{words(details)}" for name in names)


def table(message: Message) -> list[list[dict[str, str]]]:
    [found] = [block for block in message.blocks if block["type"] == "table"]
    rows: list[list[dict[str, str]]] = found["rows"]
    return rows


async def test_too_few_answers_give_the_short_form_until_late_ones_come(stage: Stage) -> None:
    await answer_by(stage, 2)
    await stage.world.move_to_local(MONDAY)
    [summary] = posted(stage)
    assert "*2 of 4 logged: numbers need 3.*" in words(summary)
    assert "%" not in words(summary)
    assert summary.replies == []
    # A late answer edits that one message, and brings the details.
    await stage.type(stage.people[2], "log last 2h meetings 6h discovery")
    assert posted(stage) == [summary]
    assert "Operational 28%" in words(summary)
    assert "updated with late answers" in words(summary).lower()
    [details] = summary.replies
    assert table(details)[1][1]["text"] == "25%"
    # Another one changes both; the thread gets no second message.
    await stage.type(stage.people[3], "log last 100% people")
    assert "Operational 21%" in words(summary)
    assert "(4 of 4 logged)" in words(summary)
    assert summary.replies == [details]
    assert table(details)[1][1]["text"] == "25%"


async def test_after_the_next_summary_the_old_one_rests(stage: Stage) -> None:
    await answer_by(stage, 3)
    await stage.world.move_to_local(MONDAY)
    await answer_by(stage, 3)
    await stage.world.move_to_local("2026-06-15T14:00")
    first, second = posted(stage)
    before = words(first)
    await stage.type(stage.people[3], "log W23 100% people")
    assert words(first) == before
    assert "Operational 28%" in words(second)
    # It counts in the next summary's mean all the same: (21.25 + 28.3) / 2 = 24.8.
    for user in stage.people:
        await stage.type(user, "log 50% jira 50% strategy")
    await stage.world.move_to_local("2026-06-22T14:00")
    third = posted(stage)[2]
    assert "Operational 50%, above the 30% line" in words(third)
    assert "+25 vs 2-week mean 25%" in words(third)
    assert "Mover" in words(third)


async def test_everybody_silent_is_said_without_blame(stage: Stage) -> None:
    await stage.world.move_to_local(MONDAY)
    [summary] = posted(stage)
    assert "*0 of 4 logged: numbers need 3.*" in words(summary)
    assert not any(f"<@{user.id}>" in words(summary) for user in stage.people)


async def test_away_and_skipped_people_are_not_missing(stage: Stage) -> None:
    await answer_by(stage, 2)
    await stage.type(stage.people[2], "log skip conference")
    await stage.type(stage.people[3], "away 1 Jun to 7 Jun")
    await stage.world.move_to_local(MONDAY)
    [summary] = posted(stage)
    assert "A team of 2 this week: numbers need 3 people." in words(summary)


async def test_whoever_joins_brings_no_earlier_week_along(stage: Stage) -> None:
    """The figures with and without them would tell their split."""
    await answer_by(stage, 4)
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    assert "Logged" in await stage.typed_anywhere(zoe, "log 100% jira")
    await stage.world.move_to_local(MONDAY)
    before = await stage.typed(stage.lead, "summary")
    assert "Operational 21%" in before
    stage.channel.members.append(zoe.id)
    await stage.world.set_up(stage.lead, stage.channel)
    await stage.act.close(stage.lead.id)
    assert await stage.typed(stage.lead, "summary") == before
    # What they log from now on counts.
    for user in (*stage.people, zoe):
        await stage.type(user, "log 100% jira")
    await stage.world.move_to_local("2026-06-15T14:00")
    assert "(5 of 5 logged)" in await stage.typed(stage.lead, "summary")


async def test_on_request_for_the_asker_alone(stage: Stage) -> None:
    await answer_by(stage, 3)
    await stage.world.move_to_local(MONDAY)
    [shown] = await stage.type(stage.people[3], "summary")
    assert shown.ephemeral_for == stage.people[3].id
    assert "Operational 28%" in words(shown)
    assert "thread" not in words(shown)
    assert len(posted(stage)) == 1
    assert "Operational 28%" in await stage.typed(stage.people[3], "summary week")
    assert "Use `/prodops summary`" in await stage.typed(stage.people[3], "summary <!channel>")


async def test_the_running_week_never_tells_one_answer_apart(stage: Stage) -> None:
    ben = stage.people[1]
    assert "0 of 4 logged" in await stage.typed(ben, "summary")
    await answer_by(stage, 2)
    said = await stage.typed(ben, "summary")
    assert "2 of 4 logged" in said
    assert "%" not in said
    await answer_by(stage, 3)
    shown = await stage.typed(ben, "summary")
    assert "so far" in shown
    assert "Operational 28%" in shown
    # One more answer would be the difference of the two: it does not show yet.
    await stage.type(stage.people[3], "log 100% people")
    assert "Operational 28%" in await stage.typed(ben, "summary")


async def test_a_lead_posts_and_the_schedule_does_not_again(stage: Stage) -> None:
    ben = stage.people[1]
    assert "Nobody was asked about 25–31 May" in await stage.typed(stage.lead, "summary post")
    await answer_by(stage, 3)
    refused = await stage.typed(ben, "summary post")
    assert f"Only a lead can post the summary. Ask <@{stage.lead.id}>." in refused
    await stage.world.move_to_local("2026-06-08T08:00")
    said = await stage.typed(stage.lead, "summary post")
    assert f"Posting the summary of 1–7 Jun to <#{stage.channel.id}>." in said
    assert len(posted(stage)) == 1
    assert "It is in" in await stage.typed(stage.lead, "summary post")
    await stage.world.move_to_local("2026-06-08T18:00")
    assert len(posted(stage)) == 1
    await stage.world.move_to_local("2026-06-15T18:00")
    assert len(posted(stage)) == 2


async def test_who_may_ask_and_where(stage: Stage) -> None:
    ws = stage.world.sandbox.workspace
    zoe = ws.add_user("Zoe")
    stage.channel.members.append(zoe.id)
    assert "Only members of growth can ask" in await stage.typed(zoe, "summary")
    assert "You are in no team yet." in await stage.typed_anywhere(zoe, "summary")
    core = ws.add_channel("core", stage.people)
    await stage.world.set_up(stage.lead, core)
    await stage.act.close(stage.lead.id)
    said = await stage.typed_anywhere(stage.people[1], "summary")
    assert f"<#{stage.channel.id}>, <#{core.id}>" in said
    assert "core" in await stage.typed(stage.people[1], "summary", core)


@pytest.mark.parametrize("when", ["scheduled", "asked"])
async def test_a_workspace_that_takes_no_charts_gets_a_table(sqlite_url: str, when: str) -> None:
    async with team(sqlite_url, reject_charts=True) as stage:
        stage.provoked.add("unsupported_type")
        await answer_by(stage, 3)
        if when == "asked":
            await stage.world.move_to_local("2026-06-08T08:00")
            assert "Operational 28%" in await stage.typed(stage.lead, "summary")
        await stage.world.move_to_local(MONDAY)
        [summary] = posted(stage)
        kinds = [block["type"] for block in summary.blocks]
        assert "table" in kinds
        assert "data_visualization" not in kinds
        async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
            found = await workspaces.get(tx)
            assert found is not None
            assert not found.charts
        # Remembered: from now on nothing is refused any more.
        stage.provoked.clear()
        stage.world.sandbox.calls.clear()
        assert "Operational 28%" in await stage.typed(stage.lead, "summary")
        await stage.type(stage.people[3], "log last 100% people")
        assert "Operational 21%" in words(summary)
