"""People and channels in motion, once with Slack's event and once without: the sweep finds out."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from handlers import sweep
from sandbox.entities import User
from storage import memberships, people, teams
from storage.people import Member
from storage.sweep import claim_people, claim_teams
from tests.handlers.checkin_acts import start
from tests.handlers.test_item_checks import give
from tests.stage import Stage, team, words

HOUR = timedelta(hours=1)


async def swept(stage: Stage, *, rounds: int = 3) -> None:
    """All that is to be swept is, a day and an hour from now."""
    await stage.world.advance(hours=25)
    for _ in range(rounds):
        await sweep.sweep_people(stage.world.bot.services, stage.world.clock.now())
        await sweep.sweep_teams(stage.world.bot.services, stage.world.clock.now())
    await stage.world.settle()


async def members(stage: Stage) -> list[str]:
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        found = await teams.every(tx)
        return await memberships.members_of(tx, found[0].team_id)


async def member(stage: Stage, user: User) -> Member:
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        found = await people.get(tx, user.id)
    assert found is not None
    return found


Deed = Callable[[Stage], Awaitable[None]]


def quietly(stage: Stage) -> None:
    """From now on nothing that happens is told."""
    subscribed = stage.world.sandbox.manifest.source["settings"]["event_subscriptions"]
    subscribed["bot_events"] = []


async def zoe_joins(stage: Stage) -> None:
    zoe = stage.world.sandbox.workspace.add_user("Zoe", user_id="U0ZOE")
    robot = stage.world.sandbox.workspace.add_user("Robot", user_id="U0ROBOT", is_bot=True)
    stranger = stage.world.sandbox.workspace.add_user("Eve", user_id="U0EVE", is_stranger=True)
    for user in (zoe, robot, stranger):
        await stage.world.sandbox.join_channel(stage.channel.id, user.id)


async def ben_leaves(stage: Stage) -> None:
    await stage.world.sandbox.leave_channel(stage.channel.id, stage.people[1].id)


@pytest.mark.parametrize("told", [True, False])
async def test_who_joins_and_leaves_the_channel(database_url: str, told: bool) -> None:
    async with team(database_url) as stage:
        if not told:
            quietly(stage)
        await zoe_joins(stage)
        await ben_leaves(stage)
        if not told:
            assert "U0ZOE" not in await members(stage)
            await swept(stage)
        ada, _, *others = stage.people
        assert await members(stage) == [ada.id, *(user.id for user in others), "U0ZOE"]
        # Found once: nobody comes and goes with each sweep.
        before = len(stage.world.sandbox.calls)
        await swept(stage)
        assert await members(stage) == [ada.id, *(user.id for user in others), "U0ZOE"]
        assert len(stage.world.sandbox.calls) - before < 20
        zone = "2026-06-05T14:00"
        await stage.world.move_to_local(zone)
        zoe = stage.world.sandbox.workspace.users["U0ZOE"]
        assert "Where did your week go" in words(stage.last(zoe))


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"deleted": True}, "deactivated"),
        ({"is_restricted": True}, "guest"),
        ({"is_stranger": True}, "other_organisation"),
    ],
)
async def test_a_changed_standing(
    sqlite_url: str, told: bool, change: dict[str, bool], reason: str
) -> None:
    async with team(sqlite_url) as stage:
        ben = stage.people[1]
        if not told:
            quietly(stage)
        await stage.world.sandbox.set_profile(ben.id, **change)
        if not told:
            await swept(stage)
        await stage.world.move_to_local("2026-06-05T14:00")
        (prompt,) = await stage.ledger(ben.id)
        assert prompt.reason == reason
        assert stage.dm(ben) == []


async def owns_an_item(stage: Stage, zoe: User) -> None:
    assert await give(stage, stage.people[1], "E6", zoe) == {}


async def owns_a_decision(stage: Stage, zoe: User) -> None:
    await stage.type(stage.lead, f"decide Share the launch plan <@{zoe.id}|zoe>")


async def is_to_rate(stage: Stage, zoe: User) -> None:
    raters = [zoe.id, *(user.id for user in stage.people[1:4])]
    assert await start(stage, Raters=raters) == {}


async def owns_nothing(stage: Stage, zoe: User) -> None:
    assert "Logged" in await stage.typed_anywhere(zoe, "log 100% jira")


@pytest.mark.parametrize(
    ("deal", "asked_about"),
    [(owns_an_item, True), (owns_a_decision, True), (is_to_rate, True), (owns_nothing, False)],
)
async def test_whoever_owes_a_team_something_is_asked_about_though_in_none(
    database_url: str, deal: Callable[[Stage, User], Awaitable[None]], asked_about: bool
) -> None:
    async with team(database_url) as stage:
        zoe = stage.world.sandbox.workspace.add_user("Zoe")
        await deal(stage, zoe)
        quietly(stage)
        await stage.world.sandbox.set_profile(zoe.id, deleted=True)
        assert not (await member(stage, zoe)).person.is_deleted
        await swept(stage)
        assert (await member(stage, zoe)).person.is_deleted is asked_about


@pytest.mark.parametrize("told", [True, False])
async def test_a_new_zone_and_a_new_name(sqlite_url: str, told: bool) -> None:
    async with team(sqlite_url) as stage:
        ben = stage.people[1]
        if not told:
            quietly(stage)
        await stage.world.sandbox.set_profile(ben.id, tz="America/New_York", real_name="Benno")
        if not told:
            assert (await member(stage, ben)).person.tz == "Europe/Berlin"
            await swept(stage)
        found = await member(stage, ben)
        assert (found.name, found.person.tz) == ("Benno", "America/New_York")
        await stage.world.move_to_local("2026-06-05T13:59", "America/New_York")
        assert stage.dm(ben) == []
        await stage.world.move_to_local("2026-06-05T14:00", "America/New_York")
        assert len(stage.dm(ben)) == 1


@pytest.mark.parametrize("told", [True, False])
async def test_a_user_group_that_a_team_follows(database_url: str, told: bool) -> None:
    async with team(database_url, set_up=False) as stage:
        ada, ben, cem, dora = stage.people
        ws = stage.world.sandbox.workspace
        group = ws.add_user_group("product", [ada, ben])
        values = {"Members": "A user group", "User group": "@product"}
        await stage.world.set_up(stage.lead, stage.channel, values)
        assert await members(stage) == [ada.id, ben.id]
        if not told:
            quietly(stage)
        await stage.world.sandbox.set_group_users(group.id, [ada.id, cem.id, dora.id])
        if not told:
            await swept(stage)
        assert await members(stage) == [ada.id, cem.id, dora.id]


@pytest.mark.parametrize("told", [True, False])
async def test_an_archived_channel_that_comes_back(sqlite_url: str, told: bool) -> None:
    async with team(sqlite_url) as stage:
        stage.provoked.add("is_archived")
        if not told:
            quietly(stage)
        await stage.world.sandbox.archive_channel(stage.channel.id)
        await stage.world.move_to_local("2026-06-08T15:00")
        assert [d.state for d in await stage.ledger(stage.channel.id)] == ["failed"]
        await stage.world.sandbox.unarchive_channel(stage.channel.id)
        if not told:
            await swept(stage)
        await stage.world.tick()
        assert "sent" in [d.state for d in await stage.ledger(stage.channel.id)]


@pytest.mark.parametrize("told", [True, False])
async def test_a_bot_that_is_removed_and_invited_again(sqlite_url: str, told: bool) -> None:
    async with team(sqlite_url) as stage:
        stage.provoked |= {"not_in_channel", "channel_not_found"}
        ws = stage.world.sandbox.workspace
        ws.channels[stage.channel.id].is_private = True
        if not told:
            quietly(stage)
        await stage.world.sandbox.leave_channel(stage.channel.id, ws.bot_user_id)
        await stage.world.move_to_local("2026-06-08T15:00")
        assert [d.reason for d in await stage.ledger(stage.channel.id)] == ["bot_not_in_channel"]
        assert "/invite" in "".join(words(m) for m in stage.dm(stage.lead))
        await stage.world.sandbox.join_channel(stage.channel.id, ws.bot_user_id)
        if not told:
            await swept(stage)
        await stage.world.tick()
        assert "sent" in [d.state for d in await stage.ledger(stage.channel.id)]
        assert len(await members(stage)) == 4


async def test_a_channel_made_private_or_renamed_stays_the_teams(sqlite_url: str) -> None:
    async with team(sqlite_url) as stage:
        stage.world.sandbox.workspace.channels[stage.channel.id].is_private = True
        await stage.world.sandbox.rename_channel(stage.channel.id, "secret")
        await swept(stage)
        assert len(await members(stage)) == 4
        await stage.world.move_to_local("2026-06-08T15:00")
        assert [d.state for d in await stage.ledger(stage.channel.id)][:1] == ["sent"]


async def test_a_new_id_takes_along_what_was_planned_and_posted(database_url: str) -> None:
    async with team(database_url) as stage:
        stage.world.sandbox.faults.add("chat.postMessage", "ratelimited", retry_after=60)
        await stage.world.move_to_local("2026-06-05T15:00")
        stage.world.sandbox.faults.add(
            "chat.postMessage", "ratelimited", retry_after=60, channel=stage.channel.id
        )
        await stage.world.move_to_local("2026-06-08T14:00")
        assert [d.state for d in await stage.ledger(stage.channel.id)] == ["retry"]
        await stage.world.sandbox.change_channel_id(stage.channel.id, "C0NEW")
        await stage.world.advance(minutes=2)
        assert [d.state for d in await stage.ledger("C0NEW")][:1] == ["sent"]
        (posted,) = [m for m in stage.world.messages("C0NEW") if m.metadata]
        # The first answers of the week come late, and change what was posted.
        for user in stage.people:
            await stage.world.log(user, stage.channel, "last 100% tools")
        await stage.world.advance(minutes=2)
        assert posted.edited is not None


async def test_a_lost_new_id_is_told_to_the_leads(sqlite_url: str) -> None:
    async with team(sqlite_url) as stage:
        stage.provoked.add("channel_not_found")
        quietly(stage)
        await stage.world.sandbox.change_channel_id(stage.channel.id, "C0NEW")
        await swept(stage)
        assert len(await members(stage)) == 4
        await stage.world.move_to_local("2026-06-08T15:00")
        told = [words(m) for m in stage.dm(stage.lead) if "can't reach" in words(m)]
        assert len(told) == 1


async def test_who_came_or_went_while_we_asked_is_left_to_the_events(stage: Stage) -> None:
    """The answer of Slack may be older than an event that came meanwhile."""
    await stage.world.advance(hours=2)
    now = stage.world.clock.now()
    ben = stage.people[1]
    await stage.world.sandbox.leave_channel(stage.channel.id, ben.id)
    stage.world.sandbox.workspace.channels[stage.channel.id].members.append(ben.id)
    await sweep.sweep_teams(stage.world.bot.services, now)
    assert ben.id not in await members(stage)


async def test_a_busy_slack_is_asked_again_later(stage: Stage) -> None:
    await stage.world.advance(hours=25)
    services = stage.world.bot.services
    now = stage.world.clock.now()
    stage.world.sandbox.faults.add("users.info", "ratelimited", retry_after=30)
    before = len(stage.world.sandbox.calls)
    assert await sweep.sweep_people(services, now) == 1
    assert len(stage.world.sandbox.calls) == before + 1
    assert await sweep.sweep_people(services, now) == 0
    assert await sweep.sweep_people(services, now + sweep.AGAIN) == 4


async def test_slack_is_left_alone_for_as_long_as_it_asks(stage: Stage) -> None:
    await stage.world.advance(hours=25)
    services, calls = stage.world.bot.services, stage.world.sandbox.calls
    now = stage.world.clock.now()
    stage.world.sandbox.faults.add("users.info", "ratelimited", retry_after=3600)
    before = len(calls)
    for minutes in (0, 10, 20, 30, 40, 50):
        await sweep.sweep_people(services, now + timedelta(minutes=minutes))
    assert len(calls) == before + 1
    # Another method may be asked all the same.
    assert await sweep.sweep_teams(services, now) == 1
    assert calls[-1].method == "conversations.members"
    assert await sweep.sweep_people(services, now + timedelta(minutes=70)) == 4


async def test_an_answer_that_says_nothing_keeps_nobody_waiting(stage: Stage) -> None:
    await stage.world.advance(hours=25)
    services, now = stage.world.bot.services, stage.world.clock.now()
    for method in ("users.info", "conversations.members"):
        stage.world.sandbox.faults.add(method, "bare")
    ben = stage.people[1]
    stage.world.sandbox.workspace.change_user(ben.id, real_name="Benno")
    assert await sweep.sweep_people(services, now) == 4
    assert await sweep.sweep_teams(services, now) == 1
    assert len(await members(stage)) == 4
    await sweep.sweep_people(services, now + sweep.AGAIN)
    assert (await member(stage, ben)).name == "Benno"


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_is_switched_off_keeps_its_team(sqlite_url: str, told: bool) -> None:
    async with team(sqlite_url, set_up=False) as stage:
        group = stage.world.sandbox.workspace.add_user_group("product", stage.people)
        values = {"Members": "A user group", "User group": "@product"}
        await stage.world.set_up(stage.lead, stage.channel, values)
        if not told:
            quietly(stage)
        await stage.world.sandbox.disable_group(group.id)
        await swept(stage)
        assert len(await members(stage)) == 4


async def test_an_edited_group_is_looked_at_soon(stage: Stage) -> None:
    """Of its members Slack may tell with the group itself, in a list that is cut off."""
    ws = stage.world.sandbox.workspace
    group = ws.add_user_group("product", stage.people)
    values = {"Members": "A user group", "User group": "@product"}
    await stage.world.set_up(stage.lead, stage.channel, values)
    services = stage.world.bot.services
    await sweep.sweep_teams(services, stage.world.clock.now())
    group.users.remove(stage.people[1].id)
    event = {"type": "subteam_updated", "subteam": {"id": group.id}}
    await stage.world.sandbox.events.tell("subteam_updated", event)
    await stage.world.advance(minutes=3)
    await sweep.sweep_teams(services, stage.world.clock.now())
    assert stage.people[1].id not in await members(stage)


async def test_many_who_came_unheard_are_taken_in_some_at_a_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "JOINS_AT_ONCE", 2)
    stage.channel.members += [user.id for user in stage.world.add_people(3)]
    await stage.world.advance(hours=2)
    services, now = stage.world.bot.services, stage.world.clock.now()
    counts = []
    for _ in range(3):
        await sweep.sweep_teams(services, now)
        counts.append(len(await members(stage)))
    assert counts == [6, 7, 7]


async def test_replicas_share_the_sweep_and_a_dead_one_loses_nothing(stage: Stage) -> None:
    """Claims are in the database: two take different people, and what one took comes up again."""
    await stage.world.advance(hours=25)
    database, now = stage.world.bot.database, stage.world.clock.now()
    later = {"fresh_since": now - HOUR, "again_at": now + sweep.AGAIN, "next_at": now + 25 * HOUR}
    taken: list[str] = []
    for limit in (3, 50, 50):
        async with database.write_across() as connection:
            found = await claim_people(connection, now, **later, limit=limit)
        taken += [one.subject for one in found if one.fetch]
    assert sorted(taken) == sorted(user.id for user in stage.people)
    async with database.write_across() as connection:
        again = await claim_people(connection, now + sweep.AGAIN, **later, limit=50)
        mine = await claim_teams(connection, now, again_at=now + HOUR, limit=5)
        none = await claim_teams(connection, now, again_at=now + HOUR, limit=5)
    assert len([one for one in again if one.fetch]) == 4
    assert [len(mine), len(none)] == [1, 0]
