"""Reading the workspace: people, groups, channels, members, history, page by page."""

from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from sandbox.workspace import Channel, User
from tests.sandbox.conftest import Api


async def test_users_as_slack_shows_them(sandbox: Sandbox, api: Api, mira: User) -> None:
    user = (await api("users.info", user=mira.id, include_locale=True))["user"]
    assert (user["tz"], user["tz_offset"], user["locale"]) == ("Europe/Berlin", 3600, "en-GB")
    assert user["profile"]["real_name"] == "Mira Okafor"
    assert "email" not in user["profile"]
    sandbox.workspace.change_user(mira.id, deleted=True)
    assert "tz" not in (await api("users.info", user=mira.id))["user"]
    assert await api.error("users.info", user="U0NOBODY000") == "user_not_found"


async def test_users_list_comes_in_pages(sandbox: Sandbox, client: AsyncWebClient) -> None:
    for number in range(5):
        sandbox.workspace.add_user(f"Person {number}")
    pages = await client.users_list(limit=3)
    seen = [[user["name"] for user in page["members"]] async for page in pages]
    assert [len(page) for page in seen] == [3, 3, 1]
    assert "slackbot" in seen[0]


async def test_members_come_in_pages(
    sandbox: Sandbox, client: AsyncWebClient, channel: Channel
) -> None:
    for number in range(4):
        channel.members.append(sandbox.workspace.add_user(f"Person {number}").id)
    seen = []
    async for page in await client.conversations_members(channel=channel.id, limit=2):
        seen += page["members"]
    assert seen == channel.members
    assert sandbox.workspace.bot_user_id in seen


async def test_groups(sandbox: Sandbox, api: Api, mira: User) -> None:
    group = sandbox.workspace.add_user_group("pms", [mira])
    (shown,) = (await api("usergroups.list", include_users=True))["usergroups"]
    assert (shown["handle"], shown["users"]) == ("pms", [mira.id])
    assert (await api("usergroups.users.list", usergroup=group.id))["users"] == [mira.id]
    assert await api.error("usergroups.users.list", usergroup="S0") == "no_such_subteam"


async def test_private_channels_are_hidden_from_a_bot_outside(
    sandbox: Sandbox, api: Api, channel: Channel, mira: User
) -> None:
    hidden = sandbox.workspace.add_channel("hidden", [mira], is_private=True, bot_in=False)
    kinds = "public_channel,private_channel"
    listed = (await api("conversations.list", types=kinds))["channels"]
    assert [entry["name"] for entry in listed] == [channel.name]
    assert await api.error("conversations.info", channel=hidden.id) == "channel_not_found"
    assert await api.error("conversations.members", channel=hidden.id) == "channel_not_found"
    assert (await api("conversations.info", channel=channel.id))["channel"]["is_member"]


async def test_history_of_a_channel_the_bot_is_not_in(
    sandbox: Sandbox, api: Api, mira: User
) -> None:
    outside = sandbox.workspace.add_channel("outside", [mira], bot_in=False)
    assert await api.error("conversations.history", channel=outside.id) == "not_in_channel"


async def test_history_is_newest_first_and_bounded(
    api: Api, clock: SandboxClock, channel: Channel
) -> None:
    stamps = []
    for text in ("one", "two", "three"):
        stamps.append((await api("chat.postMessage", channel=channel.id, text=text))["ts"])
        clock.advance(timedelta(minutes=1))

    async def texts(**more: object) -> list[str]:
        answer = await api("conversations.history", channel=channel.id, **more)
        return [message["text"] for message in answer["messages"]]

    assert await texts() == ["three", "two", "one"]
    assert await texts(oldest=stamps[0]) == ["three", "two"]
    assert await texts(oldest=stamps[0], inclusive=True, latest=stamps[1]) == ["two", "one"]
    first = await api("conversations.history", channel=channel.id, limit=2)
    assert first["has_more"]
    assert await texts(limit=2, cursor=first["response_metadata"]["next_cursor"]) == ["one"]
    for faulty, error in (
        ({"cursor": "x"}, "invalid_cursor"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"limit": -1}, "invalid_limit"),
    ):
        assert await api.error("conversations.history", channel=channel.id, **faulty) == error


async def test_opening_direct_messages(sandbox: Sandbox, api: Api, mira: User) -> None:
    answer = await api("conversations.open", users=mira.id)
    assert answer["channel"]["id"] == sandbox.workspace.dm(mira.id).id
    assert await api.error("conversations.open", users="U0NOBODY000") == "user_not_found"
    robot = sandbox.workspace.add_user("Robot", is_bot=True)
    assert await api.error("conversations.open", users=robot.id) == "cannot_dm_bot"
