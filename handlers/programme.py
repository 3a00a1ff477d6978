"""Where a team's programme stands: its checklist, beside what the bot itself has recorded."""

from collections import Counter

from domain.programme import Evidence, Programme, programme
from handlers.goals import target_of
from handlers.teamreading import TeamReading
from handlers.teamweeks import HISTORY_WEEKS, calendar

#: The playbook's item about logging, and how many weeks of it.
_LOGGING, _FULL_WEEKS = "A2", 2


async def programme_of(reading: TeamReading) -> Programme:
    """Where the team stands in assess, goals, plan, execute, iterate."""
    items, assessments = await reading.items(), await reading.assessments()
    costs = await reading.costs()
    logged, people = await _logged(reading)
    evidence = Evidence(
        logged_people=logged,
        people=people,
        assessments=len(assessments),
        raters=assessments[0].answered if assessments else 0,
        has_operational_goal=await target_of(reading) is not None,
        has_costs=costs is not None and costs.pm_salary is not None,
    )
    return programme(items, evidence)


async def _logged(reading: TeamReading) -> tuple[int, int]:
    """(people with two full weeks, people), looked up only while it matters."""
    if not any(item.ref == _LOGGING and not item.is_over for item in await reading.items()):
        return 0, 0
    first, last = reading.last.shift(1 - HISTORY_WEEKS), reading.last
    records, crew = await reading.records(first, last), await reading.crew()
    here = {stay.user_id for stay in crew.stays if stay.left_at is None}
    weeks = Counter(u for period in calendar(first, last) for u in records.split(period) & here)
    return sum(count >= _FULL_WEEKS for count in weeks.values()), len(here)
