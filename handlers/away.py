"""`/prodops away`: no prompts meanwhile, and not counted as missing."""

from domain.away import AwayOff, AwayProblem, parse_away
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.registry import Registry
from handlers.views.away import AWAY_OFF, away_cleared, away_problem, away_set
from storage import absences


def register(registry: Registry) -> None:
    registry.commands["away"] = away
    registry.actions[AWAY_OFF] = back


async def away(call: Call) -> Answer:
    """`away <from> [to <until>]` or `away off`."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    today = call.services.today(member.person.tz)
    said = parse_away(call.text, today)
    if isinstance(said, AwayOff):
        return await back(call)
    if isinstance(said, AwayProblem):
        return Reply(away_problem(said.message, said.text))
    async with call.write() as tx:
        await absences.record(tx, call.user_id, said.start, said.until, call.now)
    return Reply(away_set(said))


async def back(call: Call) -> Answer:
    """`away off`, or *I am back*."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    today = call.services.today(member.person.tz)
    async with call.write() as tx:
        changed = await absences.clear(tx, call.user_id, today)
    return Reply(away_cleared(changed > 0), replace=call.kind == "action")
