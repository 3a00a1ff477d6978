"""Reads what a person types after `log`: a split, `same`, `skip`, or a week alone."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.categories import Catalog, Category
from domain.cleaning import clean, one_line, unescaped
from domain.periods import Period, WeekError, resolve_week
from domain.reading import Reading, example, read_split
from domain.timesplit import Split

#: A split of twenty categories by their full names fits well into this.
LONGEST_SPLIT = 1_000
#: How much of a text is echoed; views clip further where Slack allows less.
LONGEST_ECHO = 2_000
LONGEST_REASON = 200
_LONGEST_READ = 4_000
_LONGEST_WEEK = 24

_JUNK = " \n.,;:!-–—"
_WEEK = r"(?:\d{4}[\s-]?w\d{1,2}|(?:w|wk|week)\s?\d{1,2}|(?:this|last)\sweek)"
_WEEK_FIRST = re.compile(rf"({_WEEK}|this|last)(?![\w%'’])", re.I)
# In front of a reason "last" may also be its first word: "skip last minute offsite".
_WEEK_BEFORE_REASON = re.compile(
    rf"({_WEEK}|(?:this|last)(?=\s*(?:$|[:,;–—-]|(?:on|for|due|because|as|was|i|we)\b)))(?![\w%'’])",
    re.I,
)
_WEEK_LAST = re.compile(rf"[\s,;]+(?:(?:for|in)\s+)?({_WEEK})[\s.!]*$", re.I)
_SAME = re.compile(r"same(?![\w'’])(.*)", re.I | re.S)
_SKIP = re.compile(r"skip(?![\w'’])(.*)", re.I | re.S)
_AS_BEFORE = re.compile(r"(?:split\s)?(?:as|like)\s(?:last(?:\s(?:week|time))?|before)", re.I)


@dataclass(frozen=True)
class LogSplit:
    period: Period
    split: Split


@dataclass(frozen=True)
class LogSame:
    """The last split again, for `period`."""

    period: Period


@dataclass(frozen=True)
class LogSkip:
    """The week does not apply; `reason` is cleaned and may be empty."""

    period: Period
    reason: str


@dataclass(frozen=True)
class LogOpen:
    """Nothing but perhaps a week was said: open the form."""

    period: Period


@dataclass(frozen=True)
class LogProblem:
    """Why a text could not be recorded, and everything needed to lose nothing of it.

    `period` is None when the week was the trouble; `text` is the cleaned echo, to be escaped
    and clipped by whoever shows it; `message` one sentence; `understood` amounts per category
    id in `unit`; `unknown` the words that name no category, with up to three `candidates`.
    """

    period: Period | None
    text: str
    message: str
    understood: dict[str, Decimal] = field(default_factory=dict)
    unit: Literal["percent", "hours"] = "percent"
    candidates: tuple[Category, ...] = ()
    unknown: str | None = None


LogCommand = LogSplit | LogSame | LogSkip | LogOpen | LogProblem


def parse_log(
    text: str, catalog: Catalog, today: date, default: Period | None = None
) -> LogCommand:
    """Read a typed log; never raises, whatever the text.

    A text without a week is about `default`, or the week of `today`.
    """
    said = _dissected(_readable(text), catalog)
    try:
        period = resolve_week(said.week, today) if said.week else default
        period = period or Period.containing(today)
    except WeekError as fault:
        return _problem(None, text, str(fault), _reading(said, catalog))
    match said.kind:
        case "open":
            return LogOpen(period)
        case "same":
            return LogSame(period)
        case "skip":
            return LogSkip(period, one_line(said.rest, LONGEST_REASON))
        case "muddled":
            fault_text = "After “same” only a week can follow, such as “same last”."
            return _problem(period, text, fault_text, _reading(said, catalog))
    reading = _reading(said, catalog)
    if len(text) > LONGEST_SPLIT:
        return _problem(period, text, _too_long(text, catalog), reading)
    if reading.split is None:
        return _problem(period, text, reading.fault, reading)
    return LogSplit(period, reading.split)


def _readable(text: str) -> str:
    # NFKC turns full-width digits and hard blanks into plain ones; cut first, it may lengthen.
    folded = unicodedata.normalize("NFKC", text[:_LONGEST_READ])
    return _trimmed(clean(folded)[:_LONGEST_READ])


def _trimmed(text: str) -> str:
    # A leading point may belong to a number: ".5 tools".
    return text.rstrip(_JUNK).lstrip(_JUNK.replace(".", ""))


@dataclass(frozen=True)
class _Said:
    kind: Literal["open", "same", "skip", "muddled", "split"]
    week: str | None
    rest: str = ""


def _dissected(typed: str, catalog: Catalog) -> _Said:
    """Tell the command from its week, wherever the week stands."""
    week, rest = None, typed
    if not catalog.begins_with_label(typed):
        week, rest = _week_off(typed, _WEEK_FIRST)
    if not rest:
        return _Said("open", week)
    if not catalog.begins_with_label(rest):
        same, skip = _SAME.fullmatch(rest), _SKIP.fullmatch(rest)
        if same:
            return _same(week, _trimmed(same[1]))
        if skip:
            late, reason = _week_off(_trimmed(skip[1]), _WEEK_BEFORE_REASON)
            return _Said("skip", week or late, reason)
    if week is None and (last := _WEEK_LAST.search(rest, max(len(rest) - _LONGEST_WEEK, 0))):
        return _Said("split", last[1], rest[: last.start()])
    return _Said("split", week, rest)


def _same(week: str | None, after: str) -> _Said:
    if _AS_BEFORE.fullmatch(after):
        return _Said("same", week)
    late, rest = _week_off(after, _WEEK_FIRST)
    return _Said("muddled", week or late, rest) if rest else _Said("same", week or late)


def _week_off(text: str, pattern: re.Pattern[str]) -> tuple[str | None, str]:
    found = pattern.match(text)
    return (found[1], _trimmed(text[found.end() :])) if found else (None, text)


def _reading(said: _Said, catalog: Catalog) -> Reading:
    if said.kind not in {"split", "muddled"}:
        return Reading()
    return read_split(said.rest[:LONGEST_SPLIT], catalog)


def _too_long(text: str, catalog: Catalog) -> str:
    return (
        f"{len(text):,} characters are too long for a split: "
        f"please give only amounts and categories, such as {example(catalog)}."
    )


def _problem(period: Period | None, text: str, message: str, reading: Reading) -> LogProblem:
    return LogProblem(
        period,
        one_line(unescaped(text[: 2 * LONGEST_ECHO]), LONGEST_ECHO),
        message,
        reading.understood,
        reading.unit,
        reading.candidates,
        reading.unknown,
    )
