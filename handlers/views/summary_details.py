"""The thread below a weekly summary: every category, every rule that holds, how it was counted."""

from fractions import Fraction

from domain.categories import Catalog
from domain.summary import WEEKS_BEFORE, WeeklySummary
from domain.team import percent
from handlers.views.blocks import (
    Block,
    Message,
    context,
    escape,
    message,
    one_line,
    section,
    sections,
    table,
)
from handlers.views.charts import comparison, mean_name

_METHOD = (
    "Each person's shares count once, whatever their hours. Numbers show from 3 answers "
    "and half of the team on; nobody sees anybody else's split."
)


def weekly_details(summary: WeeklySummary, *, team_name: str, catalog: Catalog) -> Message | None:
    """The first reply in the thread; None when the post itself holds no numbers."""
    if summary.week.shares is None:
        return None
    title = f"Details: {one_line(team_name)}, {summary.week.period.label}"
    rules = [f"• {escape(insight.text)}  _{insight.rule}_" for insight in summary.insights]
    blocks: list[Block] = [section(f"*{escape(title)}*"), _category_table(summary, catalog)]
    if rules:
        blocks += [section("*What the numbers suggest*"), *sections(rules)]
    blocks.append(context(_history(summary, catalog)))
    blocks.append(context(_METHOD))
    said = [escape(title), *[escape(insight.text) for insight in summary.insights]]
    return message(". ".join(text.rstrip(".") for text in said) + ". " + _METHOD, blocks)


def _category_table(summary: WeeklySummary, catalog: Catalog) -> Block:
    shares = summary.week.shares or {}
    means = _category_means(summary)
    ranked = sorted(
        (c for c in catalog.categories if shares.get(c.id) or not c.archived),
        key=lambda c: -shares.get(c.id, Fraction(0)),
    )
    nothing = Fraction(0)
    if means is None:
        rows = [[one_line(c.name), f"{percent(shares.get(c.id, nothing))}%"] for c in ranked]
        return table([["Category", "This week"], *rows])
    head = ["Category", "This week", mean_name(summary).capitalize(), "Change"]
    return table(
        [
            head,
            *[
                comparison(one_line(c.name), shares.get(c.id, nothing), means.get(c.id, nothing))
                for c in ranked
            ],
        ]
    )


def _category_means(summary: WeeklySummary) -> dict[str, Fraction] | None:
    """Means over the weeks that the summary's own group means stand on."""
    if summary.mean is None:
        return None
    this = summary.week.period
    before = [
        week.shares
        for week in summary.history
        if week.shares is not None and this.shift(-WEEKS_BEFORE) <= week.period < this
    ]
    ids = {category_id for shares in before for category_id in shares}
    return {
        category_id: sum((s.get(category_id, Fraction(0)) for s in before), Fraction(0))
        / len(before)
        for category_id in ids
    }


def _history(summary: WeeklySummary, catalog: Catalog) -> str:
    """Operational share week by week; a dash where too few had answered."""
    points = []
    for week in summary.history:
        share = week.metric("operational_share", catalog)
        shown = "–" if share is None else f"{percent(share)}"
        points.append(f"W{week.period.week:02d} {shown}")
    return f"Operational %, week by week: {' · '.join(points)} (– too few answers)"
