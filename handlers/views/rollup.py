"""The roll-up over all teams for the leadership: one row a team, and a total where it is safe."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.rollup import FEWEST_TEAMS, NoTotal, Rollup, TeamPart
from domain.team import percent
from handlers.views.blocks import (
    Message,
    context,
    escape,
    header,
    message,
    one_line,
    section,
    table,
)
from handlers.views.words import counted, people_counted

#: Rows that a table takes besides its head.
MOST_TEAMS = 99
_HEAD = ("Team", "Operational", "Strategic", "Maturity", "Checklist", "Logged")

_WHY: Mapping[NoTotal, str] = MappingProxyType(
    {
        "no_numbers": "No team has enough answers for numbers.",
        "few_teams": (
            f"No total: it takes {FEWEST_TEAMS} teams with numbers, or one team's would give the "
            "other's away."
        ),
        "few_shared": (
            "No total: one or two people are in several teams, and it would give their own week "
            "away."
        ),
        "low_participation": "No total: too few of all these people logged.",
    }
)
_METHOD = (
    "In alphabetical order, never ranked. A team's shares show from 3 answers and half of its logs "
    "on (–: too few); strategic time is that with customers and on strategy. In the total whoever "
    "is in several teams counts once."
)


def rollup_message(rollup: Rollup, *, left_out: int = 0) -> Message:
    """The post for the leadership's channel; `left_out` counts teams beyond `MOST_TEAMS`."""
    title = f"All teams · {rollup.span.label}"
    if not rollup.parts:
        text = "No team is set up yet: `/prodops setup` in a channel begins one."
        return message(f"{title}. {text}", [header(title), section(text)])
    shown = rollup.parts[:MOST_TEAMS]
    rows = [_row(part) for part in shown]
    notes = [_METHOD]
    if left_out:
        notes.append(
            f"{counted(left_out, 'more team')} {'is' if left_out == 1 else 'are'} left out."
        )
    top = f"*{_total(rollup)}*"
    blocks = [header(title), section(top), table([_HEAD, *rows]), context(" ".join(notes))]
    spoken = [f"{escape(part.name)}: {_spoken(part)}." for part in shown]
    return message(f"{title}. {_total(rollup)} {' '.join(spoken)} {' '.join(notes)}", blocks)


def _total(rollup: Rollup) -> str:
    total = rollup.total
    if total is None:
        return _WHY[rollup.no_total or "no_numbers"]
    return (
        f"All together: operational {percent(total.operational)}%, customers and strategy "
        f"{percent(total.strategic)}% ({people_counted(total.people)} in "
        f"{counted(total.teams, 'team')})."
    )


def _row(part: TeamPart) -> list[str]:
    figures, review = part.review.figures, part.review
    shares = ["–", "–"]
    if figures is not None:
        shares = [
            f"{percent(figures.operational)}%",
            f"{percent(figures.shares['strategic_share'])}%",
        ]
    return [
        one_line(part.name),
        *shares,
        "–" if part.maturity is None else str(part.maturity),
        f"{part.done}/{part.items}" if part.items else "–",
        f"{percent(review.participation)}%" if review.active else "–",
    ]


def _spoken(part: TeamPart) -> str:
    figures = part.review.figures
    if figures is None:
        return "too few answers"
    strategic = percent(figures.shares["strategic_share"])
    return f"operational {percent(figures.operational)}%, customers and strategy {strategic}%"
