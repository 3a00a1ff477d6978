"""The native charts of a review: weeks as a line, months by group, maturity, checklist."""

from collections.abc import Sequence
from fractions import Fraction

from domain.categories import GROUP_NAMES, GROUPS, Catalog
from domain.checklist import StepProgress
from domain.outcomes import Standing
from domain.reviews import Review
from domain.team import percent
from handlers.views.blocks import Block, clip, name, one_line, table
from handlers.views.charts import hire_line_name
from handlers.views.words import bar

_LABEL = 20


def week_line(review: Review, catalog: Catalog, hire_line: Fraction) -> Block | None:
    """Operational share week by week with baseline, target and hire line; None under two weeks.

    Weeks without numbers are absent: a chart takes a point for each of its labels.
    """
    known = [
        (f"W{week.period.week:02d}", share)
        for week in review.line
        if (share := week.metric("operational_share", catalog)) is not None
    ]
    if len(known) < 2:
        return None
    labels = [label for label, _ in known]
    series = [_series("Operational", labels, [percent(share) for _, share in known])]
    series.append(_level(hire_line_name(hire_line), labels, hire_line))
    if review.target is not None:
        series.append(
            _level(f"Target {percent(review.target.share)}%", labels, review.target.share)
        )
    baseline = review.figures.baseline if review.figures else None
    if baseline is not None:
        share = baseline.share("operational_share", catalog)
        series.append(_level(f"Baseline {percent(share)}%", labels, share))
    axis = {"categories": labels, "x_label": "Week", "y_label": "% of time"}
    return _chart("line", f"Operational share, {len(labels)} weeks", series, axis)


def month_bars(review: Review) -> Block | None:
    """Each group's share month by month, side by side: Slack's charts do not stack."""
    if not review.months:
        return None
    labels = [GROUP_NAMES[group] for group in GROUPS]
    series = [
        _series(month.short, labels, [percent(shares[group]) for group in GROUPS])
        for month, shares in review.months
    ]
    axis = {"categories": labels, "y_label": "% of time"}
    return _chart("bar", "Time by group and month", series, axis)


def month_table(review: Review) -> Block | None:
    """The same as rows."""
    if not review.months:
        return None
    head = ["Group", *[month.short for month, _ in review.months]]
    rows = [
        [GROUP_NAMES[group], *[f"{percent(shares[group])}%" for _, shares in review.months]]
        for group in GROUPS
    ]
    return table([head, *rows])


def maturity_bars(standings: Sequence[Standing], then: str, now: str) -> Block | None:
    """Levels of each dimension at two check-ins (their days as labels), or at the only one."""
    before = [standing.before for standing in standings]
    both = all(level is not None for level in before) and then != now
    known = [standing for standing in standings if standing.level is not None]
    if not known:
        return None
    labels = _unique([one_line(standing.name, _LABEL) for standing in known])
    series = [_series(now, labels, [standing.level or 0 for standing in known])]
    if both:
        series.insert(0, _series(then, labels, [standing.before or 0 for standing in known]))
    axis = {"categories": labels, "y_label": "Level, 1 to 5"}
    return _chart("bar", "Maturity by dimension", series, axis)


def maturity_rows(standings: Sequence[Standing]) -> list[str]:
    """The same as lines of characters, ready mrkdwn."""
    width = max((len(one_line(s.name, 28)) for s in standings), default=0)
    return [f"{name(s.name, 28)}{_gap(s.name, width)}  {_levels(s)}" for s in standings]


def _gap(text: str, width: int) -> str:
    return " " * (width - len(one_line(text, 28)))


def _levels(standing: Standing) -> str:
    if standing.level is None:
        return "not rated by enough people"
    dots = "●" * standing.level + "○" * (5 - standing.level)
    was = f" (was {standing.before})" if standing.before not in (None, standing.level) else ""
    return f"{dots} {standing.level}{was}"


def checklist_bars(steps: Sequence[StepProgress]) -> Block:
    """Done and left, by step."""
    labels = [step.name for step in steps]
    series = [
        _series("Done", labels, [step.done for step in steps]),
        _series("To do", labels, [step.total - step.done for step in steps]),
    ]
    return _chart("bar", "Checklist by step", series, {"categories": labels, "y_label": "Items"})


def checklist_rows(steps: Sequence[StepProgress]) -> list[str]:
    return [
        f"{step.name:<12} {bar(round(100 * step.done / step.total) if step.total else 100)}  "
        f"{step.done}/{step.total}"
        for step in steps
    ]


def _unique(labels: Sequence[str]) -> list[str]:
    found: list[str] = []
    for label in labels:
        number, fresh = 2, label
        while fresh in found:
            fresh = f"{clip(label, _LABEL - 3)} {number}"
            number += 1
        found.append(fresh)
    return found


def _level(title: str, labels: Sequence[str], share: Fraction) -> Block:
    return _series(title, labels, [percent(share)] * len(labels))


def _series(title: str, labels: Sequence[str], values: Sequence[int]) -> Block:
    data = [{"label": label, "value": v} for label, v in zip(labels, values, strict=True)]
    return {"name": clip(title, _LABEL), "data": data}


def _chart(kind: str, title: str, series: Sequence[Block], axis: Block) -> Block:
    chart = {"type": kind, "series": list(series), "axis_config": axis}
    return {"type": "data_visualization", "title": clip(title, 50), "chart": chart}
