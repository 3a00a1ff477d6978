"""Reads `decide <what> [@owner] [by <date>]`: owner and date only where they end the text."""

import calendar
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.cleaning import clean
from domain.daywords import looks_like_day, read_day
from domain.decisions import LONGEST

#: Years ahead that something may be due.
FURTHEST_DAYS = 2 * 366
#: How much of a text is read, and kept for the form.
LONGEST_READ = 3_000

_BLANKS = " \n\t,;:–—-"
_MENTION = r"<@([UW][A-Z0-9]{1,20})(?:\|([^>]*))?>"
_OWNER_LAST = re.compile(rf"(?:^|[\s,;:(–—-]){_MENTION}[\s).,;!]*$")
# A name of up to three words would take in what was decided: one word it is.
_NAME_LAST = re.compile(r"(?:^|[\s,;:(–—-])@([\w][\w.'’-]{0,59})[\s).,;!]*$")
_BY = re.compile(r"(?:^|[\s,;:(–—-])by\s+(?:the\s+)?([^<>\n]{1,40}?)[\s).!]*$", re.I)
_OWNER_WORD = re.compile(r"[\s,;:(–—-]+owner:?\s*$", re.IGNORECASE)
_BEFORE_DAY = re.compile(r"(?:on|in the)\s+", re.I)
_SLASHED = re.compile(r"(\d{1,2})([/.])(\d{1,2})(?:\2(\d{4}|\d{2})?)?")
_IN = re.compile(r"in (\d{1,3}|an?|one|two|three|four|six) (day|week|month)s?")
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6}
_DAYS_IN = {"day": 1, "week": 7, "month": 30}
_FRIDAY = 4
_FULL_MONTHS = ("january", "february", "march", "april", "june", "july", "august", "september")
_LATE_MONTHS = ("october", "november", "december")


@dataclass(frozen=True)
class DecisionText:
    """What was decided, cleaned, in one or more lines; `owner_name`: typed, yet to be looked up."""

    what: str
    owner: str | None = None
    owner_name: str | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class DecisionProblem:
    """What was wrong, in one sentence, and all that was understood, for the form."""

    message: str
    understood: DecisionText


def mentioned(text: str) -> list[str]:
    """Ids of all people in a text as Slack delivers it."""
    return list(dict.fromkeys(found[0] for found in re.findall(_MENTION, text)))


def parse_decision(
    text: str, today: date, names: Mapping[str, str] | None = None
) -> DecisionText | DecisionProblem | None:
    """Read what was typed, as Slack delivers it; None where nothing was. Never raises.

    `names` of people by id stand in for mentions within the text.
    """
    rest = unicodedata.normalize("NFC", text[: 2 * LONGEST_READ]).strip()
    if not rest:
        return None
    owner, owner_name, due = None, None, None
    day_text = ""
    for _ in range(2):
        if not day_text and (found := _day_last(rest, today)):
            rest, day_text, due = found
        elif owner is None and owner_name is None and (match := _OWNER_LAST.search(rest)):
            owner, rest = match[1], _without_owner(rest, match)
        elif owner is None and owner_name is None and (match := _NAME_LAST.search(rest)):
            owner_name, rest = match[1], _without_owner(rest, match)
    what = _plain(rest, names or {}).strip(_BLANKS)
    understood = DecisionText(what, owner, owner_name, due)
    return _checked(understood, day_text, today)


def _without_owner(text: str, named: re.Match[str]) -> str:
    """In "approved by @ada" the name is part of what was decided, too."""
    before = text[: named.start()]
    return text if before.casefold().endswith(" by") else _OWNER_WORD.sub("", before)


def _checked(read: DecisionText, day_text: str, today: date) -> DecisionText | DecisionProblem:
    kept = read
    if day_text:
        fault = day_fault(read.due_on, today)
        if fault is not None:
            kept = DecisionText(read.what, read.owner, read.owner_name, None)
            return DecisionProblem(fault.format(day=day_text), kept)
    if not read.what:
        return DecisionProblem("Say what was decided.", kept)
    if len(read.what) > LONGEST:
        fault = f"That is {len(read.what):,} characters: please put it into {LONGEST}."
        return DecisionProblem(fault, kept)
    return read


def day_fault(due_on: date | None, today: date) -> str | None:
    """Why something cannot be due then; `{day}` stands for the day as it was given."""
    if due_on is None:
        return "I could not read the date {day}: write it as 30 Sep or 2027-09-30."
    if due_on < today:
        return "{day} is over: give a date from today on, with its year if that is not this one."
    if due_on > today + timedelta(days=FURTHEST_DAYS):
        return "{day} is too far off: give a date within two years."
    return None


