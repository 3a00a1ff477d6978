"""The insight rules' thresholds and texts: loaded from data, so that a company can tune them."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.content import ContentError, Entry, read_content

Severity = Literal["high", "med", "low"]

#: What each rule's text may fill in, and which thresholds it needs.
_PARTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    rule: (frozenset(words.split()), frozenset(needs.split()))
    for rule, words, needs in (
        ("R01", "pct n h", "share people"),
        ("R02", "pct n top_cat", "share people"),
        ("R03", "series", "rises points"),
        ("R04", "direction date weeks side median", "run baseline window"),
        ("R05", "cat pct line k item", "share weeks"),
        ("R06", "pct", "share"),
        ("R07", "pct", "share"),
        ("R08", "pct", "share"),
        ("R09", "k n", "participation weeks"),
    )
}
#: Thresholds that are parts of 1; all others are whole counts.
_PARTS_OF_ONE = frozenset({"share", "points", "participation"})


class RulesError(ContentError):
    """Rules that cannot be used; the message names file and field."""


class Rule(Entry):
    """One rule: `text` with {words} to fill, and the numbers from which on it holds."""

    severity: Severity
    text: Annotated[str, Field(min_length=1, max_length=300)]
    thresholds: dict[str, Annotated[Decimal, Field(ge=0, le=100)]]
    sources: tuple[str, ...] = ()

    def part(self, name: str) -> Fraction:
        return Fraction(self.thresholds[name])

    def count(self, name: str) -> int:
        return int(self.thresholds[name])


class Rules(Entry):
    """All rules, by id, with what holds for every one of them."""

    cooldown_days: Annotated[int, Field(ge=0, le=365)]
    most_shown: Annotated[int, Field(ge=0, le=9)]
    hours_per_week: Annotated[Decimal, Field(gt=0, le=112)]
    rules: dict[str, Rule]
    remedies: dict[str, Annotated[str, Field(min_length=1, max_length=120)]]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.rules.keys() != _PARTS.keys():
            different = sorted(self.rules.keys() ^ _PARTS.keys())
            raise ValueError(f"rules: missing or unknown: {', '.join(different)}")
        for name, rule in self.rules.items():
            _check(name, rule)
        return self

    @property
    def hire_line(self) -> Fraction:
        """The operational share above which the hire rule asks for a decision."""
        return self.rules["R01"].part("share")


def _check(name: str, rule: Rule) -> None:
    words, needs = _PARTS[name]
    if rule.thresholds.keys() != needs:
        raise ValueError(f"rules.{name}.thresholds: must be {', '.join(sorted(needs))}")
    for key, value in rule.thresholds.items():
        if key in _PARTS_OF_ONE and value > 1:
            raise ValueError(f"rules.{name}.thresholds.{key}: must be a part of 1, such as 0.3")
        if key not in _PARTS_OF_ONE and (value != int(value) or value < 1):
            raise ValueError(f"rules.{name}.thresholds.{key}: must be a whole number above 0")
    try:
        used = {word for _, word, _, _ in Formatter().parse(rule.text) if word is not None}
    except ValueError as fault:
        raise ValueError(f"rules.{name}.text: {fault}") from None
    if not used <= words:
        raise ValueError(f"rules.{name}.text: cannot fill in {', '.join(sorted(used - words))}")


def load_rules(path: Path | None = None) -> Rules:
    """The packaged rules, or those of a file of the same form.

    Raises RulesError naming file and field.
    """
    return read_content(Rules, path.name if path else "rules.yaml", path, RulesError)


@cache
def packaged_rules() -> Rules:
    """The packaged rules, read once."""
    return load_rules()
