"""Check-ins where something gets in the way: drafts, deadlines, leavers, two leads, new files."""

import asyncio
from datetime import timedelta

import pytest

from sandbox.entities import User
from storage import maturity, ratings, teams
from storage.maturity import Checkin
from tests.handlers.checkin_acts import (
    DEADLINE,
    asked_for,
    posted,
    question,
    rate,
    start,
)
from tests.stage import Stage, team, words

ONES, FIVES = (1,) * 7, (5,) * 7


@pytest.fixture
async def open_stage(stage: Stage) -> Stage:
    """With a check-in that asks all four, about two dimensions."""
    assert await start(stage, Dimensions=["Toolstack", "Strategy & outcomes"]) == {}
    return stage


async def standing(stage: Stage) -> Checkin | None:
    """The team's open check-in."""
    database, workspace = stage.world.bot.database, stage.world.sandbox.workspace.team_id
    async with database.read(workspace) as tx:
        found = await maturity.open_for(tx, stage.lead.id)
    return found[0] if found else None


async def test_a_form_that_is_closed_opens_as_it_was_left(open_stage: Stage) -> None:
    stage, ben = open_stage, open_stage.people[1]
    await stage.click(ben, question(stage, ben), "Rate now")
    await stage.fill(ben, {"Toolstack": "2 Emerging"})
    await stage.act.click(ben.id, stage.modal(ben), "Add evidence or a comment", nth=0)
    await stage.world.settle()
    # The choices survive the form's growing.
    assert chosen(stage, "Toolstack") == "2 Emerging"
    await stage.fill(ben, {"Comment: Toolstack": "Nobody knows", "Evidence link: Toolstack": "x"})
    await stage.act.close(ben.id)
    await stage.type(ben, "maturity")
    assert chosen(stage, "Toolstack") == "2 Emerging"
    assert chosen(stage, "Strategy & outcomes") == ""
    assert typed(stage, "Comment: Toolstack") == "Nobody knows"
    assert typed(stage, "Evidence link: Toolstack") == "x"
    # A draft counts for nothing.
    assert "0 of 4 answered" in await stage.typed(stage.lead, "maturity")


def _state(stage: Stage, label: str) -> dict[str, object]:
    view = stage.modal(stage.people[1])
    [block] = [b for b in view.blocks if b["type"] == "input" and b["label"]["text"] == label]
    found: dict[str, object] = view.values[block["block_id"]][block["element"]["action_id"]]
    return found


def chosen(stage: Stage, label: str) -> str:
    option = _state(stage, label).get("selected_option")
    return option["text"]["text"] if isinstance(option, dict) else ""


def typed(stage: Stage, label: str) -> str:
    return str(_state(stage, label).get("value") or "")


async def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(open_stage: Stage) -> None:
    stage, ben = open_stage, open_stage.people[1]
    await stage.click(ben, question(stage, ben), "Rate now")
    await stage.act.click(ben.id, stage.modal(ben), "Add evidence or a comment", nth=0)
    await stage.world.settle()
    link = "Evidence link: Toolstack"
    for wrong in ("see the wiki", "javascript:alert(1)", "https://", "http://[x"):
        errors = await stage.submit(ben, {**asked_for(stage, ben), link: wrong})
        assert errors == {
            "prodops_rating_evidence:tools": "Give a whole link that begins with https://, "
            "or leave this empty."
        }
    assert chosen(stage, "Toolstack") == "3 Standardized"
    assert await stage.submit(ben, {link: "https://wiki.example.com/a?b=c"}) == {}
    assert "Thank you" in words(stage.modal(ben))


async def test_dimensions_left_out_are_asked_for_one_by_one(open_stage: Stage) -> None:
    ben = open_stage.people[1]
    await open_stage.click(ben, question(open_stage, ben), "Rate now")
    errors = await open_stage.submit(ben, {"Toolstack": "Don't know"})
    assert set(errors) == {"prodops_rating_level:outcomes"}


async def test_answers_can_be_changed_until_it_closes_and_only_by_sending(
    open_stage: Stage,
) -> None:
    stage, ben = open_stage, open_stage.people[1]
    await rate(stage, ben, FIVES)
    assert "your answers about *growth* are in" in words(question(stage, ben))
    # Opened and closed without sending: what was sent stands.
    await stage.click(ben, question(stage, ben), "Change my answers")
    await stage.fill(ben, {"Toolstack": "2 Emerging"})
    await stage.act.close(ben.id)
    await stage.click(ben, question(stage, ben), "Change my answers")
    assert chosen(stage, "Toolstack") == "5 Optimized"
    await stage.act.close(ben.id)
    await rate(stage, ben, ONES)
    assert "1 of 4 answered" in await stage.typed(stage.lead, "maturity")
    for user in (stage.people[0], stage.people[2]):
        await rate(stage, user)
    late: User = stage.people[3]
    await stage.click(late, question(stage, late), "Rate now")
    await stage.world.move_to_local(DEADLINE)
    # 1, 3, 3: the change was taken.
    assert "*Toolstack*  3 Standardized · views mixed" in words(posted(stage)[-1])
    # Whoever comes too late is told so, in the form that they had open.
    errors = await stage.submit(late, asked_for(stage, late))
    assert set(errors.values()) == {"This check-in is over; the result is in the channel."}


