"""chat.*: where the bot may post, what becomes of content, edits and deletions."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from sandbox.workspace import Channel, User
from tests.sandbox.conftest import Api, section

CHART = {
    "type": "data_visualization",
    "title": "Week",
    "chart": {"type": "pie", "segments": [{"label": "Customer", "value": 38}]},
}


async def test_a_post_lands_in_its_channel(sandbox: Sandbox, api: Api, channel: Channel) -> None:
    answer = await api("chat.postMessage", channel=channel.id, text="hi", blocks=[section("hi")])
    (message,) = sandbox.workspace.messages(channel.id)
    assert (answer["channel"], answer["ts"]) == (channel.id, message.ts)
    assert answer["message"]["bot_id"] == sandbox.workspace.bot_id
    assert message.blocks[0]["block_id"]


async def test_timestamps_differ_although_the_clock_stands_still(
    sandbox: Sandbox, api: Api, channel: Channel
) -> None:
    stamps = [(await api("chat.postMessage", channel=channel.id, text="t"))["ts"] for _ in "abc"]
    assert stamps == sorted(set(stamps))
    assert len(stamps) == 3
    assert float(stamps[0]) == pytest.approx(sandbox.clock.now().timestamp())


async def test_where_the_bot_may_not_post(sandbox: Sandbox, api: Api, mira: User) -> None:
    ws = sandbox.workspace
    public = ws.add_channel("public", [mira], bot_in=False)
    private = ws.add_channel("private", [mira], is_private=True, bot_in=False)
    archived = ws.add_channel("old", [mira])
    archived.is_archived = True
    robot = ws.add_user("Robot", is_bot=True)
    expected = {
        public.id: "not_in_channel",
        private.id: "channel_not_found",
        archived.id: "is_archived",
        "C0NOWHERE00": "channel_not_found",
        "U0NOBODY000": "channel_not_found",
        robot.id: "cannot_dm_bot",
        ws.bot_user_id: "cannot_dm_bot",
    }
    for channel, error in expected.items():
        assert await api.error("chat.postMessage", channel=channel, text="t") == error
    sandbox.manifest.scopes.append("chat:write.public")
    assert (await api("chat.postMessage", channel=public.id, text="t"))["ok"]
    assert await api.error("chat.postMessage", channel=private.id, text="t") == "channel_not_found"


async def test_a_post_to_a_person_opens_a_direct_message(
    sandbox: Sandbox, api: Api, mira: User
) -> None:
    answer = await api("chat.postMessage", channel=mira.id, text="t")
    assert answer["channel"].startswith("D")
    again = await api("chat.postMessage", channel=answer["channel"], text="t")
    assert again["channel"] == answer["channel"]
    assert len(sandbox.workspace.messages(sandbox.workspace.dm(mira.id).id)) == 2


async def test_deactivated_people_get_messages_that_nobody_reads(
    sandbox: Sandbox, api: Api
) -> None:
    gone = sandbox.workspace.add_user("Gone", deleted=True)
    assert (await api("chat.postMessage", channel=gone.id, text="t"))["ok"]
    assert await api.error("conversations.open", users=gone.id) == "user_disabled"


async def test_strangers_only_where_a_channel_is_shared(sandbox: Sandbox, api: Api) -> None:
    stranger = sandbox.workspace.add_user("Stranger", is_stranger=True)
    assert await api.error("chat.postMessage", channel=stranger.id, text="t") == "channel_not_found"
    assert await api.error("conversations.open", users=stranger.id) == "user_not_visible"
    assert await api.error("users.info", user=stranger.id) == "user_not_visible"
    sandbox.workspace.add_channel("shared", [stranger], is_ext_shared=True)
    assert (await api("chat.postMessage", channel=stranger.id, text="t"))["ok"]
    assert (await api("users.info", user=stranger.id))["user"]["team_id"] == stranger.team_id


async def test_no_messages_tab_no_direct_messages(sandbox: Sandbox, api: Api, mira: User) -> None:
    sandbox.manifest.source["features"]["app_home"]["messages_tab_enabled"] = False
    error = await api.error("chat.postMessage", channel=mira.id, text="t")
    assert error == "messages_tab_disabled"


async def test_text_is_needed_and_cut(sandbox: Sandbox, api: Api, channel: Channel) -> None:
    assert await api.error("chat.postMessage", channel=channel.id) == "no_text"
    answer = await api("chat.postMessage", channel=channel.id, text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    assert [problem.code for problem in sandbox.calls[-1].problems] == ["long_text"]
    error = await api.error("chat.update", channel=channel.id, ts=answer["ts"], text="x" * 4_001)
    assert error == "msg_too_long"


async def test_invalid_blocks_are_explained(api: Api, channel: Channel) -> None:
    blocks = [section("x" * 3001), section(), {"type": "sectoin"}]
    answer = await api("chat.postMessage", channel=channel.id, text="t", blocks=blocks)
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        "[ERROR] unsupported type: sectoin [json-pointer:/blocks/2/type]",
    ]
    error = await api.error("chat.postMessage", channel=channel.id, text="t", blocks="[{]")
    assert error == "invalid_blocks_format"


async def test_some_workspaces_reject_charts(sandbox: Sandbox, api: Api, channel: Channel) -> None:
    arguments: dict[str, Any] = {"channel": channel.id, "text": "t", "blocks": [section(), CHART]}
    assert (await api("chat.postMessage", **arguments))["ok"]
    sandbox.reject_charts = True
    answer = await api("chat.postMessage", **arguments)
    assert answer["error"] == "invalid_blocks"
    assert "json-pointer:/blocks/1/type" in answer["response_metadata"]["messages"][0]


async def test_missing_words_and_broadcasts_are_noted(
    sandbox: Sandbox, api: Api, channel: Channel
) -> None:
    await api("chat.postMessage", channel=channel.id, blocks=[section()])
    assert [problem.code for problem in sandbox.calls[-1].problems] == ["missing_text"]
    await api("chat.postMessage", channel=channel.id, text="t", blocks=[section("<!channel> hi")])
    assert [problem.code for problem in sandbox.calls[-1].problems] == ["broadcast"]
    await api("chat.postMessage", channel=channel.id, text="&lt;!channel&gt; <!date^1^{date}|x>")
    assert sandbox.calls[-1].problems == []
    shown = [message.broadcasts for message in sandbox.workspace.messages(channel.id)]
    assert shown == [(), ("channel",), ()]


async def test_an_edit_replaces_in_place(sandbox: Sandbox, api: Api, channel: Channel) -> None:
    posted = await api("chat.postMessage", channel=channel.id, text="a", blocks=[section()])
    (message,) = sandbox.workspace.messages(channel.id)
    seen = message.snapshot()
    place = {"channel": channel.id, "ts": posted["ts"]}
    await api("chat.update", **place, text="b", blocks=[section("new")])
    assert (message.text, message.blocks[0]["text"]["text"]) == ("b", "new")
    assert message.edited
    assert (seen.text, seen.edited) == ("a", None)
    await api("chat.update", **place, text="only words")
    assert message.blocks == []
    assert await api.error("chat.update", channel=channel.id, ts="1.0", text="t") == (
        "message_not_found"
    )


async def test_only_own_messages_can_be_changed(
    sandbox: Sandbox, api: Api, channel: Channel, mira: User
) -> None:
    await sandbox.people.say(mira.id, channel.id, "mine")
    (message,) = sandbox.workspace.messages(channel.id)
    place = {"channel": channel.id, "ts": message.ts}
    assert await api.error("chat.update", **place, text="t") == "cant_update_message"
    assert await api.error("chat.delete", **place) == "cant_delete_message"


async def test_delete_and_threads(sandbox: Sandbox, api: Api, channel: Channel) -> None:
    parent = await api("chat.postMessage", channel=channel.id, text="parent")
    reply = await api("chat.postMessage", channel=channel.id, text="r", thread_ts=parent["ts"])
    (message,) = sandbox.workspace.messages(channel.id)
    assert [child.text for child in message.replies] == ["r"]
    thread = await api("conversations.replies", channel=channel.id, ts=parent["ts"])
    assert [entry["text"] for entry in thread["messages"]] == ["parent", "r"]
    assert thread["messages"][0]["reply_count"] == 1
    assert (await api("chat.delete", channel=channel.id, ts=reply["ts"]))["ok"]
    assert message.replies == []
    error = await api.error("chat.postMessage", channel=channel.id, text="t", thread_ts="1.0")
    assert error == "thread_not_found"


async def test_ephemeral_messages_are_for_one_member(
    sandbox: Sandbox, api: Api, channel: Channel, mira: User
) -> None:
    noor = sandbox.workspace.add_user("Noor")
    place = {"channel": channel.id, "text": "psst"}
    assert await api.error("chat.postEphemeral", **place, user=noor.id) == "user_not_in_channel"
    posted = await api("chat.postEphemeral", **place, user=mira.id)
    (message,) = sandbox.workspace.messages(channel.id)
    assert (message.ts, message.ephemeral_for) == (posted["message_ts"], mira.id)
    assert (await api("conversations.history", channel=channel.id))["messages"] == []
    error = await api.error("chat.update", channel=channel.id, ts=message.ts, text="t")
    assert error == "message_not_found"


async def test_metadata_is_kept_and_shown_only_when_asked_for(api: Api, channel: Channel) -> None:
    metadata = {"event_type": "summary", "event_payload": {"key": "T1:2026-W47"}}
    await api("chat.postMessage", channel=channel.id, text="t", metadata=metadata)
    (message,) = (await api("conversations.history", channel=channel.id))["messages"]
    assert "metadata" not in message
    asked = {"channel": channel.id, "include_all_metadata": True}
    (message,) = (await api("conversations.history", **asked))["messages"]
    assert message["metadata"] == metadata


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "summary"}, "invalid_metadata_schema"),
        ({"event_type": "s", "event_payload": {"key": "k" * 20_000}}, "metadata_too_large"),
        ("{", "invalid_metadata_format"),
    ],
)
async def test_metadata_has_a_form(api: Api, channel: Channel, metadata: Any, error: str) -> None:
    arguments = {"channel": channel.id, "text": "t", "metadata": metadata}
    assert await api.error("chat.postMessage", **arguments) == error


async def test_another_name_needs_its_scope(api: Api, channel: Channel) -> None:
    arguments = {"channel": channel.id, "text": "t", "username": "Someone"}
    assert await api.error("chat.postMessage", **arguments) == "missing_scope"
