"""What people can do: finding things by their words, clicking, choosing, shortcuts, menus."""

from typing import Any

import pytest

from sandbox.screen import BotFailed, NotOnScreen
from sandbox.server import Sandbox
from sandbox.workspace import Channel, Message, User
from tests.sandbox.conftest import Api, Bot, actions, button, plain, section

OPTIONS = [{"text": plain(text), "value": text.lower()} for text in ("Pause", "Skip")]


@pytest.fixture
async def prompt(sandbox: Sandbox, api: Api, bot: Bot, mira: User) -> Message:
    pick = {"type": "static_select", "action_id": "pick", "placeholder": plain("When?")}
    more = {"type": "overflow", "action_id": "more", "options": OPTIONS}
    blocks = [
        section("Where did the week go?", accessory=more, block_id="question"),
        actions(
            button(":pencil: Log my week", "log", value="2026-W47"),
            button("Same", "same"),
            {**pick, "options": OPTIONS},
            block_id="choices",
        ),
    ]
    answer = await api("chat.postMessage", channel=mira.id, text="t", blocks=blocks)
    await sandbox.people.settle()
    bot.received.clear()
    return sandbox.workspace.channels[answer["channel"]].by_ts[answer["ts"]]


@pytest.mark.parametrize(
    "words", [":pencil: Log my week", "log my week", "log", "choices/log", "Log my week"]
)
async def test_a_button_by_its_words_or_id(
    sandbox: Sandbox, bot: Bot, prompt: Message, mira: User, words: str
) -> None:
    reply = await sandbox.people.click(mira.id, prompt, words)
    assert reply.status == 200
    (received,) = bot.received
    payload = received.payload
    (action,) = payload["actions"]
    assert (action["type"], action["action_id"], action["block_id"]) == ("button", "log", "choices")
    assert action["value"] == "2026-W47"
    assert payload["container"] == {
        "type": "message",
        "message_ts": prompt.ts,
        "channel_id": prompt.channel,
        "is_ephemeral": False,
    }
    assert (payload["user"]["id"], payload["channel"]["id"]) == (mira.id, prompt.channel)
    assert payload["message"]["ts"] == prompt.ts
    assert payload["response_url"]
    assert payload["trigger_id"]
    assert payload["state"]["values"] == {}


async def test_menus_by_text_or_value(
    sandbox: Sandbox, bot: Bot, prompt: Message, mira: User
) -> None:
    await sandbox.people.choose(mira.id, prompt, "When?", "Skip")
    await sandbox.people.choose(mira.id, prompt, "pick", "pause")
    first, second = bot.received
    assert first.payload["actions"][0]["selected_option"] == OPTIONS[1]
    assert second.payload["actions"][0]["selected_option"] == OPTIONS[0]
    assert second.payload["state"]["values"]["choices"]["pick"]["selected_option"] == OPTIONS[0]


async def test_an_overflow_menu(sandbox: Sandbox, bot: Bot, prompt: Message, mira: User) -> None:
    await sandbox.people.choose(mira.id, prompt, "more", "Pause")
    (action,) = bot.received[0].payload["actions"]
    assert (action["type"], action["selected_option"]) == ("overflow", OPTIONS[0])
    with pytest.raises(NotOnScreen, match="does not offer"):
        await sandbox.people.choose(mira.id, prompt, "more", "Stop")


async def test_what_is_not_there_lists_what_is(
    sandbox: Sandbox, prompt: Message, mira: User
) -> None:
    with pytest.raises(NotOnScreen) as missing:
        await sandbox.people.click(mira.id, prompt, "Delete")
    assert "':pencil: Log my week' [log]" in str(missing.value)
    assert "'Pause', 'Skip'" in str(missing.value)
    with pytest.raises(NotOnScreen, match="not a button"):
        await sandbox.people.click(mira.id, prompt, "When?")


async def test_likes_are_told_apart_by_position(
    sandbox: Sandbox, api: Api, bot: Bot, channel: Channel, mira: User
) -> None:
    blocks = [actions(button("Take", "take", value=str(number))) for number in range(2)]
    await api("chat.postMessage", channel=channel.id, text="t", blocks=blocks)
    (message,) = sandbox.workspace.messages(channel.id)
    with pytest.raises(NotOnScreen, match="pass nth"):
        await sandbox.people.click(mira.id, message, "Take")
    await sandbox.people.click(mira.id, message, "Take", nth=1)
    assert bot.received[-1].payload["actions"][0]["value"] == "1"


