"""A team's goals: how far along each is, where it is heading, and what became of earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.goals import Goal, GoalProgress, Metric, rounded, value_text
from domain.periods import day_label
from domain.team import percent
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    header,
    message,
    name,
    one_line,
    plain,
    section,
    sections,
)
from handlers.views.words import bar, counted

GOALS = "prodops_goals_show"
SET = "prodops_goal_set"
EDIT = "prodops_goal_edit"
DROP = "prodops_goal_drop"

#: Two blocks each: with more of them a message would not fit.
MOST_SHOWN = 20
_WHAT = "A goal is one figure with a baseline, a target and a date. Figures are the team's only."


@dataclass(frozen=True)
class PastGoal:
    """A goal that is closed."""

    goal: Goal
    metric: Metric


def goals_message(
    found: Sequence[GoalProgress],
    past: Sequence[PastGoal] = (),
    *,
    team_id: str,
    team_name: str,
    today: date,
    is_lead: bool,
    leads: Sequence[str] = (),
    notice: str = "",
) -> Message:
    """All open goals, and what became of the last ones; leads get the buttons to change them."""
    blocks: list[Block] = [header(f"Goals of {one_line(team_name)}")]
    if notice:
        blocks.append(section(notice))
    for progress in found[:MOST_SHOWN]:
        blocks.append(section(goal_text(progress, today)))
        if is_lead:
            blocks.append(actions(*_changes(progress)))
    if len(found) > MOST_SHOWN:
        blocks.append(context(f"{counted(len(found) - MOST_SHOWN, 'more goal')} not shown."))
    if not found:
        blocks.append(section(f"*No goal is set yet.* {_WHAT}"))
    if past:
        blocks += sections(["*Earlier*", *[_past_line(one, today) for one in past]])
    if is_lead:
        blocks.append(actions(button("Set a goal", SET, team_id, style="primary")))
    else:
        who = ", ".join(f"<@{lead}>" for lead in leads[:5]) or "an admin of the workspace"
        blocks.append(context(f"Leads set goals: {who}."))
    spoken = [goal_title(progress.goal, progress.metric, today) for progress in found]
    said = ". ".join([f"Goals of {name(team_name)}", *(spoken or ["No goal is set yet"])])
    return message(f"{notice} {said}.".strip(), blocks)


def goal_title(goal: Goal, metric: Metric, today: date) -> str:
    """`Operational share 36% → 25% by 30 Sep`, as ready mrkdwn."""
    was = value_text(goal.baseline, metric.unit)
    wanted = value_text(goal.target, metric.unit)
    return f"{name(metric.name, 80)} {was} → {wanted} by {dated(goal.due_on, today)}"


def dated(day: date, today: date) -> str:
    """`30 Sep`, with the year where it is another one."""
    return day_label(day) if day.year == today.year else f"{day_label(day)} {day.year}"


def goal_text(progress: GoalProgress, today: date) -> str:
    """Four lines: the goal, how far along, where it is heading, what it rests on."""
    goal = progress.goal
    note = f" ({name(goal.baseline_note, 120)})" if goal.baseline_note else ""
    rests = [f"Baseline {value_text(goal.baseline, progress.metric.unit)}{note}"]
    if goal.owner:
        rests.append(f"owner <@{goal.owner}>")
    lines = [
        f"*{goal_title(goal, progress.metric, today)}*",
        way_text(progress),
        f"_{progress.projection}_" if progress.projection else "",
        " · ".join(rests),
    ]
    return "\n".join(line for line in lines if line)


def way_text(progress: GoalProgress) -> str:
    """A bar and words on how much of the way is covered, beside the present figure."""
    if progress.current is None or progress.done is None:
        return f"No figure yet: {progress.basis}."
    unit = progress.metric.unit
    now = f"now {value_text(rounded(progress.current, unit), unit)} ({progress.basis})"
    done = percent(progress.done)
    if progress.met:
        return f"`{bar(100)}` Target reached: {now}."
    if done < 0:
        return f"`{bar(0)}` Moved the other way: {now}."
    return f"`{bar(min(done, 100))}` of the way: {now}."


def _changes(progress: GoalProgress) -> tuple[Block, Block]:
    goal = progress.goal
    title = progress.metric.name
    drop = button("Drop goal", DROP, goal.goal_id, spoken=f"Drop goal: {title}")
    asked = {
        "title": plain("Drop this goal?", 100),
        "text": plain("It is kept under Earlier, and no longer followed.", 300),
        "confirm": plain("Drop goal", 30),
        "deny": plain("Keep it", 30),
    }
    edit = button("Edit goal", EDIT, goal.goal_id, spoken=f"Edit goal: {title}")
    return edit, {**drop, "confirm": asked}


def _past_line(past: PastGoal, today: date) -> str:
    what = past.goal.state.capitalize()
    on = f" on {dated(past.goal.closed_at.date(), today)}" if past.goal.closed_at else ""
    return f"• {what}{on}: {goal_title(past.goal, past.metric, today)}"


def outcome_message(
    goal: Goal,
    metric: Metric,
    progress: GoalProgress | None,
    *,
    team_name: str,
    today: date,
    replaced_by: tuple[str, Goal] | None = None,
) -> Message:
    """Told once, when a goal is met, missed, or replaced by somebody else."""
    title = goal_title(goal, metric, today)
    if replaced_by is not None:
        who, new = replaced_by
        wanted = value_text(new.target, metric.unit)
        text = (
            f"<@{who}> replaced a goal of {name(team_name)} that you had set: {title}. "
            f"It is now {wanted} by {dated(new.due_on, today)}. Yours is kept in the history."
        )
        return message(text, [section(text), actions(_all_button(goal.team_id))])
    now = ""
    if progress is not None and progress.current is not None:
        figure = value_text(rounded(progress.current, metric.unit), metric.unit)
        now = f" It is {figure} now, {progress.basis}."
    if goal.state == "met":
        text = f"*Goal met* in {name(team_name)}: {title}.{now} What is the next one?"
    else:
        text = (
            f"*The date of a goal has passed* in {name(team_name)}: {title}.{now} "
            "It is closed as missed; a new one may start from where you are."
        )
    buttons = actions(button("Set a goal", SET, goal.team_id), _all_button(goal.team_id))
    return message(text.replace("*", ""), [section(text), buttons])


def _all_button(team_id: str) -> Block:
    return button("All goals", GOALS, team_id)
