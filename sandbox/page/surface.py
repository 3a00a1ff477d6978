"""The surface that blocks stand on: what was entered, what was wrong, who can be chosen."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sandbox.page.reader import Reader

Block = Mapping[str, Any]
Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Choice:
    """One thing to choose; `value` is what Slack sends, `group` the heading it stands under."""

    value: str
    label: str
    description: Mapping[str, Any] | None = None
    text: Mapping[str, Any] | None = None
    group: str | None = None


@dataclass(frozen=True)
class Surface:
    """A message, modal or home as one reader sees it.

    `values` is Slack's `state.values`, `errors` a sentence per block_id, `offers` what a menu of
    people, channels or conversations lists.
    """

    kind: Literal["message", "modal", "home"]
    key: str
    reader: Reader
    values: Values = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    offers: Callable[[Block], Sequence[Choice]] = lambda _: ()

    def element_id(self, block_id: str, action_id: str, part: str = "") -> str:
        """An HTML id that is the same at every rendering, whatever characters the ids hold."""
        source = "\0".join((self.key, block_id, action_id, part))
        return f"e{hashlib.blake2s(source.encode(), digest_size=6).hexdigest()}"

    def at(self, key: str, values: Values) -> "Surface":
        """The same surroundings for another message or view."""
        return replace(self, key=key, values=values)

    def stored(self, block_id: str, action_id: str) -> Mapping[str, Any] | None:
        return self.values.get(block_id, {}).get(action_id)
