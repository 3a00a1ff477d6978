"""Gathers what the rules about a team's practice need to know."""

from domain.practice import BandChange, Practice, Shift
from domain.practicefacts import assessment_fact, band_changes, shift_of, stuck_facts
from domain.roi import RoiResult
from domain.stalls import stalls
from handlers.benchmarks import ladders_of
from handlers.roi import roi_of
from handlers.teamhistory import History, history_of
from handlers.teamreading import TeamReading


async def practice_of(reading: TeamReading) -> Practice:
    """The team's practice as it is now."""
    playbook = reading.services.playbook
    newest = next(iter(await reading.assessments()), None)
    history = await history_of(reading)
    returned = await roi_of(reading)
    return Practice(
        assessment=assessment_fact(newest, playbook.maturity, reading.today) if newest else None,
        stale_days=playbook.maturity.due.stale_days,
        stuck=stuck_facts(stalls(await reading.items(), reading.now, playbook.rules)),
        bands=await _bands(reading),
        shift=_shift(reading, history, returned),
        breakeven_hours=returned.breakeven_hours,
        items={item.id: item.text for _, item in playbook.checklist.items()},
    )


async def _bands(reading: TeamReading) -> tuple[BandChange, ...]:
    """Compared with the newest assessment; while that is news itself, with the one before."""
    assessments = await reading.assessments()
    if not assessments:
        return ()
    rules = reading.services.playbook.rules
    is_news = assessments[0].age_days(reading.today) <= rules.cooldown_days
    before = assessments[1] if is_news and len(assessments) > 1 else assessments[0]
    if not before.bands:
        return ()
    return band_changes(before.bands, await ladders_of(reading))


def _shift(reading: TeamReading, history: History, returned: RoiResult) -> Shift | None:
    """Where the hours went since the baseline."""
    if history.baseline is None:
        return None
    count = reading.services.playbook.rules.rules["R15"].count("weeks")
    realised = returned.realisation if returned.realisation_measured else None
    return shift_of(history.baseline, history.weeks, count, history.catalog, realised)
