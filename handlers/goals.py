"""`/prodops goals`: measurable targets, and how far along they are."""

from datetime import datetime

from domain.figures import Figures
from domain.goals import GoalProgress, metric_of
from domain.localtime import zone_or_utc
from domain.summary import Target
from handlers.assessments import assessments_of
from handlers.items import items_of
from handlers.registry import Registry
from handlers.services import Services
from handlers.teamhistory import History, history_of
from storage import goals
from storage.database import Tx
from storage.teams import Team


def register(registry: Registry) -> None:
    """Nothing yet."""


async def goals_of(services: Services, tx: Tx, team: Team, now: datetime) -> list[GoalProgress]:
    """The team's open goals beside the present figures."""
    found = await goals.open_of(tx, team.team_id)
    if not found:
        return []
    figures = await figures_of(services, tx, team, now)
    model = services.playbook.maturity
    return [figures.progress(goal, metric_of(goal.metric, model)) for goal in found]


async def target_of(tx: Tx, team: Team) -> Target | None:
    """Where the team's open goal wants its operational share to be, and by when."""
    goal = await goals.open_for(tx, team.team_id, "operational_share")
    return Target(goal.target, goal.due_on) if goal else None


async def figures_of(
    services: Services, tx: Tx, team: Team, now: datetime, history: History | None = None
) -> Figures:
    """All that a goal can be about."""
    known = history or await history_of(services, tx, team, now)
    zone = zone_or_utc(team.tz)
    items = await items_of(services, tx, team.team_id)
    done = [item.done_at for item in items if item.state == "done" and item.done_at is not None]
    return Figures(
        today=now.astimezone(zone).date(),
        last=known.last,
        weeks=known.weeks,
        baseline=known.baseline,
        assessments=await assessments_of(tx, team.team_id),
        done_on=[at.astimezone(zone).date() for at in done],
        catalog=known.catalog,
        stale_days=services.playbook.maturity.due.stale_days,
    )
