"""Short messages around a check-in: too few answers, what only leads read, time to assess again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.views.blocks import (
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
from handlers.views.maturity import SHOW, start_button

#: What Slack takes in a message.
_MOST_BLOCKS = 50


def too_few(team_name: str, *, answered: int, asked: int, min_raters: int) -> Message:
    """In place of a result: what it takes, never who was silent."""
    title = f"{one_line(team_name)} · maturity check-in closed without a level"
    state = f"{answered} of {asked} answered, and a level needs {min_raters} ratings."
    remedy = (
        "To get one, a lead starts it again with `/prodops maturity`: more raters, or a later "
        "deadline. Answering takes under two minutes."
    )
    if answered >= min_raters:
        state = f"{answered} of {asked} answered, but no dimension got {min_raters} ratings."
    return message(
        f"{escape(title)}. {state} {remedy}",
        [header(title), section(f"*{state}*\n{remedy}")],
    )


@dataclass(frozen=True)
class Gap:
    """A dimension on which a lead and the team differ, by levels."""

    dimension: str
    own: int
    team: int


def note_for_lead(
    team_name: str, gaps: Sequence[Gap], comments: Mapping[str, Sequence[str]]
) -> Message:
    """To one lead alone: where they see it otherwise, and what people wrote, without names."""
    blocks = [section(f"*For leads of {name(team_name)} only*: more on the maturity check-in.")]
    lines = [
        f"*{name(gap.dimension)}*: you said {gap.own}, the team's median is {gap.team}."
        for gap in gaps
    ]
    if lines:
        blocks += [section("*Where you and the team differ*"), *sections(lines)]
        blocks.append(context("Only you see this. Ask what the others see before you explain."))
    said = [
        f"*{name(title)}*\n" + "\n".join(map(_quoted, all_of)) for title, all_of in comments.items()
    ]
    if said:
        blocks += [section("*Comments, in no order and without names*"), *sections(said)]
    if len(blocks) > _MOST_BLOCKS:
        blocks = [*blocks[: _MOST_BLOCKS - 1], context("More was written than one message takes.")]
    return message(
        f"For leads of {name(team_name)} only. "
        + " ".join(text.replace("*", "").replace("\n", " ") for text in [*lines, *said]),
        blocks,
    )


def _quoted(comment: str) -> str:
    return "• " + escape(" ".join(comment.split()))


def reassess(team_id: str, team_name: str, why: str, *, stale: bool = False) -> Message:
    """To leads: `why` is a plain sentence; the choice is theirs."""
    text = f"*{name(team_name)}: time for a maturity check-in.* {escape(why)}"
    if stale:
        text += " Until then the benchmark is hidden."
    show = button("Last result", SHOW, team_id)
    return message(text.replace("*", ""), [section(text), actions(start_button(team_id), show)])
