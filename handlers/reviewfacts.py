"""Gathers what a review of a month or quarter says of a team."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from domain.categories import Catalog
from domain.checklist import progress
from domain.effects import WEEKS, Effect
from domain.insights import Insight, evaluate
from domain.localtime import resolve_local, zone_or_utc
from domain.outcomes import decisions_wanted, ended, maturity_change
from domain.periods import Period
from domain.programme import Programme
from domain.reviews import WEEKS_IN_LINE, review
from domain.spans import Span
from domain.summary import Target
from domain.team import TeamWeek
from handlers.assessments import assessments_of
from handlers.benchmarks import ladders_of
from handlers.effects import effects_of
from handlers.items import items_of
from handlers.practice import practice_of
from handlers.programme import programme_from
from handlers.roi import roi_of
from handlers.schedule import first_week
from handlers.services import Services
from handlers.teamhistory import History, history_of
from handlers.teamweeks import (
    GUARDS,
    HISTORY_WEEKS,
    TeamRecords,
    headcount,
    records_of,
    weeks_in,
)
from handlers.views.reviews import Report, Rung
from storage import goals
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


def weeks_asked(
    team: Team, records: TeamRecords, first: Period, last: Period, catalog: Catalog
) -> list[TeamWeek]:
    """Weeks in which somebody was due to log; of those before the team was first asked, only the
    ones that have numbers all the same."""
    begun = first_week(team)
    return [
        week
        for week in weeks_in(records, first, last, catalog)
        if week.active and (week.period >= begun or week.shares is not None)
    ]


async def report_of(services: Services, tx: Tx, team: Team, span: Span, now: datetime) -> Report:
    """The review of a span as it reads now; its figures as far as the weeks are over."""
    catalog = await services.catalog_of(tx)
    begins, ends = bounds(team, span)
    running = Period.containing(now.astimezone(zone_or_utc(team.tz)).date())
    last = min(span.last_week, running.shift(-1))
    first = min(span.weeks[0], last.shift(1 - WEEKS_IN_LINE))
    records = await records_of(tx, team, last, first)
    weeks = weeks_asked(team, records, first, last, catalog)
    history = await history_of(services, tx, team, now)
    target = await _target(tx, team, begins)
    items = await items_of(services, tx, team.team_id)
    assessments = await assessments_of(tx, team.team_id)
    programme = await programme_from(tx, team, items, assessments, now)
    insights = await _insights(services, tx, team, weeks, headcount(records), now)
    report = Report(
        review=review(
            span, weeks, running, catalog, baseline=history.baseline, target=target, guards=GUARDS
        ),
        team_name=team.name,
        catalog=catalog,
        hire_line=services.playbook.rules.hire_line,
        maturity=maturity_change(assessments, begins, ends, services.playbook.maturity),
        steps=progress(items),
        programme=programme,
        ended=ended(items, begins, ends),
        next_step=_next_step(insights, programme),
    )
    if span.kind == "month":
        return report
    return await _with_the_quarter(services, tx, team, report, history, insights, now)


async def _with_the_quarter(
    services: Services,
    tx: Tx,
    team: Team,
    report: Report,
    history: History,
    insights: Sequence[Insight],
    now: datetime,
) -> Report:
    """What only a quarter tells: return, ladders, what worked and what is to be decided."""
    span, figures = report.review.span, report.review.figures
    whole = (span.weeks[0], span.last_week)
    roi = await roi_of(services, tx, team, now, *whole, history=history)
    effects = await _effects(services, tx, team, *bounds(team, span), now)
    wanted = decisions_wanted(
        insights=insights,
        roi=roi,
        change=report.maturity,
        target=report.review.target,
        operational=figures.operational if figures else None,
        today=now.astimezone(zone_or_utc(team.tz)).date(),
        stale_days=services.playbook.maturity.due.stale_days,
    )
    return replace(
        report,
        ladders=await _rungs(services, tx, team, now, history),
        roi=roi,
        worked=[e.finding for e in effects if e.is_better],
        failed=[e.finding for e in effects if not e.is_better],
        wanted=wanted,
    )


async def _insights(
    services: Services,
    tx: Tx,
    team: Team,
    weeks: Sequence[TeamWeek],
    pm_count: int,
    now: datetime,
) -> list[Insight]:
    """The rules that hold at the span's end, shown lately or not."""
    if not weeks:
        return []
    practice = await practice_of(services, tx, team, now)
    catalog = await services.catalog_of(tx)
    rules = services.playbook.rules
    return evaluate(weeks[-HISTORY_WEEKS:], pm_count, catalog, rules, practice)


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


async def _effects(
    services: Services, tx: Tx, team: Team, begins: datetime, ends: datetime, now: datetime
) -> list[Effect]:
    """What is known by now of items done in the span, or known first within it."""
    found = await effects_of(services, tx, team, now)
    return [
        effect
        for effect in found
        if effect.item.done_at is not None
        and begins - timedelta(weeks=WEEKS) <= effect.item.done_at < ends
    ]


async def _rungs(
    services: Services, tx: Tx, team: Team, now: datetime, history: History
) -> list[Rung]:
    rows = await ladders_of(services, tx, team, now, history=history)
    return [Rung(row.ladder.of, row.band_name or None) for row in rows]


def _next_step(insights: Sequence[Insight], programme: Programme) -> str:
    """What the rules point at first, else what the programme waits for."""
    if insights:
        return insights[0].text
    if programme.missing:
        item = programme.missing[0]
        return f"{item.label} {item.text}"
    return ""
