"""What people were asked about their weeks: the newest prompt, and the weeks without one."""

from sqlalchemy import desc, select

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.periods import Period
from storage.database import Tx
from storage.deliveries import COLUMNS, Delivery, fetch
from storage.schema import deliveries

#: The kinds that end up in the person's own DM and ask for a week's log.
PROMPT_KINDS = ("prompt", "reminder", "later")
#: Reasons for which a week without a prompt is not a week without an answer.
EXCUSES = (
    SkipReason.AWAY,
    SkipReason.VACATION_STATUS,
    SkipReason.PAUSED,
    SkipReason.STOPPED,
    SkipReason.HOLIDAY_WEEK,
)


async def last_prompt(tx: Tx, user_id: str) -> Delivery | None:
    """The newest prompt that reached the person: the week a typed answer is about."""
    found = await fetch(
        tx.connection,
        select(*COLUMNS)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient == user_id,
            deliveries.c.kind.in_(PROMPT_KINDS),
            deliveries.c.state == State.SENT,
        )
        .order_by(desc(deliveries.c.period), desc(deliveries.c.due_at))
        .limit(1),
    )
    return found[0] if found else None


async def was_asked(tx: Tx, user_id: str, period: Period) -> bool:
    """Whether a prompt about this week lies in the person's DM."""
    found = await tx.connection.execute(
        select(deliveries.c.delivery_id)
        .where(
            deliveries.c.workspace_id == tx.workspace_id,
            deliveries.c.recipient == user_id,
            deliveries.c.kind.in_(PROMPT_KINDS),
            deliveries.c.period == str(period),
            deliveries.c.state == State.SENT,
        )
        .limit(1)
    )
    return found.first() is not None