def _day_last(text: str, today: date) -> tuple[str, str, date | None] | None:
    """(text before it, day as typed, the day) where a text ends in one; the last "by" counts.

    The day is None where it has the form of one and there is no such day.
    """
    for found in reversed(list(re.finditer(r"(?:^|[\s,;:(–—-])by\s", text, re.I))):
        match = _BY.match(text, found.start())
        if match is None:
            return None
        typed = " ".join(clean(match[1]).split())
        day = read_due(typed, today)
        if day is not None or _looks_like_due(typed):
            return text[: found.start()], typed, day
    return None


def read_due(text: str, today: date) -> date | None:
    """A day on which something can be due, in words; "this week" ends on Friday."""
    word = _BEFORE_DAY.sub("", text.casefold().strip().strip(".,"), count=1).removeprefix("the ")
    named = _named_span(word, today)
    if named is not None:
        return named
    if found := _IN.fullmatch(word):
        count = _COUNTS.get(found[1]) or int(found[1])
        return today + timedelta(days=count * _DAYS_IN[found[2]])
    if found := _SLASHED.fullmatch(word):
        return _slashed(found, today)
    return read_day(word, today)


def _named_span(word: str, today: date) -> date | None:
    friday = today + timedelta(days=(_FRIDAY - today.weekday()) % 7)
    monday = today - timedelta(days=today.weekday())
    word = word.removeprefix("end of ").removeprefix("the ")
    match word:
        case "week" | "this week" | "eow":
            return friday
        case "next week" | "next weeks":
            return monday + timedelta(days=7 + _FRIDAY)
        case "month" | "this month" | "eom" | "month end":
            return _month_end(today.year, today.month)
        case "next month":
            return _month_end(today.year, today.month + 1)
        case "quarter" | "this quarter" | "eoq":
            return _month_end(today.year, today.month + (-today.month % 3))
        case "next quarter":
            return _month_end(today.year, today.month + (-today.month % 3) + 3)
        case "year" | "this year" | "eoy" | "year end":
            return date(today.year, 12, 31)
        case "eod" | "day" | "tonight":
            return today
    months = (*_FULL_MONTHS, *_LATE_MONTHS)
    if word in months:
        number = [*months[:4], "may", *months[4:]].index(word) + 1
        return _month_end(today.year + (number < today.month), number)
    return None


def _month_end(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _slashed(found: re.Match[str], today: date) -> date | None:
    """30.9. and 30/9; with slashes only where no other reading makes a day."""
    first, second = int(found[1]), int(found[3])
    if found[2] == "/" and first <= 12 and second <= 12 and first != second:
        return None
    if found[2] == "/" and second > 12:
        first, second = second, first
    year = int(found[4]) if found[4] else today.year
    year += 2000 if year < 100 else 0
    try:
        day = date(year, second, first)
    except ValueError:
        return None
    if not found[4] and day < today - timedelta(days=60):
        return day.replace(year=year + 1) if (second, first) != (2, 29) else None
    return day


def _looks_like_due(word: str) -> bool:
    slashed = _SLASHED.fullmatch(word.strip(" .,"))
    # "by 3.5" is a number; "by 30.2." and "by 3/4" are meant as days.
    is_day = slashed is not None and (slashed[2] == "/" or word.count(".") == 2)
    return is_day or looks_like_day(word.casefold())


def _plain(text: str, names: Mapping[str, str]) -> str:
    """Slack's markup as the words it stands for, and nothing that cannot be seen."""

    def person(found: re.Match[str]) -> str:
        return "@" + (names.get(found[1]) or found[2] or found[1])

    text = re.sub(_MENTION, person, text)
    text = re.sub(r"<#[CG][A-Z0-9]+\|([^>]*)>", r"#\1", text)
    text = re.sub(r"<!subteam\^[A-Z0-9]+\|@?([^>]*)>", r"@\1", text)
    text = re.sub(r"<!(here|channel|everyone)(?:\|[^>]*)?>", r"@\1", text)
    text = re.sub(r"<((?:https?://|mailto:)[^>|]*)\|([^>]*)>", _link, text)
    text = re.sub(r"<((?:https?://|mailto:)[^>|]*)>", r"\1", text)
    return clean(text)[:LONGEST_READ].strip()


def _link(found: re.Match[str]) -> str:
    url, label = found[1].removeprefix("mailto:"), found[2]
    return url if label in url or url.rstrip("/").endswith(label) else f"{label} ({url})"
