"""`/prodops setup`: who may, what is asked for, what is refused, what comes next."""

from typing import Any

import pytest

from handlers import setup, setup_people, setup_storing
from sandbox.entities import User
from storage import memberships, people, teams
from storage.teams import Team
from tests.stage import Stage, team, words


@pytest.fixture
async def blank(sqlite_url: str) -> Any:
    async with team(sqlite_url, set_up=False) as made:
        yield made


async def stored(stage: Stage) -> tuple[Team | None, list[str], list[str]]:
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        found = await teams.by_channel(tx, stage.channel.id)
        if found is None:
            return None, [], []
        return (
            found,
            await teams.leads_of(tx, found.team_id),
            await memberships.members_of(tx, found.team_id),
        )


async def open_setup(stage: Stage, user: User) -> str:
    return await stage.typed(user, "setup")


async def test_any_full_member_sets_up_and_leads(blank: Stage) -> None:
    ben = blank.people[1]
    await open_setup(blank, ben)
    assert blank.modal(ben).values["prodops_setup_name"]["prodops_setup_name"]["value"] == "Growth"
    assert await blank.submit(ben) == {}
    preview = words(blank.modal(ben))
    assert "*Growth* is set up. This comes next:" in preview
    assert "*Friday 5 Jun, 14:00 CEST*  Prompt to 4 people (Europe/Berlin)" in preview
    assert "*Monday 8 Jun, 14:00 CEST*  Summary of 1–7 Jun in this channel" in preview
    found, leads, members = await stored(blank)
    assert found is not None
    assert (found.name, found.tz, found.country) == ("Growth", "Europe/Berlin", None)
    assert leads == [ben.id]
    assert members == [user.id for user in blank.people]
    [note] = [m for m in blank.world.messages(blank.channel) if m.ephemeral_for is None]
    assert f"*Growth* now measures where its weeks go: 4 members, led by <@{ben.id}>." in words(
        note
    )


async def test_guests_are_refused_kindly(blank: Stage) -> None:
    guest = blank.world.sandbox.workspace.add_user("Gast", is_restricted=True)
    blank.channel.members.append(guest.id)
    assert "Guests cannot set up a team" in await open_setup(blank, guest)
    assert not blank.has_modal(guest)


async def test_later_only_leads_and_admins(stage: Stage) -> None:
    ben, cem = stage.people[1:3]
    assert f"<@{stage.lead.id}> can change its settings" in await open_setup(stage, ben)
    await stage.world.sandbox.set_profile(cem.id, is_admin=True)
    await open_setup(stage, cem)
    # The form was open when somebody else took the channel: saving is refused, input kept.
    await stage.submit(cem, {"Leads": [ben.id]})
    assert (await stored(stage))[1] == [ben.id]
    assert f"<@{ben.id}> can change its settings" in await open_setup(stage, stage.lead)


async def test_two_people_with_the_form_open(blank: Stage) -> None:
    ada, ben = blank.people[:2]
    await open_setup(blank, ada)
    await open_setup(blank, ben)
    await blank.submit(ada)
    errors = await blank.submit(ben)
    assert "has a team already" in "".join(errors.values())
    assert (await stored(blank))[1] == [ada.id]


async def test_picked_people_and_user_group(blank: Stage) -> None:
    ada, ben, cem, dora = blank.people
    group = blank.world.sandbox.workspace.add_user_group("pms", [cem, dora])
    await open_setup(blank, ada)
    errors = await blank.submit(ada, {"Members": "Picked people"})
    assert "Pick the people" in errors["prodops_setup_people"]
    assert await blank.submit(ada, {"People": [ada.id, ben.id]}) == {}
    assert (await stored(blank))[2] == [ada.id, ben.id]
    await blank.act.close(ada.id)
    await open_setup(blank, ada)
    errors = await blank.submit(ada, {"Members": "A user group"})
    assert "Choose the user group" in errors["prodops_setup_members"]
    assert await blank.submit(ada, {"User group": "@pms"}) == {}
    found, _, members = await stored(blank)
    assert found is not None
    assert found.group_id == group.id
    assert members == [cem.id, dora.id]
    await blank.world.sandbox.set_group_users(group.id, [dora.id, ben.id])
    assert sorted((await stored(blank))[2]) == sorted([ben.id, dora.id])
    await blank.world.move_to_local("2026-06-05T14:00")
    assert [bool(blank.dm(user)) for user in blank.people] == [False, True, False, True]


