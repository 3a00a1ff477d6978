"""App Home: each state, and that it follows whatever its person does."""

from tests.stage import Stage, team, words


async def test_without_a_team_it_says_how_to_start(sqlite_url: str) -> None:
    async with team(sqlite_url, set_up=False) as stage:
        assert "You are in no team yet." in await stage.home(stage.lead)
        # It is open while the team is set up: it shows the team at once.
        await stage.world.set_up(stage.lead, stage.channel)
        shown = stage.home_now(stage.lead)
        assert "My week · 1–7 Jun" in shown
        assert "Next prompt: *Friday 5 Jun, 14:00*, your time." in shown
        assert "No summary yet" in shown


async def test_an_open_week_can_be_logged_skipped_and_repeated_from_it(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.type(ben, "log last 40% strategy 60% jira")
    assert "Not logged yet." in await stage.home(ben)
    home = stage.world.sandbox.workspace.homes[ben.id]
    await stage.click(ben, home, "Same as last week")
    assert "60%  Tools &amp; tickets" in stage.home_now(ben)
    assert "My last weeks" in stage.home_now(ben)
    assert "60% operational, 40% strategic" in stage.home_now(ben)
    await stage.click(ben, home, "Edit")
    await stage.submit(ben, {"Strategy & decisions": "0", "People & growth": "40"})
    assert "40%  People &amp; growth" in stage.home_now(ben)
    # By any other route, too.
    [receipt] = await stage.type(ben, "log skip")
    assert "Skipped. It does not count as missing." in stage.home_now(ben)
    await stage.click(ben, receipt, "Undo")
    assert "40%  People &amp; growth" in stage.home_now(ben)
    await stage.say(ben, "100% customer")
    assert "100%  Customer &amp; market" in stage.home_now(ben)


async def test_prompts_can_be_paused_moved_and_started_from_it(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.home(ben)
    home = stage.world.sandbox.workspace.homes[ben.id]
    await stage.click(ben, home, "Pause prompts")
    assert "Prompts are paused until you resume them." in stage.home_now(ben)
    await stage.click(ben, stage.last(ben), "Pause 1 week")
    assert "Prompts are paused until Wednesday 10 Jun." in stage.home_now(ben)
    await stage.click(ben, home, "Resume prompts")
    assert "Next prompt: *Friday 5 Jun, 14:00*" in stage.home_now(ben)
    await stage.click(ben, home, "Change my prompt time")
    await stage.submit(ben, {"Day": "Thursday", "Time": "09:00", "Or back to the default": []})
    assert "Next prompt: *Thursday 4 Jun, 09:00*" in stage.home_now(ben)
    await stage.click(ben, home, "Change my prompt time")
    assert "Use the team's time: Friday 14:00" in str(stage.modal(ben).blocks)
    await stage.submit(ben, {"Or back to the default": ["team"]})
    assert "Next prompt: *Friday 5 Jun, 14:00*" in stage.home_now(ben)
    await stage.click(ben, home, "What was sent to me")
    assert "Next prompt, for 1–7 Jun" in words(stage.last(ben))


async def test_stopped_prompts_start_again_from_it(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.world.move_to_local("2026-06-05T14:00")
    await stage.home(ben)
    await stage.click(ben, stage.last(ben), "Not me, stop prompts")
    assert "Prompts are stopped." in stage.home_now(ben)
    await stage.click(ben, stage.world.sandbox.workspace.homes[ben.id], "Start prompts again")
    assert "Next prompt: *Friday 12 Jun, 14:00*" in stage.home_now(ben)


async def test_the_last_summary_and_settings_for_leads_only(stage: Stage) -> None:
    ada, ben = stage.people[:2]
    for user in stage.people[:3]:
        await stage.type(user, "log 50% jira 50% people")
    await stage.world.move_to_local("2026-06-08T14:00")
    lead, member = await stage.home(ada), await stage.home(ben)
    assert "1–7 Jun: operational 50%, above the 30%" in lead
    assert "1–7 Jun: operational 50%, above the 30%" in member
    assert "Team settings" in lead
    assert "Team settings" not in member
    await stage.click(ada, stage.world.sandbox.workspace.homes[ada.id], "Team settings")
    assert await stage.submit(ada, {"Team name": "Growth & <!here>"}) == {}
    assert "*Growth &amp; &lt;!here&gt;*" in stage.home_now(ada)


async def test_nobody_who_never_opened_it_is_published_to(stage: Stage) -> None:
    await stage.type(stage.people[1], "log 100% people")
    assert not [c for c in stage.world.sandbox.calls if c.method == "views.publish"]
    await stage.act.open_home(stage.people[1].id, tab="messages")
    await stage.world.settle()
    assert not [c for c in stage.world.sandbox.calls if c.method == "views.publish"]


async def test_an_absence_shows(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.home(ben)
    await stage.type(ben, "away today to 14 Jun")
    assert "You are away until Sunday 14 Jun." in stage.home_now(ben)
    await stage.click(ben, stage.world.sandbox.workspace.homes[ben.id], "I am back")
    assert "You are away" not in stage.home_now(ben)
