"""How typed text travels: escaped as data, while picked mentions become tokens."""

import re

from sandbox.workspace import Workspace

_TOKEN = re.compile(r"&lt;((?:@|#|!subteam\^)[A-Z0-9]+(?:\|[^&]*)?)&gt;")
_BROADCAST = re.compile(r"(?<![\w<])@(channel|here|everyone)\b")
_MENTION = re.compile(r"(?<![\w<])([@#])([\w.-]+)")


def as_message(text: str, ws: Workspace) -> str:
    """A message as Slack stores it: `& < >` escaped, @people, #channels and @here as tokens."""
    return _mentioned(_escaped(text), ws)


def as_command_text(text: str, ws: Workspace, should_escape: bool) -> str:
    """The text of a slash command; mentions become tokens only where the manifest asks for it."""
    escaped = _escaped(text)
    return _mentioned(escaped, ws) if should_escape else escaped


def _escaped(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A client inserts these tokens when one picks a person or channel from its list.
    return _TOKEN.sub(r"<\1>", escaped)


def _mentioned(text: str, ws: Workspace) -> str:
    def token(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "#":
            channel = ws.channel_named(name)
            return f"<#{channel.id}|{channel.name}>" if channel else match.group()
        for user in ws.users.values():
            if user.name == name:
                return f"<@{user.id}|{user.name}>"
        for group in ws.user_groups.values():
            if group.handle == name:
                return f"<!subteam^{group.id}|@{group.handle}>"
        return match.group()

    return _MENTION.sub(token, _BROADCAST.sub(r"<!\1>", text))
