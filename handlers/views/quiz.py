"""The quiz: one question at a time, its explanation, and the score, for one person's eyes."""

from collections.abc import Sequence

from domain.learning import QuizQuestion
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    header,
    message,
    one_line,
    section,
    sections,
)

OPEN = "prodops_quiz_open"
#: Followed by a colon and the number of the option.
ANSWER = "prodops_quiz_answer"
GO_ON = "prodops_quiz_next"
RESTART = "prodops_quiz_restart"

_PRIVATE = "Only you see this, and your score is kept for you alone."


def question(asked: QuizQuestion, run_id: str, index: int, count: int, note: str = "") -> Message:
    """Question number `index`, from 0, with a button for each option."""
    title = f"Question {index + 1} of {count}"
    text = escape(asked.question)
    buttons = [
        button(one_line(option, 75), f"{ANSWER}:{place}", f"{run_id}|{index}|{place}")
        for place, option in enumerate(asked.options)
    ]
    blocks: list[Block] = [header("Quiz"), section(f"*{title}*\n{text}"), actions(*buttons)]
    blocks.append(context(" ".join(part for part in (escape(note), _PRIVATE) if part)))
    options = ", ".join(escape(one_line(option)) for option in asked.options)
    return message(f"{title}: {text} {options}", blocks)


def explanation(
    asked: QuizQuestion, chosen: int, run_id: str, index: int, count: int, *, repeated: bool = False
) -> Message:
    """What was right and why; `repeated`: this question had been answered before."""
    right = escape(one_line(asked.options[asked.right]))
    mine = asked.options[chosen] if chosen < len(asked.options) else "?"
    if chosen == asked.right:
        verdict = f"✓ *Right:* {right}"
    else:
        verdict = f"✗ *Not quite.* You chose {escape(one_line(mine))}. Right is: *{right}*"
    why = escape(asked.explanation)
    is_last = index + 1 >= count
    go_on = button(
        "See my score" if is_last else "Next question",
        GO_ON,
        f"{run_id}|{index + 1}",
        style="primary",
    )
    blocks: list[Block] = [
        header("Quiz"),
        section(f"*Question {index + 1} of {count}*\n{escape(asked.question)}"),
        section(f"{verdict}\n{why}"),
        actions(go_on),
    ]
    if repeated:
        blocks.append(context("You had answered this one already: the first answer counts."))
    return message(f"{verdict.replace('*', '')} {why}", blocks)


def score(
    right: int,
    count: int,
    *,
    best: tuple[int, int] | None,
    last: tuple[int, int] | None,
    missed: Sequence[QuizQuestion] = (),
) -> Message:
    """The end of a run; `best` and `last` are (right, questions) of finished runs before it."""
    said = f"You scored {right} of {count}."
    history = []
    if best is None:
        history.append("Your first run.")
    elif right * best[1] > best[0] * count:
        history.append(f"Your best so far; before it was {_of(best)}.")
    else:
        history.append(f"Your best is {_of(best)}.")
    if last is not None:
        history.append(f"Last time: {_of(last)}.")
    blocks: list[Block] = [header("Quiz"), section(f"*{said}*\n{' '.join(history)}")]
    if missed:
        lines = [
            f"• {escape(asked.question)}\n  {escape(one_line(asked.options[asked.right]))}"
            for asked in missed
        ]
        blocks += sections(["*Worth another look*", *lines])
    blocks += [actions(button("Start again", RESTART)), context(_PRIVATE)]
    return message(f"{said} {' '.join(history)}", blocks)


def under_way(
    run_id: str,
    index: int,
    count: int,
    *,
    best: tuple[int, int] | None,
    last: tuple[int, int] | None,
) -> Message:
    """An unfinished run: go on, or begin anew."""
    said = f"You are at question {index + 1} of {count}."
    known = [f"Best so far: {_of(best)}."] if best else []
    known += [f"Last time: {_of(last)}."] if last else []
    blocks = [
        header("Quiz"),
        section(f"*{said}* {' '.join(known)}".strip()),
        actions(
            button("Continue", GO_ON, f"{run_id}|{index}", style="primary"),
            button("Start again", RESTART),
        ),
        context(_PRIVATE),
    ]
    return message(f"{said} {' '.join(known)}".strip(), blocks)


def _of(run: tuple[int, int]) -> str:
    return f"{run[0]} of {run[1]}"


def standing_note(best: tuple[int, int] | None, last: tuple[int, int] | None) -> str:
    """What a new run begins with, for somebody who has finished one before."""
    if best is None or last is None:
        return ""
    return f"Best so far: {_of(best)}. Last time: {_of(last)}."
