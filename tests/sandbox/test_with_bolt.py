"""Slack's own libraries take the emulator for Slack, over HTTP and through a socket."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.workspace import Channel, User
from tests.sandbox.conftest import Bot, Received, actions, an_input, button, modal

NUMBER = {"type": "number_input", "is_decimal_allowed": True, "min_value": "0"}


@pytest.fixture
def app(sandbox: Sandbox, client: AsyncWebClient) -> AsyncApp:
    """A bot with a form: command, modal, direct message with a button, Home."""
    # The real clock checks signatures in Bolt, and the sandbox signs by its own.
    app = AsyncApp(client=client, request_verification_enabled=False)

    async def open_form(ack: Any, body: Any, client: AsyncWebClient, respond: Any) -> None:
        await ack("one moment")
        await client.views_open(trigger_id=body["trigger_id"], view=modal(an_input(NUMBER)))
        await respond(f"you typed {body['text']}")

    async def save(ack: Any, view: Any, body: Any, client: AsyncWebClient) -> None:
        await ack()
        hours = view["state"]["values"]["hours"]["value"]["value"]
        person = body["user"]["id"]
        blocks = [actions(button("Undo", "undo"))]
        await client.chat_postMessage(channel=person, text=f"saved {hours}", blocks=blocks)

    async def undo(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="undone", replace_original=True)

    async def echo(event: Any, say: Any) -> None:
        await say(text=f"heard {event['text']}")

    async def show_home(event: Any, client: AsyncWebClient) -> None:
        home = {"type": "home", "blocks": [{"type": "divider"}]}
        await client.views_publish(user_id=event["user"], view=home)

    app.command("/prodops")(open_form)
    app.view("form")(save)
    app.action("undo")(undo)
    app.event("message")(echo)
    app.event("app_home_opened")(show_home)
    return app


@pytest.fixture(params=["http", "socket"])
async def connected(
    request: pytest.FixtureRequest, sandbox: Sandbox, bot: Bot, app: AsyncApp
) -> AsyncIterator[None]:
    if request.param == "http":

        async def dispatch(received: Received) -> Any:
            headers: dict[str, str | Sequence[str]] = {**received.headers}
            body = received.body.decode()
            response = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
            return response.status, response.body

        bot.answer = dispatch
        yield
        return
    sandbox.deliver_to = None
    handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    assert await sandbox.sockets.connected(2)
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("connected")
async def test_a_short_life_of_a_bot(sandbox: Sandbox, channel: Channel, mira: User) -> None:
    act, ws = sandbox.people, sandbox.workspace
    reply = await act.command(mira.id, channel.id, "/prodops log <40%>")
    await act.settle()
    shown = {message.text for message in reply.messages}
    assert shown == {"one moment", "you typed log &lt;40%&gt;"}

    assert await act.submit(mira.id, {"Hours": "-1"})
    assert await act.submit(mira.id, {"Hours": "2.5"}) is None
    await act.settle()
    dm = ws.dm(mira.id).id
    (message,) = ws.messages(dm)
    assert message.text == "saved 2.5"

    assert (await act.click(mira.id, message, "Undo")).ok
    await act.settle()
    assert (message.text, message.blocks) == ("undone", [])

    assert (await act.say(mira.id, dm, "hello")).ok
    await act.settle()
    assert [entry.text for entry in ws.messages(dm)][1:] == ["hello", "heard hello"]

    assert (await act.open_home(mira.id)).ok
    await act.settle()
    assert ws.homes[mira.id].blocks[0]["type"] == "divider"
    assert sandbox.events_refused == []
    assert [call.method for call in sandbox.calls if not call.ok] == []
