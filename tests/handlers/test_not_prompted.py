"""Who gets no prompt, and that `why` says so in plain words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from storage import agenda
from tests.stage import Stage, team, words


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ({"is_restricted": True}, "guests are not prompted"),
        ({"is_ultra_restricted": True}, "guests are not prompted"),
        ({"status_emoji": ":palm_tree:", "status_text": "x"}, "Slack status said that you were"),
        ({"status_text": "On vacation until Monday"}, "Slack status said that you were away"),
    ],
)
async def test_a_profile_that_speaks_against_it(
    stage: Stage, profile: dict[str, Any], reason: str
) -> None:
    user = stage.people[1]
    await stage.world.sandbox.set_profile(user.id, **profile)
    await stage.world.move_to_local("2026-06-05T18:00")
    assert stage.dm(user) == []
    assert len(stage.dm(stage.people[2])) == 1
    assert reason in await stage.typed(user, "why")


async def test_deactivated_people_are_recorded_and_get_nothing(stage: Stage) -> None:
    user = stage.people[1]
    await stage.world.sandbox.set_profile(user.id, deleted=True)
    await stage.world.move_to_local("2026-06-05T18:00")
    assert stage.dm(user) == []
    [entry] = await stage.ledger(user.id)
    assert (entry.state, entry.reason) == ("skipped", "deactivated")
    # Back again: the next week is asked about as usual.
    await stage.world.sandbox.set_profile(user.id, deleted=False)
    await stage.world.move_to_local("2026-06-12T14:00")
    assert "8–14 Jun" in words(stage.last(user))


async def test_bots_and_strangers_never_become_members(sqlite_url: str) -> None:
    async with team(sqlite_url, set_up=False) as stage:
        ws = stage.world.sandbox.workspace
        robot = ws.add_user("Robot", is_bot=True)
        stranger = ws.add_user("Stranger", is_stranger=True)
        gone = ws.add_user("Gone", deleted=True)
        stage.channel.members += [robot.id, stranger.id, gone.id]
        await stage.world.set_up(stage.lead, stage.channel)
        preview = words(stage.modal(stage.lead))
        assert "Prompt to 4 people (Europe/Berlin)" in preview
        assert (
            "Not prompted: 1 person from another organisation and 1 deactivated account." in preview
        )
        await stage.world.move_to_local("2026-06-05T18:00")
        assert not any(stage.dm(user) for user in (robot, stranger, gone))
        assert await stage.ledger(robot.id, stranger.id, gone.id) == []


async def test_away_by_own_entry_and_back(stage: Stage) -> None:
    user = stage.people[1]
    said = await stage.typed(user, "away today to 14 Jun")
    assert "away from Wednesday 3 Jun to Sunday 14 Jun" in said
    await stage.world.move_to_local("2026-06-12T18:00")
    assert stage.dm(user) == []
    assert (await stage.typed(user, "why")).count("you were marked as away") == 2
    await stage.world.move_to_local("2026-06-19T14:00")
    assert "15–21 Jun" in words(stage.last(user))


async def test_away_off_and_the_button(stage: Stage) -> None:
    user = stage.people[1]
    [noted] = await stage.type(user, "away today")
    assert "until you say `/prodops away off`" in words(noted)
    await stage.click(user, noted, "I am back")
    assert words(noted).startswith("Welcome back.")
    assert "You were not away." in await stage.typed(user, "away off")
    await stage.world.move_to_local("2026-06-05T14:00")
    assert len(stage.dm(user)) == 1


@pytest.mark.parametrize(
    "text", ["", "sometime", "5 Jun to 1 Jun", "<!channel>" * 40, "1 Feb 2031"]
)
async def test_an_absence_that_cannot_be_read_is_echoed(stage: Stage, text: str) -> None:
    [reply] = await stage.type(stage.people[1], f"away {text}")
    assert "Examples: `/prodops away 24 Dec to 2 Jan`" in words(reply)
    assert reply.broadcasts == ()


async def test_away_people_get_no_reminder_either(stage: Stage) -> None:
    user = stage.people[1]
    await stage.world.move_to_local("2026-06-05T14:00")
    await stage.typed(user, "away 8 Jun to 9 Jun")
    await stage.world.move_to_local("2026-06-09T14:00")
    assert len(stage.dm(user)) == 1
    assert "you were marked as away" in await stage.typed(user, "why")


async def test_a_holiday_moves_the_prompt_to_the_working_day_before(sqlite_url: str) -> None:
    """Friday 1 May 2026 is a holiday in Germany, and a working day in New York."""
    monday = datetime(2026, 4, 27, 8, tzinfo=UTC)
    async with team(sqlite_url, now=monday, set_up=False) as stage:
        nora = stage.world.add_people(5, tz="America/New_York")[-1]
        stage.channel.members.append(nora.id)
        await stage.world.set_up(stage.lead, stage.channel)
        preview = words(stage.modal(stage.lead))
        assert "*Thursday 30 Apr, 14:00 CEST*  Prompt to 4 people (Europe/Berlin)" in preview
        assert "*Friday 1 May, 14:00 EDT*  Prompt to 1 person (America/New_York)" in preview
        await stage.world.move_to_local("2026-04-30T14:00")
        assert len(stage.dm(stage.lead)) == 1
        assert stage.dm(nora) == []
        why = await stage.typed(stage.lead, "why")
        assert "moved from Friday 1 May to Thursday 30 Apr: public holiday in Germany" in why
        # The reminder waits for the next working day: Monday, not the holiday.
        await stage.world.move_to_local("2026-05-02T12:00")
        assert len(stage.dm(stage.lead)) == 1
        assert len(stage.dm(nora)) == 1
        await stage.world.move_to_local("2026-05-04T09:30")
        assert len(stage.dm(stage.lead)) == 2


async def test_the_teams_country_wins_over_each_persons_own(sqlite_url: str) -> None:
    monday = datetime(2026, 4, 27, 8, tzinfo=UTC)
    values = {"Country for holidays": "United States"}
    async with team(sqlite_url, now=monday, values=values) as stage:
        await stage.world.move_to_local("2026-05-01T13:59")
        assert stage.dm(stage.lead) == []
        await stage.world.move_to_local("2026-05-01T14:00")
        assert len(stage.dm(stage.lead)) == 1


async def test_a_week_of_holidays_is_left_out_and_said_so(sqlite_url: str) -> None:
    """Spring Festival 2026 in China: 15 to 23 February are all public holidays."""
    values = {"Country for holidays": "China", "Time zone": "Asia/Shanghai"}
    start = datetime(2026, 2, 11, 8, tzinfo=UTC)
    async with team(sqlite_url, now=start, values=values) as stage:
        await stage.world.move_to_local("2026-02-13T14:00")
        await stage.type(stage.lead, "log skip")
        before = len(stage.dm(stage.lead))
        await stage.world.move_to_local("2026-02-22T12:00")
        assert len(stage.dm(stage.lead)) == before
        said = await stage.typed(stage.lead, "why")
        assert "*\nwas not sent: public holidays all week in China\n" in said


async def test_why_without_a_team_and_for_leads(stage: Stage) -> None:
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    assert "Nothing has been due to you yet." in await stage.typed_anywhere(zoe, "why")
    await stage.world.move_to_local("2026-06-08T15:00")
    said = await stage.typed(stage.lead, "why")
    assert "*Summary for 1–7 Jun (growth)*\nsent" in said
    assert "Next summary (growth), for 8–14 Jun" in said
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        assert await agenda.get(tx, "prompt", zoe.id) is None
