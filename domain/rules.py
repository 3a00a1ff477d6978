"""The insight rules' thresholds and texts: loaded from data, so that a company can tune them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

from pydantic import Field

from domain.content import ContentError, Entry, Line, Name, Sources, place_in, read_content

Severity = Literal["high", "med", "low"]
Step = Literal["assess", "goals", "plan", "execute", "iterate"]

_FILE = "rules.yaml"
#: What each rule's text may fill in, and which thresholds it needs. `ref` names the checklist
#: item that answers a rule, in brackets, where the company's checklist has it.
_PARTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    rule: (frozenset(f"{words} ref".split()), frozenset(needs.split()))
    for rule, words, needs in (
        ("R01", "pct n h be break_even", "share people"),
        ("R02", "pct n top_cat", "share people"),
        ("R03", "series", "rises points"),
        ("R04", "direction date weeks side median", "run baseline window"),
        ("R05", "cat pct line k item", "share weeks"),
        ("R06", "pct", "share"),
        ("R07", "pct", "share"),
        ("R08", "pct", "share"),
        ("R09", "k n", "participation weeks"),
        ("R10", "dim hist", ""),
        ("R11", "dim level milestone", "gap"),
        ("R12", "item why days more", "days idle"),
        ("R13", "days stale staleness", "due overdue"),
        ("R14", "band before row milestone", ""),
        ("R15", "cat r fall rise weeks", "fall rise weeks"),
    )
}
#: Thresholds that are parts of 1; all others are whole counts.
_PARTS_OF_ONE = frozenset({"share", "points", "participation", "fall", "rise"})


class RulesError(ContentError):
    """Rules that cannot be used; the message names file, line and field."""


class Suggested(Entry):
    """What a rule proposes to put on the checklist where no item of the playbook answers it."""

    step: Step
    text: Annotated[str, Field(min_length=1, max_length=150)]
    done_when: Line
    owner: Name
    dimensions: Annotated[tuple[str, ...], Field(max_length=12)] = ()


class Rule(Entry):
    """One rule: `text` with {words} to fill, and the numbers from which on it holds.

    `item` is the id of the checklist item that answers it; `adds` what else to put there.
    `escalated` is its severity once it is overdue.
    """

    severity: Severity
    escalated: Severity | None = None
    text: Annotated[str, Field(min_length=1, max_length=300)]
    thresholds: dict[str, Annotated[Decimal, Field(ge=0, le=1000)]] = Field(default_factory=dict)
    item: Annotated[str, Field(max_length=8)] | None = None
    adds: Suggested | None = None
    sources: Sources = ()

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
    #: Category id -> id of the checklist item that takes time off it.
    remedy_items: dict[str, str] = Field(default_factory=dict)

    @property
    def hire_line(self) -> Fraction:
        """The operational share above which the hire rule asks for a decision."""
        return self.rules["R01"].part("share")


def _faults(rules: Rules) -> Iterator[tuple[tuple[str, ...], str]]:
    """(field, what is wrong with it): what no single field tells by itself."""
    if rules.rules.keys() != _PARTS.keys():
        different = sorted(rules.rules.keys() ^ _PARTS.keys())
        yield ("rules",), f"missing or unknown: {', '.join(different)}"
    for name, rule in rules.rules.items():
        for field, fault in _faults_of(name, rule) if name in _PARTS else ():
            yield ("rules", name, *field), fault


def _faults_of(name: str, rule: Rule) -> Iterator[tuple[tuple[str, ...], str]]:
    words, needs = _PARTS[name]
    if rule.thresholds.keys() != needs:
        yield ("thresholds",), f"must be {', '.join(sorted(needs)) or 'left out'}"
    for key, value in rule.thresholds.items():
        if key in _PARTS_OF_ONE and value > 1:
            yield ("thresholds", key), "must be a part of 1, such as 0.3"
        if key not in _PARTS_OF_ONE and (value != int(value) or value < 1):
            yield ("thresholds", key), "must be a whole number above 0"
    try:
        used = {word for _, word, _, _ in Formatter().parse(rule.text) if word is not None}
    except ValueError as fault:
        yield ("text",), str(fault)
        return
    if not used <= words:
        yield ("text",), f"cannot fill in {', '.join(sorted(used - words))}"


def load_rules(path: Path | None = None) -> Rules:
    """The packaged rules, or those of a file of the same form.

    Raises RulesError naming file, line and field, one line for each fault.
    """
    rules = read_content(Rules, path.name if path else _FILE, path, RulesError)
    faults = [f"{place_in(path, _FILE, field)}: {fault}" for field, fault in _faults(rules)]
    if faults:
        raise RulesError("\n".join(faults))
    return rules


@cache
def packaged_rules() -> Rules:
    """The packaged rules, read once."""
    return load_rules()
