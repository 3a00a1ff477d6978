"""People who come, go and move while a week runs: never a second prompt, never a lost one."""

from handlers import sweep
from sandbox.entities import User
from storage import people
from storage.people import Member
from tests.postgres_server import PostgresServer
from tests.stage import Stage, team, words


async def member(stage: Stage, user: User) -> Member:
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        found = await people.get(tx, user.id)
    assert found is not None
    return found


async def prompts_of(stage: Stage, user_id: str) -> list[tuple[str, str]]:
    return [(str(d.period), d.state) for d in await stage.ledger(user_id) if d.kind == "prompt"]


async def test_joining_the_channel_joins_the_team(stage: Stage) -> None:
    ws = stage.world.sandbox.workspace
    zoe, robot = ws.add_user("Zoe"), ws.add_user("Robot", is_bot=True)
    for user in (zoe, robot):
        await stage.world.sandbox.join_channel(stage.channel.id, user.id)
    await stage.world.move_to_local("2026-06-05T14:00")
    assert "You are in *growth*" in words(stage.last(zoe))
    assert stage.dm(robot) == []


async def test_joining_after_the_prompt_waits_for_the_next_week(stage: Stage) -> None:
    await stage.world.move_to_local("2026-06-05T15:00")
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    await stage.world.sandbox.join_channel(stage.channel.id, zoe.id)
    await stage.world.move_to_local("2026-06-12T13:59")
    assert stage.dm(zoe) == []
    await stage.world.move_to_local("2026-06-12T14:00")
    assert "8–14 Jun" in words(stage.last(zoe))


