"""What people do on the page reaches the bot, and its answers and failures reach them."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from sandbox.entities import Channel, User
from sandbox.server import Sandbox
from tests.sandbox.conftest import (
    Api,
    Bot,
    Received,
    actions,
    an_input,
    button,
    modal,
    plain,
    section,
)
from tests.sandbox.visiting import Visitor, region

FORM = modal(
    an_input({"type": "plain_text_input"}, "Team", "team"),
    an_input({"type": "static_select", "options": [
        {"text": plain("a"), "value": "b"}, {"text": plain("b"), "value": "a"}]}, "Pick", "pick"),
    an_input({"type": "datetimepicker"}, "When", "when", optional=True),
)  # fmt: skip


async def opened_form(sandbox: Sandbox, bot: Bot, api: Api, visitor: Visitor, view: Any) -> str:
    """Opens a modal by a command and returns its id."""

    async def opens(received: Received) -> None:
        if received.kind == "command":
            await api("views.open", trigger_id=received.payload["trigger_id"], view=view)

    bot.answer = opens
    await visitor.do("say", text="/prodops open")
    bot.answer = lambda received: None
    return sandbox.workspace.views[visitor.query["as"]][-1].id


async def test_a_command_shows_its_answer_to_that_person_only(
    visitor: Visitor, bot: Bot, sandbox: Sandbox, channel: Channel
) -> None:
    other = sandbox.workspace.add_user("Otto")
    channel.members.append(other.id)
    bot.answer = lambda received: {"text": "This is help"}
    answer = await visitor.do("say", text="/prodops help <@me> & co")
    assert answer["ok"]
    assert bot.received[0].payload["text"] == "help &lt;@me&gt; &amp; co"
    stream = region(answer, "stream")
    assert "Only visible to you" in stream.text
    assert "This is help" in stream.text
    visitor.query["as"] = other.id
    assert "This is help" not in (await visitor.show()).text


async def test_what_is_typed_into_the_dm_reaches_the_bot(
    visitor: Visitor, bot: Bot, sandbox: Sandbox, mira: User
) -> None:
    visitor.query["in"] = "dm"
    answer = await visitor.do("say", text="40% strategy\n60% jira")
    assert bot.events()[0]["text"] == "40% strategy\n60% jira"
    assert bot.events()[0]["channel"] == sandbox.workspace.dm(mira.id).id
    assert "40% strategy" in region(answer, "stream").text


async def test_failures_are_told_in_slacks_words_and_in_ours(visitor: Visitor, bot: Bot) -> None:
    bot.answer = lambda received: (500, "oops")
    answer = await visitor.do("say", text="/prodops help")
    assert answer["error"] == "dispatch_failed"
    assert answer["message"].startswith("/prodops failed. ProdOps could not be reached")
    assert (await visitor.do("say", text="/nonsense"))["error"] == "invalid_command"


async def test_a_bot_that_is_too_slow(visitor: Visitor, bot: Bot, sandbox: Sandbox) -> None:
    sandbox.courier.ack_seconds = 0.1

    async def dawdles(received: Received) -> None:
        await asyncio.sleep(0.4)

    bot.answer = dawdles
    answer = await visitor.do("say", text="/prodops help")
    assert answer["error"] == "operation_timeout"
    assert "did not answer within 3 seconds" in answer["message"]
    assert "operation_timeout" in region(answer, "journal").text


async def test_buttons_are_found_by_block_and_action(
    visitor: Visitor, bot: Bot, api: Api, channel: Channel
) -> None:
    rows = [actions(button("Take", "take", value=str(n)), block_id=f"row{n}") for n in range(2)]
    ts = (await api("chat.postMessage", channel=channel.id, text="x", blocks=rows))["ts"]
    place = {"channel": channel.id, "ts": ts}
    answer = await visitor.do("act", place=place, wanted="row1/take", value="1", values={})
    assert answer["ok"]
    assert bot.received[-1].payload["actions"][0]["value"] == "1"
    gone = await visitor.do("act", place=place, wanted="row9/take", value="1", values={})
    assert "no longer there" in gone["message"]
    gone = await visitor.do("act", place={"channel": "C9", "ts": ts}, wanted="row1/take", values={})
    assert gone["message"] == "This message is no longer there."


async def test_overflow_and_select_in_a_message(
    visitor: Visitor, bot: Bot, api: Api, channel: Channel
) -> None:
    options = [{"text": plain("Pause"), "value": "p"}, {"text": plain("Stop"), "value": "s"}]
    menu = {"type": "overflow", "action_id": "more", "options": options}
    later = {"type": "static_select", "action_id": "later", "options": options}
    blocks = [section(accessory=menu, block_id="a"), actions(later, block_id="b")]
    ts = (await api("chat.postMessage", channel=channel.id, text="x", blocks=blocks))["ts"]
    place = {"channel": channel.id, "ts": ts}
    await visitor.do("act", place=place, wanted="a/more", value="s", values={})
    assert bot.received[-1].payload["actions"][0]["selected_option"]["value"] == "s"
    answer = await visitor.do("act", place=place, wanted="b/later", value="p", values={})
    assert bot.received[-1].payload["actions"][0]["selected_option"]["value"] == "p"
    chosen = [t for t in region(answer, "stream").all("option") if "selected" in t.attrs]
    assert [tag.text for tag in chosen] == ["Pause"]


async def test_a_form_sends_everything_that_stands_in_it(
    visitor: Visitor, bot: Bot, api: Api, sandbox: Sandbox
) -> None:
    view_id = await opened_form(sandbox, bot, api, visitor, FORM)
    values = {
        "team": {"value": "Core"},
        "pick": {"value": "a"},
        "when": {"value": "2026-11-27T14:00"},
    }
    answer = await visitor.do("submit", view=view_id, values=values)
    assert answer["ok"]
    sent = bot.received[-1].payload["view"]["state"]["values"]
    assert sent["team"]["value"]["value"] == "Core"
    assert sent["pick"]["value"]["selected_option"]["text"]["text"] == "b"
    moment = datetime(2026, 11, 27, 13, tzinfo=UTC)
    assert sent["when"]["value"]["selected_date_time"] == int(moment.timestamp())
    assert region(answer, "modal").tags == []


async def test_errors_stand_under_their_fields_and_input_is_kept(
    visitor: Visitor, bot: Bot, api: Api, sandbox: Sandbox
) -> None:
    view_id = await opened_form(sandbox, bot, api, visitor, FORM)
    form = region(
        await visitor.do("submit", view=view_id, values={"pick": {"value": "b"}}), "modal"
    )
    assert form.one("p", class_="error").text == "Please complete this required field."
    assert len(bot.received) == 1, "what Slack's client refuses is never sent"

    errors = {"response_action": "errors", "errors": {"team": "Taken: <b>Core</b>"}}
    bot.answer = lambda received: errors
    values = {"team": {"value": "Core"}, "pick": {"value": "b"}}
    answer = await visitor.do("submit", view=view_id, values=values)
    assert not answer["ok"]
    form = region(answer, "modal")
    assert form.one("p", class_="error").text == "Taken: <b>Core</b>"
    field = next(tag for tag in form.all("input") if tag.attrs.get("data-block") == "team")
    assert field.attrs["value"] == "Core"
    assert field.attrs["aria-invalid"] == "true"
    changed = {**FORM, "title": plain("Changed")}
    await api("views.update", view_id=view_id, view=changed)
    assert (await visitor.show()).all("p", class_="error") == []


async def test_a_form_that_the_bot_fails_to_take_stays_open(
    visitor: Visitor, bot: Bot, api: Api, sandbox: Sandbox
) -> None:
    view_id = await opened_form(sandbox, bot, api, visitor, FORM)
    bot.answer = lambda received: (500, "")
    values = {"team": {"value": "Core"}, "pick": {"value": "b"}}
    answer = await visitor.do("submit", view=view_id, values=values)
    assert answer["error"] == "dispatch_failed"
    assert "What you entered is still here" in answer["message"]
    assert any(t.attrs.get("value") == "Core" for t in region(answer, "modal").all("input"))


async def test_typing_reports_to_the_bot_with_all_other_fields(
    visitor: Visitor, bot: Bot, api: Api, sandbox: Sandbox
) -> None:
    hours = {"type": "number_input", "is_decimal_allowed": True}
    live = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    view = modal(
        an_input({**hours, **live}, "A", "a", dispatch_action=True),
        an_input(hours, "B", "b", optional=True),
    )
    view_id = await opened_form(sandbox, bot, api, visitor, view)
    values = {"a": {"value": "7"}, "b": {"value": "5,5"}}
    await visitor.do("act", place={"view": view_id}, wanted="a/value", value="7", values=values)
    sent = bot.received[-1].payload
    assert sent["actions"][0]["value"] == "7"
    assert sent["view"]["state"]["values"]["b"]["value"]["value"] == "5,5"


async def test_closing_a_stacked_form_returns_to_the_one_before(
    visitor: Visitor, bot: Bot, api: Api, sandbox: Sandbox
) -> None:
    first = await opened_form(sandbox, bot, api, visitor, modal(section("one")))
    bot.answer = lambda received: {
        "response_action": "push",
        "view": modal(section("two"), title=plain("Second")),
    }
    answer = await visitor.do("submit", view=first, values={})
    assert region(answer, "modal").one("h2").text == "Second"
    stale = await visitor.do("close", view=first)
    assert stale["message"] == "This form is no longer in front."
    second = region(answer, "modal").one("dialog").attrs["data-view"]
    answer = await visitor.do("close", view=second)
    assert region(answer, "modal").one("h2").text == "Form"


async def test_the_home_tab_is_opened_and_drawn(
    visitor: Visitor, bot: Bot, api: Api, mira: User
) -> None:
    visitor.query["in"] = "home"
    assert "The Home tab is empty." in (await visitor.show()).text
    await visitor.do("open", tab="home")
    assert bot.events()[0]["tab"] == "home"
    view = {"type": "home", "blocks": [section("*My week*"), actions(button(), block_id="h")]}
    view_id = (await api("views.publish", user_id=mira.id, view=view))["view"]["id"]
    shown = await visitor.show()
    assert shown.one("div", data_surface="home").attrs["data-view"] == view_id
    await visitor.do("act", place={"view": view_id}, wanted="h/go", value="", values={})
    assert bot.received[-1].payload["container"]["view_id"] == view_id


async def test_a_deactivated_person_sees_but_can_not_write(
    visitor: Visitor, sandbox: Sandbox, channel: Channel
) -> None:
    gone = sandbox.workspace.add_user("Dana", deleted=True)
    channel.members.append(gone.id)
    visitor.query["as"] = gone.id
    assert "Dana is deactivated and can't write." in (await visitor.show()).text
    assert not (await visitor.do("say", text="hello"))["ok"]
