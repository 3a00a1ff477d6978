"""A check-in from the lead's form to the channel's result, against figures worked out by hand."""

from datetime import timedelta

import pytest

from sandbox.entities import User
from tests.handlers.checkin_acts import (
    DEADLINE,
    NAMES,
    answers,
    posted,
    question,
    rate,
    start,
)
from tests.stage import Stage, team, words

# The dimensions in order: data, reporting, process, tools, coordination, insight, outcomes.
WEAK_TOOLS = (3, 3, 3, 1, 3, 3, 3)


@pytest.fixture
async def open_stage(stage: Stage) -> Stage:
    """With a check-in that asks all four."""
    assert await start(stage) == {}
    return stage


async def test_the_form_starts_with_the_whole_team_and_all_dimensions(stage: Stage) -> None:
    said = await stage.typed(stage.lead, "maturity")
    assert "growth has no maturity level yet" in said
    form = stage.modal(stage.lead)
    by_label = {b["label"]["text"]: b["element"] for b in form.blocks if b["type"] == "input"}
    assert [o["text"]["text"] for o in by_label["Dimensions"]["initial_options"]] == list(
        NAMES.values()
    )
    assert set(by_label["Raters"]["initial_users"]) == {user.id for user in stage.people}
    assert by_label["Deadline"]["initial_date"] == "2026-06-10"
    assert by_label["Minimum raters"]["initial_option"]["text"]["text"] == "3 raters"
    assert await stage.submit(stage.lead, {"Note": "Think of Q2 <!channel>"}) == {}
    assert "4 people can rate 7 dimensions" in words(stage.modal(stage.lead))
    assert "closes Wednesday 10 Jun, 17:00" in words(stage.modal(stage.lead))
    for user in stage.people:
        asked = words(question(stage, user))
        assert "7 dimensions, under two minutes, until Wednesday 10 Jun, 17:00" in asked
        assert "Anonymous" in asked
        assert "Think of Q2 &lt;!channel&gt;" in asked


async def test_six_threes_and_a_one_are_level_two_held_back_by_toolstack(
    open_stage: Stage,
) -> None:
    stage = open_stage
    await rate(stage, stage.people[0], WEAK_TOOLS)
    await rate(stage, stage.people[1], WEAK_TOOLS)
    await rate(stage, stage.people[2], (3, 3, 3, 1, 1, 3, 3))
    assert posted(stage) == []
    # The median of 3, 3, 1 and 4 is 3, its range 3: split.
    await rate(stage, stage.people[3], (3, 3, 3, 2, 4, None, 3))
    [result] = posted(stage)
    said = words(result)
    assert "growth · maturity level 2, Emerging" in said
    assert "*Level 2 of 5, Emerging, held back by Toolstack*" in said
    assert "4 of 4 answered" in said
    assert "*Toolstack*  1 Ad-hoc · views aligned" in said
    assert "~3 Standardized · split, 1:1 2:0 3:2 4:1: talk about it for 20 minutes" in said
    assert "*Next for Toolstack:* Write an inventory: tool, owner, users, cost" in said
    assert "Product Operations Maturity: Level 1-2" in said
    assert "not survey data" in said
    # Only where views are split are ratings counted by level.
    assert said.count("2:0") == 1
    assert result.text.startswith("growth · maturity level 2, Emerging. Level 2 of 5")
    assert "data_visualization" in [block["type"] for block in result.blocks]
    assert not any(user.id in str(result.blocks) for user in stage.people)
    for user in stage.people:
        assert "is over: see" in words(question(stage, user))


async def test_four_fours_two_threes_and_a_two_are_level_three(open_stage: Stage) -> None:
    for user in open_stage.people:
        await rate(open_stage, user, (4, 4, 4, 4, 3, 3, 2))
    said = words(posted(open_stage)[0])
    assert "*Level 3 of 5, Standardized, held back by Strategy &amp; outcomes*" in said


async def test_each_rater_is_asked_once_and_only_the_silent_are_reminded(
    open_stage: Stage,
) -> None:
    stage = open_stage
    ada, ben, *_ = stage.people
    await rate(stage, ada)
    await stage.click(ben, question(stage, ben), "Rate now")
    await stage.fill(ben, {"Toolstack": "2 Emerging"})
    await stage.act.close(ben.id)
    # Half-way between Wednesday 11:00 and the next Wednesday 17:00 is Sunday 02:00: so Monday.
    await stage.world.move_to_local("2026-06-08T09:29")
    assert not any("Half the time" in words(m) for m in stage.dm(ben))
    await stage.world.move_to_local("2026-06-08T09:30")
    [reminded] = [words(m) for m in stage.dm(ben) if "Half the time is over" in words(m)]
    assert "Your draft is kept: 1 of 7 rated" in reminded
    states = {
        user.name: [d.state for d in await stage.ledger(user.id) if d.kind == "checkin_reminder"]
        for user in stage.people
    }
    assert states == {"ada": ["skipped"], "ben": ["sent"], "cem": ["sent"], "dora": ["sent"]}
    assert "you had answered that check-in already" in await stage.typed(ada, "why")
    await stage.world.move_to_local(DEADLINE)
    kinds = [d.kind for d in await stage.ledger(ben.id) if d.kind.startswith("checkin")]
    assert sorted(kinds) == ["checkin", "checkin_reminder"]


async def test_at_the_deadline_with_too_few_answers_the_fix_is_named(open_stage: Stage) -> None:
    stage = open_stage
    for user in stage.people[:2]:
        await rate(stage, user, WEAK_TOOLS)
    await stage.world.move_to_local("2026-06-10T16:59")
    before = len(posted(stage))
    await stage.world.move_to_local(DEADLINE)
    said = words(posted(stage)[before])
    assert "growth · maturity check-in closed without a level" in said
    assert "2 of 4 answered, and a level needs 3 ratings." in said
    assert "Toolstack" not in said
    assert not any(user.id in said or user.name in said for user in stage.people)
    assert "with too few answers" in words(question(stage, stage.people[3]))
    assert "growth has no maturity level yet" in await stage.typed(stage.people[1], "maturity")


