"""People as the page shows them: name, initials, what they are, what time it is where they are."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.entities import User

_FLAGS = (
    ("deleted", "Deactivated"),
    ("is_bot", "App"),
    ("is_stranger", "Other organisation"),
    ("is_ultra_restricted", "Single-channel guest"),
    ("is_restricted", "Guest"),
    ("is_owner", "Owner"),
    ("is_admin", "Admin"),
)
#: Background colours of initials; ids given in a row get different ones.
HUES = 8


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    initials: str
    hue: int
    is_app: bool
    is_deactivated: bool
    flag: str
    title: str
    status: str
    status_emoji: str
    local_time: str
    zone_name: str


def zone_of(user: User) -> ZoneInfo:
    try:
        return ZoneInfo(user.tz)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def person(user: User, now: datetime) -> Person:
    name = user.real_name or user.name or user.id
    local = now.astimezone(zone_of(user))
    return Person(
        id=user.id,
        name=name,
        initials=initials(name),
        hue=sum(user.id.encode()) % HUES,
        is_app=user.is_bot,
        is_deactivated=user.deleted,
        flag=next((words for field, words in _FLAGS if getattr(user, field)), ""),
        title=user.title,
        status=user.status_text,
        status_emoji=user.status_emoji.strip(":"),
        local_time=f"{local:%a %H:%M}",
        zone_name=user.tz.rpartition("/")[2].replace("_", " "),
    )


def initials(name: str) -> str:
    """One or two letters for a picture; names without letters give their first character."""
    words = [word for word in name.split() if word[0].isalnum()] or [name.strip() or "?"]
    letters = words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()
