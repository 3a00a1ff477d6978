"""The insight rules put to a team's weeks and practice: what holds now, and the hire signal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from domain.categories import Catalog
from domain.findings import WEEKS_IN_MEAN, Facts, Finding
from domain.practice import Practice
from domain.practicerules import PRACTICE_RULES
from domain.rules import Rule, Rules, Severity, packaged_rules
from domain.team import TeamWeek
from domain.weekrules import WEEK_RULES

_LOOKS = MappingProxyType({**WEEK_RULES, **PRACTICE_RULES})
_RANK: Mapping[str, int] = MappingProxyType({"high": 0, "med": 1, "low": 2})


@dataclass(frozen=True)
class Insight:
    """A rule that holds: its filled-in text and the numbers in it, as shown.

    `item` is the checklist item that answers it, `dimensions` those it is about, if any.
    """

    rule: str
    severity: Severity
    text: str
    numbers: dict[str, str]
    item: str | None = None
    dimensions: tuple[str, ...] = field(default=())


def evaluate(
    weeks: Sequence[TeamWeek],
    pm_count: int,
    catalog: Catalog,
    thresholds: Rules | None = None,
    practice: Practice | None = None,
) -> list[Insight]:
    """The rules that hold after the last of `weeks` (oldest first), high severity first.

    Weeks with withheld numbers tell of participation only; without `practice` its rules stay
    silent.
    """
    rules = thresholds or packaged_rules()
    facts = Facts(weeks, pm_count, catalog, rules, practice or Practice())
    found = []
    for name, look in _LOOKS.items():
        rule = rules.rules[name]
        finding = look(facts, rule)
        if finding is not None:
            found.append(_insight(name, rule, finding, facts))
    return sorted(found, key=lambda insight: (_RANK[insight.severity], insight.rule))


def _insight(name: str, rule: Rule, finding: Finding, facts: Facts) -> Insight:
    item = facts.known_item(finding.item or rule.item)
    ref = f" ({item})" if item else ""
    return Insight(
        rule=name,
        severity=finding.severity or rule.severity,
        text=rule.text.format(**finding.words, ref=ref),
        numbers=dict(finding.words),
        item=item,
        dimensions=finding.dimensions,
    )


@dataclass(frozen=True)
class HireSignal:
    """Both conditions of the hire rule with the team's values.

    `share` is the mean of the last four weeks, None unless all four have numbers; `weeks` tells
    how many have.
    """

    pm_count: int
    people: int
    share: Fraction | None
    line: Fraction
    weeks: int

    @property
    def is_met(self) -> bool:
        return self.enough_people and self.above_line

    @property
    def enough_people(self) -> bool:
        return self.pm_count >= self.people

    @property
    def above_line(self) -> bool:
        return self.share is not None and self.share > self.line


def hire_signal(
    weeks: Sequence[TeamWeek], pm_count: int, catalog: Catalog, rules: Rules
) -> HireSignal:
    facts = Facts(weeks, pm_count, catalog, rules, Practice())
    rule = rules.rules["R01"]
    return HireSignal(
        pm_count=pm_count,
        people=rule.count("people"),
        share=facts.mean("operational_share"),
        line=rule.part("share"),
        weeks=sum(week is not None and week.shares is not None for week in facts.latest),
    )


__all__ = ["WEEKS_IN_MEAN", "HireSignal", "Insight", "evaluate", "hire_signal"]
