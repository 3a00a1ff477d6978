"""What can be typed after a slash, read from the commands in the app's manifest."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"[a-z][\w-]*")


@dataclass(frozen=True)
class Hint:
    text: str
    words: str


def hints(manifest: Mapping[str, Any]) -> list[Hint]:
    """Each slash command with its description, then one hint per word of its usage hint."""
    return list(_hints(manifest))


def _hints(manifest: Mapping[str, Any]) -> Iterator[Hint]:
    features = manifest.get("features") or {}
    for entry in features.get("slash_commands") or []:
        command = str(entry.get("command", ""))
        yield Hint(command, str(entry.get("description", "")))
        usage = str(entry.get("usage_hint") or "").strip("[] ")
        for part in usage.split("|") if "|" in usage else []:
            word = _WORD.match(part.strip())
            if word:
                yield Hint(f"{command} {word[0]}", part.strip().removeprefix(word[0]).strip())
