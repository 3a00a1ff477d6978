"""An assessment on record, for tests that are about what follows from one."""

from collections.abc import Mapping
from datetime import datetime

from handlers import closing
from storage import maturity, ratings, teams
from storage.ratings import Rating
from tests.stage import Stage


async def assess(stage: Stage, levels: Mapping[str, int], at: datetime) -> str:
    """A check-in in which all agree on these levels, closed at this instant; the team's id."""
    services = stage.world.bot.services
    async with services.database.write(stage.world.sandbox.workspace.team_id) as tx:
        team = await teams.by_channel(tx, stage.channel.id)
        assert team is not None
        checkin = await maturity.start(
            tx,
            team_id=team.team_id,
            by=stage.lead.id,
            at=at,
            deadline_at=at,
            note="",
            dimensions=list(levels),
            min_raters=3,
            raters={user.id: False for user in stage.people},
        )
        assert checkin is not None
        given = [Rating(key, level, answered=True) for key, level in levels.items()]
        for user in stage.people:
            await ratings.save(tx, checkin.checkin_id, user.id, given, at)
            await ratings.mark_sent(tx, checkin.checkin_id, user.id, at)
        held = await maturity.lock(tx, checkin.checkin_id)
        assert held is not None
        assert await closing.close(services, tx, held, "all_answered", at)
    await stage.world.settle()
    return team.team_id
