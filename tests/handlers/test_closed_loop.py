"""From the weakest dimensions to items, from items to what changed after them."""

from datetime import UTC, datetime

from domain.periods import Period
from domain.timesplit import Split
from handlers.views.blocks import actions, button, section
from handlers.views.checklist import ADD_FROM_INSIGHT
from sandbox.entities import Message, User
from storage import agenda, timesplit
from tests.handlers.assessed import assess
from tests.stage import Stage, words

LEVELS = {"data": 3, "reporting": 2, "process": 3, "tools": 1, "coordination": 3, "insight": 2}
#: The week of the stage's Wednesday.
WEEK = Period(2026, 23)
EARLIER = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def overview(stage: Stage) -> Message:
    [shown] = await stage.type(stage.lead, "checklist")
    return shown


async def test_milestones_become_items_once_with_owner_and_date(stage: Stage) -> None:
    await assess(stage, LEVELS, EARLIER)
    ben, cem = stage.people[1:3]
    await stage.click(stage.lead, await overview(stage), "Add next milestones")
    form = stage.modal(stage.lead)
    said = words(form)
    assert "*Toolstack*" in said
    assert "Write an inventory: tool, owner, users, cost" in said
    assert "_Done when:_ Core tools are shared but set up differently per team" in said
    # The weakest come first: level 1, then both at level 2.
    assert [b["label"]["text"] for b in form.blocks if b["type"] == "input"][1::2] == [
        "Owner: Toolstack",
        "Owner: Dashboards & reporting",
        "Owner: Customer & market insight",
    ]
    errors = await stage.submit(
        stage.lead,
        {
            "Add": ["Toolstack", "Dashboards & reporting"],
            "Owner: Toolstack": ben.id,
            "Due date: Toolstack": "2026-07-31",
            "Owner: Dashboards & reporting": cem.id,
        },
    )
    assert errors == {}
    assert "Write an inventory" in words(stage.last(ben))
    assert "due Friday 31 Jul" in words(stage.last(ben))
    assert "Move those five to auto-refresh" in words(stage.last(cem))
    listed = await stage.typed(ben, "checklist execute")
    assert "*Milestone*  Write an inventory: tool, owner, users, cost" in listed
    assert "moves Toolstack" in listed
    # Again: only what is not there yet can be added.
    await stage.click(stage.lead, await overview(stage), "Add next milestones")
    form = stage.modal(stage.lead)
    assert "Add the" not in words(form)
    labels = [b["label"]["text"] for b in form.blocks if b["type"] == "input"]
    assert "Owner: Toolstack" not in labels
    assert "Owner: Customer & market insight" in labels


async def test_two_leads_adding_the_same_milestone_leave_one_item(stage: Stage) -> None:
    await assess(stage, {"tools": 1}, EARLIER)
    await stage.world.set_up(
        stage.lead, stage.channel, {"Leads": [stage.lead.id, stage.people[1].id]}
    )
    await stage.act.close(stage.lead.id)
    for lead in stage.people[:2]:
        [shown] = await stage.type(lead, "checklist")
        await stage.click(lead, shown, "Add next milestones")
    await stage.submit(stage.lead, {"Owner": stage.people[2].id})
    await stage.submit(stage.people[1], {"Owner": stage.people[3].id})
    listed = await stage.typed(stage.lead, "checklist execute")
    assert listed.count("Write an inventory: tool") == 1
    assert f"<@{stage.people[2].id}>" in listed
    assert f"<@{stage.people[3].id}>" not in listed


async def test_members_are_not_offered_milestones(stage: Stage) -> None:
    await assess(stage, LEVELS, EARLIER)
    [shown] = await stage.type(stage.people[1], "checklist")
    assert "Add next milestones" not in words(shown)


async def log(stage: Stage, week: Period, *operational: int) -> None:
    """Each of the first people logs this share of operational work, the rest as strategy."""
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        for user, percent in zip(stage.people, operational, strict=False):
            split = Split({"tools": percent * 100, "strategy": 10_000 - percent * 100})
            await timesplit.record(
                tx, user.id, week, split, reason=None, source="test", now=stage.world.clock.now()
            )


async def finish(stage: Stage, user: User, label: str) -> None:
    [shown] = await stage.type(user, f"checklist {label}")
    await stage.click(user, shown, "Take it")
    await stage.click(user, shown, "Mark done")
    assert await stage.submit(user, {"Evidence": "https://wiki/done"}) == {}


