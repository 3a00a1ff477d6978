"""Bad days: rate limits by the clock, and faults on demand."""

import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from sandbox.workspace import Channel, User
from tests.sandbox.conftest import Api


async def test_a_channel_takes_a_burst_then_one_a_second(
    sandbox: Sandbox, api: Api, client: AsyncWebClient, clock: SandboxClock, channel: Channel
) -> None:
    other = sandbox.workspace.add_channel("other", [])
    sandbox.limits.enabled = True
    for _ in range(4):
        assert (await api("chat.postMessage", channel=channel.id, text="t"))["ok"]
    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postMessage(channel=channel.id, text="t")
    response = refusal.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert response.headers["Retry-After"] == "1"
    assert (await api("chat.postMessage", channel=other.id, text="t"))["ok"]
    clock.advance(timedelta(seconds=1))
    assert (await api("chat.postMessage", channel=channel.id, text="t"))["ok"]


@pytest.mark.parametrize(("method", "per_minute"), [("users.list", 20), ("conversations.list", 20)])
async def test_a_tier_is_a_minutes_worth(
    sandbox: Sandbox, api: Api, clock: SandboxClock, method: str, per_minute: int
) -> None:
    sandbox.limits.enabled = True
    answers = [await api(method) for _ in range(per_minute + 1)]
    assert [answer["ok"] for answer in answers] == [True] * per_minute + [False]
    assert (await api("auth.test"))["ok"]
    clock.advance(timedelta(minutes=1))
    assert (await api(method))["ok"]


async def test_all_posts_share_a_minutes_worth(sandbox: Sandbox, api: Api) -> None:
    sandbox.limits.enabled = True
    people = [sandbox.workspace.add_user(f"Person {number}") for number in range(301)]
    answers = [await api("chat.postMessage", channel=user.id, text="t") for user in people]
    assert Counter(answer["ok"] for answer in answers) == {True: 300, False: 1}


async def test_limits_are_off_unless_asked_for(api: Api, channel: Channel) -> None:
    answers = [await api("chat.postMessage", channel=channel.id, text="t") for _ in range(30)]
    assert Counter(answer["ok"] for answer in answers) == {True: 30}


async def test_a_fault_strikes_as_often_as_told(
    sandbox: Sandbox, api: Api, channel: Channel
) -> None:
    sandbox.faults.add("chat.postMessage", "ratelimited", times=2, retry_after=7)
    errors = [
        (await api("chat.postMessage", channel=channel.id, text="t")).get("error") for _ in "abc"
    ]
    assert errors == ["ratelimited", "ratelimited", None]
    assert [call.fault for call in sandbox.calls] == ["ratelimited", "ratelimited", None]


async def test_a_fault_for_one_channel_or_person(
    sandbox: Sandbox, api: Api, channel: Channel, mira: User
) -> None:
    sandbox.faults.add(
        "chat.postMessage", "error", None, channel=mira.id, error="restricted_action"
    )
    assert (await api("chat.postMessage", channel=channel.id, text="t"))["ok"]
    for place in (mira.id, sandbox.workspace.dm(mira.id).id):
        assert await api.error("chat.postMessage", channel=place, text="t") == "restricted_action"
    sandbox.faults.clear()
    assert (await api("chat.postMessage", channel=mira.id, text="t"))["ok"]


@pytest.fixture
async def session(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession(sandbox.base_url, headers=headers) as session:
        yield session


async def post(session: aiohttp.ClientSession, channel: Channel) -> tuple[int, Any]:
    arguments = {"channel": channel.id, "text": "t"}
    async with session.post("/api/chat.postMessage", json=arguments) as response:
        return response.status, await response.text()


async def test_a_server_error_is_not_even_json(
    sandbox: Sandbox, session: aiohttp.ClientSession, channel: Channel
) -> None:
    sandbox.faults.add("*", "500")
    status, body = await post(session, channel)
    assert (status, body[:6]) == (500, "<html>")
    assert sandbox.workspace.messages(channel.id) == []


@pytest.mark.parametrize(("kind", "posted"), [("drop_before", 0), ("drop_after", 1)])
async def test_dropped_connections(
    sandbox: Sandbox, session: aiohttp.ClientSession, channel: Channel, kind: Any, posted: int
) -> None:
    sandbox.faults.add("chat.postMessage", kind)
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(session, channel)
    assert len(sandbox.workspace.messages(channel.id)) == posted
    assert (await post(session, channel))[0] == 200


async def test_latency_and_fatal_errors(sandbox: Sandbox, api: Api, channel: Channel) -> None:
    sandbox.faults.add("chat.postMessage", "latency", seconds=0.2)
    started = time.monotonic()
    assert (await api("chat.postMessage", channel=channel.id, text="t"))["ok"]
    assert time.monotonic() - started >= 0.2
    sandbox.faults.add("chat.postMessage", "fatal")
    error = await api.error("chat.postMessage", channel=channel.id, text="t")
    assert error == "internal_error"
