"""Dates as Slack writes them for a reader: `<!date^…>` tokens, times of messages, distances."""

import re
from datetime import UTC, date, datetime

from sandbox.page.reader import Reader

_TOKEN = re.compile(r"\{(\w+)\}")


def slack_date(epoch: int, template: str, reader: Reader) -> str | None:
    """The text of a date token, or None when its template or its instant is not usable.

    Tokens and their meaning: Slack's page on formatting text, section on dates.
    """
    try:
        moment = datetime.fromtimestamp(epoch, UTC).astimezone(reader.zone)
    except (OverflowError, OSError, ValueError):
        return None
    values = _token_values(moment, reader)
    if any(name not in values for name in _TOKEN.findall(template)):
        return None
    return _TOKEN.sub(lambda match: values[match[1]], template)


def _token_values(moment: datetime, reader: Reader) -> dict[str, str]:
    day, today = moment.date(), reader.local_now.date()
    near = near_day(day, today)
    plain = f"{moment:%B} {ordinal(day.day)}, {day.year}"
    short = f"{moment:%b} {day.day}, {day.year}"
    long = f"{moment:%A}, {plain}"
    return {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%d/%m/%Y}",
        "date": plain,
        "date_short": short,
        "date_long": long,
        "date_pretty": near or plain,
        "date_short_pretty": near or short,
        "date_long_pretty": near or long,
        "time": f"{moment:%H:%M}",
        "time_secs": f"{moment:%H:%M:%S}",
        "ago": distance(moment, reader.now),
    }


def near_day(day: date, today: date) -> str | None:
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days)


def ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def distance(moment: datetime, now: datetime) -> str:
    """Roughly how far apart: `in 3 hours`, `2 days ago`, `just now`."""
    seconds = (moment - now).total_seconds()
    size = abs(seconds)
    if size < 45:
        return "just now"
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int((size + length / 2) // length) if unit == "minute" else int(size // length)
        if count:
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"in {words}" if seconds > 0 else f"{words} ago"
    return "just now"


def day_heading(day: date, today: date) -> str:
    """The divider over a day of messages: `Today`, `Yesterday`, `Friday, 20 November`."""
    near = near_day(day, today)
    if near:
        return near.capitalize()
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%A}, {day.day} {day:%B}{year}"


def moment_words(moment: datetime, reader: Reader) -> str:
    """An instant in the reader's zone: `Fri 20 Nov, 14:00`."""
    local = moment.astimezone(reader.zone)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"
