"""What raters get in their DM: the question, one reminder, and what became of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from handlers.views.blocks import Message, actions, context, escape, fit, message, name, section
from handlers.views.maturity import rate_button
from handlers.views.words import counted, moment


@dataclass(frozen=True)
class Asked:
    """A check-in as one rater is asked, on the clock of their `zone`."""

    checkin_id: str
    team_name: str
    started_by: str
    deadline_at: datetime
    zone: tzinfo
    dimensions: Sequence[str]
    min_raters: int = 3
    note: str = ""

    @property
    def until(self) -> str:
        return f"until {moment(self.deadline_at, self.zone)}"

    @property
    def promise(self) -> str:
        return (
            f"Anonymous: the team sees medians of {self.min_raters} or more ratings, nobody sees "
            "yours. Comments reach the leads without names."
        )


def invitation(asked: Asked, *, rated: int = 0) -> Message:
    """The one message that asks; `rated` dimensions stand in a draft."""
    text = (
        f"<@{asked.started_by}> asks how mature product operations are in "
        f"*{name(asked.team_name)}*: {counted(len(asked.dimensions), 'dimension')}, "
        f"under two minutes, {asked.until}."
    )
    return _asking(asked, text, _draft(asked, rated))


def reminder(asked: Asked, *, rated: int = 0) -> Message:
    """Once, half-way, to those who have not answered."""
    text = (
        f"Half the time is over: the maturity check-in of *{name(asked.team_name)}* runs "
        f"{asked.until}. It takes under two minutes."
    )
    return _asking(asked, text, _draft(asked, rated))


def _draft(asked: Asked, rated: int) -> str:
    if not rated:
        return ""
    return f"Your draft is kept: {rated} of {len(asked.dimensions)} rated. It counts once sent."


def _asking(asked: Asked, text: str, draft: str) -> Message:
    notes = [f"Note: {fit(escape(asked.note), 1500)}"] if asked.note else []
    said = [text, *notes, *([draft] if draft else [])]
    blocks = [
        section("\n".join(said)),
        actions(rate_button(asked.checkin_id)),
        context(asked.promise),
    ]
    return message(" ".join([*said, asked.promise]).replace("*", ""), blocks)


def answered(asked: Asked) -> Message:
    """The message that asked, once it is answered."""
    text = (
        f"Thank you: your answers about *{name(asked.team_name)}* are in. "
        f"You can change them {asked.until}."
    )
    return message(
        text.replace("*", ""),
        [section(text), actions(rate_button(asked.checkin_id, answered=True))],
    )


def over(team_name: str, channel_id: str, *, result: bool, cancelled: bool) -> Message:
    """The same once the check-in is over."""
    if cancelled:
        text = f"The maturity check-in of *{name(team_name)}* was cancelled. Nothing is to be done."
    elif result:
        text = f"The maturity check-in of *{name(team_name)}* is over: see <#{channel_id}>."
    else:
        text = f"The maturity check-in of *{name(team_name)}* is over, with too few answers."
    return message(text.replace("*", ""), [section(text)])


def not_asked_any_more(team_name: str) -> Message:
    text = f"You are not asked any more about *{name(team_name)}*. Nothing is to be done."
    return message(text.replace("*", ""), [section(text)])
