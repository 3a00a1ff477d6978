"""Where a team's programme stands: its checklist, beside what the bot itself has recorded."""

from collections.abc import Sequence
from datetime import datetime

from domain.checklist import TeamItem
from domain.localtime import zone_or_utc
from domain.maturity import Assessment
from domain.periods import Period
from domain.programme import Evidence, Programme, programme
from handlers.assessments import assessments_of
from handlers.items import items_of
from handlers.services import Services
from handlers.teamweeks import TeamRecords, records_of
from storage import goals, roi
from storage.database import Tx
from storage.teams import Team

#: The playbook's item about logging, and how many weeks of it.
_LOGGING, _FULL_WEEKS = "A2", 2


async def programme_of(services: Services, tx: Tx, team: Team, now: datetime) -> Programme:
    """Where the team stands in assess, goals, plan, execute, iterate."""
    items = await items_of(services, tx, team.team_id)
    found = await assessments_of(tx, team.team_id, limit=2)
    return await programme_from(tx, team, items, found, now)


async def programme_from(
    tx: Tx,
    team: Team,
    items: Sequence[TeamItem],
    assessments: Sequence[Assessment],
    now: datetime,
) -> Programme:
    """The same on items and assessments (newest first) that are at hand already."""
    costs = await roi.inputs_of(tx, team.team_id)
    logged, people = await _logged(tx, team, items, now)
    evidence = Evidence(
        logged_people=logged,
        people=people,
        assessments=len(assessments),
        raters=assessments[0].answered if assessments else 0,
        has_operational_goal=await goals.open_for(tx, team.team_id, "operational_share")
        is not None,
        has_costs=costs is not None and costs.pm_salary is not None,
    )
    return programme(items, evidence)


async def _logged(tx: Tx, team: Team, items: Sequence[TeamItem], now: datetime) -> tuple[int, int]:
    """(people with two full weeks, people), looked up only while it matters."""
    if not any(item.ref == _LOGGING and not item.is_over for item in items):
        return 0, 0
    last = Period.containing(now.astimezone(zone_or_utc(team.tz)).date()).shift(-1)
    return full_weeks(await records_of(tx, team, last))


def full_weeks(records: TeamRecords) -> tuple[int, int]:
    """(present members with splits of two weeks or more, present members)."""
    here = {stay.user_id for stay in records.stays if stay.left_at is None}
    counts = dict.fromkeys(here, 0)
    for (user_id, _), log in records.logs.items():
        if user_id in counts and log.split is not None:
            counts[user_id] += 1
    return sum(weeks >= _FULL_WEEKS for weeks in counts.values()), len(here)
