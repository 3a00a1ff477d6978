"""`/prodops goals`: measurable targets, and how far along they are."""

from domain.figures import Figures
from domain.goals import GoalProgress, metric_of, metrics_of
from domain.localtime import zone_or_utc
from domain.summary import Target
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.errors import SayInstead, sentence
from handlers.registry import Registry
from handlers.teamchoice import must_lead, team_asked_for
from handlers.teamhistory import history_of
from handlers.teamreading import TeamReading
from handlers.views import goals as view
from handlers.views.blocks import Message
from storage import goals, teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

#: Closed goals that are listed.
_PAST = 6
_WHAT = "its goals"
OPERATIONAL = "operational_share"


def register(registry: Registry) -> None:
    registry.commands["goals"] = show
    registry.actions[view.GOALS] = show
    registry.actions[view.DROP] = drop


async def show(call: Call) -> Answer:
    """The team's goals; any member may read them. A button carries the team."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=call.value or None, what=_WHAT)
        return Reply(await _page(call, tx, team, member))


async def drop(call: Call) -> Answer:
    """*Drop goal*: kept in the history, and the list shows it there."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.write() as tx:
        goal = await goals.get(tx, call.value)
        if goal is None:
            raise SayInstead(sentence("I no longer know that goal. `/prodops goals` shows all."))
        team = await team_asked_for(call, tx, member, team_id=goal.team_id, what=_WHAT)
        await must_lead(tx, member, team, "drop goals")
        dropped = await goals.close(tx, goal.goal_id, "dropped", call.now)
        notice = "Dropped." if dropped else "That goal was closed already."
        return Reply(await _page(call, tx, team, member, notice), replace=True)


async def _page(call: Call, tx: Tx, team: Team, member: Member, notice: str = "") -> Message:
    model = call.services.playbook.maturity
    closed = await goals.closed_of(tx, team.team_id, _PAST)
    standing = await goals_of(TeamReading(call.services, tx, team, call.now))
    return view.goals_message(
        standing,
        [view.PastGoal(goal, metric_of(goal.metric, model)) for goal in closed],
        team_id=team.team_id,
        team_name=team.name,
        today=call.now.astimezone(zone_or_utc(team.tz)).date(),
        is_lead=await profiles.is_lead_or_admin(tx, member, team.team_id),
        leads=await teams.leads_of(tx, team.team_id),
        notice=notice,
    )


async def goals_of(reading: TeamReading) -> list[GoalProgress]:
    """The team's open goals beside the present figures, in the order in which they are offered."""
    standing = await reading.goals()
    if not standing:
        return []
    figures = await figures_of(reading)
    model = reading.services.playbook.maturity
    order = [metric.id for metric in metrics_of(model)]
    places = {metric_id: place for place, metric_id in enumerate(order)}
    found = sorted(standing, key=lambda goal: places.get(goal.metric, len(order)))
    return [figures.progress(goal, metric_of(goal.metric, model)) for goal in found]


async def target_of(reading: TeamReading) -> Target | None:
    """Where the team's open goal wants its operational share to be, and by when."""
    mine = (goal for goal in await reading.goals() if goal.metric == OPERATIONAL)
    goal = next(mine, None)
    return Target(goal.target, goal.due_on) if goal else None


async def figures_of(reading: TeamReading) -> Figures:
    """All that a goal can be about."""
    known = await history_of(reading)
    items = await reading.items()
    done = [item.done_at for item in items if item.state == "done" and item.done_at is not None]
    return Figures(
        today=reading.today,
        last=known.last,
        weeks=known.weeks,
        baseline=known.baseline,
        assessments=await reading.assessments(),
        done_on=[at.astimezone(reading.zone).date() for at in done],
        catalog=known.catalog,
        stale_days=reading.services.playbook.maturity.due.stale_days,
    )