async def test_sending_twice_counts_once(open_stage: Stage) -> None:
    stage = open_stage
    ada, ben, cem, dora = stage.people
    for user in (ada, ben):
        await rate(stage, user)
    for user in (cem, dora):
        await stage.click(user, question(stage, user), "Rate now")
        await stage.fill(user, asked_for(stage, user))
    # The last two at the same moment: one of them closes it, once.
    await asyncio.gather(*(stage.act.submit(user.id) for user in (cem, dora)))
    await stage.world.settle()
    assert [words(m).count("4 of 4 answered") for m in posted(stage)] == [1]


async def test_a_lead_is_told_at_the_field(stage: Stage) -> None:
    stage.world.sandbox.workspace.add_user("Guest", is_restricted=True)
    await stage.type(stage.lead, "maturity")
    await stage.fill(stage.lead, {"Note": "Kept"})
    good = {"Raters": ["ada", "ben", "cem"], "Deadline": "2026-06-08"}
    for values, said in (
        ({"Deadline": "2026-06-02"}, "That is over already"),
        ({"Deadline": "2027-06-02"}, "Pick a day within 90 days."),
        ({"Raters": ["ada", "ben"]}, "Pick at least 3 raters"),
        ({"Minimum raters": "4 raters"}, "Pick at least 4 raters"),
        ({"Raters": ["ada", "ben", "cem", "guest"]}, "Leave out Guest"),
    ):
        errors = await stage.submit(stage.lead, {**good, "Minimum raters": "3 raters", **values})
        assert [text.startswith(said) for text in errors.values()] == [True], values
    assert await standing(stage) is None
    assert "Kept" in str(stage.modal(stage.lead).values)
    assert not any(d.kind == "checkin" for d in await stage.ledger(stage.people[1].id))


async def test_today_is_a_deadline_until_five(stage: Stage) -> None:
    await stage.world.move_to_local("2026-06-03T16:30")
    assert await start(stage, Deadline="2026-06-03") == {}
    await stage.world.move_to_local("2026-06-03T17:00")
    assert await standing(stage) is None
    assert await start(stage, Deadline="2026-06-03") != {}


async def test_two_leads_who_press_at_once_start_one(sqlite_url: str) -> None:
    async with team(sqlite_url, values={"Leads": ["ada", "ben"]}) as stage:
        ada, ben, *_ = stage.people
        for lead in (ada, ben):
            await stage.type(lead, "maturity")
        await stage.fill(ben, {"Note": "From Ben"})
        await asyncio.gather(*(stage.act.submit(lead.id) for lead in (ada, ben)))
        await stage.world.settle()
        shown = [words(stage.modal(lead)) for lead in (ada, ben)]
        [begun] = [text for text in shown if "is under way" in text]
        [late] = [text for text in shown if "already started one" in text]
        assert "0 of 4 answered" in late
        assert ("Your note was not used: From Ben" in late) == (late == shown[1])
        assert begun != late
        assert [d.kind for d in await stage.ledger(stage.people[2].id)].count("checkin") == 1
        # Later, too, the button leads to the check-in that there is.
        await stage.act.close(ben.id)
        said = await stage.typed(ben, "maturity")
        assert "Maturity check-in of growth" in said.replace("*", "")
        assert not stage.has_modal(ben)


@pytest.mark.parametrize("deactivated", [False, True])
async def test_whoever_leaves_is_not_waited_for_and_answers_given_stay(
    open_stage: Stage, deactivated: bool
) -> None:
    stage = open_stage
    ada, ben, cem, dora = stage.people
    await rate(stage, ben, ONES)
    await stage.world.sandbox.leave_channel(stage.channel.id, ben.id)
    await rate(stage, ada)
    await rate(stage, cem)
    assert posted(stage) == []
    if deactivated:
        await stage.world.sandbox.set_profile(dora.id, deleted=True)
    else:
        await stage.world.sandbox.leave_channel(stage.channel.id, dora.id)
    await stage.world.settle()
    said = words(posted(stage)[-1])
    assert "3 of 3 answered" in said
    # 1, 3, 3: Ben's answers count.
    assert "views mixed" in said
    assert "Rate now" not in words(question(stage, dora))


async def test_people_of_other_functions_rate_without_being_in_the_team(stage: Stage) -> None:
    zoe = stage.world.sandbox.workspace.add_user("Zoe", tz="Europe/Berlin")
    assert await start(stage, Raters=["ada", "ben", "zoe"], Dimensions=["Toolstack"]) == {}
    assert await stage.ledger(stage.people[2].id) == []
    said = await stage.typed_anywhere(zoe, "maturity")
    assert "Maturity check-in of growth" in said.replace("*", "")
    assert await stage.submit(zoe, asked_for(stage, zoe)) == {}
    await stage.act.close(zoe.id)
    for user in stage.people[:2]:
        await rate(stage, user)
    assert "3 of 3 answered" in words(posted(stage)[-1])
    # Afterwards the team's maturity is the team's again.
    assert "You are in no team yet" in await stage.typed_anywhere(zoe, "maturity")
    # Whoever is in the team and not asked sees the result all the same.
    assert "3 of 3 answered" in await stage.typed(stage.people[3], "maturity")