async def test_at_the_deadline_three_answers_make_a_result(open_stage: Stage) -> None:
    stage = open_stage
    for user in stage.people[:3]:
        await rate(stage, user, (None, None, None, 2, 3, 3, 3))
    await stage.world.move_to_local(DEADLINE)
    said = words(posted(stage)[-1])
    assert "*No overall level: it needs 5 of 7 dimensions, and 4 have one*" in said
    assert "3 of 4 answered" in said
    assert "*Dashboards &amp; reporting*  no level: too few ratings" in said
    assert "*Toolstack*  2 Emerging" in said


async def test_the_second_check_in_shows_what_changed(open_stage: Stage) -> None:
    stage = open_stage
    for user in stage.people:
        await rate(stage, user, (3, 3, 3, 1, 3, 3, 3))
    stage.world.clock.advance(timedelta(days=27))
    await stage.type(stage.lead, "maturity")
    assert "The last check-in closed 27 days ago." in words(stage.modal(stage.lead))
    assert await stage.submit(stage.lead) == {}
    for user in stage.people:
        await rate(stage, user, (3, 3, 2, 3, 3, 3, None))
    result = posted(stage)[-1]
    said = words(result)
    assert "*Level 3 of 5, Standardized*\n4 of 4 answered · level 2 on 3 Jun 2026" in said
    assert "*Toolstack*  3 Standardized · ▲ up 2 · views aligned" in said
    assert "2 Emerging · ▼ down 1" in said
    assert "3 Standardized · unchanged" in said
    assert "*Strategy &amp; outcomes*  no level: too few ratings" in said
    [chart] = [b for b in result.blocks if b["type"] == "data_visualization"]
    assert [series["name"] for series in chart["chart"]["series"]] == ["This time", "Last time"]
    told = await stage.click(stage.people[2], result, "History")
    assert "Maturity of growth over time" in told
    assert "30 Jun 2026" in told
    assert "1.0 → 3.0, up 2.0" in told
    assert "3.0 → 2.0, down 1.0" in told
    assert await stage.typed(stage.people[2], "maturity history") == told


async def test_a_workspace_without_charts_reads_the_same_lines(sqlite_url: str) -> None:
    async with team(sqlite_url, reject_charts=True) as stage:
        stage.provoked |= {"invalid_blocks", "unsupported_type"}
        await start(stage)
        for user in stage.people:
            await rate(stage, user, WEAK_TOOLS)
        [result] = posted(stage)
        assert "held back by Toolstack" in words(result)
        assert "data_visualization" not in [block["type"] for block in result.blocks]


async def test_only_leads_read_comments_and_their_own_gaps(open_stage: Stage) -> None:
    stage = open_stage
    ada, ben, cem, dora = stage.people
    await rate(stage, ada, (3, 3, 3, 5, 3, 3, 3))
    for user, comment in ((ben, "Six <trackers>"), (cem, ""), (dora, "No list of tools")):
        await stage.click(user, question(stage, user), "Rate now")
        await stage.act.click(user.id, stage.modal(user), "Add evidence or a comment", nth=3)
        await stage.world.settle()
        extra = {
            "Comment: Toolstack": comment,
            "Evidence link: Toolstack": "https://wiki.example.com/tools" if comment else "",
        }
        await rate_open(stage, user, extra)
    [result] = posted(stage)
    said = words(result)
    assert "2 evidence links" in said
    assert "tracker" not in said
    assert "wiki.example" not in str(result.blocks)
    note = words(stage.last(ada))
    assert "*Toolstack*: you said 5, the team's median is 2." in note
    assert "• Six &lt;trackers&gt;" in note
    assert "• No list of tools" in note
    assert not any(user.id in note or user.name in note for user in (ben, cem, dora))
    assert not any("tracker" in words(m) for user in (ben, cem, dora) for m in stage.dm(user))
    assert "wiki.example" not in note


async def rate_open(stage: Stage, user: User, extra: dict[str, str]) -> None:
    """Fill in and send the form in front."""
    assert await stage.submit(user, {**answers((3, 3, 3, 2, 3, 3, 3)), **extra}) == {}
    await stage.act.close(user.id)


async def test_members_without_a_check_in_learn_what_it_is(stage: Stage) -> None:
    said = await stage.typed(stage.people[1], "maturity")
    assert "A check-in asks a few people" in said
    assert f"A lead starts it: <@{stage.lead.id}>." in said
    assert "Start check-in" not in said
    assert not stage.has_modal(stage.people[1])
    assert said == await stage.typed(stage.people[1], "maturity history")
    assert said == await stage.say(stage.people[1], "maturity")


async def test_the_last_result_is_there_for_everybody_until_it_is_stale(open_stage: Stage) -> None:
    stage = open_stage
    for user in stage.people:
        await rate(stage, user, WEAK_TOOLS)
    said = await stage.typed(stage.people[1], "maturity")
    assert "held back by Toolstack" in said
    assert "from 3 Jun 2026, today" in said
    assert "Level 1-2" in said
    assert "Start check-in" not in said
    stage.world.clock.advance(timedelta(days=180))
    assert "Level 1-2" in await stage.typed_anywhere(stage.people[1], "maturity")
    stage.world.clock.advance(timedelta(days=1))
    said = await stage.typed(stage.people[1], "maturity")
    assert "181 days old" in said
    assert "out of date" in said
    assert "Level 1-2" not in said
