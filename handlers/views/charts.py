"""The two native charts of a summary, and the table that says the same where charts are refused."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from domain.categories import GROUP_NAMES, GROUPS, Catalog
from domain.summary import Target, WeeklySummary
from domain.team import TeamWeek, percent
from handlers.views.blocks import Block, clip, table

_WEEKS = 12


def charts(summary: WeeklySummary, catalog: Catalog) -> list[Block]:
    """At most two, Slack's limit; none without numbers, no trend from fewer than two weeks."""
    if summary.week.shares is None:
        return []
    trend = trend_chart(summary.history, summary.target, catalog, summary.hire_line)
    return [group_chart(summary, catalog), *([trend] if trend else [])]


def group_chart(summary: WeeklySummary, catalog: Catalog) -> Block:
    """This week by group, beside the mean of the weeks before it; groups without time show 0."""
    series = [_bar_series("This week", group_shares(summary.week, catalog))]
    if summary.mean is not None:
        series.append(_bar_series(mean_name(summary), summary.mean))
    axis = {"categories": [GROUP_NAMES[g] for g in GROUPS], "y_label": "% of time"}
    return {
        "type": "data_visualization",
        "title": "This week by group",
        "chart": {"type": "bar", "series": series, "axis_config": axis},
    }


def group_shares(week: TeamWeek, catalog: Catalog) -> dict[str, Fraction]:
    return {group: week.group(group, catalog) or Fraction(0) for group in GROUPS}


def mean_name(summary: WeeklySummary) -> str:
    return f"{summary.mean_weeks}-week mean"


def hire_line_name(line: Fraction) -> str:
    """`30% line`: the operational share above which the hire rule asks for a decision."""
    return f"{percent(line)}% line"


def _bar_series(title: str, shares: Mapping[str, Fraction]) -> Block:
    data = [
        {"label": GROUP_NAMES[group], "value": percent(shares.get(group, Fraction(0)))}
        for group in GROUPS
    ]
    return {"name": title, "data": data}


def trend_chart(
    history: Sequence[TeamWeek], target: Target | None, catalog: Catalog, hire_line: Fraction
) -> Block | None:
    """Operational share by week with hire line and target; weeks without numbers are absent.

    Slack wants a point for every label, so a gap can only be shown by leaving the week out.
    """
    known = [
        (f"W{week.period.week:02d}", share)
        for week in history[-_WEEKS:]
        if (share := week.metric("operational_share", catalog)) is not None
    ]
    if len(known) < 2:
        return None
    weeks = [label for label, _ in known]
    series = [
        _line("Operational", weeks, [share for _, share in known]),
        _line(hire_line_name(hire_line), weeks, [hire_line] * len(weeks)),
    ]
    if target is not None:
        title = f"Target {percent(target.share)}%"
        series.append(_line(title, weeks, [target.share] * len(weeks)))
    axis = {"categories": weeks, "x_label": "Week", "y_label": "% of time"}
    return {
        "type": "data_visualization",
        "title": f"Operational share, {len(weeks)} weeks",
        "chart": {"type": "line", "series": series, "axis_config": axis},
    }


def _line(title: str, labels: Sequence[str], shares: Sequence[Fraction]) -> Block:
    data = [
        {"label": label, "value": percent(share)}
        for label, share in zip(labels, shares, strict=True)
    ]
    return {"name": clip(title, 20), "data": data}


def group_table(summary: WeeklySummary, catalog: Catalog) -> Block:
    """The same numbers as rows: group, this week, mean and change."""
    shares = group_shares(summary.week, catalog)
    head = ["Group", "This week"]
    if summary.mean is None:
        return table([head, *[[GROUP_NAMES[g], f"{percent(shares[g])}%"] for g in GROUPS]])
    rows = [comparison(GROUP_NAMES[g], shares[g], summary.mean.get(g, Fraction(0))) for g in GROUPS]
    return table([[*head, mean_name(summary).capitalize(), "Change"], *rows])


def comparison(label: str, share: Fraction, mean: Fraction) -> list[str]:
    """A row: label, share, mean and the change in points, as the rounded numbers show it."""
    now, before = percent(share), percent(mean)
    return [label, f"{now}%", f"{before}%", signed(now - before)]


def signed(points: int) -> str:
    """`+2`, `−3` with a real minus sign, `±0`."""
    if points == 0:
        return "±0"
    return f"+{points}" if points > 0 else f"−{-points}"