async def test_nobody_is_asked_while_away_and_nobody_waits_for_the_absent(stage: Stage) -> None:
    ada, ben, cem, dora = stage.people
    await stage.type(ben, "away 1 Jun to 5 Jun")
    await stage.type(cem, "away 1 Jun to 30 Jun")
    assert await start(stage, Dimensions=["Toolstack"]) == {}
    assert not any("asks how mature" in words(m) for m in [*stage.dm(ben), *stage.dm(cem)])
    assert "you were marked as away" in await stage.typed(cem, "why")
    assert "0 of 3 answered" in await stage.typed(ada, "maturity")
    # Ben is back on Monday morning, and asked then; the reminder keeps its distance.
    await stage.world.move_to_local("2026-06-08T09:30")
    assert "asks how mature" in words(question(stage, ben))
    for user in (ada, ben, dora):
        await rate(stage, user)
    assert "3 of 3 answered" in words(posted(stage)[-1])


async def test_a_lead_closes_early_moves_the_deadline_or_cancels(open_stage: Stage) -> None:
    stage = open_stage
    ada, ben, cem, dora = stage.people
    shown = (await stage.type(ada, "maturity"))[0]
    await stage.click(ada, shown, "Change deadline")
    assert await stage.submit(ada, {"Deadline": "2026-06-01"}) != {}
    assert await stage.submit(ada, {"Deadline": "2026-06-12"}) == {}
    assert "until Friday 12 Jun, 17:00" in words(question(stage, ben))
    await stage.world.move_to_local(DEADLINE)
    assert await standing(stage) is not None
    for user in (ada, ben, cem):
        await rate(stage, user)
    shown = (await stage.type(ada, "maturity"))[0]
    await stage.click(ada, shown, "Close now")
    assert "Closed. The result goes to" in words(shown)
    assert "3 of 4 answered" in words(posted(stage)[-1])
    # The old buttons know that it is over.
    count = len(posted(stage))
    assert await start(stage) == {}
    shown = (await stage.type(ada, "maturity"))[0]
    await stage.click(ada, shown, "Cancel check-in")
    assert "Cancelled. Its answers are not used." in words(shown)
    assert "was cancelled" in words(question(stage, dora))
    await stage.world.move_to_local("2026-06-19T17:00")
    assert [m for m in posted(stage)[count:] if "maturity check-in" in words(m)] == []


async def test_only_leads_may_end_a_check_in(sqlite_url: str) -> None:
    async with team(sqlite_url, values={"Leads": ["ada", "ben"]}) as stage:
        ada, ben, *_ = stage.people
        assert await start(stage) == {}
        shown = (await stage.type(ben, "maturity"))[0]
        await stage.act.command(ada.id, stage.channel.id, "/prodops setup")
        await stage.world.settle()
        assert await stage.submit(ada, {"Leads": ["ada"]}) == {}
        said = await stage.click(ben, shown, "Close now")
        assert f"Only a lead can close a check-in. Ask <@{ada.id}>." in said
        assert await standing(stage) is not None
        said = await stage.typed(ben, "maturity")
        assert "Close now" not in said
        assert "Rate now" in said


async def test_a_dimension_that_the_playbook_has_dropped_breaks_nothing(stage: Stage) -> None:
    """The check-in began under another file; one rater had answered it already."""
    ada, ben, *others = stage.people
    now = stage.world.clock.now()
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        growth = await teams.by_channel(tx, stage.channel.id)
        assert growth is not None
        begun = await maturity.start(
            tx,
            team_id=growth.team_id,
            by=ada.id,
            at=now,
            deadline_at=now + timedelta(days=7),
            note="",
            dimensions=["gone", "tools"],
            min_raters=3,
            raters={user.id: user is ada for user in stage.people},
        )
        assert begun is not None
        given = [ratings.Rating("gone", 1, True, "https://a.example", "Old words")]
        given.append(ratings.Rating("tools", 2, True))
        await ratings.save(tx, begun.checkin_id, ada.id, given, now)
        await ratings.mark_sent(tx, begun.checkin_id, ada.id, now)
    for user in (ben, *others):
        await stage.type(user, "maturity")
        labels = [b["label"]["text"] for b in stage.modal(user).blocks if b["type"] == "input"]
        assert labels == ["Toolstack"]
        assert await stage.submit(user, {"Toolstack": "2 Emerging"}) == {}
        await stage.act.close(user.id)
    said = words(posted(stage)[-1])
    assert "4 of 4 answered" in said
    assert "*Toolstack*  2 Emerging" in said
    assert "gone" not in said
    assert not any("Old words" in words(m) for m in stage.dm(ada))
