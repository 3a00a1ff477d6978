"""The app manifest, with the addresses of one installation filled in or left out."""

from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.problems import SettingsProblem

PATH = "/slack/events"


def manifest(url: str | None = None) -> dict[str, Any]:
    """For HTTP at `url` ("https://prodops.acme.com"), or without it for Socket Mode."""
    document: dict[str, Any] = deepcopy(_packaged())
    settings = document["settings"]
    places = [
        *((command, "url") for command in document["features"]["slash_commands"]),
        (settings["event_subscriptions"], "request_url"),
        (settings["interactivity"], "request_url"),
    ]
    settings["socket_mode_enabled"] = url is None
    address = None if url is None else _address(url)
    for holder, key in places:
        if address is None:
            del holder[key]
        else:
            holder[key] = address
    return document


@cache
def _packaged() -> dict[str, Any]:
    text = files("bot").joinpath("manifest.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def as_yaml(document: dict[str, Any]) -> str:
    """The text to paste under "From a manifest" when the app is created."""
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment:
        raise SettingsProblem(
            "--url must be the address under which Slack reaches the bot, "
            "such as https://prodops.example.com"
        )
    base = url.rstrip("/")
    return base if base.endswith(PATH) else base + PATH
