"""Levels over time: a table of past assessments, newest last, and where each dimension is going."""

from collections.abc import Sequence
from datetime import tzinfo
from fractions import Fraction

from domain.maturity import Assessment, MaturityModel
from domain.periods import day_label
from handlers.views.blocks import Message, context, message, name, one_line, section, table

#: Assessments shown, the newest ones.
SHOWN = 6


def history(
    found: Sequence[Assessment], *, team_name: str, model: MaturityModel, zone: tzinfo
) -> Message:
    """`found` is newest first, at least one. The trend is of means, which move before levels do."""
    shown = list(found[:SHOWN])[::-1]
    days = [one.closed_at.astimezone(zone).date() for one in shown]
    head = ["Dimension", *[f"{day_label(day)} {day.year}" for day in days], "Trend of the mean"]
    overall = ["Overall", *[_level(one.overall) for one in shown], "–"]
    rows = [
        [
            one_line(dimension.name),
            *[_level(one.level(dimension.id)) for one in shown],
            trend([_mean(one, dimension.id) for one in shown]),
        ]
        for dimension in model
        if any(one.score(dimension.id) for one in shown)
    ]
    title = f"*Maturity of {name(team_name)} over time*"
    newest = shown[-1]
    said = [
        f"{name(d.name)} {newest.level(d.id)} ({trend([_mean(one, d.id) for one in shown])})"
        for d in model
        if newest.level(d.id) is not None
    ]
    note = "Levels are lower medians; means, to one decimal, serve for the trend only."
    return message(
        f"{title.replace('*', '')}. Overall {_level(newest.overall)}. {'. '.join(said)}.",
        [section(title), table([head, overall, *rows]), context(note)],
    )


def _level(level: int | None) -> str:
    return "–" if level is None else str(level)


def _mean(found: Assessment, dimension_id: str) -> Fraction | None:
    score = found.score(dimension_id)
    return score.mean if score else None


def trend(means: Sequence[Fraction | None]) -> str:
    """`2.3 → 2.7, up 0.4`: first and last mean, and what lies between them as they are shown."""
    known = [tenths(mean) for mean in means if mean is not None]
    if not known:
        return "–"
    if len(known) == 1:
        return f"{known[0] / 10:.1f}"
    change = known[-1] - known[0]
    words = (
        "unchanged" if change == 0 else f"{'up' if change > 0 else 'down'} {abs(change) / 10:.1f}"
    )
    return f"{known[0] / 10:.1f} → {known[-1] / 10:.1f}, {words}"


def tenths(mean: Fraction) -> int:
    """A mean in tenths, halves rounded up."""
    return int(mean * 10 + Fraction(1, 2))
