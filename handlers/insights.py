"""`/prodops insights`: the rules that hold now, each with its numbers and next step."""

from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.registry import Registry
from handlers.teamchoice import team_asked_for
from handlers.teaminsights import insights_of
from handlers.teamweeks import GUARDS
from handlers.views import insights as view


def register(registry: Registry) -> None:
    registry.commands["insights"] = show
    registry.actions[view.SHOW] = show


async def show(call: Call) -> Answer:
    """To the asker alone; a button may carry the team's id."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_asked_for(
            call, tx, member, team_id=call.value or None, what="its insights"
        )
        now = await insights_of(call.services, tx, team, call.now)
    assessed = now.practice.assessment is not None
    return Reply(
        view.insights(
            view.InsightsPage(
                team_id=team.team_id,
                team_name=team.name,
                week=now.week,
                insights=now.found,
                shown=now.shown,
                proposed=frozenset(now.suggestions),
                signal=now.signal,
                rules=call.services.playbook.rules,
                missing=view.missing(
                    now.signal, assessed=assessed, people_needed=GUARDS.min_people
                ),
            )
        )
    )