async def test_an_outdated_screen_can_still_be_clicked(
    sandbox: Sandbox, api: Api, bot: Bot, prompt: Message, mira: User
) -> None:
    seen = prompt.snapshot()
    await api("chat.update", channel=prompt.channel, ts=prompt.ts, text="answered")
    await sandbox.people.settle()
    with pytest.raises(NotOnScreen):
        await sandbox.people.click(mira.id, prompt, "Same")
    bot.received.clear()
    assert (await sandbox.people.click(mira.id, seen, "Same")).ok
    assert bot.received[0].payload["actions"][0]["action_id"] == "same"


async def test_others_messages_are_out_of_reach(
    sandbox: Sandbox, api: Api, prompt: Message, channel: Channel, mira: User
) -> None:
    noor = sandbox.workspace.add_user("Noor")
    channel.members.append(noor.id)
    with pytest.raises(NotOnScreen, match="not in"):
        await sandbox.people.click(noor.id, prompt, "Same")
    await api(
        "chat.postEphemeral",
        channel=channel.id,
        user=mira.id,
        text="t",
        blocks=[actions(button("Go"))],
    )
    private = sandbox.workspace.messages(channel.id)[-1]
    with pytest.raises(NotOnScreen, match="only"):
        await sandbox.people.click(noor.id, private, "Go")
    await sandbox.set_profile(mira.id, deleted=True)
    with pytest.raises(NotOnScreen, match="deactivated"):
        await sandbox.people.click(mira.id, prompt, "Same")


async def test_an_ephemeral_message_is_not_sent_along(
    sandbox: Sandbox, bot: Bot, channel: Channel, mira: User
) -> None:
    bot.answer = lambda received: {"text": "t", "blocks": [actions(button("Undo"))]}
    reply = await sandbox.people.command(mira.id, channel.id, "/prodops log")
    await sandbox.people.click(mira.id, reply.messages[0], "Undo")
    payload = bot.received[-1].payload
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


async def test_shortcuts(sandbox: Sandbox, bot: Bot, prompt: Message, mira: User) -> None:
    assert (await sandbox.people.shortcut(mira.id, "log_week")).ok
    assert (await sandbox.people.message_action(mira.id, prompt, "add_item")).ok
    everywhere, here = bot.received
    assert (everywhere.kind, everywhere.payload["callback_id"]) == ("shortcut", "log_week")
    assert "response_url" not in everywhere.payload
    assert "channel" not in everywhere.payload
    assert (here.kind, here.payload["message_ts"]) == ("message_action", prompt.ts)
    assert here.payload["response_url"]
    for callback_id in ("add_item", "unknown"):
        with pytest.raises(NotOnScreen):
            await sandbox.people.shortcut(mira.id, callback_id)


async def test_interactivity_can_be_off(sandbox: Sandbox, prompt: Message, mira: User) -> None:
    sandbox.manifest.source["settings"]["interactivity"]["is_enabled"] = False
    with pytest.raises(NotOnScreen, match="interactivity"):
        await sandbox.people.click(mira.id, prompt, "Same")


async def test_a_read_only_app_takes_no_messages(sandbox: Sandbox, mira: User) -> None:
    home = sandbox.manifest.source["features"]["app_home"]
    home["messages_tab_read_only_enabled"] = True
    with pytest.raises(NotOnScreen):
        await sandbox.people.say(mira.id, sandbox.workspace.dm(mira.id).id, "hi")
    home["home_tab_enabled"] = False
    with pytest.raises(NotOnScreen):
        await sandbox.people.open_home(mira.id)


async def test_a_menu_that_loads(
    sandbox: Sandbox, api: Api, bot: Bot, channel: Channel, mira: User
) -> None:
    menu = {"type": "external_select", "action_id": "who", "placeholder": plain("Who")}
    await api("chat.postMessage", channel=channel.id, text="t", blocks=[actions(menu)])
    (message,) = sandbox.workspace.messages(channel.id)
    await sandbox.people.settle()
    bot.received.clear()
    answer: dict[str, Any] = {"options": OPTIONS}
    bot.answer = lambda received: answer if received.kind == "block_suggestion" else ""
    await sandbox.people.choose(mira.id, message, "Who", "Skip")
    asked, chosen = bot.received
    assert (asked.payload["value"], asked.payload["action_id"]) == ("Skip", "who")
    assert chosen.payload["actions"][0]["selected_option"] == OPTIONS[1]
    answer["options"] = OPTIONS * 51
    with pytest.raises(BotFailed):
        await sandbox.people.suggestions(mira.id, message, "Who", "p")
