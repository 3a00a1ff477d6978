"""What an insight proposes to put on the checklist."""

from domain.checklist import NewItem
from domain.insights import Insight
from domain.periods import Period
from domain.playbook import Playbook

#: The step to which own proposals belong where the rule does not say.
_STEP = "execute"


def suggestion_of(insight: Insight, playbook: Playbook, period: Period) -> NewItem | None:
    """The playbook's item that answers the insight, else an own one; None where neither is known.

    `period` is the week that gave rise to it: with the rule it tells the same proposal again.
    """
    if insight.rule in ("R11", "R12"):
        # A milestone has a way of its own onto the list, and what is stuck is on it.
        return None
    known = next(
        ((step, item) for step, item in playbook.checklist.items() if item.id == insight.item), None
    )
    if known is not None:
        step, item = known
        return NewItem(item.id, step, item.text, item.done_when, item.owner, item.dimensions)
    ref = f"insight:{insight.rule}:{period}"
    dimensions = insight.dimensions
    adds = playbook.rules.rules[insight.rule].adds
    if adds is not None:
        named = dimensions or tuple(d for d in adds.dimensions if playbook.maturity.get(d))
        return NewItem(ref, adds.step, adds.text, adds.done_when, adds.owner, named)
    remedy = insight.numbers.get("item")
    if insight.rule == "R05" and remedy:
        return NewItem(ref, _STEP, remedy[:1].upper() + remedy[1:], dimensions=dimensions)
    return None
