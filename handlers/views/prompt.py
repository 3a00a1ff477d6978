"""The weekly question in a direct message: how it asks, and what it turns into once answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from domain.periods import Period
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    message,
    name,
    option,
    overflow,
    section,
    sections,
)
from handlers.views.words import day_words, listed, moment

LOG = "prodops_log_open"
SAME = "prodops_log_same"
SKIP = "prodops_log_skip"
LATER = "prodops_prompt_later"
LATER_HOURS = "prodops_prompt_later_hours"
LATER_MORNING = "prodops_prompt_later_morning"
LATER_BACK = "prodops_prompt_back"
MENU = "prodops_prompt_menu"
STOP = "prodops_prompt_stop"
START = "prodops_prompt_start"
RESUME = "prodops_prompt_resume"
#: Action id -> weeks to pause for.
PAUSE_WEEKS = {"prodops_pause_1": 1, "prodops_pause_2": 2, "prodops_pause_4": 4}
EDIT = "prodops_log_edit"

MENU_PAUSE = "pause"
MENU_TIME = "time"
MENU_WHY = "why"

#: Reads as a log with the categories as they come; shown to people as the pattern to follow.
EXAMPLE = "40% delivery, 30% customer, 20% coordination, 10% tools"


@dataclass(frozen=True)
class Introduction:
    """What the first prompt to a person says: `added_by` is a user id, None if nobody is known."""

    added_by: str | None
    team_name: str
    channel_id: str


def prompt(
    period: Period,
    *,
    team_names: Sequence[str],
    can_repeat: bool,
    intro: Introduction | None = None,
    example: str = EXAMPLE,
) -> Message:
    """The Friday question; `can_repeat` when there is an earlier split to repeat."""
    teams = listed([name(team) for team in team_names])
    asked = f"*Where did your week go?*  {period.label}"
    hint = f"30 seconds will do. Press a button, or just answer here: `{escape(example)}`"
    blocks: list[Block] = []
    spoken = ""
    if intro is not None:
        welcome = _introduction(intro)
        blocks = [section(welcome), actions(_stop_button(period))]
        spoken = welcome.replace("*", "") + "\n"
    blocks += [section(f"{asked}\n{hint}"), _answers(period, can_repeat)]
    if teams:
        blocks.append(context(f"For {teams}. Only you see your answer."))
    return message(
        f"{spoken}Where did your week go, {period.label}? "
        f"Answer here in one line, for example: {escape(example)}",
        blocks,
    )


def _introduction(intro: Introduction) -> str:
    team = f"*{name(intro.team_name)}* (<#{intro.channel_id}>)"
    start = f"<@{intro.added_by}> added you to {team}." if intro.added_by else f"You are in {team}."
    return (
        f"Hello! {start} Once a week I ask where your working week went.\n"
        "*What is stored:* the shares of your week by category, week by week.\n"
        "*Who sees it:* only you. The team sees averages, and only from 3 people on."
    )


def reminder(period: Period, *, can_repeat: bool, team_names: Sequence[str] = ()) -> Message:
    """The one reminder of the next working day: the same buttons, fewer words."""
    asked = f"No answer yet for *{period.label}*. A rough guess is good enough."
    blocks = [section(asked), _answers(period, can_repeat)]
    if team_names:
        blocks.append(context(f"For {listed([name(team) for team in team_names])}."))
    return message(f"No answer yet for {period.label}. A rough guess is good enough.", blocks)


def _answers(period: Period, can_repeat: bool) -> Block:
    week = str(period)
    same = [button("Same as last week", SAME, week)] if can_repeat else []
    return actions(
        log_button(period),
        *same,
        button("Skip this week", SKIP, week),
        button("Remind me later", LATER, week),
        overflow(
            MENU,
            [
                option("Pause", f"{MENU_PAUSE}:{week}"),
                option("Change my prompt time", f"{MENU_TIME}:{week}"),
                option("Why did I get this?", f"{MENU_WHY}:{week}"),
            ],
        ),
    )


def log_button(period: Period) -> Block:
    """The button that opens the form; Home and help carry it too."""
    spoken = f"Log my week {period.label}"
    return button("Log my week", LOG, str(period), style="primary", spoken=spoken)


def read_menu(value: str) -> tuple[str, Period]:
    """A choice in the prompt's menu: `MENU_PAUSE`, `MENU_TIME` or `MENU_WHY`, and its week."""
    choice, _, week = value.partition(":")
    return choice, Period.parse(week)


