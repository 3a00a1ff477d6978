"""Reads days as people write them: 30 Sep, 2026-10-01, Friday, tomorrow."""

import re
from datetime import date, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([a-z]+)\.?(?:,?\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")
_PLAIN = {"today": 0, "now": 0, "tomorrow": 1}


def read_day(text: str, after: date) -> date | None:
    """A day, the next one from `after` on where the year (or the week) is left open.

    One that passed within the last two months is not taken for next year's.
    """
    word = text.strip().strip(".,")
    if word in _PLAIN:
        return after + timedelta(days=_PLAIN[word])
    weekday = index_of(word.removeprefix("next "), _DAYS)
    if weekday is not None:
        return after + timedelta(days=(weekday - after.weekday()) % 7)
    if found := _ISO.fullmatch(word):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.fullmatch(word):
        return _in_year(found[3], found[2], found[1], after)
    if found := _MONTH_DAY.fullmatch(word):
        return _in_year(found[3], found[1], found[2], after)
    return None


def looks_like_day(text: str) -> bool:
    """Whether a text has the form of a day, such as 31 Feb or 2026-13-01."""
    word = text.strip().strip(".,")
    if _ISO.fullmatch(word):
        return True
    found = _DAY_MONTH.fullmatch(word)
    month = found[2] if found else None
    if month is None and (found := _MONTH_DAY.fullmatch(word)):
        month = found[1]
    return month is not None and index_of(month, _MONTHS) is not None


def index_of(word: str, names: tuple[str, ...]) -> int | None:
    """Which name a word of at least three letters begins."""
    if len(word) < 3:
        return None
    return next((n for n, name in enumerate(names) if name.startswith(word)), None)


def _in_year(year: str | None, month_name: str, day: str, after: date) -> date | None:
    month = index_of(month_name, _MONTHS)
    if month is None:
        return None
    if year:
        return _date(int(year), month + 1, int(day))
    this = _date(after.year, month + 1, int(day))
    # "2 Jan" said in December is next year's; a day just past is not meant as next year's.
    if this is None or this >= after - timedelta(days=60):
        return this or _date(after.year + 1, month + 1, int(day))
    return _date(after.year + 1, month + 1, int(day))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
