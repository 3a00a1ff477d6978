"""Reads `away <from> [to <until>]`: dates as people write them, never far off or back to front."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.cleaning import printable
from domain.eligibility import Absence

#: Days ahead that an absence may begin or last.
FURTHEST = 366

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_BETWEEN = re.compile(r"\s+(?:to|until|till|through)\s+|\s*(?:–|—|\.\.)\s*|\s+-\s+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]+)\.?(?:,?\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")


@dataclass(frozen=True)
class AwayProblem:
    """What was wrong, in one sentence, and the text as it was typed, cleaned."""

    message: str
    text: str


@dataclass(frozen=True)
class AwayOff:
    """The person is back."""


def parse_away(text: str, today: date) -> Absence | AwayOff | AwayProblem:
    """An absence (both days included), its end, or what could not be read. Never raises."""
    said = " ".join(printable(text).lower().split())[:200]
    if said in ("off", "back", "stop", "end"):
        return AwayOff()
    if not said:
        return AwayProblem("Say from when you are away.", said)
    first, *rest = _BETWEEN.split(said.removeprefix("from "), maxsplit=1)
    start = _day(first, today)
    if start is None:
        return AwayProblem("I could not read the first day.", said)
    if not rest:
        return _checked(Absence(start, None), today, said)
    until = _day(rest[0], start)
    if until is None:
        return AwayProblem("I could not read the last day.", said)
    return _checked(Absence(start, until), today, said)


def _checked(absence: Absence, today: date, said: str) -> Absence | AwayProblem:
    furthest = today + timedelta(days=FURTHEST)
    if absence.until is not None and absence.until < absence.start:
        return AwayProblem("The last day lies before the first.", said)
    if absence.until is not None and absence.until < today:
        return AwayProblem("Those days are over.", said)
    if absence.start > furthest or (absence.until or today) > furthest:
        return AwayProblem("Name days within a year from now.", said)
    if absence.start < today - timedelta(days=FURTHEST):
        return AwayProblem("Name a first day within the last year.", said)
    return absence


def _day(text: str, after: date) -> date | None:
    """A day, the next one from `after` on where the year (or the week) is left open."""
    word = text.strip().strip(".,")
    plain = {"today": 0, "now": 0, "tomorrow": 1}
    if word in plain:
        return after + timedelta(days=plain[word])
    name = word.removeprefix("next ")
    weekday = _index(name, _DAYS)
    if weekday is not None:
        return after + timedelta(days=(weekday - after.weekday()) % 7)
    if found := _ISO.fullmatch(word):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.fullmatch(word):
        return _in_year(found[3], found[2], found[1], after)
    if found := _MONTH_DAY.fullmatch(word):
        return _in_year(found[3], found[1], found[2], after)
    return None


def _index(word: str, names: tuple[str, ...]) -> int | None:
    """Which name a word of at least three letters begins."""
    if len(word) < 3:
        return None
    return next((n for n, name in enumerate(names) if name.startswith(word)), None)


def _in_year(year: str | None, month_name: str, day: str, after: date) -> date | None:
    month = _index(month_name, _MONTHS)
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
