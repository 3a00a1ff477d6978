"""Rules R01 to R09: what a team's recent weeks give reason to point out."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from statistics import median
from types import MappingProxyType

from domain.categories import Category
from domain.findings import Facts, Finding, Look, pct
from domain.means import mean_of, total_of
from domain.periods import day_label
from domain.rules import Rule
from domain.team import TeamWeek, percent

_NO_COSTS = "its break-even needs the costs (/prodops roi)"


def _hire(facts: Facts, rule: Rule) -> Finding | None:
    mean = facts.mean("operational_share")
    if mean is None or mean <= rule.part("share") or facts.pm_count < rule.count("people"):
        return None
    hours = mean * facts.pm_count * Fraction(facts.rules.hours_per_week)
    return Finding(
        {
            "pct": pct(mean),
            "n": str(facts.pm_count),
            "h": str(percent(hours / 100)),
            **_breakeven(facts.practice.breakeven_hours),
        }
    )


def _breakeven(hours: Fraction | None) -> dict[str, str]:
    if hours is None:
        return {"be": "n/a", "break_even": _NO_COSTS}
    shown = f"{float(hours):.1f}"
    return {"be": shown, "break_even": f"break-even is {shown} hours per PM a week"}


def _too_small_to_hire(facts: Facts, rule: Rule) -> Finding | None:
    mean = facts.mean("operational_share")
    if mean is None or mean <= rule.part("share") or facts.pm_count >= rule.count("people"):
        return None
    chores = [c for c in facts.catalog.categories if c.group == "operational"]
    top = max(chores, key=lambda c: total_of(facts.category_shares(c)))
    words = {"pct": pct(mean), "n": str(facts.pm_count), "top_cat": top.name}
    return Finding(words, item=facts.rules.remedy_items.get(top.id))


def _climbing(facts: Facts, rule: Rule) -> Finding | None:
    weeks = facts.last(rule.count("rises") + 1)
    shares = [week.metric("operational_share", facts.catalog) if week else None for week in weeks]
    series = [share for share in shares if share is not None]
    if len(series) < len(weeks) or any(b <= a for a, b in pairwise(series)):
        return None
    if series[-1] - series[0] < rule.part("points"):
        return None
    return Finding({"series": " → ".join(pct(share) for share in series) + "%"})


def _shifted(facts: Facts, rule: Rule) -> Finding | None:
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
    return Finding(
        {
            "direction": "up" if above else "down",
            "side": "above" if above else "below",
            "date": day_label(run[-1].period.monday),
            "weeks": str(len(run)),
            "median": pct(middle),
        }
    )


def _one_sided(facts: Facts, rule: Rule) -> Finding | None:
    if not facts.weeks or facts.weeks[-1].shares is None:
        return None
    line = rule.part("share")
    by_category = {c.id: facts.category_shares(c) for c in facts.catalog.categories}
    for category in sorted(facts.catalog.categories, key=lambda c: -total_of(by_category[c.id])):
        shares = by_category[category.id]
        over = sum(share >= line for share in shares)
        if category.group == "delivery" or over < rule.count("weeks"):
            continue
        words = {
            "cat": category.name,
            "pct": pct(mean_of(shares)),
            "line": pct(line),
            "k": str(over),
            "item": _remedy(category, facts.rules.remedies),
        }
        return Finding(words, item=facts.rules.remedy_items.get(category.id))
    return None


def _remedy(category: Category, remedies: Mapping[str, str]) -> str:
    return remedies.get(category.id) or remedies.get(category.group) or "sharing it out"


def _below(metric: str) -> Look:
    def look(facts: Facts, rule: Rule) -> Finding | None:
        mean = facts.mean(metric)
        if mean is None or mean >= rule.part("share"):
            return None
        return Finding({"pct": pct(mean)})

    return look


def _firefighting(facts: Facts, rule: Rule) -> Finding | None:
    mean = facts.mean("reactive_share")
    if mean is None or mean < rule.part("share"):
        return None
    return Finding({"pct": pct(mean)})


def _few_answers(facts: Facts, rule: Rule) -> Finding | None:
    weeks = facts.last(rule.count("weeks"))
    line = rule.part("participation")
    if any(week is None or not week.active or week.participation >= line for week in weeks):
        return None
    newest = facts.weeks[-1]
    return Finding({"k": str(newest.answered), "n": str(newest.active)})


WEEK_RULES: Mapping[str, Look] = MappingProxyType(
    {
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
)