def later_choices(period: Period) -> Message:
    week = str(period)
    text = f"When shall I ask again about {period.label}?"
    buttons = actions(
        button("In 2 hours", LATER_HOURS, week),
        button("Tomorrow morning", LATER_MORNING, week),
        button("Back", LATER_BACK, week),
    )
    return message(text, [section(text), buttons])


def snoozed(period: Period, at: datetime, tz: tzinfo) -> Message:
    text = f"I will ask again about {period.label} on {moment(at, tz)}."
    return message(text, [section(text), actions(log_button(period))])


def answered(period: Period, lines: Sequence[str]) -> Message:
    """The prompt once it was answered; `lines` are ready mrkdwn, as `receipt_lines` gives them."""
    edit = button("Edit", EDIT, str(period), spoken=f"Edit {period.label}")
    head = f"Logged for *{period.label}*. Thank you."
    said = f"Logged for {period.label}. Thank you. {lines[-1] if lines else ''}".strip()
    return message(said, [*sections([head, *lines]), actions(edit)])


def skipped(period: Period, reason: str | None = None) -> Message:
    because = f" ({name(reason, 200)})" if reason and reason.strip() else ""
    text = f"{period.label} is skipped{because}. It does not count as missing."
    return message(text, [section(text), actions(_log_after_all(period))])


def superseded(period: Period) -> Message:
    """What an unanswered prompt becomes once the next week has been asked about."""
    text = f"This question was about {period.label}, which is over. No answer was logged."
    return message(text, [section(text), actions(_log_after_all(period))])


def _log_after_all(period: Period) -> Block:
    spoken = f"Log {period.label} after all"
    return button("Log it after all", LOG, str(period), spoken=spoken)


def paused(until: date | None, period: Period | None = None) -> Message:
    """Prompts rest until that day; None or `date.max`: until the person resumes them."""
    week = str(period) if period else ""
    text = f"Your prompts are paused {pause_span(until)}. You do not count as missing meanwhile."
    lengths = [
        button(f"Pause {weeks} week" + "s" * (weeks > 1), action, week)
        for action, weeks in PAUSE_WEEKS.items()
    ]
    resume = button("Resume prompts", RESUME, week, style="primary")
    return message(text, [section(text), actions(resume, *lengths)])


def pause_span(until: date | None) -> str:
    """`until Monday 7 Dec`, or until when there is no such day."""
    if until is None or until == date.max:
        return "until you resume them"
    return f"until {day_words(until)}"


def left_team(period: Period) -> Message:
    """What a question becomes for somebody who is in no team any more."""
    text = (
        f"You are in no team any more, so {period.label} needs no answer. "
        "What you logged stays yours, and `/prodops log` still works whenever you like."
    )
    return message(text, [section(text), actions(_log_after_all(period))])


def stopped(team_name: str, period: Period | None = None) -> Message:
    """`period` is the week that was asked about: starting again brings its question back."""
    text = (
        f"Done: no more prompts for {name(team_name)}. "
        "What you logged stays yours, and `/prodops log` still works whenever you like."
    )
    return message(
        text, [section(text), actions(button("Start prompts again", START, str(period or "")))]
    )


def _stop_button(period: Period) -> Block:
    spoken = "Not me, stop sending me prompts"
    return button("Not me, stop prompts", STOP, str(period), spoken=spoken)
