"""Gathers what a review of a month or quarter says of a team."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from domain.baseline import baseline_of
from domain.categories import Catalog
from domain.checklist import progress
from domain.insights import Insight, evaluate
from domain.localtime import resolve_local, zone_or_utc
from domain.outcomes import decisions_wanted, ended, maturity_change
from domain.periods import Period
from domain.programme import Programme
from domain.reviews import Review, review
from domain.roi import RoiResult
from domain.spans import Span
from domain.summary import Target
from domain.team import TeamWeek
from handlers.assessments import assessments_of
from handlers.items import items_of
from handlers.practice import practice_of
from handlers.programme import programme_from
from handlers.services import Services
from handlers.teamweeks import GUARDS, HISTORY_WEEKS, MOST_WEEKS, headcount, records_of, weeks_in
from handlers.views.reviews import Report, Rung
from storage import goals
from storage import roi as costs
from storage.database import Tx
from storage.teams import Team

_SHARE = "operational_share"


def bounds(team: Team, span: Span) -> tuple[datetime, datetime]:
    """The instants at which a span begins and has ended, in the team's zone."""
    zone = zone_or_utc(team.tz)
    return (
        resolve_local(span.first_day, time(0), zone),
        resolve_local(span.last_day + timedelta(days=1), time(0), zone),
    )


async def report_of(services: Services, tx: Tx, team: Team, span: Span, now: datetime) -> Report:
    """The review of a span as it reads now; its figures as far as the weeks are over."""
    catalog = await services.catalog_of(tx)
    begins, ends = bounds(team, span)
    today = now.astimezone(zone_or_utc(team.tz)).date()
    running = Period.containing(today)
    last = min(span.last_week, running.shift(-1))
    records = await records_of(tx, team, last, last.shift(1 - MOST_WEEKS))
    known = weeks_in(records, last.shift(1 - MOST_WEEKS), last, catalog)
    weeks = [week for week in known if week.active]
    target = await _target(tx, team, begins)
    found = await _review(services, tx, team, span, weeks, running, catalog, target)
    items = await items_of(services, tx, team.team_id)
    assessments = await assessments_of(tx, team.team_id)
    change = maturity_change(assessments, begins, ends, services.playbook.maturity)
    programme = await programme_from(tx, team, items, assessments, now)
    insights: list[Insight] = []
    if weeks:
        practice = await practice_of(services, tx, team, now)
        recent = weeks[-HISTORY_WEEKS:]
        rules = services.playbook.rules
        insights = evaluate(recent, headcount(records), catalog, rules, practice)
    is_quarter = span.kind == "quarter"
    roi = await _roi(services, tx, team, span, now) if is_quarter else None
    return Report(
        review=found,
        team_name=team.name,
        catalog=catalog,
        hire_line=services.playbook.rules.hire_line,
        maturity=change,
        ladders=await _ladders(services, tx, team, now) if is_quarter else (),
        roi=roi,
        steps=progress(items),
        programme=programme,
        ended=ended(items, begins, ends),
        wanted=decisions_wanted(
            insights=insights,
            roi=roi,
            change=change,
            target=target,
            operational=found.figures.operational if found.figures else None,
            today=today,
            stale_days=services.playbook.maturity.due.stale_days,
        )
        if is_quarter
        else (),
        next_step=_next_step(insights, programme),
    )


async def _review(
    services: Services,
    tx: Tx,
    team: Team,
    span: Span,
    weeks: Sequence[TeamWeek],
    running: Period,
    catalog: Catalog,
    target: Target | None,
) -> Review:
    inputs = await costs.inputs_of(tx, team.team_id)
    count = services.playbook.benchmarks.roi.baseline_weeks
    baseline = baseline_of(weeks, count, inputs.baseline if inputs else None)
    return review(span, weeks, running, catalog, baseline=baseline, target=target, guards=GUARDS)


async def _target(tx: Tx, team: Team, begins: datetime) -> Target | None:
    """The open goal for the operational share, else the last that ended since the span began."""
    goal = await goals.open_for(tx, team.team_id, _SHARE)
    if goal is None:
        over = await goals.closed_of(tx, team.team_id, 20)
        goal = next(
            (
                g
                for g in over
                if g.metric == _SHARE
                and g.state in ("met", "missed")
                and g.closed_at is not None
                and g.closed_at >= begins
            ),
            None,
        )
    return Target(goal.target, goal.due_on) if goal else None


async def _roi(
    services: Services, tx: Tx, team: Team, span: Span, now: datetime
) -> RoiResult | None:
    return None


async def _ladders(services: Services, tx: Tx, team: Team, now: datetime) -> Sequence[Rung]:
    return ()


def _next_step(insights: Sequence[Insight], programme: Programme) -> str:
    """What the rules point at first, else what the programme waits for."""
    if insights:
        return insights[0].text
    if programme.missing:
        item = programme.missing[0]
        return f"{item.label} {item.text}"
    return ""
