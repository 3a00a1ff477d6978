"""Cuts a typed split into amounts, phrases and breaks, without knowing any category."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

Unit = Literal["percent", "time"]
#: What a comma between digits does: "comma" makes decimals, "point" parts entries.
Decimals = Literal["comma", "point"]


@dataclass(frozen=True)
class Amount:
    """`value` in percent or in whole minutes; `bare` when no unit was typed."""

    value: Decimal
    unit: Unit
    text: str
    bare: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words in a row. `foreign` marks Slack's own markup, which names no category."""

    text: str
    foreign: bool = False


@dataclass(frozen=True)
class Break:
    """A comma, semicolon or line end."""


Token = Amount | Phrase | Break

_MENTION = r"<(?:[@#!]|https?:|mailto:)[^<>\n]*>"
_HOUR = r"(?:hours?|hrs?|h)"
_MINUTE = r"(?:minutes?|mins?|m)"
_NUMBER: Mapping[Decimals, str] = {
    "comma": r"(?:\d{1,6}(?:[.,]\d+)?|\.\d+)",
    "point": r"(?:\d{1,6}(?:\.\d+)?|\.\d+)",
}
# "1h30m" and "1 h 30 min", but without a unit only "1h30": in "3h 20 tools" the 20 begins anew.
_MINUTES_AFTER = rf"\s?(?P<bm>\d{{1,4}})\s?{_MINUTE}(?!\w)|(?P<bs>\d{{1,2}})(?![\w%]|[.,]\d)"
# Letters, with digits only between letters: "b2b" is a word, "strategy40" a word and a number.
_WORD = r"[^\W\d_]+(?:['’][^\W\d_]+|\d+[^\W\d_]+)*"


@lru_cache(maxsize=256)
def token_pattern(labels: tuple[str, ...], decimals: Decimals) -> re.Pattern[str]:
    """The tokens' pattern; `labels`, which hold digits or commas, are read as one phrase."""
    number = _NUMBER[decimals]
    parts = [
        rf"(?P<mention>{_MENTION})",
        rf"(?P<label>(?<!\w)(?:{_alternatives(labels)})(?!\w|%|[.,]\d))",
        r"(?P<huge>\d{7,}[\d.,]*)",
        rf"(?P<clock>(?<![\d:])(?P<ch>\d{{1,3}}):(?P<cm>[0-5]\d)(?:\s?{_HOUR})?(?![\w:]))",
        rf"(?P<both>(?P<bh>\d{{1,3}})\s?{_HOUR}(?:{_MINUTES_AFTER}))",
        rf"(?P<hours>(?P<hn>{number})\s?{_HOUR}(?!\w))",
        rf"(?P<minutes>(?P<mn>{number})\s?{_MINUTE}(?!\w))",
        rf"(?P<percent>(?P<pn>{number})\s?(?:%|(?:percent|per cent|pct)(?!\w))?)",
        rf"(?P<word>{_WORD})",
        r"(?P<break>[,;\n])",
    ]
    return re.compile("|".join(parts), re.IGNORECASE)


def _alternatives(labels: tuple[str, ...]) -> str:
    # The longest first, and "&" as people also type it; an empty list must match nothing.
    ordered = sorted(set(labels), key=lambda s: (-len(s), s))
    spelled = [r"\s*".join(_spelled(word) for word in label.split()) for label in ordered]
    return "|".join(spelled) or r"(?!)"


def _spelled(word: str) -> str:
    return "(?:&|and)" if word == "&" else re.escape(word)


def tokenise(text: str, pattern: re.Pattern[str]) -> list[Token]:
    """Tokens of a text; what is neither word nor number nor break is left out."""
    tokens: list[Token] = []
    words: list[str] = []
    for found in pattern.finditer(text):
        if found.lastgroup == "word":
            words.append(found[0])
            continue
        if words:
            tokens.append(Phrase(" ".join(words)))
            words = []
        tokens.append(_token(found))
    if words:
        tokens.append(Phrase(" ".join(words)))
    return tokens


def _token(found: re.Match[str]) -> Token:
    match found.lastgroup:
        case "break":
            return Break()
        case "label":
            return Phrase(found[0])
        case "mention" | "huge":
            return Phrase(found[0].strip("<>@#!"), foreign=True)
        case "percent":
            bare = found[0].strip() == found["pn"]
            return Amount(_decimal(found["pn"]), "percent", found[0].strip(), bare)
        case _:
            return Amount(_minutes(found), "time", found[0].strip())


def _minutes(found: re.Match[str]) -> Decimal:
    match found.lastgroup:
        case "clock":
            return Decimal(found["ch"]) * 60 + Decimal(found["cm"])
        case "both":
            return Decimal(found["bh"]) * 60 + Decimal(found["bm"] or found["bs"])
        case "hours":
            exact = _decimal(found["hn"]) * 60
        case _:
            exact = _decimal(found["mn"])
    return exact.to_integral_value(ROUND_HALF_UP)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
