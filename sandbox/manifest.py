"""The app manifest as the workspace reads it: what the app may do and hear."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

EVENT_SCOPES = {
    "user_change": "users:read",
    "team_join": "users:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_rename": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_id_changed": "channels:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "group_rename": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "subteam_created": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
}
"""Scope that an event needs; those not named need none, or one that depends on the channel."""


@dataclass(frozen=True)
class SlashCommand:
    """A slash command: its name with the slash, and whether Slack escapes mentions in its text."""

    name: str
    should_escape: bool


class Manifest:
    """Read access to a manifest dict; `scopes` may be narrowed to what was really granted."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.source = source
        self.scopes: list[str] = list(_at(source, "oauth_config", "scopes", "bot") or [])

    @property
    def bot_name(self) -> str:
        """The name under which the bot posts."""
        shown = _at(self.source, "features", "bot_user", "display_name")
        return str(shown or _at(self.source, "display_information", "name") or "App")

    @property
    def bot_events(self) -> list[str]:
        """The events that the app subscribed to, as named in the manifest (`message.im`)."""
        return list(_at(self.source, "settings", "event_subscriptions", "bot_events") or [])

    def hears(self, subscription: str, *scopes: str) -> bool:
        """Whether the app subscribed to this event and holds the scopes that it needs."""
        needed = scopes or ((EVENT_SCOPES[subscription],) if subscription in EVENT_SCOPES else ())
        return subscription in self.bot_events and all(scope in self.scopes for scope in needed)

    def command(self, name: str) -> SlashCommand | None:
        """The slash command of that name, when the app has one and the scope for it."""
        for entry in _at(self.source, "features", "slash_commands") or []:
            if entry["command"] == name and "commands" in self.scopes:
                return SlashCommand(name, bool(entry.get("should_escape")))
        return None

    def shortcut(self, callback_id: str) -> str | None:
        """The type (`global` or `message`) of the shortcut with this callback id."""
        for entry in _at(self.source, "features", "shortcuts") or []:
            if entry["callback_id"] == callback_id and "commands" in self.scopes:
                return str(entry["type"])
        return None

    def shortcuts(self) -> Iterator[tuple[str, str, str]]:
        """Every shortcut as (name, type, callback id)."""
        for entry in _at(self.source, "features", "shortcuts") or []:
            yield entry["name"], entry["type"], entry["callback_id"]

    @property
    def interactive(self) -> bool:
        """Whether clicks and forms are sent to the app at all."""
        return bool(_at(self.source, "settings", "interactivity", "is_enabled"))

    @property
    def home_tab(self) -> bool:
        """Whether the app shows a Home tab."""
        return bool(_at(self.source, "features", "app_home", "home_tab_enabled"))

    @property
    def messages_tab(self) -> bool:
        """Whether the app shows a Messages tab, without which it cannot send direct messages."""
        shown = _at(self.source, "features", "app_home", "messages_tab_enabled")
        return True if shown is None else bool(shown)

    @property
    def messages_read_only(self) -> bool:
        """Whether people can only read in the Messages tab."""
        return bool(_at(self.source, "features", "app_home", "messages_tab_read_only_enabled"))


def _at(source: Any, *path: str) -> Any:
    for key in path:
        if not isinstance(source, dict):
            return None
        source = source.get(key)
    return source
