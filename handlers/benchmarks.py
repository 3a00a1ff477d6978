"""`/prodops benchmark`: the team on the reference ladders, with what each place rests on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from domain.benchmarks import (
    LadderRow,
    Measure,
    Measured,
    MultipleCuts,
    ShareCuts,
    ladder_rows,
    level_band,
    multiple_band,
    share_band,
)
from domain.checklist import TeamItem
from domain.commitments import CheckinKept, commitments
from domain.localtime import resolve_local, zone_or_utc
from domain.maturity import Assessment, MaturityModel
from domain.roi import RoiResult, multiple_text
from domain.team import percent
from handlers.assessments import assessments_of
from handlers.items import items_of
from handlers.registry import Registry
from handlers.roi import roi_of
from handlers.services import Services
from handlers.teamhistory import History
from storage import commitments as stored
from storage.database import Tx
from storage.teams import Team


def register(registry: Registry) -> None:
    """Nothing yet."""


async def ladders_of(
    services: Services,
    tx: Tx,
    team: Team,
    now: datetime,
    *,
    industry: str | None = None,
    history: History | None = None,
) -> list[LadderRow]:
    """The four ladders with the team's place on each; `industry` in place of the team's own."""
    benchmarks, model = services.playbook.benchmarks, services.playbook.maturity
    zone = zone_or_utc(team.tz)
    today = now.astimezone(zone).date()
    assessments = await assessments_of(tx, team.team_id)
    fresh = fresh_one(assessments, model, today)
    items = await items_of(services, tx, team.team_id)
    returned = await roi_of(services, tx, team, now, history=history)
    cuts = benchmarks.cuts
    adopted = _in_use(items, benchmarks.practices, today, cuts.adoption.days, zone)
    kept = await _kept(tx, team, items, assessments, model, today, cuts.compliance, zone)
    measured: Mapping[Measure, Measured] = {
        "maturity": _maturity(assessments, fresh, model, today, services),
        "adoption": _shared(adopted, cuts.adoption, fresh, model, _ADOPTION),
        "compliance": _shared(kept, cuts.compliance, fresh, model, _COMPLIANCE),
        "roi": _roi(returned, cuts.roi),
    }
    return ladder_rows(benchmarks, measured, industry or team.industry)


def fresh_one(
    assessments: Sequence[Assessment], model: MaturityModel, today: date
) -> Assessment | None:
    """The newest assessment, unless it is stale."""
    newest = next(iter(assessments), None)
    if newest is None or newest.age_days(today) > model.due.stale_days:
        return None
    return newest


def _maturity(
    assessments: Sequence[Assessment],
    fresh: Assessment | None,
    model: MaturityModel,
    today: date,
    services: Services,
) -> Measured:
    if not assessments:
        return _not_yet("no maturity check-in has come to a result.")
    if fresh is None:
        age = assessments[0].age_days(today)
        limit = model.due.stale_days
        return _not_yet(f"the last check-in is {age} days old, and counts for {limit}.")
    if fresh.overall is None:
        return _not_yet("the last check-in rated too few dimensions for an overall level.")
    level = fresh.overall
    band = level_band(level, services.playbook.benchmarks.cuts.maturity)
    return Measured(f"level {level}, {model.level_name(level)}", band, "the last check-in")


#: What is counted: (noun of the value, what it rests on, why there is nothing to count).
_ADOPTION = ("practices in use", "confirmed in the last {days} days")
_COMPLIANCE = ("commitments kept", "met before any reminder, last {days} days")


def _shared(
    counted: tuple[int, int] | str,
    cuts: ShareCuts,
    fresh: Assessment | None,
    model: MaturityModel,
    words: tuple[str, str],
) -> Measured:
    """A share of something counted; text instead of numbers says why there is none."""
    if isinstance(counted, str):
        return _not_yet(counted)
    some, whole = counted
    share = Fraction(some, whole)
    level = fresh.level(cuts.dimension) if fresh else None
    band = share_band(share, level, cuts)
    noun, basis = words
    why = basis.format(days=cuts.days)
    if band != "elite" and share >= Fraction(cuts.elite):
        dimension = model.get(cuts.dimension)
        name = dimension.name if dimension else cuts.dimension
        why += f"; the top band also asks for level {cuts.level} in {name}"
    return Measured(f"{percent(share)}%: {some} of {whole} {noun}", band, why)


def _in_use(
    items: Sequence[TeamItem], practices: Sequence[str], today: date, days: int, zone: ZoneInfo
) -> tuple[int, int] | str:
    """Practices of the list that were done or confirmed of late, of all that the list has."""
    found = [item for item in items if item.ref in practices]
    if not found:
        return "the checklist has none of the practices it counts."
    if all(item.item_id is None for item in items):
        return "nobody has begun the checklist."
    since = today - timedelta(days=days)
    in_use = 0
    for item in found:
        seen = [at.astimezone(zone).date() for at in (item.done_at, item.confirmed_at) if at]
        in_use += item.state == "done" and any(day >= since for day in seen)
    return in_use, len(found)


async def _kept(
    tx: Tx,
    team: Team,
    items: Sequence[TeamItem],
    assessments: Sequence[Assessment],
    model: MaturityModel,
    today: date,
    cuts: ShareCuts,
    zone: ZoneInfo,
) -> tuple[int, int] | str:
    """Dated commitments met before anybody was reminded, of all that fell due."""
    since = today - timedelta(days=cuts.days)
    begin, end = (resolve_local(day, time(0), zone) for day in (since, today))
    checkins = [
        CheckinKept(at.astimezone(zone).date(), came)
        for at, came in await stored.deadlines(tx, team.team_id, begin, end)
    ]
    found = commitments(
        [(i, i.done_at.astimezone(zone).date() if i.done_at else None) for i in items],
        checkins,
        [assessment.closed_at.astimezone(zone).date() for assessment in assessments],
        model.due,
        since=since,
        today=today,
    )
    if not found.due:
        return f"nothing with a date fell due in the last {cuts.days} days."
    return found.met, found.due


def _roi(result: RoiResult, cuts: MultipleCuts) -> Measured:
    if result.multiple is None:
        return Measured("", None, result.why)
    band = multiple_band(result.multiple, cuts)
    shown = multiple_text(result.multiple)
    if multiple_band(round(result.multiple, 1), cuts) != band:
        # Rounded to a tenth, it would seem to be in another band.
        shown = f"{float(result.multiple):.2f}x"
    why = result.why or f"{result.weeks} weeks after the baseline"
    return Measured(shown, band, f"{why}, load grew" if result.load_grew else why)


def _not_yet(why: str) -> Measured:
    return Measured("", None, f"not measurable yet: {why}")
