"""The programme in a few lines: the step a team is in, how far it is, and what it waits for."""

from domain.programme import Missing, Programme
from handlers.views.blocks import escape, one_line


def programme_line(programme: Programme) -> str:
    """`Assess 7/7 · Define goals 2/7 · …`, the current step in bold; ready mrkdwn."""
    current = programme.current.step if programme.current else None
    parts = []
    for step in programme.steps:
        part = f"{step.name} {step.done}/{step.total}"
        parts.append(f"*{part}*" if step.step == current else part)
    return " → ".join(parts)


def where_it_stands(programme: Programme) -> str:
    """One plain sentence about the current step."""
    if programme.current is None:
        return "All five steps are done: renew the goals, and begin the next round."
    step = programme.current
    left = "1 item" if programme.left == 1 else f"{programme.left} items"
    return f"Now at {step.name}: {step.done} of {step.total} done, {left} to finish it."


def missing_lines(programme: Programme) -> list[str]:
    """What is missing to finish the step, each with who it falls to; ready mrkdwn."""
    return [f"• {_missing(item)}" for item in programme.missing]


def _missing(item: Missing) -> str:
    role = f" ({escape(one_line(item.owner_role))})" if item.owner_role.strip() else ""
    state = " · _blocked_" if item.state == "blocked" else ""
    seen = f" · _looks done: {escape(item.seen)}; mark it_" if item.seen else ""
    return f"{escape(item.label)} {escape(one_line(item.text, 150))}{role}{state}{seen}"
