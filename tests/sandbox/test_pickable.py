"""Menus of people and channels offer what Slack's do: filters, strangers, those who left."""

from typing import Any

import pytest

from sandbox.api.modals import open_view
from sandbox.entities import Message
from sandbox.page.menus import multi_select
from sandbox.page.place import Place
from sandbox.page.surface import Surface
from sandbox.pickable import pickable
from sandbox.screen import NotOnScreen
from sandbox.server import Sandbox
from sandbox.workspace import Channel, User, Workspace
from tests.sandbox.conftest import Bot, an_input, modal
from tests.sandbox.page_reading import READER, Page
from tests.sandbox.visiting import Visitor


@pytest.fixture
def town(sandbox: Sandbox, mira: User) -> Workspace:
    """One channel of every kind and people of every kind; Mira is in `product` and `secret`."""
    ws = sandbox.workspace
    otto = ws.add_user("Otto")
    ws.add_user("Nora", deleted=True)
    ws.add_user("Robot", is_bot=True)
    ws.add_user("Tom", is_stranger=True)
    near = ws.add_user("Uma", is_stranger=True)
    ws.add_channel("product", [mira, otto])
    ws.add_channel("secret", [mira], is_private=True)
    ws.add_channel("theirs", [otto], is_private=True)
    ws.add_channel("open", [otto])
    ws.add_channel("shared", [mira, near], is_ext_shared=True)
    ws.add_channel("old", [mira]).is_archived = True
    return ws


def offered(ws: Workspace, mira: User, kind: str, **filters: Any) -> set[str]:
    element = {"type": kind, **({"filter": filters} if filters else {})}
    return {one.name for one in pickable(element, mira.id, ws)}


def test_people(town: Workspace, mira: User) -> None:
    assert offered(town, mira, "multi_users_select") == {
        *("mira.okafor", "otto", "robot", "uma", "prodops"),
    }


def test_channels_are_public_ones(town: Workspace, mira: User) -> None:
    assert offered(town, mira, "channels_select") == {"product", "open", "shared"}


def test_conversations_keep_to_their_filter(town: Workspace, mira: User) -> None:
    channels = {"product", "open", "shared", "secret"}
    everything = channels | offered(town, mira, "users_select")
    kind = "conversations_select"
    assert offered(town, mira, kind) == everything
    assert offered(town, mira, kind, include=["public", "private"]) == channels
    assert offered(town, mira, kind, include=["private"]) == {"secret"}
    assert offered(town, mira, kind, include=["public"], exclude_external_shared_channels=True) == {
        "product",
        "open",
    }
    people = offered(town, mira, kind, include=["im"], exclude_bot_users=True)
    assert people == {"mira.okafor", "otto", "uma"}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "users_select"}, "Nora"),
        ({"type": "multi_users_select"}, ["Otto", "Tom"]),
        ({"type": "channels_select"}, "#secret"),
        ({"type": "conversations_select"}, "#theirs"),
        ({"type": "conversations_select", "filter": {"include": ["public"]}}, "#secret"),
        ({"type": "datepicker"}, "2026-02-30"),
        ({"type": "timepicker"}, "25:00"),
    ],
)
async def test_nobody_picks_what_is_not_there(
    sandbox: Sandbox, town: Workspace, mira: User, element: dict[str, Any], value: Any
) -> None:
    source = modal(an_input({**element, "action_id": "a"}, "Pick", "b"))
    open_view(town, mira.id, source)
    with pytest.raises(NotOnScreen):
        await sandbox.people.fill(mira.id, {"Pick": value})


async def test_who_left_stays_where_they_were_chosen(
    sandbox: Sandbox, town: Workspace, mira: User
) -> None:
    nora = next(user for user in town.users.values() if user.name == "nora")
    element = {"type": "multi_users_select", "action_id": "a", "initial_users": [nora.id]}
    view = open_view(town, mira.id, modal(an_input(element, "Pick", "b")))
    await sandbox.people.fill(mira.id, {"Pick": [nora.id, "Otto"]})
    assert view.values["b"]["a"]["selected_users"][0] == nora.id
    surface = Surface("modal", view.id, READER, offers=lambda _: [])
    drawn = Page(str(multi_select(element, Place(surface, "b", in_input=True))))
    assert [box.attrs["value"] for box in drawn.all("input")] == [nora.id]


async def test_several_of_nothing_is_an_empty_list(town: Workspace, mira: User) -> None:
    kinds = ("multi_users_select", "multi_channels_select", "multi_conversations_select")
    rows = [an_input({"type": kind, "action_id": "a"}, kind, kind) for kind in kinds]
    view = open_view(town, mira.id, modal(*rows))
    assert [list(view.values[kind]["a"].values())[1] for kind in kinds] == [[], [], []]


async def test_the_message_shortcut_stands_in_the_menu_of_lasting_messages(
    sandbox: Sandbox, bot: Bot, visitor: Visitor, mira: User, channel: Channel
) -> None:
    post = sandbox.workspace.post
    lasting = post(Message(channel.id, sandbox.workspace.new_ts(), mira.id, "words"))
    private = post(
        Message(channel.id, sandbox.workspace.new_ts(), mira.id, "psst", ephemeral_for=mira.id)
    )
    (entry,) = (await visitor.show()).all("button", data_shortcut="add_item")
    assert entry.text == "Add"
    place = {"channel": channel.id, "ts": lasting.ts}
    assert (await visitor.do("shortcut", callback_id="add_item", place=place))["ok"]
    heard = bot.received[-1]
    assert (heard.kind, heard.payload["message"]["text"]) == ("message_action", "words")
    assert heard.payload["channel"]["id"] == channel.id
    place["ts"] = private.ts
    refused = await visitor.do("shortcut", callback_id="add_item", place=place)
    assert "only one person sees" in refused["message"]
