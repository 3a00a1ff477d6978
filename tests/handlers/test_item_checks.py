"""The weekly check-in about items, news to owners, and what leads hear of what is stuck."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery import State
from handlers.itemschedule import OWNED
from sandbox.entities import User
from storage import checklist
from tests.stage import Stage, team, words

#: The check-in after a Wednesday on which it is past ten already.
CHECK = "2026-06-10T10:00"


async def take(stage: Stage, user: User, *labels: str) -> None:
    for label in labels:
        [shown] = await stage.type(user, f"checklist {label}")
        await stage.click(user, shown, "Take it")


async def give(stage: Stage, by: User, label: str, to: User) -> dict[str, str]:
    [shown] = await stage.type(by, f"checklist {label}")
    await stage.click(by, shown, "Assign")
    return await stage.submit(by, {"Owner": to.id})


async def test_one_message_about_all_items_is_edited_as_they_are_answered(stage: Stage) -> None:
    ben = stage.people[1]
    await take(stage, ben, "E1", "E2", "A4")
    await stage.jump_to_local("2026-06-10T09:59")
    assert not [m for m in stage.dm(ben) if "How is it going" in words(m)]
    await stage.jump_to_local(CHECK)
    asked = stage.last(ben)
    assert "*How is it going?* 3 items of yours to answer." in words(asked)
    await stage.act.click(ben.id, asked, "Still going", nth=0)
    await stage.world.settle()
    assert "2 items of yours to answer." in words(asked)
    assert "Answered: still going." in words(asked)
    await stage.act.click(ben.id, asked, "Blocked", nth=1)
    assert await stage.submit(ben, {"Reason": "No access yet"}) == {}
    assert "*Blocked* since 10 Jun" in words(asked)
    assert "No access yet" in words(asked)
    await stage.act.click(ben.id, asked, "Done", nth=2)
    assert await stage.submit(ben, {"Evidence": "Five interviews, notes in the wiki"}) == {}
    assert "*Thank you.* All of your items are answered for this week." in words(asked)
    # Done ones are not asked about again, the others are; the old message says where to look.
    await stage.jump_to_local("2026-06-17T10:00")
    await stage.world.tick()
    again = stage.last(ben)
    assert "2 items of yours to answer." in words(again)
    assert words(asked) == "A newer check-in about your items is below."


async def test_nothing_taken_nothing_asked(stage: Stage) -> None:
    await take(stage, stage.people[1], "E1")
    await stage.jump_to_local("2026-06-10T09:00")
    [shown] = await stage.type(stage.people[1], "checklist E1")
    await stage.click(stage.people[1], shown, "Mark done")
    await stage.submit(stage.people[1], {"Evidence": "https://wiki/prd"})
    await stage.jump_to_local("2026-06-18T12:00")
    for user in stage.people:
        assert not [m for m in stage.dm(user) if "How is it going" in words(m)]


async def test_whoever_is_away_is_not_asked_and_the_ledger_says_why(stage: Stage) -> None:
    ben = stage.people[1]
    await take(stage, ben, "E1")
    await stage.type(ben, "away 8 Jun to 12 Jun")
    await stage.jump_to_local("2026-06-10T12:00")
    assert not [m for m in stage.dm(ben) if "How is it going" in words(m)]
    said = await stage.typed(ben, "why")
    assert "*Checklist check-in for 8–14 Jun*\nwas not sent: you were marked as away" in said
    await stage.jump_to_local("2026-06-17T10:00")
    assert "1 item of yours to answer." in words(stage.last(ben))


async def test_a_public_holiday_moves_it(sqlite_url: str) -> None:
    """6 January 2027 is a Wednesday, and a day off in Spain."""
    new_year = datetime(2026, 12, 31, 11, tzinfo=UTC)
    async with team(sqlite_url, now=new_year, values={"Country for holidays": "Spain"}) as stage:
        ben = stage.people[1]
        await take(stage, ben, "E1")
        await stage.jump_to_local("2027-01-05T10:00")
        assert "1 item of yours to answer." in words(stage.last(ben))
        [entry] = [d for d in await stage.ledger(ben.id) if d.kind == "items"]
        assert "moved from Wednesday 6 Jan to Tuesday 5 Jan" in (entry.note or "")


async def test_people_outside_the_team_own_items_too(stage: Stage) -> None:
    eng = stage.world.sandbox.workspace.add_user("Eng", tz="Asia/Kolkata")
    assert await give(stage, stage.people[1], "E6", eng) == {}
    told = stage.last(eng)
    assert f"<@{stage.people[1].id}> gave you an item on the checklist of *growth*." in words(told)
    assert "*E6*  Require an event plan per feature" in words(told)
    assert "`/prodops checklist mine`" in words(told)
    await stage.click(eng, told, "Start")
    assert "*In progress* since" in words(told)
    # Ten in the morning in India.
    await stage.jump_to_local("2026-06-10T10:00", "Asia/Kolkata")
    assert "1 item of yours to answer." in words(stage.last(eng))
    mine = await stage.typed_anywhere(eng, "checklist mine")
    assert "*E6*" in mine
    assert "growth" in mine


async def test_given_to_another_person_meanwhile(stage: Stage) -> None:
    ben, cem, dora = stage.people[1:4]
    await give(stage, ben, "E1", cem)
    told = stage.last(cem)
    await give(stage, ben, "E1", dora)
    assert f"<@{dora.id}> has it now. Nothing is asked of you." in words(told)
    assert "gave you an item" in words(stage.last(dora))
    await give(stage, ben, "E1", cem)
    assert sum("gave you an item" in words(m) for m in stage.dm(cem)) == 2


async def test_bots_and_people_who_left_cannot_own_items(stage: Stage) -> None:
    ws = stage.world.sandbox.workspace
    bot = ws.add_user("Robot", is_bot=True)
    errors = await give(stage, stage.people[1], "E1", bot)
    assert list(errors.values()) == [
        "Pick a person of this workspace: no bots, nobody who has left."
    ]


async def test_leads_hear_once_a_week_of_what_is_stuck(stage: Stage) -> None:
    ben = stage.people[1]
    [shown] = await stage.type(ben, "checklist E2")
    await stage.click(ben, shown, "Start")
    # Begun on 3 Jun at 11:00: not yet 22 days, three weeks later at ten.
    await stage.jump_to_local("2026-06-25T10:00")
    assert not [m for m in stage.dm(stage.lead) if "stuck" in words(m)]
    await stage.jump_to_local("2026-07-02T10:00")
    [note] = [m for m in stage.dm(stage.lead) if "stuck" in words(m)]
    assert "*1 item stuck* on the checklist of *growth*. Split, reassign or drop?" in words(note)
    assert "28 days in progress" in words(note)
    await stage.click(stage.lead, note, "Reassign")
    assert await stage.submit(stage.lead, {"Owner": stage.people[2].id}) == {}
    assert "Nothing is stuck any more" in words(note)
    await stage.jump_to_local("2026-07-09T12:00")
    assert len([m for m in stage.dm(stage.lead) if "stuck" in words(m)]) == 1


@pytest.mark.parametrize(("hours", "sent"), [(23, True), (25, False)])
async def test_after_a_downtime_it_comes_within_a_day(stage: Stage, hours: int, sent: bool) -> None:
    ben = stage.people[1]
    await take(stage, ben, "E1")
    due = datetime(2026, 6, 10, 8, tzinfo=UTC)
    stage.world.clock.move_to(due + timedelta(hours=hours))
    await stage.world.tick()
    [entry] = [d for d in await stage.ledger(ben.id) if d.kind == "items"]
    assert entry.state is (State.SENT if sent else State.EXPIRED)
    assert entry.due_at == due
    assert any("How is it going" in words(m) for m in stage.dm(ben)) is sent


async def test_a_move_to_the_west_waits_for_ten_in_the_morning_there(stage: Stage) -> None:
    ben = stage.people[1]
    await take(stage, ben, "E1")
    await stage.world.sandbox.set_profile(ben.id, tz="America/New_York")
    await stage.world.settle()
    await stage.jump_to_local("2026-06-10T09:59", "America/New_York")
    assert not any("How is it going" in words(m) for m in stage.dm(ben))
    await stage.jump_to_local("2026-06-10T10:00", "America/New_York")
    assert "1 item of yours to answer." in words(stage.last(ben))


async def test_a_move_to_the_east_brings_it_forward(stage: Stage) -> None:
    ben = stage.people[1]
    await take(stage, ben, "E1")
    await stage.world.sandbox.set_profile(ben.id, tz="Asia/Tokyo")
    await stage.jump_to_local("2026-06-10T10:00", "Asia/Tokyo")
    assert "1 item of yours to answer." in words(stage.last(ben))


async def test_a_practice_in_use_is_asked_about_before_a_month_is_over(stage: Stage) -> None:
    ben = stage.people[1]
    await take(stage, ben, "E2", "A4")
    for label in ("E2", "A4"):
        [shown] = await stage.type(ben, f"checklist {label}")
        await stage.click(ben, shown, "Mark done")
        await stage.submit(ben, {"Evidence": "https://wiki/done"})
    await stage.jump_to_local("2026-06-17T12:00")
    assert not any("How is it going" in words(m) for m in stage.dm(ben))
    # Done on 3 Jun at 11:00: three weeks are over on Wednesday 1 Jul at 10:00.
    await stage.jump_to_local("2026-07-01T10:00")
    [asked] = [m for m in stage.dm(ben) if "How is it going" in words(m)]
    assert "*E2*" in words(asked)
    assert "*A4*" not in words(asked)
    await stage.click(ben, asked, "Still in use")
    assert "*Thank you.*" in words(asked)
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        [practice] = [i for i in await checklist.of_owner(tx, ben.id, OWNED) if i.ref == "E2"]
    assert practice.confirmed_at == datetime(2026, 7, 1, 8, tzinfo=UTC)


async def test_split_makes_a_part_beside_what_is_stuck(stage: Stage) -> None:
    ben = stage.people[1]
    [shown] = await stage.type(ben, "checklist E2")
    await stage.click(ben, shown, "Start")
    await stage.jump_to_local("2026-07-02T10:00")
    note = next(m for m in stage.dm(stage.lead) if "stuck" in words(m))
    await stage.click(stage.lead, note, "Split")
    assert await stage.submit(stage.lead) == {}
    listed = await stage.typed(ben, "checklist execute")
    assert "*Own*  Part of E2: Automate the most hated report" in listed
    assert "gave you an item" in words(stage.last(ben))
