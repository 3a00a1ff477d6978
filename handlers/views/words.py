"""How days, shares and lists are put into words, the same way in every message."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from domain.periods import day_label

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: Characters in one code block: well below the limit of the section around it.
_CODE_BLOCK = 2500


def day_words(day: date) -> str:
    """`Friday 20 Nov`."""
    return f"{WEEKDAYS[day.weekday()]} {day_label(day)}"


def moment(at: datetime, zone: tzinfo) -> str:
    """`Friday 20 Nov, 14:00`: an instant as a clock in that zone shows it."""
    local = at.astimezone(zone)
    return f"{day_words(local.date())}, {local:%H:%M}"


def percent_of(basis_points: int) -> int:
    """Whole percent, half rounded up."""
    return (basis_points + 50) // 100


def listed(items: Sequence[str], limit: int = 3) -> str:
    """`A, B and C`; beyond the limit `A, B, C and 4 more`."""
    shown = list(items[:limit])
    if len(items) > limit:
        shown.append(f"{len(items) - limit} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def counted(number: int, noun: str) -> str:
    """`1 week`, `3 weeks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def people_counted(number: int) -> str:
    """`1 person`, `3 people`."""
    return "1 person" if number == 1 else f"{number} people"


def bar(percent: int, width: int = 12) -> str:
    """A bar of characters and its number, as wide at 5% as at 100%; for `monospaced` rows."""
    full = min(width, (percent * width + 50) // 100)
    if percent > 0:
        full = max(full, 1)
    return f"{'█' * full}{'·' * (width - full)} {percent:>3}%"


def monospaced(rows: Sequence[str]) -> list[str]:
    """Ready mrkdwn rows as code blocks, where columns line up; several when one would be long."""
    blocks: list[str] = []
    for row in (text.replace("`", "'") for text in rows):
        if blocks and len(blocks[-1]) + len(row) < _CODE_BLOCK:
            blocks[-1] += f"\n{row}"
        else:
            blocks.append(row)
    return [f"```\n{block}\n```" for block in blocks]
