"""Reads `away <from> [to <until>]`: dates as people write them, never far off or back to front."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.cleaning import printable
from domain.daywords import read_day
from domain.eligibility import Absence

#: Days ahead that an absence may begin or last.
FURTHEST = 366

_BETWEEN = re.compile(r"\s+(?:to|until|till|through)\s+|\s*(?:–|—|\.\.)\s*|\s+-\s+")


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
    start = read_day(first, today)
    if start is None:
        return AwayProblem("I could not read the first day.", said)
    if not rest:
        return _checked(Absence(start, None), today, said)
    until = read_day(rest[0], start)
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
