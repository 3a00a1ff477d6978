"""The Events API: what the bot hears, in which envelopes, how often, and what it does not hear."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from sandbox.workspace import Channel, User
from tests.sandbox.conftest import Api, Bot


async def test_a_direct_message_arrives_in_an_envelope(
    sandbox: Sandbox, bot: Bot, mira: User
) -> None:
    dm = sandbox.workspace.dm(mira.id)
    reply = await sandbox.people.say(mira.id, dm.id, "40% <strategy>")
    assert reply.status == 200
    (received,) = bot.received
    envelope, event = received.payload, received.payload["event"]
    assert envelope["type"] == "event_callback"
    assert envelope["event_id"].startswith("Ev")
    assert envelope["event_time"] == int(sandbox.clock.now().timestamp())
    assert envelope["authorizations"][0]["user_id"] == sandbox.workspace.bot_user_id
    assert (event["type"], event["channel_type"], event["channel"]) == ("message", "im", dm.id)
    assert (event["user"], event["text"]) == (mira.id, "40% &lt;strategy&gt;")
    assert "bot_id" not in event
    assert "subtype" not in event


async def test_the_bot_hears_itself(sandbox: Sandbox, api: Api, bot: Bot, mira: User) -> None:
    posted = await api("chat.postMessage", channel=mira.id, text="t")
    await api("chat.update", channel=posted["channel"], ts=posted["ts"], text="new")
    await api("chat.delete", channel=posted["channel"], ts=posted["ts"])
    await sandbox.people.settle()
    said, edited, deleted = bot.events()
    assert said["bot_id"] == sandbox.workspace.bot_id
    assert (edited["subtype"], edited["message"]["text"]) == ("message_changed", "new")
    assert edited["previous_message"]["text"] == "t"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", posted["ts"])


async def test_only_what_was_subscribed_and_scoped(
    sandbox: Sandbox, bot: Bot, mira: User, channel: Channel
) -> None:
    dm = sandbox.workspace.dm(mira.id)
    sandbox.manifest.scopes.remove("im:history")
    assert (await sandbox.people.say(mira.id, dm.id, "hi")).error == "not_heard"
    events = sandbox.manifest.source["settings"]["event_subscriptions"]["bot_events"]
    events.remove("message.channels")
    assert (await sandbox.people.say(mira.id, channel.id, "hi")).error == "not_heard"
    events.remove("user_change")
    assert await sandbox.set_profile(mira.id, status_emoji=":palm_tree:") is None
    assert bot.received == []
    assert mira.status_emoji == ":palm_tree:"


async def test_a_channel_without_the_bot_is_not_heard(
    sandbox: Sandbox, bot: Bot, mira: User
) -> None:
    outside = sandbox.workspace.add_channel("outside", [mira], bot_in=False)
    assert (await sandbox.people.say(mira.id, outside.id, "hi")).error == "not_heard"
    assert bot.received == []


async def test_profiles(sandbox: Sandbox, bot: Bot, mira: User) -> None:
    ack = await sandbox.set_profile(mira.id, tz="Asia/Kolkata", status_text="Away")
    assert ack
    assert ack.ok
    (event,) = bot.events()
    assert event["type"] == "user_change"
    assert (event["user"]["tz"], event["user"]["tz_offset"]) == ("Asia/Kolkata", 19_800)
    assert event["user"]["profile"]["status_text"] == "Away"
    with pytest.raises(AttributeError):
        await sandbox.set_profile(mira.id, mood="fine")


async def test_memberships(sandbox: Sandbox, bot: Bot, channel: Channel, mira: User) -> None:
    noor = sandbox.workspace.add_user("Noor")
    bot_id = sandbox.workspace.bot_user_id
    await sandbox.set_members(channel.id, [noor.id, bot_id])
    assert channel.members == [bot_id, noor.id]
    assert [(event["type"], event["user"]) for event in bot.events()] == [
        ("member_left_channel", mira.id),
        ("member_joined_channel", noor.id),
    ]
    bot.received.clear()
    await sandbox.leave_channel(channel.id, bot_id)
    assert [event["type"] for event in bot.events()] == ["channel_left", "member_left_channel"]
    bot.received.clear()
    await sandbox.join_channel(channel.id, mira.id)
    assert bot.received == []


async def test_channels(sandbox: Sandbox, api: Api, bot: Bot, channel: Channel) -> None:
    await sandbox.archive_channel(channel.id)
    assert await api.error("chat.postMessage", channel=channel.id, text="t") == "is_archived"
    await sandbox.unarchive_channel(channel.id)
    await sandbox.rename_channel(channel.id, "#renamed")
    await sandbox.change_channel_id(channel.id, "C0CHANGED00")
    assert sandbox.workspace.channels["C0CHANGED00"].name == "renamed"
    await sandbox.delete_channel("C0CHANGED00")
    assert [event["type"] for event in bot.events()] == [
        *("channel_archive", "channel_unarchive", "channel_rename", "channel_id_changed"),
        "channel_deleted",
    ]
    assert bot.events()[2]["channel"]["name"] == "renamed"


async def test_private_channels_have_their_own_events(
    sandbox: Sandbox, bot: Bot, mira: User
) -> None:
    seen = sandbox.workspace.add_channel("seen", [mira], is_private=True)
    unseen = sandbox.workspace.add_channel("unseen", [mira], is_private=True, bot_in=False)
    await sandbox.archive_channel(seen.id)
    await sandbox.archive_channel(unseen.id)
    assert [(e["type"], e["channel"]) for e in bot.events()] == [("group_archive", seen.id)]


async def test_groups_homes_and_goodbyes(sandbox: Sandbox, bot: Bot, mira: User) -> None:
    noor = sandbox.workspace.add_user("Noor")
    group = sandbox.workspace.add_user_group("pms", [mira])
    await sandbox.set_group_users(group.id, [noor.id])
    await sandbox.people.open_home(mira.id)
    await sandbox.uninstall()
    changed, opened, revoked, uninstalled = bot.events()
    assert (changed["added_users"], changed["removed_users"]) == ([noor.id], [mira.id])
    assert (opened["type"], opened["tab"]) == ("app_home_opened", "home")
    assert opened["channel"] == sandbox.workspace.dm(mira.id).id
    assert revoked["tokens"]["bot"] == [sandbox.workspace.bot_user_id]
    assert uninstalled["type"] == "app_uninstalled"


async def test_the_same_event_twice_on_demand(sandbox: Sandbox, bot: Bot, mira: User) -> None:
    await sandbox.people.say(mira.id, sandbox.workspace.dm(mira.id).id, "hi")
    await sandbox.resend(sandbox.events.sent[-1])
    first, second = bot.received
    assert first.payload == second.payload


async def test_retries_follow_the_clock_when_asked_for(
    sandbox: Sandbox, bot: Bot, clock: SandboxClock, mira: User
) -> None:
    bot.answer = lambda received: (500, "")
    dm = sandbox.workspace.dm(mira.id).id
    await sandbox.people.say(mira.id, dm, "not again")
    await sandbox.people.settle()
    assert len(bot.received) == 1

    sandbox.events.retry = True
    bot.received.clear()
    await sandbox.people.say(mira.id, dm, "again")
    await bot.heard(2)
    clock.advance(timedelta(seconds=59))
    await sandbox.people.settle()
    assert len(bot.received) == 2
    clock.advance(timedelta(seconds=1))
    await bot.heard(3)
    clock.advance(timedelta(minutes=4))
    await bot.heard(4)
    numbers = [received.headers.get("X-Slack-Retry-Num") for received in bot.received]
    assert numbers == [None, "1", "2", "3"]
    assert {received.payload["event_id"] for received in bot.received} == {
        bot.received[0].payload["event_id"]
    }
    assert bot.received[1].headers["X-Slack-Retry-Reason"] == "http_error"


async def test_a_retry_that_is_taken_is_the_last(sandbox: Sandbox, bot: Bot, mira: User) -> None:
    answers: list[Any] = [(500, ""), ""]
    bot.answer = lambda received: answers.pop(0)
    sandbox.events.retry = True
    await sandbox.people.say(mira.id, sandbox.workspace.dm(mira.id).id, "hi")
    await bot.heard(2)
    await sandbox.people.settle()
    sandbox.clock.advance(timedelta(minutes=10))
    await sandbox.people.settle()
    assert len(bot.received) == 2
