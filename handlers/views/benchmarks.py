"""The reference ladders with the team's place on each, and surveys beside its figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.benchmarks import ContextLine, LadderRow
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    header,
    message,
    name,
    one_line,
    section,
    sections,
)
from handlers.views.words import listed

BENCHMARK = "prodops_benchmark_show"
#: More buttons than a company's file has industries.
_MOST_BUTTONS = 12

_COMPLIANCE = (
    "Compliance here means commitments with a date (check-ins, items, reassessments) that were "
    "met before anybody was reminded. It is not regulatory compliance."
)


@dataclass(frozen=True)
class Compared:
    """A figure of the team beside what surveys found; `figure` in words, empty where unknown."""

    label: str
    figure: str
    lines: tuple[ContextLine, ...]


def benchmark_message(
    rows: Sequence[LadderRow],
    compared: Sequence[Compared],
    *,
    label: str,
    team_name: str,
    industry: str,
) -> Message:
    """All ladders, the team's own industry marked; `label` says what the ladders are not."""
    blocks: list[Block] = [
        header(f"Benchmarks: {one_line(team_name)}"),
        context(f"*{escape(label)}*"),
        *[section(_row(row)) for row in rows],
    ]
    if any(row.ladder.of == "compliance" for row in rows):
        blocks.append(context(_COMPLIANCE))
    if not any(row.own_industry for row in rows):
        blocks.append(context(f"{name(industry)} has no ladder of its own: all are shown."))
    if compared:
        blocks.append(section("*What surveys found*, beside your figures; context, no target:"))
        blocks += sections([_compared(one) for one in compared])
    spoken = [f"{escape(row.ladder.metric)}: {_place(row)}" for row in rows]
    said = ". ".join([f"Benchmarks of {name(team_name)}", escape(label), *spoken])
    return message(said.replace("*", ""), blocks)


def _row(row: LadderRow) -> str:
    ladder = row.ladder
    own = "  ◀ your industry" if row.own_industry else ""
    rungs = f"low {ladder.low} · median {ladder.median} · elite {ladder.elite}"
    title = f"*{escape(ladder.industry)} · {escape(ladder.metric)}*{own}"
    return f"{title}\n{escape(rungs)}\nYou: {_place(row)}"


def _place(row: LadderRow) -> str:
    """`*Standardized* (median), 50%: 4 of 8 practices in use, confirmed …`."""
    if row.band is None:
        return escape(row.why)
    word = escape(row.band_name)
    return f"*{word}* ({row.band}), {escape(row.value_text)} ({escape(row.why)})"


def _compared(one: Compared) -> str:
    figure = f"you: {escape(one.figure)}" if one.figure else "no figure of yours yet"
    return "\n".join([f"*{name(one.label, 80)}*, {figure}", *[_line(line) for line in one.lines]])


def _line(line: ContextLine) -> str:
    """`• 27% actual … (Pragmatic Institute, 2019, n 2,474)`."""
    source = [line.survey, *([str(line.year)] if line.year else [])]
    source += [f"n {line.n}"] if line.n else []
    return f"• {escape(line.value)} _({escape(', '.join(source))})_"


def unknown_industry(said: str, industries: Sequence[str], team_id: str) -> Message:
    """Which industries there are ladders for, each with a button."""
    known = listed([escape(industry) for industry in industries], limit=_MOST_BUTTONS)
    text = f"There is no ladder for “{name(said)}”. There is one for {known}."
    buttons = [
        button(one_line(industry), f"{BENCHMARK}:{number}", f"{team_id}|{industry}")
        for number, industry in enumerate(industries[:_MOST_BUTTONS])
    ]
    return message(text, [section(text), actions(*buttons)])
