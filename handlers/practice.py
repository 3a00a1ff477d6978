"""Gathers what the rules about a team's practice need to know."""

from collections.abc import Sequence
from datetime import datetime

from domain.localtime import zone_or_utc
from domain.maturity import Assessment
from domain.practice import BandChange, Practice, Shift
from domain.practicefacts import assessment_fact, band_changes, shift_of, stuck_facts
from domain.roi import RoiResult
from domain.stalls import stalls
from handlers.assessments import assessments_of
from handlers.benchmarks import ladders_of
from handlers.items import items_of
from handlers.roi import roi_of
from handlers.services import Services
from handlers.teamhistory import History, history_of
from storage.database import Tx
from storage.teams import Team


async def practice_of(services: Services, tx: Tx, team: Team, now: datetime) -> Practice:
    """The team's practice as it is now."""
    playbook = services.playbook
    items = await items_of(services, tx, team.team_id)
    assessments = await assessments_of(tx, team.team_id, 2)
    newest = next(iter(assessments), None)
    history = await history_of(services, tx, team, now)
    returned = await roi_of(services, tx, team, now, history=history)
    today = now.astimezone(zone_or_utc(team.tz)).date()
    fact = assessment_fact(newest, playbook.maturity, today) if newest else None
    return Practice(
        assessment=fact,
        stale_days=playbook.maturity.due.stale_days,
        stuck=stuck_facts(stalls(items, now, playbook.rules)),
        bands=await _bands(services, tx, team, now, assessments, history),
        shift=_shift(services, history, returned),
        breakeven_hours=returned.breakeven_hours,
        items={item.id: item.text for _, item in playbook.checklist.items()},
    )


async def _bands(
    services: Services,
    tx: Tx,
    team: Team,
    now: datetime,
    assessments: Sequence[Assessment],
    history: History,
) -> tuple[BandChange, ...]:
    """Compared with the newest assessment; while that is news itself, with the one before."""
    if not assessments:
        return ()
    today = now.astimezone(zone_or_utc(team.tz)).date()
    is_news = assessments[0].age_days(today) <= services.playbook.rules.cooldown_days
    before = assessments[1] if is_news and len(assessments) > 1 else assessments[0]
    if not before.bands:
        return ()
    rows = await ladders_of(services, tx, team, now, history=history)
    return band_changes(before.bands, rows)


def _shift(services: Services, history: History, returned: RoiResult) -> Shift | None:
    """Where the hours went since the baseline."""
    if history.baseline is None:
        return None
    count = services.playbook.rules.rules["R15"].count("weeks")
    realised = returned.realisation if returned.realisation_measured else None
    return shift_of(history.baseline, history.weeks, count, history.catalog, realised)
