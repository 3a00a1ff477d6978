"""The reader of a page: who looks, when and where, and what names the ids in a text stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Reader:
    """Everything that rendering needs beyond the blocks; `now` is aware, names are plain text."""

    user_id: str
    now: datetime
    zone: ZoneInfo
    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(self.zone)

    def label(self, one: str) -> str:
        """What menus call a person or a channel; ids of nobody known stay ids."""
        return f"#{self.channels[one]}" if one in self.channels else self.people.get(one, one)
