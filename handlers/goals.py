"""`/prodops goals`: measurable targets, and how far along they are."""

from datetime import datetime

from domain.goals import GoalProgress, Reading, metric_of, progress_of
from domain.summary import Target
from handlers.registry import Registry
from handlers.services import Services
from storage import goals
from storage.database import Tx
from storage.teams import Team


def register(registry: Registry) -> None:
    """Nothing yet."""


async def goals_of(services: Services, tx: Tx, team: Team, now: datetime) -> list[GoalProgress]:
    """The team's open goals beside the present figures."""
    model = services.playbook.maturity
    return [
        progress_of(goal, metric_of(goal.metric, model), Reading(None, ""), "")
        for goal in await goals.open_of(tx, team.team_id)
    ]


async def target_of(tx: Tx, team: Team) -> Target | None:
    """Where the team's open goal wants its operational share to be, and by when."""
    goal = await goals.open_for(tx, team.team_id, "operational_share")
    return Target(goal.target, goal.due_on) if goal else None
