"""How an open check-in stands, for whoever asks."""

from domain.localtime import zone_or_utc
from handlers import profiles
from handlers.closing import counts
from handlers.schedule import zone_of
from handlers.services import Services
from handlers.views.blocks import Message
from handlers.views.maturity import OpenCheckin, status
from storage import maturity
from storage.database import Tx
from storage.maturity import Checkin
from storage.people import Member
from storage.teams import Team


async def status_of(
    services: Services, tx: Tx, team: Team, checkin: Checkin, member: Member, lead_in: str = ""
) -> Message:
    """Progress and deadline on the asker's clock, with what they may do about it."""
    raters = await maturity.raters_of(tx, checkin.checkin_id)
    answered, asked = counts(raters)
    mine = next((r for r in raters if r.user_id == member.person.user_id and r.may_rate), None)
    model = services.playbook.maturity
    return status(
        OpenCheckin(
            checkin_id=checkin.checkin_id,
            team_name=team.name,
            started_by=checkin.started_by,
            deadline_at=checkin.deadline_at,
            zone=zone_of(member, team) if member.person.tz else zone_or_utc(team.tz),
            answered=answered,
            asked=asked,
            dimensions=sum(model.get(key) is not None for key in checkin.dimensions),
            min_raters=checkin.min_raters,
            note=checkin.note,
            mine=mine.submitted_at is not None if mine else None,
            leads=await profiles.is_lead_or_admin(tx, member, team.team_id),
        ),
        lead_in,
    )