async def test_leaving_and_coming_back_in_one_week_asks_once(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.world.move_to_local("2026-06-05T14:00")
    await stage.world.sandbox.leave_channel(stage.channel.id, ben.id)
    await stage.world.sandbox.join_channel(stage.channel.id, ben.id)
    await stage.world.move_to_local("2026-06-12T14:00")
    assert await prompts_of(stage, ben.id) == [("2026-W23", "sent"), ("2026-W24", "sent")]


async def test_a_move_west_after_the_prompt_brings_no_second_one(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.world.move_to_local("2026-06-05T14:00")
    await stage.world.sandbox.set_profile(ben.id, tz="America/New_York")
    await stage.world.move_to_local("2026-06-05T15:00", "America/New_York")
    assert await prompts_of(stage, ben.id) == [("2026-W23", "sent")]
    # The reminder keeps its instant; the next prompt follows the new zone.
    await stage.world.move_to_local("2026-06-12T13:59", "America/New_York")
    assert len(await prompts_of(stage, ben.id)) == 1
    await stage.world.move_to_local("2026-06-12T14:00", "America/New_York")
    assert len(await prompts_of(stage, ben.id)) == 2


async def test_a_move_east_past_the_hour_asks_at_once(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.world.move_to_local("2026-06-05T12:00")
    await stage.world.sandbox.set_profile(ben.id, tz="Australia/Sydney")
    await stage.world.tick()
    assert await prompts_of(stage, ben.id) == [("2026-W23", "sent")]
    await stage.world.move_to_local("2026-06-12T14:00", "Australia/Sydney")
    assert await prompts_of(stage, ben.id) == [("2026-W23", "sent"), ("2026-W24", "sent")]


async def test_a_move_before_the_prompt_follows_the_new_zone(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.world.sandbox.set_profile(ben.id, tz="America/New_York")
    await stage.world.move_to_local("2026-06-05T13:59", "America/New_York")
    assert stage.dm(ben) == []
    await stage.world.move_to_local("2026-06-05T14:00", "America/New_York")
    assert len(stage.dm(ben)) == 1


async def test_two_teams_and_still_one_prompt(stage: Stage) -> None:
    ben = stage.people[1]
    other = stage.world.sandbox.workspace.add_channel("core", stage.people)
    await stage.world.set_up(stage.lead, other)
    await stage.world.move_to_local("2026-06-05T15:00")
    assert len(stage.dm(ben)) == 1
    assert "For growth and core." in words(stage.last(ben))
    # Leaving the older team leaves the prompt in place.
    await stage.world.sandbox.leave_channel(stage.channel.id, ben.id)
    await stage.world.move_to_local("2026-06-12T15:00")
    assert "For core." in words(stage.last(ben))
    assert [p for p, _ in await prompts_of(stage, ben.id)] == ["2026-W23", "2026-W24"]


async def test_strangers_news_is_not_kept(stage: Stage) -> None:
    """Slack tells of every status in the workspace; only people of teams are stored."""
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    await stage.world.sandbox.set_profile(zoe.id, status_text="In a meeting")
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        assert await people.get(tx, zoe.id) is None


async def test_an_archived_channel_is_told_to_its_lead_once(stage: Stage) -> None:
    stage.provoked.add("is_archived")
    await stage.world.sandbox.archive_channel(stage.channel.id)
    await stage.world.move_to_local("2026-06-08T15:00")
    told = [words(m) for m in stage.dm(stage.lead) if "can't reach" in words(m)]
    assert len(told) == 1
    assert "the channel is archived" in told[0]
    assert "Unarchive the channel" in told[0]
    await stage.world.move_to_local("2026-06-15T15:00")
    assert len([m for m in stage.dm(stage.lead) if "can't reach" in words(m)]) == 1
    other = stage.people[1]
    assert "was not sent: the channel is archived" in await stage.typed_anywhere(other, "why")


async def test_a_renamed_channel_and_a_new_id_change_nothing(stage: Stage) -> None:
    await stage.world.sandbox.rename_channel(stage.channel.id, "growth-2")
    await stage.world.sandbox.change_channel_id(stage.channel.id, "C0NEWID0001")
    for user in stage.people[:3]:
        await stage.type(user, "log 100% people")
    await stage.world.move_to_local("2026-06-08T14:00")
    posted = [m for m in stage.world.messages("C0NEWID0001") if "1–7 Jun" in words(m)]
    assert [m for m in posted if m.ephemeral_for is None]


async def test_an_event_that_was_overtaken_changes_nothing(stage: Stage) -> None:
    """Slack sends again what got no answer, by which time something newer may have come."""
    sandbox, ben = stage.world.sandbox, stage.people[1]
    await sandbox.set_profile(ben.id, tz="America/New_York", deleted=True)
    older = sandbox.events.sent[-1]
    await sandbox.set_profile(ben.id, tz="Asia/Tokyo", deleted=False)
    await sandbox.resend(older)
    found = await member(stage, ben)
    assert (found.person.tz, found.person.is_deleted) == ("Asia/Tokyo", False)
    await stage.world.move_to_local("2026-06-05T14:00", "Asia/Tokyo")
    assert await prompts_of(stage, ben.id) == [("2026-W23", "sent")]


async def test_what_an_event_leaves_out_stays_as_it_was(stage: Stage) -> None:
    """Slack says no more of accounts that are deactivated than that they are."""
    sandbox, ben = stage.world.sandbox, stage.people[1]
    for flag in (True, False):
        bare = {"id": ben.id, "deleted": flag, "profile": {"status_expiration": 10**15}}
        event = {"type": "user_change", "user": bare, "event_ts": sandbox.workspace.new_ts()}
        ack = await sandbox.events.tell("user_change", event)
        assert ack is not None
        assert ack.ok
        found = await member(stage, ben)
        assert found.person.is_deleted is flag
        assert (found.name, found.person.tz) == ("Ben", "Europe/Berlin")
    await stage.world.move_to_local("2026-06-05T14:00")
    assert await prompts_of(stage, ben.id) == [("2026-W23", "sent")]


async def test_who_comes_back_before_the_news_of_leaving_is_in_again_soon(stage: Stage) -> None:
    sandbox, ben = stage.world.sandbox, stage.people[1]
    await sandbox.leave_channel(stage.channel.id, ben.id)
    left = sandbox.events.sent[-1]
    await sandbox.join_channel(stage.channel.id, ben.id)
    await sandbox.resend(left)
    await stage.world.advance(minutes=3)
    await sweep.sweep_teams(stage.world.bot.services, stage.world.clock.now())
    await stage.world.move_to_local("2026-06-05T14:00")
    assert await prompts_of(stage, ben.id) == [("2026-W23", "sent")]


async def test_who_came_while_the_bot_was_out_is_found_once_it_is_back(stage: Stage) -> None:
    sandbox = stage.world.sandbox
    stage.channel.is_private = True
    await stage.world.move_to_local("2026-06-05T10:00")
    await sweep.sweep_teams(stage.world.bot.services, stage.world.clock.now())
    await sandbox.leave_channel(stage.channel.id, sandbox.workspace.bot_user_id)
    zoe = sandbox.workspace.add_user("Zoe")
    await sandbox.join_channel(stage.channel.id, zoe.id)
    await sandbox.join_channel(stage.channel.id, sandbox.workspace.bot_user_id)
    await sweep.sweep_teams(stage.world.bot.services, stage.world.clock.now())
    await stage.world.move_to_local("2026-06-05T14:00")
    assert await prompts_of(stage, zoe.id) == [("2026-W23", "sent")]


async def test_a_summary_that_met_the_old_id_goes_out_under_the_new_one(stage: Stage) -> None:
    """The hour strikes between Slack's change and its news of it."""
    stage.provoked.add("channel_not_found")
    sandbox = stage.world.sandbox
    heard = sandbox.manifest.source["settings"]["event_subscriptions"]
    heard["bot_events"].remove("channel_id_changed")
    old = stage.channel.id
    await sandbox.change_channel_id(old, "C0NEWID0001")
    await stage.world.move_to_local("2026-06-08T14:00")
    assert [d.state for d in await stage.ledger("C0NEWID0001")] == []
    heard["bot_events"].append("channel_id_changed")
    ids = {"old_channel_id": old, "new_channel_id": "C0NEWID0001"}
    event = {"type": "channel_id_changed", **ids, "event_ts": sandbox.workspace.new_ts()}
    for _ in range(2):
        await sandbox.events.tell("channel_id_changed", event)
        await stage.world.advance(minutes=1)
    sent = [d.kind for d in await stage.ledger("C0NEWID0001") if d.state == "sent"]
    assert sent.count("summary") == 1


async def test_what_slackbot_says_gets_no_answer(stage: Stage) -> None:
    """It tells the bot in a DM, and without a bot's mark, that it was taken out of a channel."""
    sandbox = stage.world.sandbox
    event = {
        "type": "message",
        "user": "USLACKBOT",
        "channel": "D0SLACKBOT1",
        "channel_type": "im",
        "text": "You have been removed from #growth by <@U1>",
        "ts": sandbox.workspace.new_ts(),
    }
    before = len(sandbox.calls)
    await sandbox.events.tell("message.im", event)
    await stage.world.settle()
    assert len(sandbox.calls) == before


async def test_news_while_the_database_is_away_comes_again(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    async with team(postgres_url) as stage:
        sandbox, ben = stage.world.sandbox, stage.people[1]
        postgres_server.stop()
        ack = await sandbox.set_profile(ben.id, tz="Asia/Tokyo")
        assert ack is not None
        assert ack.status == 503
        sandbox.courier.delivered.clear()
        postgres_server.start()
        assert (await sandbox.resend(sandbox.events.sent[-1])).ok
        assert (await member(stage, ben)).person.tz == "Asia/Tokyo"
