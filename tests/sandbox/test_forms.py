"""Forms: filling them, what Slack's client objects to, and every kind of answer."""

from typing import Any

import pytest

from sandbox.screen import BotFailed, NotOnScreen
from sandbox.server import Sandbox
from sandbox.workspace import User, View
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

NUMBER = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": "100"}
TEXT = {"type": "plain_text_input", "min_length": 2, "max_length": 5}
DAYS = [{"text": plain(text), "value": text[:3].lower()} for text in ("Monday", "Friday")]


async def opened(sandbox: Sandbox, api: Api, user: User, *blocks: Any, **more: Any) -> View:
    trigger = sandbox.triggers.issue(user.id)
    answer = await api("views.open", trigger_id=trigger, view=modal(*blocks, **more))
    assert answer["ok"], answer
    return sandbox.people.modal(user.id)


def answering(answer: Any) -> Any:
    return lambda received: answer if received.kind == "view_submission" else ""


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        (NUMBER, "", "Please complete this required field."),
        (NUMBER, "-1", "no less than 0"),
        (NUMBER, "101", "no more than 100"),
        (NUMBER, "1.5", "whole number"),
        (NUMBER, "ten", "valid number"),
        (NUMBER, "NaN", "valid number"),
        (NUMBER, "100", None),
        ({**NUMBER, "is_decimal_allowed": True}, "1.5", None),
        (TEXT, "x", "at least 2"),
        (TEXT, "x" * 6, "no more than 5"),
        (TEXT, "x" * 5, None),
        ({"type": "email_text_input"}, "nobody", "valid email"),
        ({"type": "url_text_input"}, "nowhere", "valid URL"),
        ({"type": "checkboxes", "options": DAYS}, [], "Please complete"),
    ],
)
async def test_slacks_client_objects_first(
    sandbox: Sandbox,
    api: Api,
    bot: Bot,
    mira: User,
    element: dict[str, Any],
    value: Any,
    complaint: str | None,
) -> None:
    await opened(sandbox, api, mira, an_input(element))
    errors = await sandbox.people.submit(mira.id, {"Hours": value})
    if complaint is None:
        assert errors is None
        assert [received.kind for received in bot.received] == ["view_submission"]
    else:
        assert errors
        assert complaint in errors["hours"]
        assert bot.received == []


async def test_optional_inputs_may_stay_empty(
    sandbox: Sandbox, api: Api, bot: Bot, mira: User
) -> None:
    await opened(sandbox, api, mira, an_input(NUMBER, optional=True))
    assert await sandbox.people.submit(mira.id) is None
    values = bot.received[0].payload["view"]["state"]["values"]
    assert values == {"hours": {"value": {"type": "number_input", "value": None}}}


async def test_a_submission_carries_the_state(
    sandbox: Sandbox, api: Api, bot: Bot, mira: User
) -> None:
    blocks = [
        an_input(NUMBER),
        an_input({"type": "multi_users_select"}, "Members", "members"),
        an_input({"type": "radio_buttons", "options": DAYS}, "Day", "day"),
        an_input({"type": "conversations_select"}, "Where", "where"),
        an_input({"type": "timepicker"}, "Time", "time"),
    ]
    channel = sandbox.workspace.add_channel("product", [mira])
    view = await opened(sandbox, api, mira, *blocks, private_metadata="note")
    entered = {
        "Hours": 12,
        "Members": ["Mira Okafor"],
        "Day": "Friday",
        "Where": "#product",
        "Time": "09:30",
    }
    assert await sandbox.people.submit(mira.id, entered) is None
    payload = bot.received[0].payload
    assert (payload["view"]["id"], payload["view"]["private_metadata"]) == (view.id, "note")
    assert payload["view"]["callback_id"] == "form"
    assert "channel" not in payload
    values = payload["view"]["state"]["values"]
    assert values["hours"]["value"]["value"] == "12"
    assert values["members"]["value"]["selected_users"] == [mira.id]
    assert values["day"]["value"]["selected_option"] == DAYS[1]
    assert values["where"]["value"]["selected_conversation"] == channel.id
    assert values["time"]["value"]["selected_time"] == "09:30"
    assert sandbox.workspace.views == {}


async def test_the_bots_errors_keep_the_form_open(
    sandbox: Sandbox, api: Api, bot: Bot, mira: User
) -> None:
    await opened(sandbox, api, mira, an_input(NUMBER))
    errors = {"hours": "Too many."}
    bot.answer = answering({"response_action": "errors", "errors": errors})
    assert await sandbox.people.submit(mira.id, {"Hours": 99}) == errors
    assert sandbox.people.modal(mira.id).values["hours"]["value"]["value"] == "99"


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "no such input"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
        {"response_action": "explode"},
        (500, "oops"),
    ],
)
async def test_a_faulty_answer_is_the_bots_failure(
    sandbox: Sandbox, api: Api, bot: Bot, mira: User, answer: Any
) -> None:
    await opened(sandbox, api, mira, an_input(NUMBER))
    bot.answer = answering(answer)
    with pytest.raises(BotFailed):
        await sandbox.people.submit(mira.id, {"Hours": 1})


