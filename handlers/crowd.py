"""The people whom a fan-out is about: read once for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.periods import Period
from storage import crowds, people, timesplit
from storage.database import Tx
from storage.deliveries import Delivery
from storage.people import Member
from storage.teams import Team
from storage.timesplit import Log


@dataclass(frozen=True)
class Crowd:
    """Members and their teams (with who added them, longest stay first) by user id."""

    members: Mapping[str, Member]
    teams: Mapping[str, Sequence[tuple[Team, str | None]]]

    def found(self, user_id: str) -> tuple[Member, list[Team]] | None:
        """The person and their teams; None for somebody who is in none."""
        member, mine = self.members.get(user_id), self.teams.get(user_id)
        return (member, [team for team, _ in mine]) if member and mine else None


@dataclass(frozen=True)
class Answers:
    """What of a week's question is answered, and since which week each person has answered."""

    logs: Mapping[tuple[str, Period], Log]
    first: Mapping[str, Period]

    def can_repeat(self, user_id: str, period: Period) -> bool:
        return user_id in self.first and self.first[user_id] < period


async def crowd_of(tx: Tx, deliveries: Sequence[Delivery]) -> Crowd:
    ids = sorted({delivery.recipient for delivery in deliveries})
    members = {member.person.user_id: member for member in await people.get_many(tx, ids)}
    return Crowd(members, await crowds.teams_of(tx, ids))


async def answers_of(tx: Tx, deliveries: Sequence[Delivery]) -> Answers:
    ids = sorted({delivery.recipient for delivery in deliveries})
    weeks = {delivery.period for delivery in deliveries}
    logs = await timesplit.of_people(tx, ids, min(weeks), max(weeks))
    first = await crowds.first_splits(tx, ids)
    return Answers({(log.user_id, log.period): log for log in logs}, first)
