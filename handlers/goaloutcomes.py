"""Once a week goals are judged: what is met or overdue is closed, and its people hear of it."""

from datetime import datetime, timedelta

from domain.figures import judged_from
from domain.goals import Goal, GoalState, metric_of
from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.rhythm import next_summary
from handlers.goals import figures_of, goals_of
from handlers.registry import Occasion, Registry, Skip
from handlers.services import Services
from handlers.teamreading import TeamReading
from handlers.views.blocks import Message
from handlers.views.goals import outcome_message
from storage import agenda, deliveries, goals, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teams import Team

GOALS = "goals"
GOAL = "goal"
#: Goals are judged after the summary, which still shows the target that was reached.
AFTER_SUMMARY = timedelta(minutes=30)


def register(registry: Registry) -> None:
    registry.occasions[GOALS] = Judging()
    registry.occasions[GOAL] = Outcome()


async def schedule_goals(tx: Tx, team: Team, now: datetime) -> None:
    """Put the next judging on the agenda, while there is a goal to judge."""
    if not await goals.open_of(tx, team.team_id):
        await agenda.drop(tx, GOALS, team.team_id)
        return
    period, at = next_summary(now - AFTER_SUMMARY, team.rhythm, zone_or_utc(team.tz))
    await agenda.put(tx, GOALS, team.team_id, period, at + AFTER_SUMMARY)


async def tell_replaced(tx: Tx, team: Team, goal: Goal, by: str, now: datetime) -> None:
    """Whoever had set a goal hears that somebody else has replaced it."""
    if goal.created_by != by:
        await _plan(tx, team, goal, goal.created_by, now)


async def _plan(tx: Tx, team: Team, goal: Goal, recipient: str, now: datetime) -> None:
    await deliveries.plan(
        tx,
        key=f"{GOAL}:{goal.goal_id}:{recipient}",
        kind=GOAL,
        team_id=team.team_id,
        recipient=recipient,
        period=Period.containing(now.astimezone(zone_or_utc(team.tz)).date()),
        due_at=now,
        now=now,
        note=goal.goal_id,
    )


class Judging(Occasion):
    """Sends nothing itself: it closes goals and plans what is to be told."""

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        team = await teams.get(tx, due.subject)
        if team is None:
            await agenda.drop(tx, GOALS, due.subject)
            return
        today = now.astimezone(zone_or_utc(team.tz)).date()
        for progress in await goals_of(TeamReading(services, tx, team, now)):
            goal = progress.goal
            if not progress.met and today < judged_from(goal):
                continue
            state: GoalState = "met" if progress.met else "missed"
            if await goals.close(tx, goal.goal_id, state, now):
                told = dict.fromkeys([*await teams.leads_of(tx, team.team_id), goal.owner])
                for recipient in told:
                    if recipient:
                        await _plan(tx, team, goal, recipient, now)
        await schedule_goals(tx, team, now)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        return Skip("settled_meanwhile")


class Outcome(Occasion):
    """Tells what became of a goal; `note` holds its id."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        goal = await goals.get(tx, delivery.note or "")
        team = await teams.get(tx, delivery.team_id or "")
        if goal is None or team is None or goal.closed_at is None:
            return Skip("settled_meanwhile")
        metric = metric_of(goal.metric, services.playbook.maturity)
        figures = await figures_of(TeamReading(services, tx, team, goal.closed_at))
        successor = await goals.successor_of(tx, goal) if goal.state == "replaced" else None
        return outcome_message(
            goal,
            metric,
            figures.progress(goal, metric),
            team_name=team.name,
            today=now.astimezone(zone_or_utc(team.tz)).date(),
            replaced_by=(successor.created_by, successor) if successor else None,
        )
