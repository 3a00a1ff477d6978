"""A team's baseline and its last quarter, which goals, return and ladders are all read from."""

from dataclasses import dataclass

from domain.baseline import Baseline, baseline_of
from domain.categories import Catalog
from domain.periods import WEEKS_BACK, Period
from domain.roi import CALENDAR_QUARTER, RoiInputs
from domain.team import TeamWeek
from handlers.teamreading import TeamReading
from handlers.teamweeks import MOST_WEEKS


@dataclass(frozen=True)
class History:
    """What is known up to the week `last`, which is over.

    `weeks` are those of the last quarter, from the week `since` on, in which somebody was due to
    log.
    """

    last: Period
    since: Period
    catalog: Catalog
    inputs: RoiInputs
    baseline: Baseline | None
    weeks: list[TeamWeek]


async def history_of(reading: TeamReading) -> History:
    """Read in a few queries, however old the team is."""
    return await reading.once(_history)


async def read_ahead(reading: TeamReading, first: Period, last: Period) -> None:
    """Read the weeks from `first` to `last` at once with those that the history will ask for."""
    start, since = _begin(reading)
    # The baseline of a young team lies so near that one reading of all is the shorter one.
    near = start if start.shift(CALENDAR_QUARTER) >= since.shift(-1) else since
    await reading.records(min(first, near), max(last, reading.last))


def _begin(reading: TeamReading) -> tuple[Period, Period]:
    """The first week that anybody may have logged, and that of the last quarter at most."""
    # People may have logged some weeks before the team was set up.
    created = Period.containing(reading.team.created_at.astimezone(reading.zone).date())
    start, last = created.shift(-WEEKS_BACK), reading.last
    return start, max(min(start, last), last.shift(1 - CALENDAR_QUARTER))


async def _history(reading: TeamReading) -> History:
    inputs = await reading.costs() or RoiInputs()
    start, since = _begin(reading)
    last = reading.last
    count = reading.services.playbook.benchmarks.roi.baseline_weeks
    if inputs.baseline is not None:
        first, end = inputs.baseline
        chosen = await reading.weeks(max(first, end.shift(1 - MOST_WEEKS)), end)
        baseline = baseline_of([w for w in chosen if w.period <= last], count, (first, end))
    elif start >= since:
        baseline = baseline_of(await reading.weeks(since, last), count)
    else:
        baseline = await _first_weeks(reading, start, count)
    weeks = [week for week in await reading.weeks(since, last) if week.active]
    return History(last, since, await reading.catalog(), inputs, baseline, weeks)


async def _first_weeks(reading: TeamReading, start: Period, count: int) -> Baseline | None:
    """The first weeks with numbers: a quarter is read at a time, until there are enough."""
    weeks: list[TeamWeek] = []
    begin = end = start
    while True:
        end = min(end.shift(CALENDAR_QUARTER), reading.last)
        weeks += await reading.weeks(begin, end)
        baseline = baseline_of(weeks, count)
        enough = baseline is not None and baseline.weeks >= count
        if enough or end >= min(reading.last, start.shift(MOST_WEEKS)):
            return baseline
        begin = end.shift(1)
