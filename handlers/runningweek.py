"""The week so far, told so that no two readings of it give a single answer away."""

from domain.periods import Period
from domain.team import TeamWeek, team_week
from handlers.teamreading import TeamReading
from handlers.teamweeks import GUARDS
from storage import summaries, timesplit


async def running_week(reading: TeamReading, period: Period) -> TeamWeek:
    """The week so far, on the answers that were last shown, until two have changed.

    Numbers before and after a single answer would give that answer away.
    """
    tx, team_id = reading.tx, reading.team.team_id
    records = await reading.records(period, period)
    week = records.week(period)
    logs = await timesplit.of_people(tx, sorted(records.counted(period)), period, period)
    versions = {log.user_id: (log.edited_at or log.logged_at).isoformat() for log in logs}
    shown = await summaries.released(tx, team_id, period)
    if shown is None:
        if week.shares is not None:
            await summaries.release(tx, team_id, period, versions)
        return week
    changed = {u for u in {*shown, *versions} if shown.get(u) != versions.get(u)}
    if len(changed) >= 2:
        await summaries.release(tx, team_id, period, versions)
        return week
    kept = [log.split for log in logs if log.user_id not in changed and log.split is not None]
    return team_week(period, kept, week.active, records.catalog, GUARDS) if changed else week
