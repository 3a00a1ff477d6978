"""What a team shows on each reference ladder, or what is missing for it."""

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo
from fractions import Fraction

from domain.benchmarks import (
    LevelCuts,
    Measured,
    MultipleCuts,
    ShareCuts,
    level_band,
    multiple_band,
    share_band,
)
from domain.checklist import TeamItem
from domain.maturity import Assessment, MaturityModel
from domain.roi import RoiResult, multiple_text
from domain.team import percent

#: What is counted: (noun of the value, what it rests on).
ADOPTION = ("practices in use", "done or confirmed in the last {days} days")
COMPLIANCE = ("commitments kept", "met before any reminder, last {days} days")


def fresh_one(
    assessments: Sequence[Assessment], model: MaturityModel, today: date
) -> Assessment | None:
    """The newest of assessments (newest first), unless it is stale."""
    newest = next(iter(assessments), None)
    if newest is None or newest.age_days(today) > model.due.stale_days:
        return None
    return newest


def of_maturity(
    assessments: Sequence[Assessment], model: MaturityModel, today: date, cuts: LevelCuts
) -> Measured:
    """The overall level of the last assessment, which a stale one hides."""
    if not assessments:
        return not_yet("no maturity check-in has come to a result.")
    fresh = fresh_one(assessments, model, today)
    if fresh is None:
        age = assessments[0].age_days(today)
        limit = model.due.stale_days
        return not_yet(f"the last check-in is {age} days old, and counts for {limit}.")
    if fresh.overall is None:
        return not_yet("the last check-in rated too few dimensions for an overall level.")
    level = fresh.overall
    name = model.level_name(level)
    return Measured(f"level {level}, {name}", level_band(level, cuts), "the last check-in")


def of_count(
    counted: tuple[int, int] | str,
    cuts: ShareCuts,
    fresh: Assessment | None,
    model: MaturityModel,
    words: tuple[str, str],
) -> Measured:
    """So many of so many; a text instead says why there is nothing to count."""
    if isinstance(counted, str):
        return not_yet(counted)
    some, whole = counted
    share = Fraction(some, whole)
    band = share_band(share, fresh.level(cuts.dimension) if fresh else None, cuts)
    noun, basis = words
    why = basis.format(days=cuts.days)
    if band != "elite" and share >= Fraction(cuts.elite):
        dimension = model.get(cuts.dimension)
        name = dimension.name if dimension else cuts.dimension
        why += f"; the top band also asks for level {cuts.level} in {name}"
    return Measured(f"{percent(share)}%: {some} of {whole} {noun}", band, why)


def in_use(
    items: Sequence[TeamItem], practices: Sequence[str], today: date, days: int, zone: tzinfo
) -> tuple[int, int] | str:
    """Practices that were done or confirmed of late, of all that the checklist has."""
    found = [item for item in items if item.ref in practices]
    if not found:
        return "the checklist has none of the practices that count."
    if all(item.item_id is None for item in items):
        return "nobody has begun the checklist."
    since = today - timedelta(days=days)
    used = 0
    for item in found:
        seen = [at.astimezone(zone).date() for at in (item.done_at, item.confirmed_at) if at]
        used += item.state == "done" and any(day >= since for day in seen)
    return used, len(found)


def of_return(result: RoiResult, cuts: MultipleCuts) -> Measured:
    """The realised multiple."""
    if result.multiple is None:
        return Measured("", None, result.why if result.status == "no_cost" else _not_yet(result))
    band = multiple_band(result.multiple, cuts)
    shown = multiple_text(result.multiple)
    if multiple_band(round(result.multiple, 1), cuts) != band:
        # Rounded to a tenth, it would seem to be in another band.
        shown = f"{float(result.multiple):.2f}x"
    why = result.why or f"{result.weeks} weeks after the baseline"
    return Measured(shown, band, f"{why}, load grew" if result.load_grew else why)


def _not_yet(result: RoiResult) -> str:
    return f"not measurable yet: {result.why}"


def not_yet(why: str) -> Measured:
    return Measured("", None, f"not measurable yet: {why}")
