"""A team's baseline and its last quarter, which goals, return and ladders are all read from."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from domain.baseline import Baseline, baseline_of
from domain.categories import Catalog
from domain.localtime import zone_or_utc
from domain.periods import WEEKS_BACK, Period
from domain.roi import CALENDAR_QUARTER, RoiInputs
from domain.team import TeamWeek
from handlers.services import Services
from handlers.teamweeks import MOST_WEEKS, TeamRecords, records_of, weeks_in
from storage import roi
from storage.database import Tx
from storage.teams import Team


@dataclass(frozen=True)
class History:
    """What is known up to the week `last`, which is over.

    `before` covers the baseline's weeks, `recent` the last quarter from the week `since` on.
    """

    last: Period
    since: Period
    catalog: Catalog
    inputs: RoiInputs
    baseline: Baseline | None
    before: TeamRecords
    recent: TeamRecords

    @cached_property
    def weeks(self) -> list[TeamWeek]:
        """The last quarter's weeks in which somebody was due to log."""
        found = weeks_in(self.recent, self.since, self.last, self.catalog)
        return [week for week in found if week.active]


async def history_of(services: Services, tx: Tx, team: Team, now: datetime) -> History:
    """Read in a few queries, however old the team is."""
    catalog = await services.catalog_of(tx)
    inputs = await roi.inputs_of(tx, team.team_id) or RoiInputs()
    zone = zone_or_utc(team.tz)
    last = Period.containing(now.astimezone(zone).date()).shift(-1)
    # People may have logged some weeks before the team was set up.
    start = Period.containing(team.created_at.astimezone(zone).date()).shift(-WEEKS_BACK)
    since = max(min(start, last), last.shift(1 - CALENDAR_QUARTER))
    recent = await records_of(tx, team, last, since)
    count = services.playbook.benchmarks.roi.baseline_weeks
    if inputs.baseline is not None:
        first, end = inputs.baseline
        before = await records_of(tx, team, end, max(first, end.shift(1 - MOST_WEEKS)))
        weeks = weeks_in(before, max(first, end.shift(1 - MOST_WEEKS)), end, catalog)
        baseline = baseline_of([week for week in weeks if week.period <= last], count, (first, end))
    elif start >= since:
        before = recent
        baseline = baseline_of(weeks_in(recent, since, last, catalog), count)
    else:
        baseline, before = await _first_weeks(tx, team, start, last, count, catalog)
    return History(last, since, catalog, inputs, baseline, before, recent)


async def _first_weeks(
    tx: Tx, team: Team, start: Period, last: Period, count: int, catalog: Catalog
) -> tuple[Baseline | None, TeamRecords]:
    """The first weeks with numbers: a quarter is read at a time, until there are enough."""
    end = start
    while True:
        end = min(end.shift(CALENDAR_QUARTER), last)
        before = await records_of(tx, team, end, start)
        baseline = baseline_of(weeks_in(before, start, end, catalog), count)
        enough = baseline is not None and baseline.weeks >= count
        if enough or end >= min(last, start.shift(MOST_WEEKS)):
            return baseline, before
