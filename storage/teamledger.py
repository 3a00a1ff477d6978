"""What was due, and what became of it: to one person, and to a team and its members."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, desc, func, not_, or_, select

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.periods import Period
from storage.database import Tx
from storage.deliveries import COLUMNS, Delivery, fetch
from storage.schema import deliveries

#: What leads may know of messages to a person. A reminder, sent or not, tells who has answered.
TO_PEOPLE = ("prompt",)
#: Whether somebody answered is theirs alone: such a prompt counts as one that was sent.
ANSWERED = (SkipReason.ALREADY_LOGGED, SkipReason.NOT_APPLICABLE)
#: Still on its way, or there.
_WELL = (State.PLANNED, State.CLAIMED, State.SENDING, State.SENT)


@dataclass(frozen=True)
class Tally:
    """How many of a kind and week; `state` is *sent* where nothing is amiss."""

    period: Period
    kind: str
    state: State
    count: int


def _of_team(tx: Tx, team_id: str, since: Period) -> tuple[ColumnElement[bool], ...]:
    to_person = or_(deliveries.c.recipient.like("U%"), deliveries.c.recipient.like("W%"))
    return (
        deliveries.c.workspace_id == tx.workspace_id,
        deliveries.c.team_id == team_id,
        deliveries.c.period >= str(since),
        or_(not_(to_person), deliveries.c.kind.in_(TO_PEOPLE)),
    )


_AMISS = and_(
    deliveries.c.state.not_in(_WELL),
    or_(deliveries.c.reason.is_(None), deliveries.c.reason.not_in(ANSWERED)),
)


async def due_to(
    tx: Tx, recipients: Sequence[str], *, limit: int, offset: int = 0
) -> list[Delivery]:
    """The ledger of these people and channels, newest first."""
    return await fetch(
        tx.connection,
        select(*COLUMNS)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient.in_(recipients),
        )
        .order_by(desc(deliveries.c.due_at), desc(deliveries.c.created_at), deliveries.c.key)
        .limit(limit)
        .offset(offset),
    )


async def tallies(tx: Tx, team_id: str, since: Period) -> list[Tally]:
    """How many went well and how many did not, by week and kind, newest week first."""
    amiss = _AMISS.label("amiss")
    rows = await tx.connection.execute(
        select(deliveries.c.period, deliveries.c.kind, deliveries.c.state, amiss, func.count())
        .where(*_of_team(tx, team_id, since))
        .group_by(deliveries.c.period, deliveries.c.kind, deliveries.c.state, amiss)
    )
    counts: dict[tuple[Period, str, State], int] = {}
    for period, kind, state, is_amiss, number in rows:
        key = (Period.parse(period), kind, State(state) if is_amiss else State.SENT)
        counts[key] = counts.get(key, 0) + number
    found = [Tally(*key, count) for key, count in counts.items()]
    return sorted(found, key=lambda t: (t.period, t.kind, t.state), reverse=True)


async def amiss(
    tx: Tx, team_id: str, since: Period, *, limit: int, offset: int = 0
) -> Sequence[Delivery]:
    """What failed, was skipped, came too late or is unknown, newest first."""
    return await fetch(
        tx.connection,
        select(*COLUMNS)
        .where(*_of_team(tx, team_id, since), _AMISS)
        .order_by(desc(deliveries.c.period), desc(deliveries.c.due_at), deliveries.c.delivery_id)
        .limit(limit)
        .offset(offset),
    )
