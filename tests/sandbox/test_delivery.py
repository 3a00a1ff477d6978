"""Requests to the bot: signatures, forms, acks in time, and what a person reads otherwise."""

import asyncio
import hashlib
import hmac
from datetime import timedelta

from slack_sdk.signature import SignatureVerifier

from sandbox.clock import SandboxClock
from sandbox.delivery import signature
from sandbox.server import Sandbox
from sandbox.workspace import Channel, User
from tests.sandbox.conftest import Bot, Received


class _At:
    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


def sound(sandbox: Sandbox, received: Received) -> bool:
    verifier = SignatureVerifier(sandbox.signing_secret, _At(sandbox.clock))  # type: ignore[arg-type]
    return bool(verifier.is_valid_request(received.body, received.headers))


def test_the_signature_is_slacks() -> None:
    expected = hmac.new(b"secret", b"v0:1531420618:a=b", hashlib.sha256).hexdigest()
    assert signature("secret", "1531420618", b"a=b") == f"v0={expected}"


async def test_requests_are_signed_by_the_sandboxs_clock(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    await sandbox.people.command(mira.id, channel.id, "/prodops help")
    (received,) = bot.received
    assert sound(sandbox, received)
    seconds = int(sandbox.clock.now().timestamp())
    assert received.headers["X-Slack-Request-Timestamp"] == str(seconds)


async def test_wrong_and_old_signatures_on_demand(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    act, old = sandbox.people, sandbox.clock.now() - timedelta(minutes=6)
    await act.command(mira.id, channel.id, "/prodops help", signing_secret="wrong")
    await act.command(mira.id, channel.id, "/prodops help", at=old)
    await act.say(mira.id, sandbox.workspace.dm(mira.id).id, "hi", signing_secret="wrong")
    assert [sound(sandbox, received) for received in bot.received] == [False, False, False]


async def test_a_slash_command_is_a_form(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    await sandbox.people.command(mira.id, channel.id, "/prodops log 40% <b> & @mira.okafor @here")
    (received,) = bot.received
    assert received.kind == "command"
    form = received.payload
    text = f"log 40% &lt;b&gt; &amp; <@{mira.id}|mira.okafor> <!here>"
    assert (form["command"], form["text"]) == ("/prodops", text)
    assert (form["channel_id"], form["channel_name"]) == (channel.id, "product")
    assert (form["user_id"], form["team_id"]) == (mira.id, sandbox.workspace.team_id)
    assert form["response_url"].startswith(sandbox.base_url)
    assert form["trigger_id"]


async def test_mentions_stay_words_without_should_escape(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    sandbox.manifest.source["features"]["slash_commands"][0]["should_escape"] = False
    await sandbox.people.command(mira.id, channel.id, "/prodops ask @mira.okafor <!channel>")
    assert bot.received[0].payload["text"] == "ask @mira.okafor &lt;!channel&gt;"


async def test_only_commands_of_the_manifest_exist(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    reply = await sandbox.people.command(mira.id, channel.id, "/other thing")
    assert (reply.status, reply.error) == (0, "invalid_command")
    sandbox.manifest.scopes.remove("commands")
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
    assert reply.error == "invalid_command"
    assert bot.received == []


async def test_strangers_cannot_run_commands(sandbox: Sandbox, bot: Bot, channel: Channel) -> None:
    stranger = sandbox.workspace.add_user("Stranger", is_stranger=True)
    channel.members.append(stranger.id)
    reply = await sandbox.people.command(stranger.id, channel.id, "/prodops help")
    assert reply.error == "invalid_command"
    assert bot.received == []


async def test_a_late_ack_is_no_ack(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    sandbox.courier.ack_seconds = 0.1

    async def slowly() -> str:
        await asyncio.sleep(0.3)
        return "too late"

    bot.answer = lambda received: slowly()
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
    assert (reply.status, reply.error, reply.messages) == (0, "operation_timeout", [])
    (refused,) = sandbox.events_refused
    assert (refused.kind, refused.payload["text"]) == ("command", "help")


async def test_an_error_status_and_a_dead_address(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    bot.answer = lambda received: (500, "oops")
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
    assert (reply.status, reply.error, reply.messages) == (500, "dispatch_failed", [])
    sandbox.deliver_to = "http://127.0.0.1:9/slack/events"
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
    assert (reply.status, reply.error) == (0, "dispatch_failed")
    assert len(sandbox.events_refused) == 2


async def test_nobody_listens(sandbox: Sandbox, channel: Channel, mira: User) -> None:
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
    assert reply.error == "dispatch_failed"
    assert sandbox.events_refused == []


async def test_the_ack_of_a_command_is_shown(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    bot.answer = lambda received: "for you"
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
    (message,) = reply.messages
    assert (message.text, message.ephemeral_for) == ("for you", mira.id)
    bot.answer = lambda received: {"response_type": "in_channel", "text": "for all"}
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
    assert reply.messages[0].ephemeral_for is None


async def test_a_faulty_ack_is_not_shown_but_noted(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    bot.answer = lambda received: {"text": "t", "blocks": [{"type": "nope"}]}
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops help")
    assert reply.messages == []
    assert sandbox.calls[-1].method == "ack command"
    assert [problem.pointer for problem in sandbox.calls[-1].problems] == ["/blocks/0/type"]


async def test_settling_waits_for_what_the_bot_does_afterwards(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    sandbox.courier.ack_seconds = 1
    done = []

    async def slowly() -> str:
        await asyncio.sleep(0.2)
        done.append(True)
        return ""

    bot.answer = lambda received: slowly()
    task = asyncio.create_task(sandbox.people.command(mira.id, channel.id, "/prodops help"))
    await asyncio.sleep(0.02)
    await sandbox.people.settle()
    assert done == [True]
    await task


async def test_a_request_url_is_verified(sandbox: Sandbox, bot: Bot) -> None:
    assert not await sandbox.verify_url()
    bot.answer = lambda received: {"challenge": received.payload["challenge"]}
    assert await sandbox.verify_url()
    assert bot.received[0].payload["type"] == "url_verification"
