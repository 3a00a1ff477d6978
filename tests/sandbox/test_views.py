"""Modals and Home: triggers, stacks, hashes, and what is kept of what people typed."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from sandbox.workspace import User
from tests.sandbox.conftest import Api, an_input, modal, plain, section

TEXT = {"type": "plain_text_input"}


async def opened(sandbox: Sandbox, api: Api, user: User, view: dict[str, Any]) -> dict[str, Any]:
    trigger = sandbox.triggers.issue(user.id)
    answer = await api("views.open", trigger_id=trigger, view=view)
    assert answer["ok"], answer
    shown: dict[str, Any] = answer["view"]
    return shown


async def test_a_trigger_works_once(sandbox: Sandbox, api: Api, mira: User) -> None:
    trigger = sandbox.triggers.issue(mira.id)
    arguments = {"trigger_id": trigger, "view": modal(section())}
    assert (await api("views.open", **arguments))["ok"]
    assert await api.error("views.open", **arguments) == "exchanged_trigger_id"
    arguments["trigger_id"] = "1.2.made-up"
    assert await api.error("views.open", **arguments) == "invalid_trigger_id"


@pytest.mark.parametrize(("seconds", "works"), [(3, True), (3.1, False)])
async def test_a_trigger_lives_three_seconds(
    sandbox: Sandbox, api: Api, clock: SandboxClock, mira: User, seconds: float, works: bool
) -> None:
    trigger = sandbox.triggers.issue(mira.id)
    clock.advance(timedelta(seconds=seconds))
    answer = await api("views.open", trigger_id=trigger, view=modal(section()))
    assert answer.get("error") == (None if works else "expired_trigger_id")


async def test_three_views_at_most(sandbox: Sandbox, api: Api, mira: User) -> None:
    top = await opened(sandbox, api, mira, modal(section()))
    for expected in (None, None, "push_limit_reached"):
        trigger = sandbox.triggers.issue(mira.id, from_view=top["id"])
        answer = await api("views.push", trigger_id=trigger, view=modal(section()))
        assert answer.get("error") == expected
    stack = sandbox.workspace.views[mira.id]
    assert [view.previous_view_id for view in stack] == [None, stack[0].id, stack[1].id]
    assert {view.root_view_id for view in stack} == {stack[0].id}


async def test_a_push_needs_a_trigger_from_a_modal(sandbox: Sandbox, api: Api, mira: User) -> None:
    await opened(sandbox, api, mira, modal(section()))
    trigger = sandbox.triggers.issue(mira.id)
    error = await api.error("views.push", trigger_id=trigger, view=modal(section()))
    assert error == "invalid_trigger_id"


async def test_an_update_for_an_old_state_is_refused(
    sandbox: Sandbox, api: Api, mira: User
) -> None:
    view = await opened(sandbox, api, mira, modal(section(), external_id="mine"))
    by_id = {"view_id": view["id"], "view": modal(section("new")), "hash": view["hash"]}
    assert (await api("views.update", **by_id))["view"]["hash"] != view["hash"]
    assert await api.error("views.update", **by_id) == "hash_conflict"
    error = await api.error("views.update", view_id="V0", view=modal(section()))
    assert error == "not_found"


async def test_external_ids(sandbox: Sandbox, api: Api, mira: User) -> None:
    noor = sandbox.workspace.add_user("Noor")
    await opened(sandbox, api, mira, modal(section(), external_id="mine"))
    update = {"external_id": "mine", "view": modal(section("new"), external_id="mine")}
    assert (await api("views.update", **update))["ok"]
    trigger = sandbox.triggers.issue(noor.id)
    view = modal(section(), external_id="mine")
    error = await api.error("views.open", trigger_id=trigger, view=view)
    assert error == "duplicate_external_id"


async def test_faulty_views_are_explained(sandbox: Sandbox, api: Api, mira: User) -> None:
    trigger = sandbox.triggers.issue(mira.id)
    view = modal(section(), title=plain("t" * 25))
    answer = await api("views.open", trigger_id=trigger, view=view)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    big = modal(*[section("x" * 3000) for _ in range(99)])
    assert await api.error("views.open", trigger_id=trigger, view=big) == "view_too_large"


async def test_typed_input_survives_only_with_the_same_ids(
    sandbox: Sandbox, api: Api, mira: User
) -> None:
    inputs = [an_input(TEXT, block_id="kept"), an_input(TEXT, "Other", "lost")]
    view = await opened(sandbox, api, mira, modal(*inputs))
    await sandbox.people.fill(mira.id, {"Hours": "12", "Other": "13"})
    renamed = [an_input(TEXT, block_id="kept"), an_input(TEXT, "Other", "new")]
    await api("views.update", view_id=view["id"], view=modal(*renamed))
    values = sandbox.workspace.views[mira.id][0].values
    assert values["kept"]["value"]["value"] == "12"
    assert values["new"]["value"]["value"] is None
    assert "lost" not in values


async def test_first_values_are_the_state(sandbox: Sandbox, api: Api, mira: User) -> None:
    view = await opened(sandbox, api, mira, modal(an_input({**TEXT, "initial_value": "7"})))
    expected = {"hours": {"value": {"type": "plain_text_input", "value": "7"}}}
    assert view["state"]["values"] == expected


async def test_the_home_tab(sandbox: Sandbox, api: Api, mira: User) -> None:
    home = {"type": "home", "blocks": [section("one")]}
    first = await api("views.publish", user_id=mira.id, view=home)
    again = {"user_id": mira.id, "view": home, "hash": first["view"]["hash"]}
    assert (await api("views.publish", **again))["ok"]
    assert await api.error("views.publish", **again) == "hash_conflict"
    assert sandbox.workspace.homes[mira.id].blocks[0]["text"]["text"] == "one"
    assert await api.error("views.publish", user_id="U0", view=home) == "user_not_found"
    assert await api.error("views.publish", user_id=mira.id, view=modal()) == "invalid_arguments"
    sandbox.manifest.source["features"]["app_home"]["home_tab_enabled"] = False
    assert await api.error("views.publish", user_id=mira.id, view=home) == "not_enabled"
