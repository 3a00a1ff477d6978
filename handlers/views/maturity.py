"""Maturity as the asker sees it: how a check-in stands, what can be done, how to begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from handlers.views.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    escape,
    fit,
    message,
    modal,
    name,
    section,
)
from handlers.views.words import counted, moment

#: Shows the open check-in or the last result; the value is a team's id.
SHOW = "prodops_maturity_show"
#: Opens the form that starts a check-in; the value is a team's id.
START = "prodops_maturity_start"
HISTORY = "prodops_maturity_history"
# These carry the id of a check-in.
RATE = "prodops_maturity_rate"
CLOSE = "prodops_maturity_close"
CANCEL = "prodops_maturity_cancel"
MOVE = "prodops_maturity_move"
STATE_MODAL = "prodops_maturity_state"

TITLE = "Maturity check-in"
_WHAT = (
    "A check-in asks a few people, in under two minutes each, where the team stands on each "
    "dimension of product operations, from level 1 to 5. The channel then reads the team's levels, "
    "what holds it back and the next step. Nobody's own rating is ever shown."
)


@dataclass(frozen=True)
class OpenCheckin:
    """An open check-in as one person sees it, on the clock of their `zone`.

    `mine`: whether they are asked and have answered; None for people who are not asked.
    """

    checkin_id: str
    team_name: str
    started_by: str
    deadline_at: datetime
    zone: tzinfo
    answered: int
    asked: int
    dimensions: int
    min_raters: int
    note: str = ""
    mine: bool | None = None
    leads: bool = False

    @property
    def progress(self) -> str:
        return f"{self.answered} of {self.asked} answered"

    @property
    def until(self) -> str:
        return f"until {moment(self.deadline_at, self.zone)}"


def status(checkin: OpenCheckin, lead_in: str = "") -> Message:
    """The open check-in with what this person can do about it; `lead_in` is ready mrkdwn."""
    text = f"*Maturity check-in of {name(checkin.team_name)}*\n{checkin.progress} · {checkin.until}"
    blocks = [section(f"{lead_in}\n{text}" if lead_in else text), *_about(checkin)]
    choices = [*_own_choice(checkin), *(_lead_choices(checkin) if checkin.leads else [])]
    if choices:
        blocks.append(actions(*choices))
    return message(f"{lead_in} {text}".strip().replace("*", "").replace("\n", ". "), blocks)


def _about(checkin: OpenCheckin) -> list[Block]:
    parts = [
        f"Started by <@{checkin.started_by}>",
        f"{counted(checkin.dimensions, 'dimension')}",
        _needed(checkin),
    ]
    note = [context(f"Note: {fit(escape(checkin.note), 1500)}")] if checkin.note else []
    return [context(" · ".join(parts)), *note]


def _needed(checkin: OpenCheckin) -> str:
    missing = checkin.min_raters - checkin.answered
    if missing > 0:
        return f"a level needs {counted(missing, 'more answer')}"
    return f"a level needs {checkin.min_raters} raters"


def _own_choice(checkin: OpenCheckin) -> list[Block]:
    if checkin.mine is None:
        return []
    return [rate_button(checkin.checkin_id, answered=checkin.mine)]


def rate_button(checkin_id: str, *, answered: bool = False) -> Block:
    if answered:
        return button("Change my answers", RATE, checkin_id)
    return button("Rate now", RATE, checkin_id, style="primary")


def _lead_choices(checkin: OpenCheckin) -> list[Block]:
    short = checkin.answered < checkin.min_raters
    close_text = (
        f"Only {checkin.answered} of {checkin.asked} have answered: there will be no level."
        if short
        else f"{checkin.answered} of {checkin.asked} have answered. The channel gets the result."
    )
    close = button("Close now", CLOSE, checkin.checkin_id)
    cancel = button("Cancel check-in", CANCEL, checkin.checkin_id, style="danger")
    return [
        button("Change deadline", MOVE, checkin.checkin_id),
        close | _confirm("Close the check-in?", close_text, "Close now", "Keep it open"),
        cancel
        | _confirm(
            "Cancel the check-in?",
            "Its answers are not used, and the channel hears nothing of it.",
            "Cancel check-in",
            "Keep it open",
        ),
    ]


def _confirm(title: str, text: str, yes: str, no: str) -> Block:
    return {
        "confirm": {
            "title": {"type": "plain_text", "text": title},
            "text": {"type": "plain_text", "text": text},
            "confirm": {"type": "plain_text", "text": yes},
            "deny": {"type": "plain_text", "text": no},
        }
    }


def nothing_yet(team_id: str, team_name: str, leads: Sequence[str], *, is_lead: bool) -> Message:
    """Before the first result: what it is, and who may start it."""
    text = f"*{name(team_name)} has no maturity level yet.*\n{_WHAT}"
    if is_lead:
        blocks = [section(text), actions(start_button(team_id))]
    else:
        who = ", ".join(f"<@{lead}>" for lead in leads[:5]) or "an admin of the workspace"
        blocks = [section(f"{text}\nA lead starts it: {who}.")]
    return message(str(blocks[0]["text"]["text"]).replace("*", ""), blocks)


def start_button(team_id: str) -> Block:
    return button("Start check-in", START, team_id, style="primary")


def state_modal(text: str, *, blocks: Sequence[Block] = (), close: str = "Done") -> View:
    """How something ended, in place of the form; `text` is ready mrkdwn."""
    return modal(TITLE, [section(text), *blocks], callback_id=STATE_MODAL, close=close)
