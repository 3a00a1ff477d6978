"""What check-ins came to: the team's assessments as others read them, and the open check-in."""

from domain.maturity import Assessment
from storage import maturity, memberships, people, roi
from storage.database import Tx
from storage.maturity import Checkin


async def assessments_of(tx: Tx, team_id: str, limit: int = 8) -> list[Assessment]:
    """Closed check-ins that came to a result, newest first."""
    found = await maturity.with_result(tx, team_id, limit)
    return [assessment for checkin in found if (assessment := assessment_in(checkin)) is not None]


def assessment_in(checkin: Checkin) -> Assessment | None:
    """What a closed check-in came to; None where too few answered."""
    if checkin.result is None or checkin.closed_at is None:
        return None
    return Assessment.from_json(checkin.checkin_id, checkin.closed_at, checkin.result)


async def headcount_of(tx: Tx, team_id: str) -> int:
    """The product managers that the team has now; product operations people are none."""
    ops = {stay.user_id for stay in await roi.ops_stays(tx, team_id) if stay.until is None}
    members = await people.get_many(tx, await memberships.members_of(tx, team_id))
    return sum(
        not (p.is_bot or p.is_deleted or p.is_foreign or p.prompts_stopped)
        for p in (member.person for member in members)
        if p.user_id not in ops
    )
