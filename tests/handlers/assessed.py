"""An assessment on record, for tests that are about what follows from one."""

from collections.abc import Mapping
from datetime import datetime

from domain.maturity import Assessment, DimensionScore
from storage import maturity, teams
from tests.stage import Stage


async def assess(stage: Stage, levels: Mapping[str, int], closed_at: datetime) -> str:
    """Close a check-in that came to these levels; the team's id."""
    workspace = stage.world.sandbox.workspace.team_id
    async with stage.world.bot.database.write(workspace) as tx:
        team = await teams.by_channel(tx, stage.channel.id)
        assert team is not None
        checkin = await maturity.start(
            tx,
            team_id=team.team_id,
            by=stage.lead.id,
            at=closed_at,
            deadline_at=closed_at,
            note="",
            dimensions=list(levels),
            min_raters=3,
            raters={user.id: False for user in stage.people},
        )
        assert checkin is not None
        key = checkin if isinstance(checkin, str) else checkin.checkin_id
        scores = tuple(DimensionScore(name, level, 4) for name, level in levels.items())
        found = Assessment(key, closed_at, 4, 4, scores, overall=min(levels.values()))
        await maturity.close(tx, key, "all_answered", closed_at, found.to_json())
    return team.team_id
