"""Rules R10 to R15: what assessments, checklist, ladders and baseline give reason to point out."""

from collections.abc import Mapping
from statistics import median_low
from types import MappingProxyType

from domain.findings import Facts, Finding, Look, pct
from domain.practice import AssessmentFact, DimensionFact
from domain.rules import Rule
from domain.team import points

#: How many of several that fare alike a text names.
_NAMED = 2


def _split(facts: Facts, rule: Rule) -> Finding | None:
    """The first dimension, in the model's order, on which views differ widely."""
    assessed = _fresh(facts)
    if assessed is None:
        return None
    split = [d for d in assessed.dimensions if d.spread == "split" and d.counts]
    if not split:
        return None
    words = {"dim": _names(split[:1], len(split)), "hist": histogram(split[0].counts)}
    return Finding(words, dimensions=tuple(d.id for d in split))


def histogram(counts: tuple[int, ...]) -> str:
    """`1:2 2:0 3:1 4:3`: ratings per level, up to the highest level that was rated."""
    highest = max((n for n, count in enumerate(counts, start=1) if count), default=0)
    return " ".join(f"{n}:{count}" for n, count in enumerate(counts[:highest], start=1))


def _weak_link(facts: Facts, rule: Rule) -> Finding | None:
    assessed = _fresh(facts)
    if assessed is None:
        return None
    rated = [(d, d.level) for d in assessed.dimensions if d.level is not None]
    if not rated:
        return None
    lowest = min(level for _, level in rated)
    if lowest > median_low([level for _, level in rated]) - rule.count("gap"):
        return None
    weakest = [d for d, level in rated if level == lowest]
    milestone = weakest[0].milestone or "agree what the next level takes"
    words = {
        "dim": _names(weakest[:_NAMED], len(weakest)),
        "level": str(assessed.overall or lowest),
        "milestone": _ended(milestone),
    }
    return Finding(words, dimensions=tuple(d.id for d in weakest))


def _stuck(facts: Facts, rule: Rule) -> Finding | None:
    """The first of what domain/stalls finds to stand still, by this rule's thresholds."""
    stuck = facts.practice.stuck
    if not stuck:
        return None
    worst = stuck[0]
    why = f"{worst.days} days in progress"
    if worst.idle_step is not None:
        why = f"nothing in {worst.idle_step} has moved for {worst.days} days"
    more = f" ({len(stuck) - 1} more)" if len(stuck) > 1 else ""
    words = {"item": worst.name, "why": why, "days": str(worst.days), "more": more}
    return Finding(words, item=worst.item_id)


def _assessment_due(facts: Facts, rule: Rule) -> Finding | None:
    assessed = facts.practice.assessment
    if assessed is None or assessed.age_days <= rule.count("due"):
        return None
    overdue = assessed.age_days > rule.count("overdue")
    severity = rule.escalated if overdue else None
    stale = facts.practice.stale_days
    words = {
        "days": str(assessed.age_days),
        "stale": str(stale),
        "staleness": f"stale at {stale}" if assessed.age_days < stale else "stale",
    }
    return Finding(words, severity=severity)


def _new_band(facts: Facts, rule: Rule) -> Finding | None:
    if not facts.practice.bands:
        return None
    moved = facts.practice.bands[0]
    return Finding(
        {
            "band": moved.now,
            "before": moved.before,
            "row": moved.row,
            "milestone": _ended(_next_milestone(facts)),
        }
    )


def _next_milestone(facts: Facts) -> str:
    """That of the weakest dimension which can still rise."""
    assessed = facts.practice.assessment
    rated = [d for d in assessed.dimensions if d.level and d.milestone] if assessed else []
    if not rated:
        return "hold it until the next assessment"
    return min(rated, key=lambda d: d.level or 0).milestone or ""


def _freed_and_lost(facts: Facts, rule: Rule) -> Finding | None:
    shift = facts.practice.shift
    if shift is None or shift.weeks < rule.count("weeks"):
        return None
    fall = shift.operational_before - shift.operational_now
    rise = shift.strategic_now - shift.strategic_before
    if fall < rule.part("fall") or rise >= rule.part("rise"):
        return None
    return Finding(
        {
            "cat": shift.grown or "other work",
            "r": f"{pct(shift.realisation)}%",
            "fall": str(points(fall)),
            "rise": _signed(points(rise)),
            "weeks": str(shift.weeks),
        }
    )


def _signed(change: int) -> str:
    return f"+{change}" if change > 0 else f"−{-change}" if change else "±0"


def _fresh(facts: Facts) -> AssessmentFact | None:
    """The assessment, unless it is too old to say how things are."""
    assessed = facts.practice.assessment
    if assessed is None or assessed.age_days > facts.practice.stale_days:
        return None
    return assessed


def _names(dimensions: list[DimensionFact], all_of_them: int) -> str:
    named = " and ".join(d.name for d in dimensions)
    others = all_of_them - len(dimensions)
    return f"{named} (and {others} more)" if others else named


def _ended(text: str) -> str:
    """Without a full stop: the rule's own text sets one."""
    return text.rstrip(" .")


PRACTICE_RULES: Mapping[str, Look] = MappingProxyType(
    {
        "R10": _split,
        "R11": _weak_link,
        "R12": _stuck,
        "R13": _assessment_due,
        "R14": _new_band,
        "R15": _freed_and_lost,
    }
)
