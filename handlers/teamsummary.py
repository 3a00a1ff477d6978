"""A team's weekly summary: its weeks, its practice and the company's rules put together."""

from domain.periods import Period
from domain.summary import WeeklySummary, weekly_summary
from domain.team import TeamWeek
from handlers.goals import target_of
from handlers.practice import practice_of
from handlers.teamhistory import read_ahead
from handlers.teamreading import TeamReading
from handlers.teamweeks import HISTORY_WEEKS
from storage import summaries


async def summary_of(
    reading: TeamReading, period: Period, *, week: TeamWeek | None = None
) -> WeeklySummary:
    """The summary of a week; `week` in place of its own figures where those are held back."""
    first = period.shift(1 - HISTORY_WEEKS)
    await read_ahead(reading, first, period)
    *before, own = await reading.weeks(first, period)
    return weekly_summary(
        [*(past for past in before if past.active), week or own],
        pm_count=await reading.headcount(),
        catalog=await reading.catalog(),
        target=await target_of(reading),
        recent_rules=await summaries.insights_shown(reading.tx, reading.team.team_id, period),
        rules=reading.services.playbook.rules,
        practice=await practice_of(reading),
    )
