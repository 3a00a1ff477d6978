"""Goals over the whole way: set, followed, met, missed, dropped, replaced."""

from datetime import timedelta

from sandbox.entities import Message
from tests.stage import Stage, words


async def weeks(stage: Stage, *operational: int) -> None:
    """Everybody logs these shares, week by week; it is the Monday after the last one."""
    for share in operational:
        for user in stage.people:
            await stage.type(user, f"log {share}% reports {100 - share}% strategy")
        monday = stage.world.clock.now() + timedelta(days=7 - stage.world.clock.now().weekday())
        await stage.world.move_to(monday.replace(hour=14, minute=0))


async def set_goal(stage: Stage, **values: str) -> dict[str, str]:
    """Through the form, as the lead; what is wrong, by field."""
    await open_form(stage)
    return await stage.submit(stage.lead, values)


async def open_form(stage: Stage) -> None:
    [shown] = await stage.type(stage.lead, "goals")
    await stage.click(stage.lead, shown, "Set a goal")


async def page(stage: Stage) -> Message:
    [shown] = await stage.type(stage.lead, "goals")
    return shown


async def test_a_goal_is_set_with_its_baseline_out_of_the_logs(stage: Stage) -> None:
    ben = stage.people[1]
    assert "No goal is set yet" in await stage.typed(ben, "goals")
    await weeks(stage, 37, 36, 36, 35, 34)
    await open_form(stage)
    form = stage.modal(stage.lead)
    # The first four weeks: (37 + 36 + 36 + 35) / 4.
    assert "Proposed: 4 weeks, 1 Jun – 28 Jun" in words(form)
    assert '"initial_value": "36%"' in str(form.blocks).replace("'", '"')
    errors = await stage.submit(stage.lead, {"Target": "25", "Date": "2026-09-30"})
    assert errors == {}
    assert "Operational share 36% → 25% by 30 Sep" in words(stage.modal(stage.lead))
    await stage.act.close(stage.lead.id)
    said = await stage.typed(ben, "goals")
    # The last four weeks: (36 + 36 + 35 + 34) / 4 = 35.25: 0.75 of 11 points, 7 %. The line falls
    # by 0.7 a week: over the 13 weeks from its middle, 35.6, to that of the date, to 25.1.
    assert "Operational share 36% → 25% by 30 Sep" in said
    assert "7%` of the way: now 35% (mean of the last 4 weeks)" in said
    assert "At the pace of the last 5 weeks, about 25% by 30 Sep" in said
    assert "would be no surprise" in said
    assert "Baseline 36% (4 weeks, 1 Jun – 28 Jun)" in said
    assert "Edit goal" not in said
    assert f"Leads set goals: <@{stage.lead.id}>" in said


async def test_the_target_stands_in_summary_and_chart(stage: Stage) -> None:
    await weeks(stage, 36, 34)
    await set_goal(stage, Target="25,5%", Date="2026-09-30")
    await stage.act.close(stage.lead.id)
    await weeks(stage, 33)
    [summary] = await stage.type(stage.lead, "summary")
    assert "target 26% by 30 Sep" in words(summary)
    assert "Target 26%" in str(summary.blocks)


async def test_bad_input_is_told_at_the_field_and_stays(stage: Stage) -> None:
    await open_form(stage)
    assert "no numbers in the last 4 weeks" in words(stage.modal(stage.lead))
    wrong = {"Baseline": "a third", "Target": "120%", "Date": "2026-06-03"}
    errors = await stage.submit(stage.lead, wrong)
    assert sorted(errors.values()) == [
        "Choose a day after today.",
        "Write a percentage from 0 to 100, such as 25 or 25.5.",
        "Write a percentage from 0 to 100, such as 25 or 25.5.",
    ]
    errors = await stage.submit(
        stage.lead, {"Baseline": "25%", "Target": "30", "Date": "2026-09-30"}
    )
    assert "choose a target below 25%" in next(iter(errors.values()))
    errors = await stage.submit(stage.lead, {"Baseline": "36", "Target": "25,5"})
    assert errors == {}
    await stage.act.close(stage.lead.id)
    assert "36% → 25.5% by 30 Sep" in await stage.typed(stage.lead, "goals")
    assert "entered by hand" in await stage.typed(stage.lead, "goals")


async def test_another_figure_brings_its_own_baseline_and_keeps_the_rest(stage: Stage) -> None:
    await weeks(stage, 36, 34)
    await open_form(stage)
    await stage.fill(stage.lead, {"Target": "80"})
    await stage.choose(stage.lead, stage.modal(stage.lead), "Metric", "Participation")
    form = stage.modal(stage.lead)
    assert "Proposed: 2 weeks, 1 Jun – 14 Jun" in words(form)
    errors = await stage.submit(stage.lead, {"Baseline": "60%", "Date": "2026-09-30"})
    assert errors == {}
    await stage.act.close(stage.lead.id)
    assert "Participation 60% → 80% by 30 Sep" in await stage.typed(stage.lead, "goals")
    await open_form(stage)
    await stage.choose(stage.lead, stage.modal(stage.lead), "Metric", "Level of Toolstack")
    assert "no check-in has rated it yet" in words(stage.modal(stage.lead))
    levels = {"Baseline": "2", "Target": "2.5", "Date": "2026-09-30"}
    errors = await stage.submit(stage.lead, levels)
    assert "Write a whole level from 1 to 5." in errors.values()
    assert await stage.submit(stage.lead, {"Target": "3"}) == {}


