"""The decision log of each team, numbered from 1."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)

from domain.decisions import Decision, DecisionState
from storage import edits
from storage.database import Tx
from storage.schema import decisions, deliveries, teams

_COLUMNS = tuple(decisions.c[name] for name in Decision.__dataclass_fields__)
_IN_ORDER = (
    (decisions.c.state != "open"),
    (decisions.c.state == "open") & decisions.c.due_on.is_(None),
    case((decisions.c.state == "open", decisions.c.due_on)),
    decisions.c.number.desc(),
)


def _some(*conditions: ColumnElement[bool], order: Sequence[Any]) -> Select[Any]:
    mine = (
        decisions.c.workspace_id == bindparam("workspace"),
        decisions.c.team_id == bindparam("team"),
    )
    some = select(*_COLUMNS).where(*mine, *conditions).order_by(*order).limit(bindparam("most"))
    # Only as a subquery may a part of a union have a limit of its own.
    return select(some.subquery())


# Read with every summary: made once, since making a statement takes as long as running it.
_OF_WEEK = union(
    _some(
        decisions.c.state == "open",
        decisions.c.due_on <= bindparam("due_by"),
        order=(decisions.c.due_on, decisions.c.number.desc()),
    ),
    _some(
        decisions.c.state != "withdrawn",
        decisions.c.made_at >= bindparam("since"),
        decisions.c.made_at < bindparam("until"),
        order=(decisions.c.number,),
    ),
)


async def add(
    tx: Tx,
    team_id: str,
    decision_id: str,
    *,
    what: str,
    owner: str | None,
    due_on: date | None,
    by: str,
    now: datetime,
) -> Decision:
    """Enter a decision under the team's next number; one that stands already is left as it is.

    `decision_id` is told apart by what was sent, so that a form sent twice is entered once.
    """
    # The team's row is the queue in which those wait who would draw the same number.
    await tx.connection.execute(
        select(teams.c.team_id)
        .where(teams.c.workspace_id == tx.workspace_id, teams.c.team_id == team_id)
        .with_for_update(key_share=True)
    )
    standing = await get(tx, decision_id)
    if standing is not None:
        return standing
    last = select(func.coalesce(func.max(decisions.c.number), 0) + 1).where(*_mine(tx, team_id))
    await tx.connection.execute(
        insert(decisions).values(
            workspace_id=tx.workspace_id,
            decision_id=decision_id,
            team_id=team_id,
            number=last.scalar_subquery(),
            what=what,
            owner=owner,
            due_on=due_on,
            state="open",
            made_by=by,
            made_at=now,
        )
    )
    made = await get(tx, decision_id)
    assert made is not None
    return made


async def get(tx: Tx, decision_id: str) -> Decision | None:
    found = await _fetch(tx, [decisions.c.decision_id == decision_id], 1)
    return found[0] if found else None


async def change(
    tx: Tx, decision_id: str, *, what: str, owner: str | None, due_on: date | None
) -> bool:
    """Reword an open decision, or give it another owner or date; False when it is closed."""
    return await _update_open(tx, decision_id, what=what, owner=owner, due_on=due_on)


async def close(
    tx: Tx, decision_id: str, state: DecisionState, now: datetime, outcome: str = ""
) -> bool:
    """Mark an open decision as done or withdrawn; False when somebody was first."""
    values = {"state": state, "outcome": outcome, "closed_at": now}
    return await _update_open(tx, decision_id, **values)


async def reopen(tx: Tx, decision_id: str) -> bool:
    """Back among the open ones; False when it is open already."""
    done = await tx.connection.execute(
        update(decisions)
        .where(
            decisions.c.workspace_id == tx.workspace_id,
            decisions.c.decision_id == decision_id,
            decisions.c.state != "open",
        )
        .values(state="open", outcome="", closed_at=None)
    )
    return done.rowcount == 1


async def of_week(
    tx: Tx, team_id: str, since: datetime, until: datetime, due_by: date, limit: int
) -> tuple[list[Decision], list[Decision]]:
    """(entered from `since` until before `until` and not withdrawn, oldest first; open and due by
    that day, what was due first before), each decision in one of the two, the second if it can."""
    asked = {"since": since, "until": until, "due_by": due_by, "most": limit}
    rows = await tx.connection.execute(
        _OF_WEEK, {"workspace": tx.workspace_id, "team": team_id, **asked}
    )
    found = [_decision(row) for row in rows]
    due = [d for d in found if d.state == "open" and d.due_on is not None and d.due_on <= due_by]
    due.sort(key=lambda decision: (decision.due_on, -decision.number))
    made = [decision for decision in found if decision not in due]
    return sorted(made, key=lambda decision: decision.number), due


async def find(
    tx: Tx,
    team_id: str,
    words: Sequence[str],
    limit: int,
    offset: int = 0,
    *,
    owner: str | None = None,
) -> tuple[list[Decision], int]:
    """(a page of the team's log, how many there are): open ones first, then the newest.

    Only those that hold all `words` in their text or outcome (`#12` in their number), and
    belong to `owner` where one is given.
    """
    where = [*_mine(tx, team_id), *[_holds(word) for word in words]]
    if owner is not None:
        where.append(decisions.c.owner == owner)
    counted = await tx.connection.execute(select(func.count()).select_from(decisions).where(*where))
    return await _fetch(tx, where, limit, offset), counted.scalar_one()


async def owned_by(tx: Tx, user_id: str, limit: int) -> list[Decision]:
    """The person's open decisions in all teams."""
    return await _fetch(tx, [decisions.c.owner == user_id, decisions.c.state == "open"], limit)


async def outdate_messages(tx: Tx, decision_id: str, at: datetime) -> int:
    """Reminders of this decision no longer say what is so; how many messages."""
    about = (deliveries.c.kind == "decision") & (deliveries.c.note == decision_id)
    return await edits.want_edit(tx, about, at=at)


def _holds(word: str) -> ColumnElement[bool]:
    if word.startswith("#") and word[1:].isascii() and word[1:].isdigit():
        return decisions.c.number == literal(int(word[1:10]))
    text = decisions.c.what + literal(" ") + decisions.c.outcome
    # SQLite folds the case of plain letters only.
    spelled = {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*[text.icontains(one, autoescape=True) for one in sorted(spelled)])


def _mine(tx: Tx, team_id: str) -> list[ColumnElement[bool]]:
    return [decisions.c.workspace_id == tx.workspace_id, decisions.c.team_id == team_id]


async def _update_open(tx: Tx, decision_id: str, **values: Any) -> bool:
    done = await tx.connection.execute(
        update(decisions)
        .where(
            decisions.c.workspace_id == tx.workspace_id,
            decisions.c.decision_id == decision_id,
            decisions.c.state == "open",
        )
        .values(**values)
    )
    return done.rowcount == 1


async def _fetch(
    tx: Tx, where: Sequence[ColumnElement[bool]], limit: int, offset: int = 0
) -> list[Decision]:
    rows = await tx.connection.execute(
        select(*_COLUMNS)
        .where(decisions.c.workspace_id == tx.workspace_id, *where)
        .order_by(*_IN_ORDER)
        .limit(limit)
        .offset(offset)
    )
    return [_decision(row) for row in rows]


def _decision(row: Any) -> Decision:
    return Decision(**row._mapping)
