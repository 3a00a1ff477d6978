"""`/prodops quiz`: questions with explanations, scored for nobody but the person."""

import hashlib

from domain.learning import QuizQuestion
from handlers.call import Answer, Call, Reply
from handlers.registry import Registry
from handlers.views import quiz as view
from handlers.views.blocks import Message
from storage import learning, people
from storage.database import Tx
from storage.learning import QuizRun

_CHANGED = "The questions have changed since you began: here they are from the first."


def register(registry: Registry) -> None:
    registry.commands["quiz"] = quiz
    registry.actions[view.OPEN] = quiz
    registry.actions[view.ANSWER] = answered
    registry.actions[view.GO_ON] = go_on
    registry.actions[view.RESTART] = restart


async def quiz(call: Call) -> Answer:
    """The first question, or where the person was."""
    questions = call.services.playbook.learning.quiz
    async with call.write() as tx:
        run = await learning.open_run(tx, call.user_id)
        if run is not None and run.answers and run.questions == len(questions):
            best, last = await _scores(tx, call.user_id)
            index = len(run.answers)
            return Reply(view.under_way(run.run_id, index, run.questions, best=best, last=last))
        note = _CHANGED if run is not None and run.answers else ""
        return Reply(await _begin(call, tx, note))


async def restart(call: Call) -> Answer:
    """*Start again*, in place of what was there."""
    async with call.write() as tx:
        return Reply(await _begin(call, tx), replace=True)


async def _begin(call: Call, tx: Tx, note: str = "") -> Message:
    questions = call.services.playbook.learning.quiz
    # A click that Slack sends twice begins one run.
    started = f"{call.trigger_id}:{call.user_id}"
    run_id = hashlib.sha256(started.encode()).hexdigest()[:32]
    await people.mention(tx, call.user_id)
    await learning.start_run(tx, call.user_id, run_id, len(questions), call.now)
    best, last = await _scores(tx, call.user_id)
    said = note or view.standing_note(best, last)
    return view.question(questions[0], run_id, 0, len(questions), said)


async def answered(call: Call) -> Answer:
    """An option was chosen: its explanation; the first answer to a question counts."""
    run_id, index, chosen = _read(call.value)
    questions = call.services.playbook.learning.quiz
    async with call.write() as tx:
        run = await learning.get_run(tx, call.user_id, run_id)
        if run is None or not _is_playable(run, questions) or index >= len(questions):
            return Reply(await _instead(call, tx, run), replace=True)
        is_right = chosen == questions[index].right
        counted = await learning.answer(
            tx, call.user_id, run_id, index, chosen, is_right=is_right, now=call.now
        )
        run = await learning.get_run(tx, call.user_id, run_id)
    if run is None or len(run.answers) <= index:
        # A question further on than the person is: back to the one that is next.
        return Reply(_where(run, questions), replace=True) if run else None
    said = view.explanation(
        questions[index],
        run.answers[index],
        run_id,
        index,
        run.questions,
        repeated=not counted and run.answers[index] != chosen,
    )
    return Reply(said, replace=True)


async def go_on(call: Call) -> Answer:
    """The next question, or the score after the last."""
    run_id, _, _ = _read(call.value)
    questions = call.services.playbook.learning.quiz
    async with call.write() as tx:
        run = await learning.get_run(tx, call.user_id, run_id)
        if run is None or not _is_playable(run, questions):
            return Reply(await _instead(call, tx, run), replace=True)
        if run.finished_at is None:
            return Reply(_where(run, questions), replace=True)
        before = await learning.last_run(tx, call.user_id, run_id)
        best = await learning.best_run(tx, call.user_id, run_id)
    missed = [q for q, chosen in zip(questions, run.answers, strict=True) if chosen != q.right]
    said = view.score(
        run.right_answers,
        run.questions,
        best=_figures(best),
        last=_figures(before),
        missed=missed,
    )
    return Reply(said, replace=True)


async def _instead(call: Call, tx: Tx, run: QuizRun | None) -> Message:
    """A button of a run that was begun anew, or whose questions are no longer there."""
    questions = call.services.playbook.learning.quiz
    current = await learning.open_run(tx, call.user_id)
    if run is None and current is not None and _is_playable(current, questions):
        return _where(current, questions)
    return await _begin(call, tx, _CHANGED if run else "")


def _where(run: QuizRun, questions: tuple[QuizQuestion, ...]) -> Message:
    """The question that is next in an unfinished run."""
    index = min(len(run.answers), len(questions) - 1)
    return view.question(questions[index], run.run_id, index, len(questions))


def _is_playable(run: QuizRun | None, questions: tuple[QuizQuestion, ...]) -> bool:
    return run is not None and run.questions == len(questions)


async def _scores(tx: Tx, user_id: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """(best, last) of the finished runs."""
    best = await learning.best_run(tx, user_id)
    return _figures(best), _figures(await learning.last_run(tx, user_id))


def _figures(run: QuizRun | None) -> tuple[int, int] | None:
    return (run.right_answers, run.questions) if run else None


def _read(value: str) -> tuple[str, int, int]:
    """(run, question, option) that a button carries; the last may be missing."""
    run_id, *numbers = value.split("|")
    index, chosen = (*(int(number) for number in numbers), 0, 0)[:2]
    return run_id, index, chosen
