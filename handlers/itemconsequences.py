"""What follows from a change of an item, in the transaction that changes it."""

from datetime import datetime

from domain.checklist import TeamItem
from domain.localtime import zone_or_utc
from domain.periods import Period
from handlers.itemschedule import (
    ASSIGNED,
    schedule_effect,
    schedule_owner,
    schedule_stuck,
)
from storage import checklist, deliveries, people
from storage.database import Tx
from storage.teams import Team


async def follow(
    tx: Tx,
    team: Team,
    before: TeamItem | None,
    item: TeamItem,
    *,
    by: str,
    now: datetime,
    number: int,
) -> None:
    """Check-ins, news to a new owner, and messages that no longer say what is so.

    `before` is None for an item just added; `number` that of the recorded change.
    """
    previous = before.owner if before else None
    owners = {owner for owner in (previous, item.owner) if owner}
    for owner in sorted(owners):
        await people.mention(tx, owner)
        await schedule_owner(tx, owner, now)
    if item.owner and item.owner not in (by, previous):
        await _tell_owner(tx, team, item, now, number)
    if not item.is_over:
        await schedule_stuck(tx, team, now)
    if "done" in (item.state, before.state if before else "open"):
        await schedule_effect(tx, item, team, now)
    await checklist.outdate_messages(tx, item, owners, now)


async def _tell_owner(tx: Tx, team: Team, item: TeamItem, now: datetime, number: int) -> None:
    await deliveries.plan(
        tx,
        # Whoever gets an item back hears of it again.
        key=f"{ASSIGNED}:{item.item_id}:{number}",
        kind=ASSIGNED,
        team_id=team.team_id,
        recipient=item.owner or "",
        period=Period.containing(now.astimezone(zone_or_utc(team.tz)).date()),
        due_at=now,
        now=now,
        note=item.item_id,
    )