@pytest.mark.parametrize("flag", ["is_bot", "is_restricted", "deleted"])
async def test_leads_are_full_members(blank: Stage, flag: str) -> None:
    odd = blank.world.sandbox.workspace.add_user("Odd")
    await open_setup(blank, blank.lead)
    await blank.fill(blank.lead, {"Leads": [blank.lead.id, odd.id]})
    blank.world.sandbox.workspace.change_user(odd.id, **{flag: True})
    errors = await blank.submit(blank.lead)
    assert "Only full members can lead" in errors["prodops_setup_leads"]
    assert (await stored(blank))[0] is None


async def test_a_private_channel_without_the_bot_gets_the_line_to_send(blank: Stage) -> None:
    ada = blank.lead
    secret = blank.world.sandbox.workspace.add_channel(
        "secret", blank.people, is_private=True, bot_in=False
    )
    blank.provoked.add("channel_not_found")
    await blank.typed(ada, "setup", secret)
    errors = await blank.submit(ada, {"Team name": "Secret"})
    assert "Send /invite @ProdOps in it, then press Save again." in "".join(errors.values())
    await blank.world.sandbox.join_channel(secret.id, blank.world.sandbox.workspace.bot_user_id)
    assert await blank.submit(ada) == {}
    assert "*Secret* is set up" in words(blank.modal(ada))


async def test_a_public_channel_without_the_bot_is_set_up_with_a_note(blank: Stage) -> None:
    ada = blank.lead
    blank.channel.members.remove(blank.world.sandbox.workspace.bot_user_id)
    blank.provoked.add("not_in_channel")
    await open_setup(blank, ada)
    assert await blank.submit(ada) == {}
    assert "send /invite @ProdOps in it" in words(blank.modal(ada))
    assert "`/invite @ProdOps`" in words(blank.last(ada))
    assert (await stored(blank))[0] is not None


@pytest.mark.parametrize("name", ["   ", "\u202e\u200b"])
async def test_a_name_of_nothing_is_refused(blank: Stage, name: str) -> None:
    await open_setup(blank, blank.lead)
    errors = await blank.submit(blank.lead, {"Team name": name})
    assert errors == {"prodops_setup_name": "Give the team a name."}


async def test_a_hostile_name_alerts_nobody(blank: Stage) -> None:
    hostile = "<!channel> & <@U0SBX000002>\u202e *b*"
    await blank.world.set_up(blank.lead, blank.channel, {"Team name": hostile})
    await blank.world.move_to_local("2026-06-08T15:00")
    seen = [*blank.world.messages(blank.channel), *blank.dm(blank.people[1])]
    assert len(seen) >= 3
    assert all(message.broadcasts == () for message in seen)
    assert any("&lt;!channel&gt; &amp; &lt;@U0SBX000002&gt;" in words(m) for m in seen)
    assert "&lt;!channel&gt;" in await blank.home(blank.lead)


async def test_in_a_dm_it_says_where_to_go(stage: Stage) -> None:
    ben = stage.people[1]
    dm = stage.world.sandbox.workspace.dm(ben.id)
    assert "Go to its channel" in await stage.typed(ben, "setup", dm)


async def test_changing_the_rhythm_before_and_after_this_weeks_prompt(stage: Stage) -> None:
    ada, ben = stage.people[:2]
    await open_setup(stage, ada)
    await stage.submit(ada, {"Prompt day": "Thursday", "Prompt time": "10:00"})
    assert "*Thursday 4 Jun, 10:00 CEST*  Prompt to 4 people" in words(stage.modal(ada))
    await stage.world.move_to_local("2026-06-04T10:00")
    assert len(stage.dm(ben)) == 1
    # Back to Friday: this week was asked about already.
    await stage.act.close(ada.id)
    await open_setup(stage, ada)
    await stage.submit(ada, {"Prompt day": "Friday"})
    await stage.type(ben, "log skip")
    await stage.world.move_to_local("2026-06-11T12:00")
    assert len(stage.dm(ben)) == 1
    await stage.world.move_to_local("2026-06-12T10:00")
    assert len(stage.dm(ben)) == 2