async def test_after_four_weeks_of_logs_it_says_what_changed(stage: Stage) -> None:
    """Three of four log. Before: 30, 36 and 42, mean 36. After: 25, 31 and 37, mean 31."""
    ben = stage.people[1]
    for n in range(-4, 0):
        await log(stage, WEEK.shift(n), 30, 36, 42)
    # What is logged in the week of the change itself counts on neither side.
    await log(stage, WEEK, 100, 100, 100)
    await finish(stage, ben, "E2")
    await finish(stage, ben, "E3")
    for n in range(1, 5):
        await log(stage, WEEK.shift(n), 25, 31, 37)
    await stage.jump_to_local("2026-07-06T14:59")
    assert not [m for m in stage.dm(ben) if "What changed since" in words(m)]
    await stage.jump_to_local("2026-07-06T15:00")
    for user in (ben, stage.lead):
        [told] = [m for m in stage.dm(user) if "What changed since" in words(m)]
        said = words(told)
        assert (
            "After E2 Automate the most hated report (done 3 Jun), operational share went from "
            "36% to 31% (4 weeks before, 4 after; 3 of 4 logged). Other things changed too."
        ) in said
        assert "After E3 Standardise tracker set-up (done 3 Jun)" in said
    assert not [m for m in stage.dm(stage.people[2]) if "What changed since" in words(m)]


async def test_too_few_logs_tell_nothing_and_the_ledger_says_so(stage: Stage) -> None:
    ben = stage.people[1]
    await finish(stage, ben, "E2")
    await stage.jump_to_local("2026-07-06T15:00")
    assert not [m for m in stage.dm(ben) if "What changed since" in words(m)]
    said = await stage.typed(ben, "why")
    assert "too few weeks had enough answers to compare" in said


async def test_an_item_that_was_reopened_has_no_effect(stage: Stage) -> None:
    ben = stage.people[1]
    await finish(stage, ben, "E2")
    [shown] = await stage.type(ben, "checklist E2")
    await stage.click(ben, shown, "Reopen")
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        assert "effect" not in {o.kind for o in await agenda.soonest(tx, 50)}


async def test_the_next_assessment_says_which_levels_moved(stage: Stage) -> None:
    await assess(stage, LEVELS, EARLIER)
    ben = stage.people[1]
    await finish(stage, ben, "E2")
    await finish(stage, stage.people[2], "A5")
    await stage.jump_to_local("2026-06-04T12:00")
    await assess(stage, {**LEVELS, "reporting": 3}, stage.world.clock.now())
    await stage.world.tick()
    told = words(stage.last(ben))
    assert (
        "After E2 Automate the most hated report (done 3 Jun), Dashboards &amp; reporting went "
        "from level 2 to 3. Other things changed too."
    ) in told
    assert "A5" not in told
    whole = words([m for m in stage.dm(stage.lead) if "What changed" in words(m)][-1])
    assert "Toolstack stayed at level 1" in whole
    assert not [m for m in stage.dm(stage.people[3]) if "What changed" in words(m)]


async def test_an_insights_suggestion_goes_on_the_list_once(stage: Stage) -> None:
    team_id = await assess(stage, LEVELS, EARLIER)
    for n in range(-4, 0):
        week = WEEK.shift(n)
        async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
            for user in stage.people:
                split = Split({"interrupts": 4000, "strategy": 6000})
                await timesplit.record(
                    tx,
                    user.id,
                    week,
                    split,
                    reason=None,
                    source="test",
                    now=stage.world.clock.now(),
                )
    note = await posted(stage, team_id, "R07")
    await stage.click(stage.people[1], note, "Add to the checklist")
    assert "triage rota" in words(stage.modal(stage.people[1]))
    assert await stage.submit(stage.people[1], {"Owner": stage.people[2].id}) == {}
    assert "triage rota" in words(stage.last(stage.people[2]))
    await stage.click(stage.people[1], note, "Add to the checklist")
    assert "is on the list" in words(stage.modal(stage.people[1]))
    await stage.act.close(stage.people[1].id)
    said = await stage.click(
        stage.people[1], await posted(stage, team_id, "R08"), "Add to the checklist"
    )
    assert "There is nothing to add from this any more." in said


async def posted(stage: Stage, team_id: str, rule: str) -> Message:
    """A message of the bot's with the button that an insight bears."""
    add = button("Add to the checklist", ADD_FROM_INSIGHT, f"{team_id}|{rule}")
    answer = await stage.world.bot.services.slack(
        stage.world.sandbox.workspace.team_id
    ).chat_postMessage(
        channel=stage.people[1].id, text="An insight", blocks=[section("An insight"), actions(add)]
    )
    assert answer["ok"]
    return stage.last(stage.people[1])
