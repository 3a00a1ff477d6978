"""Rule R12: what on a checklist does not move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.checklist import TeamItem, progress
from domain.rules import Rules

#: Where a company's rules leave R12 out: days in progress, days without any change in a step.
_DAYS, _IDLE_DAYS = 21, 30


@dataclass(frozen=True)
class Stall:
    """An item that does not move: in progress for `days`, or next in a step idle for so long."""

    item: TeamItem
    days: int
    step_idle: bool = False


def stalls(items: Sequence[TeamItem], now: datetime, rules: Rules) -> list[Stall]:
    """Rule R12: items in progress for too long, longest first, then steps where nothing moves."""
    most_days, most_idle = _thresholds(rules)
    found = [
        Stall(item, (now - since).days)
        for item in items
        for since in [item.worked_on_since]
        if since is not None and (now - since).days > most_days
    ]
    found.sort(key=lambda stall: -stall.days)
    named = {stall.item.step for stall in found}
    for step in progress(items, now):
        if step.idle_days is None or step.idle_days <= most_idle or step.step in named:
            continue
        left = [item for item in items if item.step == step.step and not item.is_over]
        found.append(Stall(left[0], step.idle_days, step_idle=True))
    return found


def stuck(items: Sequence[TeamItem], now: datetime, rules: Rules) -> list[TeamItem]:
    """The items of `stalls`."""
    return [stall.item for stall in stalls(items, now, rules)]


def _thresholds(rules: Rules) -> tuple[int, int]:
    rule = rules.rules.get("R12")
    given = rule.thresholds if rule else {}
    return int(given.get("days", _DAYS)), int(given.get("idle", _IDLE_DAYS))
