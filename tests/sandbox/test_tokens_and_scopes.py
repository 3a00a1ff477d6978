"""Who may call what: tokens, token kinds, scopes of the manifest, and the record of calls."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.workspace import Channel, User
from tests.sandbox.conftest import Api


async def test_the_right_token_is_known(api: Api, sandbox: Sandbox) -> None:
    answer = await api("auth.test")
    assert answer["user_id"] == sandbox.workspace.bot_user_id
    assert answer["team_id"] == sandbox.workspace.team_id


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
async def test_a_wrong_token_is_refused(sandbox: Sandbox, token: str, error: str) -> None:
    client = AsyncWebClient(token=token, base_url=f"{sandbox.base_url}/api/")
    assert await Api(client).error("auth.test") == error


async def test_an_app_token_opens_sockets_and_nothing_else(sandbox: Sandbox, api: Api) -> None:
    assert await api.error("apps.connections.open") == "not_allowed_token_type"
    client = AsyncWebClient(token=sandbox.app_token, base_url=f"{sandbox.base_url}/api/")
    assert (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
    assert await Api(client).error("users.list") == "not_allowed_token_type"


async def test_blocks_are_validated_without_a_token(sandbox: Sandbox) -> None:
    client = AsyncWebClient(base_url=f"{sandbox.base_url}/api/")
    assert (await client.blocks_validate(blocks=[{"type": "divider"}]))["ok"]
    answer = await Api(client)("blocks.validate", blocks=[{"type": "header"}])
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["pointer"] == "/blocks/0"


METHODS: list[tuple[str, str, dict[str, Any]]] = [
    ("chat:write", "chat.postMessage", {"channel": "C", "text": "t"}),
    ("users:read", "users.info", {"user": "USLACKBOT"}),
    ("users:read", "users.list", {}),
    ("usergroups:read", "usergroups.list", {}),
    ("usergroups:read", "usergroups.users.list", {"usergroup": "S"}),
    ("im:write", "conversations.open", {"users": "USLACKBOT"}),
    ("channels:read", "conversations.list", {}),
    ("channels:read", "conversations.info", {"channel": "C"}),
    ("channels:read", "conversations.members", {"channel": "C"}),
    ("channels:history", "conversations.history", {"channel": "C"}),
    ("channels:history", "conversations.replies", {"channel": "C", "ts": "1"}),
]


@pytest.mark.parametrize(("scope", "method", "args"), METHODS)
async def test_a_method_needs_its_scope(
    sandbox: Sandbox, api: Api, channel: Channel, scope: str, method: str, args: dict[str, Any]
) -> None:
    sandbox.manifest.scopes.remove(scope)
    named = {key: channel.id if value == "C" else value for key, value in args.items()}
    answer = await api(method, **named)
    assert answer["error"] == "missing_scope"
    assert scope in answer["needed"].split(",")
    assert answer["provided"] == ",".join(sandbox.manifest.scopes)


async def test_history_needs_the_scope_for_its_kind_of_channel(
    sandbox: Sandbox, api: Api, mira: User
) -> None:
    secret = sandbox.workspace.add_channel("secret", [mira], is_private=True)
    dm = sandbox.workspace.dm(mira.id)
    for channel, scope in ((secret, "groups:history"), (dm, "im:history")):
        assert (await api("conversations.history", channel=channel.id))["ok"]
        sandbox.manifest.scopes.remove(scope)
        answer = await api("conversations.history", channel=channel.id)
        assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


async def test_the_scopes_are_told_in_a_header(sandbox: Sandbox, client: AsyncWebClient) -> None:
    response = await client.auth_test()
    assert response.headers["x-oauth-scopes"] == ",".join(sandbox.manifest.scopes)


async def test_unknown_methods_and_missing_arguments(api: Api) -> None:
    assert await api.error("chat.whisper") == "unknown_method"
    answer = await api("users.info")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: user [json-pointer:/user]"
    ]


async def test_every_call_is_kept_without_its_token(
    sandbox: Sandbox, client: AsyncWebClient, channel: Channel
) -> None:
    await client.api_call("auth.test", data={"token": sandbox.bot_token})
    await client.chat_postMessage(channel=channel.id, text="hello")
    asked, posted = sandbox.calls
    assert sandbox.bot_token not in str(asked)
    assert (posted.method, posted.ok, posted.user_visible) == ("chat.postMessage", True, True)
    assert posted.args["text"] == "hello"
    assert not asked.user_visible


async def test_a_lenient_sandbox_notes_what_slack_would_refuse(
    sandbox: Sandbox, api: Api, channel: Channel
) -> None:
    sandbox.strict = False
    blocks = [{"type": "divider"}, {"type": "header", "text": "no object"}]
    assert (await api("chat.postMessage", channel=channel.id, text="t", blocks=blocks))["ok"]
    (problem,) = sandbox.calls[-1].problems
    assert (problem.pointer, problem.severity) == ("/blocks/1/text", "error")
    (message,) = sandbox.workspace.messages(channel.id)
    assert [block["type"] for block in message.blocks] == ["divider"]


async def test_revoked_and_uninstalled(sandbox: Sandbox, api: Api) -> None:
    await sandbox.revoke_tokens()
    assert await api.error("auth.test") == "token_revoked"
    await sandbox.uninstall()
    assert await api.error("auth.test") == "account_inactive"
    await sandbox.reinstall()
    assert (await api("auth.test"))["ok"]
