"""What a workspace consists of: people, channels, messages, views, user groups."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

Blocks = list[dict[str, Any]]
Values = dict[str, dict[str, dict[str, Any]]]
"""State of inputs: block_id -> action_id -> value object, as Slack's `state.values`."""


@dataclass(eq=False)
class User:
    """A member of the workspace, or a stranger seen through a shared channel."""

    id: str
    name: str
    real_name: str
    tz: str
    team_id: str
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    locale: str = "en-GB"
    title: str = ""
    email: str = ""
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    updated: int = 0


@dataclass(eq=False)
class Message:
    """One message as the workspace shows it.

    `ephemeral_for` names the only person who sees it; `replies` are those of its thread;
    `edited` is the `ts` of the last change; `states` holds what each person has typed or chosen
    in it.
    """

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: Blocks = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    edited: str | None = None
    ephemeral_for: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    username: str | None = None
    replies: list["Message"] = field(default_factory=list)
    states: dict[str, Values] = field(default_factory=dict)

    def snapshot(self) -> "Message":
        """A copy as a person with an outdated screen still sees it: later edits don't reach it."""
        return deepcopy(self)

    @property
    def broadcasts(self) -> tuple[str, ...]:
        """Which of channel, here, everyone this message really alerts (unescaped mentions)."""
        return broadcasts_in(self.text, self.blocks)


def broadcasts_in(text: str, blocks: Blocks) -> tuple[str, ...]:
    """The broadcasts that these words alert; plain_text alerts nobody."""
    heard = " ".join([text, *_mrkdwn(blocks)])
    names = ("channel", "here", "everyone")
    return tuple(name for name in names if f"<!{name}>" in heard or f"<!{name}|" in heard)


def _mrkdwn(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _mrkdwn(item)
    elif isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "markdown") and isinstance(value.get("text"), str):
            yield value["text"]
        for item in value.values():
            yield from _mrkdwn(item)


@dataclass(eq=False)
class Channel:
    """A public or private channel or a direct message; `user` is the other side of a DM."""

    id: str
    name: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    user: str | None = None
    topic: str = ""
    purpose: str = ""
    timeline: list[Message] = field(default_factory=list)
    by_ts: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> Literal["channels", "groups", "im"]:
        """The family of scopes that governs it: `channels:read`, `groups:history`, …"""
        if self.is_im:
            return "im"
        return "groups" if self.is_private else "channels"


@dataclass(eq=False)
class View:
    """An open modal or a published Home tab, with everything that the person entered so far.

    `source` is the view as the bot sent it, with missing block and action ids filled in.
    """

    id: str
    user_id: str
    source: dict[str, Any]
    hash: str
    values: Values = field(default_factory=dict)
    root_view_id: str = ""
    previous_view_id: str | None = None

    @property
    def type(self) -> str:
        """`modal` or `home`."""
        return str(self.source["type"])

    @property
    def blocks(self) -> Blocks:
        """Its blocks; every one has a block_id, every interactive element an action_id."""
        blocks: Blocks = self.source["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        """The callback id that the bot gave it, or an empty string."""
        return str(self.source.get("callback_id") or "")

    @property
    def private_metadata(self) -> str:
        """The bot's own note on this view."""
        return str(self.source.get("private_metadata") or "")

    @property
    def external_id(self) -> str:
        """The bot's own name for this view, unique in the workspace; empty when none."""
        return str(self.source.get("external_id") or "")

    def text_of(self, part: Literal["title", "submit", "close"]) -> str | None:
        """The words of its title, submit or close button."""
        text = self.source.get(part)
        return str(text["text"]) if isinstance(text, dict) else None


@dataclass(eq=False)
class UserGroup:
    """A user group (`@handle`) and its members."""

    id: str
    handle: str
    name: str
    users: list[str]
    is_disabled: bool = False