async def test_update_push_and_clear(sandbox: Sandbox, api: Api, bot: Bot, mira: User) -> None:
    first = await opened(sandbox, api, mira, section("one"))
    bot.answer = answering({"response_action": "update", "view": modal(section("two"))})
    await sandbox.people.submit(mira.id)
    assert sandbox.people.modal(mira.id) is first
    assert first.blocks[0]["text"]["text"] == "two"
    bot.answer = answering({"response_action": "push", "view": modal(section("three"))})
    await sandbox.people.submit(mira.id)
    assert sandbox.people.modal(mira.id).previous_view_id == first.id
    bot.answer = answering({"response_action": "clear"})
    await sandbox.people.submit(mira.id)
    assert sandbox.workspace.views == {}


async def test_an_empty_answer_shows_the_form_beneath(
    sandbox: Sandbox, api: Api, bot: Bot, mira: User
) -> None:
    first = await opened(sandbox, api, mira, section("one"))
    bot.answer = answering({"response_action": "push", "view": modal(section("two"))})
    await sandbox.people.submit(mira.id)
    bot.answer = answering("")
    await sandbox.people.submit(mira.id)
    assert sandbox.people.modal(mira.id) is first


async def test_inputs_report_only_when_told_to(
    sandbox: Sandbox, api: Api, bot: Bot, mira: User
) -> None:
    blocks = [an_input(NUMBER, dispatch_action=True), an_input(NUMBER, "Quiet", "quiet")]
    view = await opened(sandbox, api, mira, *blocks)
    await sandbox.people.fill(mira.id, {"Hours": 3, "Quiet": 4})
    (received,) = bot.received
    payload = received.payload
    assert payload["type"] == "block_actions"
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert payload["actions"][0]["value"] == "3"
    assert payload["view"]["state"]["values"]["hours"]["value"]["value"] == "3"
    assert "response_url" not in payload


async def test_buttons_in_forms_and_on_home(
    sandbox: Sandbox, api: Api, bot: Bot, mira: User
) -> None:
    view = await opened(sandbox, api, mira, actions(button("Add")))
    await sandbox.people.click(mira.id, view, "Add")
    trigger = bot.received[0].payload["trigger_id"]
    assert (await api("views.push", trigger_id=trigger, view=modal(section())))["ok"]
    with pytest.raises(NotOnScreen, match="in front"):
        await sandbox.people.click(mira.id, view, "Add")
    home = {"type": "home", "blocks": [an_input(NUMBER), actions(button("Log"))]}
    await api("views.publish", user_id=mira.id, view=home)
    shown = sandbox.workspace.homes[mira.id]
    await sandbox.people.fill(mira.id, {"Hours": 5}, view=shown)
    await sandbox.people.click(mira.id, shown, "Log")
    payload = bot.received[-1].payload
    assert payload["view"]["type"] == "home"
    assert payload["view"]["state"]["values"]["hours"]["value"]["value"] == "5"


async def test_dismissal_is_told_only_when_wanted(
    sandbox: Sandbox, api: Api, bot: Bot, mira: User
) -> None:
    await opened(sandbox, api, mira, section())
    assert await sandbox.people.close(mira.id) is None
    await opened(sandbox, api, mira, section(), notify_on_close=True)
    reply = await sandbox.people.close(mira.id)
    assert reply
    assert reply.ok
    (received,) = bot.received
    assert (received.kind, received.payload["is_cleared"]) == ("view_closed", False)
    with pytest.raises(NotOnScreen, match="no modal"):
        await sandbox.people.submit(mira.id)


async def test_a_loading_view_is_updated_before_the_ack(
    sandbox: Sandbox, api: Api, bot: Bot, mira: User
) -> None:
    async def open_and_update(received: Received) -> str:
        trigger = received.payload["trigger_id"]
        view = (await api("views.open", trigger_id=trigger, view=modal(section("Loading"))))["view"]
        full = modal(an_input(NUMBER))
        await api("views.update", view_id=view["id"], hash=view["hash"], view=full)
        return ""

    bot.answer = open_and_update
    await sandbox.people.shortcut(mira.id, "log_week")
    assert await sandbox.people.fill(mira.id, {"Hours": 3})
