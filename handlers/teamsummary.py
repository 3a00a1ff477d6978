"""A team's weekly summary: its weeks, its practice and the company's rules put together."""

from datetime import datetime

from domain.categories import Catalog
from domain.periods import Period
from domain.summary import WeeklySummary, weekly_summary
from domain.team import TeamWeek
from handlers.goals import target_of
from handlers.practice import practice_of
from handlers.services import Services
from handlers.teamweeks import HISTORY_WEEKS, headcount, records_of
from storage import summaries
from storage.database import Tx
from storage.teams import Team


async def summary_of(
    services: Services,
    tx: Tx,
    team: Team,
    period: Period,
    catalog: Catalog,
    *,
    now: datetime,
    week: TeamWeek | None = None,
    figures_only: bool = False,
) -> WeeklySummary:
    """The summary of a week; `week` in place of its own figures where those are held back.

    `figures_only`: for those who do not show what the team's practice suggests.
    """
    records = await records_of(tx, team, period)
    before = [records.week(period.shift(-n), catalog) for n in range(HISTORY_WEEKS - 1, 0, -1)]
    history = [past for past in before if past.active]
    return weekly_summary(
        [*history, week or records.week(period, catalog)],
        pm_count=headcount(records),
        catalog=catalog,
        target=await target_of(tx, team),
        recent_rules=await summaries.insights_shown(tx, team.team_id, period),
        rules=services.playbook.rules,
        practice=None if figures_only else await practice_of(services, tx, team, now),
    )
