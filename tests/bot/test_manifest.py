"""The manifest keeps to Slack's limits, and bears the addresses of the installation."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.manifest import as_yaml, manifest
from bot.problems import SettingsProblem
from sandbox.manifest import EVENT_SCOPES

ROOT = Path(__file__).parents[2]


@pytest.fixture
def document() -> dict[str, Any]:
    return manifest("https://prodops.example.com")


def addresses(value: object) -> list[str]:
    return re.findall(r"https?://[^\s'\"]+", as_yaml({"all": value}))


def test_the_file_at_the_top_is_the_packaged_one(document: dict[str, Any]) -> None:
    top, packaged = ROOT / "manifest.yml", ROOT / "bot" / "manifest.yml"
    assert top.read_text(encoding="utf-8") == packaged.read_text(encoding="utf-8")
    assert yaml.safe_load(top.read_text(encoding="utf-8")) == document


def test_the_names_fit_slacks_limits(document: dict[str, Any]) -> None:
    shown = document["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert re.fullmatch(r"#[0-9A-F]{6}", shown["background_color"])
    assert len(document["features"]["bot_user"]["display_name"]) <= 80
    (command,) = document["features"]["slash_commands"]
    assert len(command["command"]) <= 32
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert command["should_escape"] is True
    assert len(document["features"]["shortcuts"]) <= 10
    for shortcut in document["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["callback_id"]) <= 255
        assert len(shortcut["description"]) <= 150
    assert len(document["settings"]["event_subscriptions"]["bot_events"]) <= 100


def test_it_asks_for_no_more_than_it_needs(document: dict[str, Any]) -> None:
    scopes = document["oauth_config"]["scopes"]
    assert len(set(scopes["bot"])) == len(scopes["bot"])
    assert set(scopes["bot_optional"]) < set(scopes["bot"])
    assert not {"files:write", "chat:write.public", "users:read.email"} & set(scopes["bot"])
    events = document["settings"]["event_subscriptions"]["bot_events"]
    assert len(set(events)) == len(events)
    assert {EVENT_SCOPES[event] for event in events if event in EVENT_SCOPES} <= set(scopes["bot"])


@pytest.mark.parametrize(
    "url",
    [
        "https://bot.acme.com",
        "https://bot.acme.com/",
        "https://bot.acme.com/slack/events",
        "https://acme.com:8443/prodops",
    ],
)
def test_every_address_is_that_of_the_installation(url: str) -> None:
    found = addresses(manifest(url))
    assert len(found) == 3
    assert set(found) == {url.rstrip("/").removesuffix("/slack/events") + "/slack/events"}


def test_socket_mode_has_no_address() -> None:
    document = manifest()
    assert addresses(document) == []
    assert "url" not in as_yaml(document)
    assert document["settings"]["socket_mode_enabled"] is True
    assert document["settings"]["interactivity"] == {"is_enabled": True}


@pytest.mark.parametrize("url", ["http://acme.com", "acme.com", "https://", "https://a.b/?x=1", ""])
def test_an_address_that_slack_would_not_take_is_refused(url: str) -> None:
    with pytest.raises(SettingsProblem, match="--url must be the address"):
        manifest(url)


def test_what_is_printed_reads_back(document: dict[str, Any]) -> None:
    assert yaml.safe_load(as_yaml(document)) == document
