"""What a check-in came to, as the channel reads it: levels, what holds them back, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from domain.maturity import LEVELS, Assessment, Dimension, DimensionScore, MaturityModel
from domain.periods import day_label
from domain.practicerules import histogram
from domain.scoring import needed_rated
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    escape,
    header,
    message,
    name,
    one_line,
    section,
    sections,
)
from handlers.views.checklist import ADD_FROM_MATURITY
from handlers.views.maturity import HISTORY
from handlers.views.words import counted, listed

_MOST_WEAKEST = 3
_TALK = "talk about it for 20 minutes"


@dataclass(frozen=True)
class Setting:
    """What a result is shown with: `previous` is the assessment before it, `zone` the team's.

    `bands` are sentences about reference ladders; `age` is set where an older result is asked
    for, in days, and `stale` from when it says little about today.
    """

    team_id: str
    team_name: str
    model: MaturityModel
    zone: tzinfo
    previous: Assessment | None = None
    bands: Sequence[str] = ()
    charts: bool = True
    age: int | None = None
    stale: bool = False


def result(found: Assessment, setting: Setting) -> Message:
    """The result, for everybody; `fallback_blocks` are ready for those who refuse charts."""
    title = f"{one_line(setting.team_name)} · {_title(found, setting)}"
    top = [header(title), section(f"*{_headline(found, setting)}*\n{_basis(found, setting)}")]
    lines = [_line(d, found, setting) for d in setting.model if found.score(d.id)]
    below = [
        *sections(lines),
        *sections(_next_steps(found, setting.model)),
        *_notes(setting),
        _ways(found, setting),
    ]
    text = _spoken(found, setting, title, lines)
    # An assessment by an older model may share no dimension with the one of today.
    if not setting.charts or not lines:
        return message(text, [*top, *below])
    posted = message(text, [*top, levels_chart(found, setting), *below])
    posted["fallback_blocks"] = [*top, *below]
    return posted


def _title(found: Assessment, setting: Setting) -> str:
    if found.overall is None:
        return "maturity"
    return f"maturity level {found.overall}, {setting.model.level_name(found.overall)}"


def _headline(found: Assessment, setting: Setting) -> str:
    model = setting.model
    if found.overall is None:
        rated = sum(score.level is not None for score in found.scores)
        needed = needed_rated(len(model.dimensions), model.scoring)
        return (
            f"No overall level: it needs {needed} of {len(model.dimensions)} dimensions, "
            f"and {rated} have one"
        )
    names = [name(d.name) for d in model if d.id in found.held_back_by]
    said = f"Level {found.overall} of {LEVELS}, {escape(model.level_name(found.overall))}"
    return f"{said}, held back by {listed(names)}" if names else said


def _basis(found: Assessment, setting: Setting) -> str:
    parts = [f"{found.answered} of {found.asked} answered"]
    if setting.previous is not None and setting.previous.overall is not None:
        parts.append(f"level {setting.previous.overall} on {_day(setting.previous, setting.zone)}")
    if setting.age is not None:
        old = f"{counted(setting.age, 'day')} old" if setting.age else "today"
        parts.append(f"from {_day(found, setting.zone)}, {old}")
    return " · ".join(parts)


def _day(found: Assessment, zone: tzinfo) -> str:
    day: date = found.closed_at.astimezone(zone).date()
    return f"{day_label(day)} {day.year}"


def _line(dimension: Dimension, found: Assessment, setting: Setting) -> str:
    score = found.score(dimension.id)
    title = name(dimension.name)
    if score is None or score.level is None:
        return f"*{title}*  no level: too few ratings"
    about = "~" if score.spread == "split" else ""
    level_name = escape(setting.model.level_name(score.level))
    parts = [_change(score, setting), _spread(score), _links(score)]
    return f"*{title}*  {about}{score.level} {level_name} · " + " · ".join(p for p in parts if p)


def _change(score: DimensionScore, setting: Setting) -> str:
    before = setting.previous.level(score.dimension) if setting.previous else None
    if before is None or score.level is None:
        return "" if setting.previous is None else "no level last time"
    if score.level == before:
        return "unchanged"
    return change_words(score.level - before)


def change_words(change: int) -> str:
    """`▲ up 1`, `▼ down 2`: an arrow and the words, for those who see only one of the two."""
    return f"▲ up {change}" if change > 0 else f"▼ down {-change}"


def _spread(score: DimensionScore) -> str:
    if score.spread == "split":
        return f"split, {histogram(score.counts)}: {_TALK}"
    return f"views {score.spread}" if score.spread else ""


def _links(score: DimensionScore) -> str:
    return counted(score.evidence, "evidence link") if score.evidence else ""


def weakest(found: Assessment, model: MaturityModel) -> list[tuple[Dimension, str]]:
    """The lowest dimensions that can still rise, each with the milestone that comes next."""
    levels = {d.id: level for d in model if (level := found.level(d.id)) is not None}
    if not levels or (lowest := min(levels.values())) >= LEVELS:
        return []
    return [
        (d, milestone)
        for d in model
        if levels.get(d.id) == lowest and (milestone := d.milestone(lowest)) is not None
    ][:_MOST_WEAKEST]


def _next_steps(found: Assessment, model: MaturityModel) -> list[str]:
    return [f"*Next for {name(d.name)}:* {escape(step)}" for d, step in weakest(found, model)]


def _notes(setting: Setting) -> list[Block]:
    if setting.stale:
        said = "This is out of date: assess again before you compare it with anything."
        return [context(said)]
    return [context(*[escape(band) for band in setting.bands[:4]])] if setting.bands else []


def _ways(found: Assessment, setting: Setting) -> Block:
    history = button("History", HISTORY, setting.team_id)
    ids = ",".join(dimension.id for dimension, _ in weakest(found, setting.model))
    if not ids:
        return actions(history)
    add = button(
        "Add next milestones to the checklist", ADD_FROM_MATURITY, f"{setting.team_id}|{ids}"
    )
    return actions(add, history)


def _spoken(found: Assessment, setting: Setting, title: str, lines: Sequence[str]) -> str:
    said = [escape(title), _headline(found, setting), _basis(found, setting), *lines]
    said += _next_steps(found, setting.model)
    return ". ".join(text.replace("*", "").rstrip(".") for text in said) + "."


def levels_chart(found: Assessment, setting: Setting) -> Block:
    """Levels this time beside last time; a dimension without a level stands at 0."""
    shown = [d for d in setting.model if found.score(d.id)]
    labels = chart_labels([d.name for d in shown])
    series = [_series("This time", labels, [found.level(d.id) for d in shown])]
    if setting.previous is not None:
        before = [setting.previous.level(d.id) for d in shown]
        series.append(_series("Last time", labels, before))
    return {
        "type": "data_visualization",
        "title": "Level by dimension",
        "chart": {
            "type": "bar",
            "series": series,
            "axis_config": {"categories": labels, "y_label": "Level 1 to 5"},
        },
    }


def chart_labels(names: Sequence[str]) -> list[str]:
    """Names in the 20 characters that a chart's axis takes, no two alike."""
    found: list[str] = []
    for number, full in enumerate(names, start=1):
        short = clip(one_line(full), 20)
        found.append(short if short not in found else f"{clip(short, 16)} {number}")
    return found


def _series(title: str, labels: Sequence[str], levels: Sequence[int | None]) -> Block:
    data = [
        {"label": label, "value": level or 0} for label, level in zip(labels, levels, strict=True)
    ]
    return {"name": title, "data": data}