async def test_a_rhythm_moved_into_the_past_keeps_this_weeks_prompt(stage: Stage) -> None:
    ada, ben = stage.people[:2]
    await open_setup(stage, ada)
    await stage.submit(ada, {"Prompt day": "Tuesday"})
    assert stage.dm(ben) == []
    await stage.world.move_to_local("2026-06-05T14:00")
    assert "1–7 Jun" in words(stage.last(ben))
    await stage.type(ben, "log skip")
    await stage.world.move_to_local("2026-06-09T14:00")
    assert "8–14 Jun" in words(stage.last(ben))
    assert len([e for e in await stage.ledger(ben.id) if e.kind == "prompt"]) == 2


async def test_nothing_goes_out_for_the_time_before_set_up(stage: Stage) -> None:
    """Set up on a Wednesday: Monday's summary would be about a week nobody was asked about."""
    await stage.world.move_to_local("2026-06-05T13:00")
    assert await stage.ledger(*[u.id for u in stage.people], stage.channel.id) == []


async def test_set_up_after_this_weeks_prompt_waits_for_the_next(sqlite_url: str) -> None:
    async with team(sqlite_url, set_up=False) as stage:
        await stage.world.move_to_local("2026-06-05T18:00")
        await stage.world.set_up(stage.lead, stage.channel)
        preview = words(stage.modal(stage.lead))
        assert "*Friday 12 Jun, 14:00 CEST*  Prompt to 4 people" in preview
        assert "*Monday 15 Jun, 14:00 CEST*  Summary of 8–14 Jun" in preview
        await stage.world.move_to_local("2026-06-12T13:00")
        assert await stage.ledger(*[u.id for u in stage.people], stage.channel.id) == []


async def test_slack_busy_while_saving_loses_nothing(blank: Stage) -> None:
    """A profile that can't be fetched now comes later; the team is set up all the same."""
    blank.world.sandbox.faults.add("users.info", "500", times=3)
    blank.world.sandbox.faults.add("chat.postMessage", "500")
    await open_setup(blank, blank.lead)
    assert await blank.submit(blank.lead) == {}
    assert "the summary would not arrive" in words(blank.modal(blank.lead))
    async with blank.world.bot.database.read(blank.world.sandbox.workspace.team_id) as tx:
        known = [m.known for m in await people.get_many(tx, (await stored(blank))[2])]
    assert known.count(False) >= 1
    await blank.world.bot.schedule._sweep_people()
    await blank.world.move_to_local("2026-06-05T14:00")
    assert all(len(blank.dm(user)) == 1 for user in blank.people)


async def test_many_people_are_taken_in_some_at_a_time(
    blank: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No transaction is long; whoever left the channel meanwhile leaves the team in the end."""
    monkeypatch.setattr(setup_storing, "AT_ONCE", 2)
    ada, ben, cem, dora = blank.people
    await open_setup(blank, ada)
    assert await blank.submit(ada) == {}
    assert sorted((await stored(blank))[2]) == sorted(user.id for user in blank.people)
    for user in (ben, cem, dora):
        blank.channel.members.remove(user.id)
    await blank.act.close(ada.id)
    await open_setup(blank, ada)
    assert await blank.submit(ada, {"Prompt day": "Thursday"}) == {}
    assert (await stored(blank))[2] == [ada.id]
    await blank.world.move_to_local("2026-06-05T15:00")
    assert [bool(blank.dm(user)) for user in blank.people] == [True, False, False, False]


async def test_a_channel_of_too_many_is_refused_before_anybody_is_asked_about(
    blank: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (setup, setup_people):
        monkeypatch.setattr(module, "MOST_PEOPLE", 4)
    await open_setup(blank, blank.lead)
    before = len(blank.world.sandbox.calls)
    errors = await blank.submit(blank.lead)
    assert "More than 4 people are in there" in errors["prodops_setup_members"]
    asked = [call.method for call in blank.world.sandbox.calls[before:]]
    assert asked[:-1] == ["conversations.members"]


async def test_a_slack_that_is_asked_too_often_is_left_alone(
    blank: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_people, "AT_ONCE", 1)
    await open_setup(blank, blank.lead)
    blank.world.sandbox.faults.add("users.info", "ratelimited", times=None)
    before = len(blank.world.sandbox.calls)
    assert await blank.submit(blank.lead) == {}
    methods = [call.method for call in blank.world.sandbox.calls[before:]]
    assert methods.count("users.info") == 1
    assert len((await stored(blank))[2]) == 4
