"""Gathers what the rules about a team's practice need to know."""

from datetime import datetime

from domain.baseline import baseline_of
from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.practice import Practice, Shift
from domain.practicefacts import shift_of, stuck_facts
from domain.stalls import stalls
from handlers.items import items_of
from handlers.services import Services
from handlers.teamweeks import weeks_between
from storage import roi
from storage.database import Tx
from storage.teams import Team


async def practice_of(services: Services, tx: Tx, team: Team, now: datetime) -> Practice:
    """The team's practice as it is now."""
    playbook = services.playbook
    items = await items_of(services, tx, team.team_id)
    return Practice(
        stale_days=playbook.maturity.due.stale_days,
        stuck=stuck_facts(stalls(items, now, playbook.rules)),
        shift=await _shift(services, tx, team, now),
        items={item.id: item.text for _, item in playbook.checklist.items()},
    )


async def _shift(services: Services, tx: Tx, team: Team, now: datetime) -> Shift | None:
    """Where the hours went since the baseline, from weeks that are over."""
    zone = zone_or_utc(team.tz)
    last = Period.containing(now.astimezone(zone).date()).shift(-1)
    first = Period.containing(team.created_at.astimezone(zone).date())
    catalog = await services.catalog_of(tx)
    weeks = await weeks_between(tx, team, first, last, catalog)
    inputs = await roi.inputs_of(tx, team.team_id)
    usual = services.playbook.benchmarks.roi.baseline_weeks
    baseline = baseline_of(weeks, usual, inputs.baseline if inputs else None)
    if baseline is None:
        return None
    count = services.playbook.rules.rules["R15"].count("weeks")
    return shift_of(baseline, weeks, count, catalog)
