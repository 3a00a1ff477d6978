"""Gathers what the rules about a team's practice need to know."""

from datetime import datetime

from domain.practice import Practice
from handlers.services import Services
from storage.database import Tx
from storage.teams import Team


async def practice_of(services: Services, tx: Tx, team: Team, now: datetime) -> Practice:
    """The team's practice as it is now."""
    playbook = services.playbook
    return Practice(
        stale_days=playbook.maturity.due.stale_days,
        items={item.id: item.text for _, item in playbook.checklist.items()},
    )
