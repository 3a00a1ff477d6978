"""What follows a prompt once it was sent: its reminder, and that the person knows us now."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.rhythm import reminder_due
from handlers.crowd import Crowd, crowd_of
from handlers.schedule import rhythm_of, workdays_of, zone_of
from storage import batches
from storage.database import Tx
from storage.deliveries import Delivery
from storage.people import Member
from storage.teams import Team

REMINDER: Final = "reminder"
#: More than are on their way to Slack at once.
MOST_KEPT = 2_000


class Following(NamedTuple):
    """`first`: the person never got a prompt before."""

    reminder: batches.Plan
    first: bool


class Followings:
    """Kept from composing until the prompt was sent, so that its people are read only once.

    What is not there any more, or was composed by another process, is worked out anew.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Following] = {}

    def keep(self, crowd: Crowd, deliveries: Sequence[Delivery]) -> None:
        self._kept |= _following(crowd, deliveries)
        # What did not reach Slack stays behind, and is not waited for.
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    async def take(self, tx: Tx, deliveries: Sequence[Delivery]) -> list[Following]:
        """What follows these, without those to people who are in no team any more."""
        known = {d.delivery_id: self._kept.pop(d.delivery_id, None) for d in deliveries}
        unknown = [d for d in deliveries if known[d.delivery_id] is None]
        if unknown:
            known |= _following(await crowd_of(tx, unknown), unknown)
        return [one for one in known.values() if one is not None]


def _following(crowd: Crowd, deliveries: Sequence[Delivery]) -> dict[str, Following]:
    following = {}
    for delivery in deliveries:
        found = crowd.found(delivery.recipient)
        if found is not None:
            member, (team, *_) = found
            reminder = _reminder(member, team, delivery)
            following[delivery.delivery_id] = Following(reminder, not member.introduced)
    return following


def _reminder(member: Member, team: Team, delivery: Delivery) -> batches.Plan:
    zone = zone_of(member, team)
    due_at = reminder_due(
        delivery.due_at.astimezone(zone).date(),
        rhythm_of(member, team),
        zone,
        workdays_of(member, team),
    )
    return batches.Plan(
        key=f"{REMINDER}:{delivery.recipient}:{delivery.period}",
        kind=REMINDER,
        team_id=delivery.team_id,
        recipient=delivery.recipient,
        period=delivery.period,
        due_at=due_at,
    )
