"""response_url: five answers in thirty minutes, for one person or for all."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.clock import SandboxClock
from sandbox.responses import ResponseUrl
from sandbox.server import Sandbox
from sandbox.workspace import Channel, User
from tests.sandbox.conftest import Api, Bot, actions, button

Respond = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def url(sandbox: Sandbox, channel: Channel, mira: User) -> ResponseUrl:
    return sandbox.responses.issue(mira.id, channel.id)


@pytest.fixture
def respond(sandbox: Sandbox, url: ResponseUrl) -> Respond:
    client = AsyncWebhookClient(sandbox.responses.address(url))

    async def send(**body: Any) -> tuple[int, str]:
        response = await client.send_dict(body)
        return response.status_code, response.body

    return send


async def test_five_times_and_no_more(respond: Respond, url: ResponseUrl) -> None:
    answers = [await respond(text=f"answer {number}") for number in range(6)]
    assert answers[:5] == [(200, "ok")] * 5
    assert answers[5][0] == 404
    assert "used_url" in answers[5][1]
    assert [message.text for message in url.shown] == [f"answer {n}" for n in range(5)]


@pytest.mark.parametrize(("minutes", "status"), [(30, 200), (31, 404)])
async def test_thirty_minutes(
    respond: Respond, clock: SandboxClock, minutes: int, status: int
) -> None:
    clock.advance(timedelta(minutes=minutes))
    assert (await respond(text="t"))[0] == status


async def test_for_one_or_for_all(respond: Respond, url: ResponseUrl, mira: User) -> None:
    await respond(text="one")
    await respond(text="all", response_type="in_channel")
    assert [message.ephemeral_for for message in url.shown] == [mira.id, None]


async def test_faulty_answers_are_refused(respond: Respond, url: ResponseUrl) -> None:
    status, body = await respond(text="t", blocks=[{"type": "nope"}])
    assert status == 400
    assert "invalid_blocks" in body
    assert (await respond())[0] == 400
    assert url.shown == []


async def test_unknown_arguments_are_noted(sandbox: Sandbox, respond: Respond) -> None:
    await respond(text="t", colour="red")
    assert [problem.pointer for problem in sandbox.calls[-1].problems] == ["/colour"]


async def test_the_clicked_message_is_replaced_or_removed(
    sandbox: Sandbox, bot: Bot, api: Api, mira: User
) -> None:
    await api("chat.postMessage", channel=mira.id, text="t", blocks=[actions(button("Go"))])
    (message,) = sandbox.workspace.messages(sandbox.workspace.dm(mira.id).id)
    await sandbox.people.click(mira.id, message, "Go")
    client = AsyncWebhookClient(bot.received[-1].payload["response_url"])
    assert (await client.send(text="done", replace_original=True)).status_code == 200
    assert (message.text, message.blocks) == ("done", [])
    await client.send(delete_original=True)
    assert sandbox.workspace.messages(message.channel) == []


async def test_a_command_has_nothing_to_replace(
    sandbox: Sandbox, respond: Respond, url: ResponseUrl
) -> None:
    await respond(text="t", replace_original=True)
    assert [problem.code for problem in sandbox.calls[-1].problems] == ["no_original"]
    assert len(url.shown) == 1


async def test_the_bot_need_not_be_in_the_channel(sandbox: Sandbox, bot: Bot, mira: User) -> None:
    outside = sandbox.workspace.add_channel("outside", [mira], bot_in=False)
    reply = await sandbox.people.command(mira.id, outside.id, "/prodops help")
    client = AsyncWebhookClient(bot.received[-1].payload["response_url"])
    await client.send(text="hello")
    assert [message.text for message in reply.messages] == ["hello"]
