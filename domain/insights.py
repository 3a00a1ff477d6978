"""Insight rules R01 to R09: what a team's recent weeks give reason to point out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

from domain.categories import Catalog, Category
from domain.periods import day_label
from domain.practice import Practice
from domain.rules import Rule, Rules, Severity, packaged_rules
from domain.team import TeamWeek, percent

#: What "4-wk mean" spans.
WEEKS_IN_MEAN = 4
_RANK: Mapping[str, int] = {"high": 0, "med": 1, "low": 2}


@dataclass(frozen=True)
class Insight:
    """A rule that holds: its filled-in text and the numbers in it, as shown."""

    rule: str
    severity: Severity
    text: str
    numbers: dict[str, str]


@dataclass(frozen=True)
class _Facts:
    """What the rules look at: the last four weeks, the newest last; None where withheld."""

    weeks: Sequence[TeamWeek]
    pm_count: int
    catalog: Catalog
    rules: Rules

    @property
    def latest(self) -> list[TeamWeek | None]:
        return self.last(WEEKS_IN_MEAN)

    def last(self, count: int) -> list[TeamWeek | None]:
        """The last `count` weeks of the calendar, None for those that are not there."""
        newest = self.weeks[-1].period
        by_period = {week.period: week for week in self.weeks}
        return [by_period.get(newest.shift(-back)) for back in range(count - 1, -1, -1)]

    def shares(self, metric: str) -> list[Fraction] | None:
        """The metric in each of the last four weeks, None unless all four have numbers."""
        shares = [week.metric(metric, self.catalog) if week else None for week in self.latest]
        known = [share for share in shares if share is not None]
        return known if len(known) == WEEKS_IN_MEAN else None

    def mean(self, metric: str) -> Fraction | None:
        shares = self.shares(metric)
        return None if shares is None else sum(shares, Fraction(0)) / WEEKS_IN_MEAN

    def category_shares(self, category: Category) -> list[Fraction]:
        """Its share in those of the last four weeks that have numbers."""
        return [
            week.shares.get(category.id, Fraction(0))
            for week in self.latest
            if week is not None and week.shares is not None
        ]


_Finding = dict[str, str] | None


def evaluate(
    weeks: Sequence[TeamWeek],
    pm_count: int,
    catalog: Catalog,
    thresholds: Rules | None = None,
    practice: Practice | None = None,
) -> list[Insight]:
    """The rules that hold after the last of `weeks` (oldest first), high severity first.

    Weeks with withheld numbers tell of participation only.
    """
    if not weeks:
        return []
    rules = thresholds or packaged_rules()
    facts = _Facts(weeks, pm_count, catalog, rules)
    found = []
    for name, look in _LOOKS.items():
        rule = rules.rules[name]
        numbers = look(facts, rule)
        if numbers is not None:
            found.append(Insight(name, rule.severity, rule.text.format(**numbers), numbers))
    return sorted(found, key=lambda insight: (_RANK[insight.severity], insight.rule))


def _hire(facts: _Facts, rule: Rule) -> _Finding:
    mean = facts.mean("operational_share")
    if mean is None or mean <= rule.part("share") or facts.pm_count < rule.count("people"):
        return None
    hours = mean * facts.pm_count * Fraction(facts.rules.hours_per_week)
    return {"pct": _pct(mean), "n": str(facts.pm_count), "h": str(percent(hours / 100))}


def _too_small_to_hire(facts: _Facts, rule: Rule) -> _Finding:
    mean = facts.mean("operational_share")
    if mean is None or mean <= rule.part("share") or facts.pm_count >= rule.count("people"):
        return None
    chores = [c for c in facts.catalog.categories if c.group == "operational"]
    top = max(chores, key=lambda c: sum(facts.category_shares(c)))
    return {"pct": _pct(mean), "n": str(facts.pm_count), "top_cat": top.name}


def _climbing(facts: _Facts, rule: Rule) -> _Finding:
    weeks = facts.last(rule.count("rises") + 1)
    shares = [week.metric("operational_share", facts.catalog) if week else None for week in weeks]
    series = [share for share in shares if share is not None]
    if len(series) < len(weeks) or any(b <= a for a, b in pairwise(series)):
        return None
    if series[-1] - series[0] < rule.part("points"):
        return None
    return {"series": " → ".join(_pct(share) for share in series) + "%"}


def _shifted(facts: _Facts, rule: Rule) -> _Finding:
    """A run of weeks on one side of the median of the first weeks in view.

    Weeks on the median and weeks without numbers neither count nor break the run.
    """
    window = facts.weeks[-rule.count("window") :]
    shares = [(week, week.metric("operational_share", facts.catalog)) for week in window]
    measured = [(week, share) for week, share in shares if share is not None]
    start = rule.count("baseline")
    if len(measured) < start or measured[-1][0] is not window[-1]:
        return None
    middle = median(share for _, share in measured[:start])
    run: list[TeamWeek] = []
    above = measured[-1][1] > middle
    for week, share in reversed(measured[start:]):
        if share != middle and (share > middle) != above:
            break
        if share != middle:
            run.append(week)
    if len(run) < rule.count("run") or run[0] is not measured[-1][0]:
        return None
    return {
        "direction": "up" if above else "down",
        "side": "above" if above else "below",
        "date": day_label(run[-1].period.monday),
        "weeks": str(len(run)),
        "median": _pct(middle),
    }


def _one_sided(facts: _Facts, rule: Rule) -> _Finding:
    if facts.weeks[-1].shares is None:
        return None
    line = rule.part("share")
    for category in sorted(facts.catalog.categories, key=lambda c: -sum(facts.category_shares(c))):
        shares = facts.category_shares(category)
        over = sum(share >= line for share in shares)
        if category.group == "delivery" or over < rule.count("weeks"):
            continue
        return {
            "cat": category.name,
            "pct": _pct(sum(shares, Fraction(0)) / len(shares)),
            "line": _pct(line),
            "k": str(over),
            "item": _remedy(category, facts.rules.remedies),
        }
    return None


def _remedy(category: Category, remedies: Mapping[str, str]) -> str:
    return remedies.get(category.id) or remedies.get(category.group) or "sharing it out"


def _below(metric: str) -> Callable[[_Facts, Rule], _Finding]:
    def look(facts: _Facts, rule: Rule) -> _Finding:
        mean = facts.mean(metric)
        return {"pct": _pct(mean)} if mean is not None and mean < rule.part("share") else None

    return look


def _firefighting(facts: _Facts, rule: Rule) -> _Finding:
    mean = facts.mean("reactive_share")
    return {"pct": _pct(mean)} if mean is not None and mean >= rule.part("share") else None


def _few_answers(facts: _Facts, rule: Rule) -> _Finding:
    weeks = facts.last(rule.count("weeks"))
    line = rule.part("participation")
    if any(week is None or not week.active or week.participation >= line for week in weeks):
        return None
    newest = facts.weeks[-1]
    return {"k": str(newest.answered), "n": str(newest.active)}


def _pct(share: Fraction) -> str:
    return str(percent(share))


_LOOKS: Mapping[str, Callable[[_Facts, Rule], _Finding]] = {
    "R01": _hire,
    "R02": _too_small_to_hire,
    "R03": _climbing,
    "R04": _shifted,
    "R05": _one_sided,
    "R06": _below("customer_share"),
    "R07": _firefighting,
    "R08": _below("strategic_share"),
    "R09": _few_answers,
}
