"""Quiz runs, each for nobody but the person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, desc, select, update

from storage.database import Tx
from storage.schema import quiz_runs


@dataclass(frozen=True)
class QuizRun:
    """`answers` are the options chosen so far, by index, in the order of the questions."""

    run_id: str
    user_id: str
    started_at: datetime
    answers: tuple[int, ...]
    right_answers: int
    questions: int
    finished_at: datetime | None


_COLUMNS = tuple(quiz_runs.c[name] for name in QuizRun.__dataclass_fields__)


async def open_run(tx: Tx, user_id: str) -> QuizRun | None:
    """The run that the person has not finished."""
    where = (quiz_runs.c.user_id == user_id, quiz_runs.c.finished_at.is_(None))
    found = await _runs(tx, *where, order=desc(quiz_runs.c.started_at))
    return found[0] if found else None


async def get_run(tx: Tx, user_id: str, run_id: str) -> QuizRun | None:
    found = await _runs(
        tx, quiz_runs.c.user_id == user_id, quiz_runs.c.run_id == run_id, order=quiz_runs.c.run_id
    )
    return found[0] if found else None


async def best_run(tx: Tx, user_id: str, before: str = "") -> QuizRun | None:
    """The finished run with the largest part of right answers, other than the run `before`."""
    part = 1.0 * quiz_runs.c.right_answers / quiz_runs.c.questions
    where = (
        quiz_runs.c.user_id == user_id,
        quiz_runs.c.finished_at.is_not(None),
        quiz_runs.c.run_id != before,
    )
    found = await _runs(tx, *where, order=(desc(part), desc(quiz_runs.c.finished_at)))
    return found[0] if found else None


async def last_run(tx: Tx, user_id: str, before: str = "") -> QuizRun | None:
    """The newest finished run, other than the run `before`."""
    where = (
        quiz_runs.c.user_id == user_id,
        quiz_runs.c.finished_at.is_not(None),
        quiz_runs.c.run_id != before,
    )
    found = await _runs(tx, *where, order=desc(quiz_runs.c.finished_at))
    return found[0] if found else None


async def start_run(tx: Tx, user_id: str, run_id: str, questions: int, now: datetime) -> None:
    """Begin a run in place of the one that was not finished; the same one is begun once."""
    mine = (quiz_runs.c.workspace_id == tx.workspace_id, quiz_runs.c.user_id == user_id)
    await tx.connection.execute(
        delete(quiz_runs).where(
            *mine, quiz_runs.c.finished_at.is_(None), quiz_runs.c.run_id != run_id
        )
    )
    await tx.insert_once(
        quiz_runs,
        {
            "workspace_id": tx.workspace_id,
            "run_id": run_id,
            "user_id": user_id,
            "started_at": now,
            "answers": [],
            "right_answers": 0,
            "questions": questions,
        },
        ["workspace_id", "run_id"],
    )


async def answer(
    tx: Tx, user_id: str, run_id: str, index: int, chosen: int, *, is_right: bool, now: datetime
) -> bool:
    """Record the answer to question `index`, from 0; False unless that one is next."""
    row = (
        await tx.connection.execute(
            select(*_COLUMNS)
            .where(
                quiz_runs.c.workspace_id == tx.workspace_id,
                quiz_runs.c.run_id == run_id,
                quiz_runs.c.user_id == user_id,
                quiz_runs.c.finished_at.is_(None),
            )
            .with_for_update()
        )
    ).one_or_none()
    run = _run(row) if row else None
    if run is None or len(run.answers) != index:
        return False
    await tx.connection.execute(
        update(quiz_runs)
        .where(quiz_runs.c.workspace_id == tx.workspace_id, quiz_runs.c.run_id == run_id)
        .values(
            answers=[*run.answers, chosen],
            right_answers=run.right_answers + is_right,
            finished_at=now if index + 1 == run.questions else None,
        )
    )
    return True


async def _runs(tx: Tx, *where: Any, order: Any) -> list[QuizRun]:
    """At most one."""
    ordered = order if isinstance(order, tuple) else (order,)
    rows = await tx.connection.execute(
        select(*_COLUMNS)
        .where(quiz_runs.c.workspace_id == tx.workspace_id, *where)
        .order_by(*ordered)
        .limit(1)
    )
    return [_run(row) for row in rows]


def _run(row: Any) -> QuizRun:
    values = dict(row._mapping)
    return QuizRun(**{**values, "answers": tuple(values["answers"])})
