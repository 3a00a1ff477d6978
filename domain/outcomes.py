"""What a span brought besides its figures: maturity then and now, and what is to be decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from domain.checklist import TeamItem
from domain.insights import Insight
from domain.maturity import Assessment, MaturityModel, Spread
from domain.periods import day_label
from domain.roi import RoiResult, hours_text, multiple_text
from domain.summary import Target
from domain.team import percent

#: Dimensions to raise next.
NEXT_DIMENSIONS = 2
#: The rule that says that a hire is due.
HIRE_RULE = "R01"


@dataclass(frozen=True)
class Standing:
    """A dimension's level now and at the earlier assessment; `counts` where views are split."""

    dimension: str
    name: str
    level: int | None
    before: int | None
    spread: Spread | None = None
    counts: tuple[int, ...] = ()
    milestone: str | None = None

    @property
    def change(self) -> int:
        return self.level - self.before if self.level and self.before else 0


@dataclass(frozen=True)
class MaturityChange:
    """The last assessment by the end of a span beside the last one before it (or its first).

    `held_back_by` are names of dimensions; `fresh`: `now` was closed within the span.
    """

    now: Assessment
    then: Assessment | None
    standings: tuple[Standing, ...]
    held_back_by: tuple[str, ...]
    fresh: bool

    @property
    def raised(self) -> list[Standing]:
        return [s for s in self.standings if s.change > 0]

    @property
    def fallen(self) -> list[Standing]:
        return [s for s in self.standings if s.change < 0]

    @property
    def split(self) -> list[Standing]:
        return [s for s in self.standings if s.spread == "split"]

    @property
    def lowest(self) -> list[Standing]:
        """The dimensions to raise next: the lowest, in the model's order."""
        known = [s for s in self.standings if s.level is not None]
        return sorted(known, key=lambda s: s.level or 0)[:NEXT_DIMENSIONS]


def maturity_change(
    assessments: Sequence[Assessment], begins: datetime, ends: datetime, model: MaturityModel
) -> MaturityChange | None:
    """Out of closed assessments in any order; None where there was none by the span's end."""
    known = sorted((a for a in assessments if a.closed_at < ends), key=lambda a: a.closed_at)
    if not known:
        return None
    now = known[-1]
    earlier = [a for a in known[:-1] if a.closed_at < begins] or known[:-1][:1]
    then = earlier[-1] if earlier and now.closed_at >= begins else None
    standings = tuple(
        Standing(
            dimension=dimension.id,
            name=dimension.name,
            level=score.level,
            before=then.level(dimension.id) if then else None,
            spread=score.spread,
            counts=score.counts,
            milestone=dimension.milestone(score.level) if score.level else None,
        )
        for dimension in model
        if (score := now.score(dimension.id)) is not None
    )
    names = {dimension.id: dimension.name for dimension in model}
    held = tuple(names[i] for i in now.held_back_by if i in names)
    return MaturityChange(now, then, standings, held, now.closed_at >= begins)


@dataclass(frozen=True)
class Ended:
    """What became of items within a span; dropped and blocked ones with the reason given."""

    done: tuple[TeamItem, ...]
    blocked: tuple[TeamItem, ...]
    dropped: tuple[TeamItem, ...]


def ended(items: Sequence[TeamItem], begins: datetime, ends: datetime) -> Ended:
    def within(at: datetime | None) -> bool:
        return at is not None and begins <= at < ends

    return Ended(
        done=tuple(i for i in items if i.state == "done" and within(i.done_at or i.state_since)),
        blocked=tuple(i for i in items if i.state == "blocked"),
        dropped=tuple(i for i in items if i.state == "dropped" and within(i.state_since)),
    )


def decisions_wanted(
    *,
    insights: Sequence[Insight],
    roi: RoiResult | None,
    change: MaturityChange | None,
    target: Target | None,
    operational: Fraction | None,
    today: date,
    stale_days: int,
) -> tuple[str, str, str]:
    """The three questions of a quarter: the role, the next dimensions, the target."""
    return (
        _about_the_role(insights, roi),
        _about_dimensions(change, today, stale_days),
        _about_the_target(target, operational, today),
    )


def _about_the_role(insights: Sequence[Insight], roi: RoiResult | None) -> str:
    if roi is not None and roi.status in ("ok", "preliminary") and roi.multiple is not None:
        told = f"{multiple_text(roi.multiple)} realised"
        if roi.status == "preliminary":
            told += ", still preliminary"
        if roi.load_grew:
            return f"Keep, change or end the product operations role: the load grew ({told})"
        if roi.multiple >= 1:
            return f"Keep the product operations role: {told}"
        even = roi.breakeven_hours
        if even is not None:
            told += f", break-even at {hours_text(even)} per PM and week"
        return f"Keep or resize the product operations role: {told}"
    hire = next((insight for insight in insights if insight.rule == HIRE_RULE), None)
    if hire is not None:
        return "Hire for product operations, part-time or by rotation: the hire signal holds"
    if roi is not None and roi.status == "no_cost":
        return (
            "Agree what product operations costs (`/prodops roi`), so that its return can be told"
        )
    return "The product operations role: nothing to decide on these numbers yet"


def _about_dimensions(change: MaturityChange | None, today: date, stale_days: int) -> str:
    if change is None:
        return "Assess maturity (`/prodops maturity`): there is no check-in yet"
    age = change.now.age_days(today)
    if age > stale_days:
        return f"Assess maturity again: the last check-in is {age} days old"
    names = " and ".join(f"{s.name} (level {s.level})" for s in change.lowest)
    return f"Which dimensions to raise next; the lowest: {names}"


def _about_the_target(target: Target | None, operational: Fraction | None, today: date) -> str:
    now = f", now {percent(operational)}%" if operational is not None else ""
    if target is None:
        return f"Set a target for operational time (`/prodops goals`){now}"
    goal = f"{percent(target.share)}%"
    if operational is not None and operational <= target.share:
        return f"A new target: {goal} is met{now}"
    by = f" by {day_label(target.by)}" if target.by else ""
    if target.by is not None and target.by < today:
        return f"A new target or date: {goal}{by} was missed{now}"
    return f"Keep the target of {goal}{by}, or change it{now}"
