"""The ledger of a team for its leads: week by week how much arrived, then what did not and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    fit,
    message,
    name,
    one_line,
    section,
    sections,
)
from handlers.views.notices import mention
from handlers.views.words import moment

TEAM_LEDGER = "prodops_team_ledger"
TEAM_LEDGER_OLDER = "prodops_team_ledger_older"

#: Teams that get a button each; whoever leads more asks in the channel.
MOST_TEAMS = 5


@dataclass(frozen=True)
class Trouble:
    """One thing that did not arrive: what it was, to whom (a Slack id), what became of it."""

    when: datetime
    what: str
    recipient: str
    outcome: str


def team_buttons(teams: Sequence[tuple[str, str]]) -> list[Block]:
    """A button for each (team id, name) that the reader leads; none for who leads none."""
    shown = [
        button(
            one_line(f"Deliveries of {label}", 70),
            f"{TEAM_LEDGER}_{number}" if number else TEAM_LEDGER,
            team_id,
        )
        for number, (team_id, label) in enumerate(teams[:MOST_TEAMS])
    ]
    return [actions(*shown)] if shown else []


def team_ledger(
    team_name: str,
    weeks: Sequence[tuple[str, Sequence[str]]],
    troubles: Sequence[Trouble],
    tz: tzinfo,
    *,
    older: str | None = None,
    first_page: bool = True,
) -> Message:
    """`weeks` are (label, parts such as "Prompt: 8 in order, 1 failed"); `older` is what the
    button for the next page carries, where there is one."""
    title = f"Deliveries of {name(team_name)}"
    blocks = [section(f"*{title}*")]
    if first_page:
        lines = [f"*{label}*  {fit(escape(' · '.join(parts)), 600)}" for label, parts in weeks]
        blocks += sections(lines or ["Nothing has been due yet."])
    said = [_line(trouble, tz) for trouble in troubles]
    if said:
        blocks += [section("*What did not arrive, and why*"), *sections(said)]
    else:
        blocks.append(section("Nothing failed, was left out or is in doubt."))
    if older is not None:
        blocks.append(actions(button("Older", TEAM_LEDGER_OLDER, older)))
    note = (
        f"Times are yours ({escape(str(tz))}). *In order* is what arrived or was not needed: "
        "who has answered stays with them."
    )
    return message(f"{title}. " + " ".join(said[:10]), [*blocks, context(note)])


def _line(trouble: Trouble, tz: tzinfo) -> str:
    what, outcome = fit(escape(trouble.what), 200), fit(escape(trouble.outcome), 300)
    return f"{moment(trouble.when, tz)}  *{what}* to {mention(trouble.recipient)}: {outcome}"
