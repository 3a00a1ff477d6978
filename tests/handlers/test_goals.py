"""Goals over the whole way: set, followed, met, missed, dropped, replaced."""

from sandbox.entities import Message, User
from tests.handlers.past_team import past_team, posted
from tests.stage import Stage, words


def weeks(*operational: int) -> list[list[dict[str, int]]]:
    """What four people logged in the weeks up to 22–28 June; it is Tuesday the 30th."""
    return [[{"reporting": share, "strategy": 100 - share}] * 4 for share in operational]


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


async def test_a_goal_is_set_with_its_baseline_out_of_the_logs(sqlite_url: str) -> None:
    async with past_team(sqlite_url, weeks(37, 36, 36, 35, 34)) as (stage, _):
        await _a_goal_out_of_the_logs(stage)


async def _a_goal_out_of_the_logs(stage: Stage) -> None:
    ben = stage.people[1]
    assert "No goal is set yet" in await stage.typed(ben, "goals")
    await open_form(stage)
    form = stage.modal(stage.lead)
    # The first four weeks: (37 + 36 + 36 + 35) / 4.
    assert "Proposed: 4 weeks, 25 May – 21 Jun" in words(form)
    assert '"initial_value": "36%"' in str(form.blocks).replace("'", '"')
    errors = await stage.submit(stage.lead, {"Target": "25", "Date": "2026-09-30"})
    assert errors == {}
    assert "Operational share 36% → 25% by 30 Sep" in words(stage.modal(stage.lead))
    await stage.act.close(stage.lead.id)
    said = await stage.typed(ben, "goals")
    # The last four weeks: (36 + 36 + 35 + 34) / 4 = 35.25: 0.75 of 11 points, 7 %. The line falls
    # by 0.7 a week: over the 16 weeks from its middle, 35.6, to that of the date, to 24.4.
    assert "Operational share 36% → 25% by 30 Sep" in said
    assert "7%` of the way: now 35% (mean of the last 4 weeks)" in said
    assert "At the pace of the last 5 weeks, about 24% by 30 Sep" in said
    assert "would be no surprise" in said
    assert "Baseline 36% (4 weeks, 25 May – 21 Jun)" in said
    assert "Edit goal" not in said
    assert f"Leads set goals: <@{stage.lead.id}>" in said


async def test_the_target_stands_in_summary_and_chart(sqlite_url: str) -> None:
    async with past_team(sqlite_url, weeks(36, 34, 33)) as (stage, _):
        await set_goal(stage, Target="25,5%", Date="2026-09-30")
        await stage.act.close(stage.lead.id)
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


async def test_another_figure_brings_its_own_baseline_and_keeps_the_rest(sqlite_url: str) -> None:
    async with past_team(sqlite_url, weeks(36, 34)) as (stage, _):
        await _another_figure(stage)


async def _another_figure(stage: Stage) -> None:
    await open_form(stage)
    await stage.fill(stage.lead, {"Target": "80"})
    await stage.choose(stage.lead, stage.modal(stage.lead), "Metric", "Participation")
    form = stage.modal(stage.lead)
    assert "Proposed: 2 weeks, 15 Jun – 28 Jun" in words(form)
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
    [news] = told(stage, f"<@{ben.id}> replaced a goal of growth that you had set")
    assert "It is now 28% by 30 Sep" in news


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
    other = await page(stage)
    await stage.click(stage.lead, shown, "Drop goal")
    assert words(shown).startswith("Goals of growth\nDropped.\n*No goal is set yet.*")
    said = await stage.typed(stage.lead, "goals")
    assert "No goal is set yet" in said
    assert "Dropped on 3 Jun: Operational share 36% → 25% by 31 Dec" in said
    assert "Replaced on 3 Jun: Operational share 36% → 25% by 30 Sep" in said
    # The list that a colleague still has on the screen is out of date.
    assert "closed already" in await stage.click(stage.lead, other, "Edit goal")
    await stage.click(stage.lead, other, "Drop goal")
    assert "That goal was closed already." in words(other)


async def test_a_goal_that_is_met_is_closed_and_told_once(sqlite_url: str) -> None:
    async with past_team(sqlite_url, weeks(36, 36, 36, 36, 24, 20)) as (stage, _):
        await set_goal(stage, Target="25", Date="2026-12-31")
        await stage.act.close(stage.lead.id)
        # (36 + 36 + 24 + 20) / 4 = 29, and with another week of 20 it is 25.
        assert "now 29%" in await stage.typed(stage.lead, "goals")
        for user in stage.people:
            await stage.type(user, "log 20% reports 80% strategy")
        await stage.world.move_to_local("2026-07-06T14:00")
        assert "target 25% by 31 Dec" in words(posted(stage, stage.channel, "growth ·")[-1])
        assert told(stage, "Goal met") == []
        await stage.world.move_to_local("2026-07-06T15:00")
        [said] = told(stage, "Goal met")
        assert "Operational share 36% → 25% by 31 Dec. It is 25% now" in said
        assert "Met on 6 Jul: Operational share 36% → 25%" in await stage.typed(stage.lead, "goals")
        await stage.world.advance(days=8)
        assert len(told(stage, "Goal met")) == 1
        assert "Outcome of a goal" in await stage.typed(stage.lead, "why")


async def test_a_goal_whose_date_has_passed_is_missed_after_its_last_week(sqlite_url: str) -> None:
    async with past_team(sqlite_url, weeks(36, 36)) as (stage, _):
        owner = stage.people[2]
        await set_goal(stage, Target="25", Date="2026-07-01", Owner=owner.id)
        await stage.act.close(stage.lead.id)
        await stage.world.move_to_local("2026-07-03T09:00")
        assert "The date has passed" in await stage.typed(stage.lead, "goals")
        await stage.world.move_to_local("2026-07-06T15:00")
        for user in (stage.lead, owner):
            [said] = told(stage, "The date of a goal", user)
            assert "It is closed as missed" in said
        assert "Missed on 6 Jul" in await stage.typed(stage.lead, "goals")
        # The next goal for the same figure starts from where the team is now.
        await open_form(stage)
        assert "mean of 2 of the last 4 weeks" in words(stage.modal(stage.lead))


def told(stage: Stage, words_in_it: str, user: User | None = None) -> list[str]:
    """Direct messages that say so."""
    said = [words(message) for message in stage.dm(user or stage.lead)]
    return [text for text in said if words_in_it in text]
