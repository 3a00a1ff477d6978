"""Gathers what a review of a month or quarter says of a team."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

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
from handlers.benchmarks import ladders_of
from handlers.effects import effects_of
from handlers.goals import OPERATIONAL, target_of
from handlers.practice import practice_of
from handlers.programme import programme_of
from handlers.roi import roi_of
from handlers.schedule import first_week
from handlers.teamhistory import history_of, read_ahead
from handlers.teamreading import TeamReading
from handlers.teamweeks import GUARDS, HISTORY_WEEKS
from handlers.views.reviews import Report, Rung
from storage import goals
from storage.teams import Team


def bounds(team: Team, span: Span) -> tuple[datetime, datetime]:
    """The instants at which a span begins and has ended, in the team's zone."""
    zone = zone_or_utc(team.tz)
    return (
        resolve_local(span.first_day, time(0), zone),
        resolve_local(span.last_day + timedelta(days=1), time(0), zone),
    )


async def weeks_asked(reading: TeamReading, first: Period, last: Period) -> list[TeamWeek]:
    """Weeks in which somebody was due to log; of those before the team was first asked, only the
    ones that have numbers all the same."""
    begun = first_week(reading.team)
    return [
        week
        for week in await reading.weeks(first, last)
        if week.active and (week.period >= begun or week.shares is not None)
    ]


async def report_of(reading: TeamReading, span: Span) -> Report:
    """The review of a span as it reads now; its figures as far as the weeks are over."""
    catalog, playbook = await reading.catalog(), reading.services.playbook
    begins, ends = bounds(reading.team, span)
    last = min(span.last_week, reading.last)
    first = min(span.weeks[0], last.shift(1 - WEEKS_IN_LINE))
    await read_ahead(reading, first, last)
    weeks = await weeks_asked(reading, first, last)
    history = await history_of(reading)
    target = await _target(reading, begins)
    items, assessments = await reading.items(), await reading.assessments()
    programme = await programme_of(reading)
    insights = await _insights(reading, weeks)
    running = reading.last.shift(1)
    report = Report(
        review=review(
            span, weeks, running, catalog, baseline=history.baseline, target=target, guards=GUARDS
        ),
        team_name=reading.team.name,
        catalog=catalog,
        hire_line=playbook.rules.hire_line,
        maturity=maturity_change(assessments, begins, ends, playbook.maturity),
        steps=progress(items),
        programme=programme,
        ended=ended(items, begins, ends),
        next_step=_next_step(insights, programme),
    )
    if span.kind == "month":
        return report
    return await _with_the_quarter(reading, report, insights)


async def _with_the_quarter(
    reading: TeamReading, report: Report, insights: Sequence[Insight]
) -> Report:
    """What only a quarter tells: return, ladders, what worked and what is to be decided."""
    span, figures = report.review.span, report.review.figures
    whole = (span.weeks[0], span.last_week)
    roi = await roi_of(reading, *whole)
    effects = await _effects(reading, *bounds(reading.team, span))
    wanted = decisions_wanted(
        insights=insights,
        roi=roi,
        change=report.maturity,
        target=report.review.target,
        operational=figures.operational if figures else None,
        today=reading.today,
        stale_days=reading.services.playbook.maturity.due.stale_days,
    )
    return replace(
        report,
        ladders=[Rung(row.ladder.of, row.band_name or None) for row in await ladders_of(reading)],
        roi=roi,
        worked=[e.finding for e in effects if e.is_better],
        failed=[e.finding for e in effects if not e.is_better],
        wanted=wanted,
    )


async def _insights(reading: TeamReading, weeks: Sequence[TeamWeek]) -> list[Insight]:
    """The rules that hold at the span's end, shown lately or not."""
    if not weeks:
        return []
    practice, pm_count = await practice_of(reading), await reading.headcount()
    rules = reading.services.playbook.rules
    return evaluate(weeks[-HISTORY_WEEKS:], pm_count, await reading.catalog(), rules, practice)


async def _target(reading: TeamReading, begins: datetime) -> Target | None:
    """The open goal for the operational share, else the last that ended since the span began."""
    standing = await target_of(reading)
    if standing is not None:
        return standing
    over = await goals.closed_of(reading.tx, reading.team.team_id, 20)
    ended_since = (
        goal
        for goal in over
        if goal.metric == OPERATIONAL
        and goal.state in ("met", "missed")
        and goal.closed_at is not None
        and goal.closed_at >= begins
    )
    last = next(ended_since, None)
    return Target(last.target, last.due_on) if last else None


async def _effects(reading: TeamReading, begins: datetime, ends: datetime) -> list[Effect]:
    """What is known by now of items done in the span, or known first within it."""
    return [
        effect
        for effect in await effects_of(reading)
        if effect.item.done_at is not None
        and begins - timedelta(weeks=WEEKS) <= effect.item.done_at < ends
    ]


def _next_step(insights: Sequence[Insight], programme: Programme) -> str:
    """What the rules point at first, else what the programme waits for."""
    if insights:
        return insights[0].text
    if programme.missing:
        item = programme.missing[0]
        return f"{item.label} {item.text}"
    return ""