async def test_only_leads_change_goals(stage: Stage) -> None:
    await set_goal(stage, Baseline="36", Target="25", Date="2026-09-30")
    await stage.act.close(stage.lead.id)
    ben = stage.people[1]
    shown = await page(stage)
    stage.channel.members.append(ben.id)
    said = await stage.typed(ben, "goals")
    assert "Drop goal" not in said
    # The lead's role goes while their list is still on the screen.
    await stage.world.set_up(stage.lead, stage.channel, {"Leads": [ben.id]})
    await stage.act.close(stage.lead.id)
    refused = await stage.click(stage.lead, shown, "Drop goal")
    assert f"Only a lead can drop goals. Ask <@{ben.id}>." in refused
    assert "36% → 25%" in await stage.typed(ben, "goals")


async def test_a_second_goal_for_a_figure_replaces_the_first_which_is_kept(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.world.set_up(stage.lead, stage.channel, {"Leads": [stage.lead.id, ben.id]})
    await stage.act.close(stage.lead.id)
    for lead, target in ((stage.lead, "25"), (ben, "28")):
        [shown] = await stage.type(lead, "goals")
        await stage.click(lead, shown, "Set a goal")
        if lead is ben:
            await stage.choose(lead, stage.modal(lead), "Metric", "Operational share")
        values = {"Baseline": "36", "Target": target, "Date": "2026-09-30"}
        assert await stage.submit(lead, values) == {}
    kept = words(stage.modal(ben))
    assert f"It replaces the goal that <@{stage.lead.id}> had set, 25% by 30 Sep" in kept
    said = await stage.typed(stage.lead, "goals")
    assert "36% → 28% by 30 Sep" in said
    assert "Replaced on 3 Jun: Operational share 36% → 25% by 30 Sep" in said
    told = words(stage.last(stage.lead))
    assert f"<@{ben.id}> replaced a goal of growth that you had set" in told
    assert "It is now 28% by 30 Sep" in told


async def test_the_same_goal_saved_twice_is_one(stage: Stage) -> None:
    for _ in range(2):
        [shown] = await stage.type(stage.lead, "goals")
        await stage.click(stage.lead, shown, "Set a goal")
        await stage.choose(stage.lead, stage.modal(stage.lead), "Metric", "Customer share")
        values = {"Baseline": "5", "Target": "9", "Date": "2026-09-30"}
        assert await stage.submit(stage.lead, values) == {}
        await stage.act.close(stage.lead.id)
    assert "Replaced" not in await stage.typed(stage.lead, "goals")


async def test_a_goal_is_edited_and_dropped(stage: Stage) -> None:
    await set_goal(stage, Baseline="36", Target="25", Date="2026-09-30")
    await stage.act.close(stage.lead.id)
    await stage.click(stage.lead, await page(stage), "Edit goal")
    assert "Operational share" in words(stage.modal(stage.lead))
    assert await stage.submit(stage.lead, {"Date": "2026-12-31", "Owner": stage.people[2].id}) == {}
    await stage.act.close(stage.lead.id)
    shown = await page(stage)
    assert "36% → 25% by 31 Dec" in words(shown)
    assert f"owner <@{stage.people[2].id}>" in words(shown)
    await stage.click(stage.lead, shown, "Drop goal")
    said = await stage.typed(stage.lead, "goals")
    assert "No goal is set yet" in said
    assert "Dropped on 3 Jun: Operational share 36% → 25% by 31 Dec" in said
    assert "Replaced on 3 Jun: Operational share 36% → 25% by 30 Sep" in said
    await stage.click(stage.lead, shown, "Edit goal")
    assert not stage.has_modal(stage.lead)


async def test_a_goal_that_is_met_is_closed_and_told_once(stage: Stage) -> None:
    await weeks(stage, 36, 36)
    await set_goal(stage, Target="25", Date="2026-12-31")
    await stage.act.close(stage.lead.id)
    await weeks(stage, 24, 20)
    assert not [m for m in stage.dm(stage.lead) if "Goal met" in words(m)]
    # (36 + 24 + 20 + 20) / 4 = 25.
    await weeks(stage, 20)
    await stage.world.advance(hours=1)
    told = [words(m) for m in stage.dm(stage.lead) if "Goal met" in words(m)]
    assert len(told) == 1
    assert "Operational share 36% → 25% by 31 Dec. It is 25% now" in told[0]
    said = await stage.typed(stage.lead, "goals")
    assert "Met on 6 Jul: Operational share 36% → 25%" in said
    await stage.world.advance(days=15)
    assert len([m for m in stage.dm(stage.lead) if "Goal met" in words(m)]) == 1
    assert "Outcome of a goal" in await stage.typed(stage.lead, "why")


async def test_a_goal_whose_date_has_passed_is_missed_after_its_last_week(stage: Stage) -> None:
    await weeks(stage, 36, 36)
    await set_goal(stage, Target="25", Date="2026-06-24")
    await stage.act.close(stage.lead.id)
    await stage.world.move_to_local("2026-06-26T09:00")
    assert "The date has passed" in await stage.typed(stage.lead, "goals")
    await stage.world.move_to_local("2026-06-29T15:00")
    told = [words(m) for m in stage.dm(stage.lead) if "The date of a goal" in words(m)]
    assert len(told) == 1
    assert "It is closed as missed" in told[0]
    assert "Missed on 29 Jun" in await stage.typed(stage.lead, "goals")
    # The next goal for the same figure starts from where the team is now.
    await open_form(stage)
    assert "mean of 2 of the last 4 weeks" in words(stage.modal(stage.lead))
