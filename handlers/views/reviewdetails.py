"""The thread below a review: maturity and checklist as pictures, the method, and its inputs."""

from collections.abc import Sequence

from domain.outcomes import MaturityChange
from domain.periods import day_label
from domain.roi import RoiResult, hours_text
from domain.team import percent
from handlers.views.blocks import (
    Block,
    Message,
    context,
    escape,
    message,
    one_line,
    section,
    sections,
)
from handlers.views.reviewcharts import (
    checklist_bars,
    checklist_rows,
    maturity_bars,
    maturity_rows,
)
from handlers.views.reviewlines import effect_lines
from handlers.views.reviews import Report
from handlers.views.words import counted, monospaced

_MOST_EFFECTS = 20
_METHOD = (
    "Shares are means: of the people in a week, one person one vote, then of the weeks with "
    "numbers. A week counts in the month of its Thursday. Numbers show from 3 answers and half of "
    "all logs on; nobody sees anybody else's split or rating."
)


def review_details(report: Report, *, charts: bool = True) -> Message | None:
    """The first reply in the thread; None when the post itself holds no numbers."""
    if report.review.figures is None:
        return None
    title = f"Details: {one_line(report.team_name)}, {report.review.span.label}"
    top: list[Block] = [section(f"*{escape(title)}*")]
    below: list[Block] = [
        *_milestones(report.maturity),
        *_effects(report),
        *_roi(report.roi),
        *[context(text) for text in (_weeks(report), _METHOD)],
    ]
    text = f"{escape(title)}. {_METHOD}"
    pictured = _pictures(report)
    written = _written(report)
    if not charts or not pictured:
        return message(text, [*top, *written, *below])
    posted = message(text, [*top, *pictured, *below])
    posted["fallback_blocks"] = [*top, *written, *below]
    return posted


def _pictures(report: Report) -> list[Block]:
    found = [_maturity_chart(report.maturity)] if report.maturity else []
    if any(step.done for step in report.steps):
        found.append(checklist_bars(report.steps))
    return [chart for chart in found if chart is not None]


def _maturity_chart(change: MaturityChange) -> Block | None:
    then = day_label(change.then.closed_at.date()) if change.then else ""
    now = day_label(change.now.closed_at.date())
    if then == now:
        then = f"{then} before"
    return maturity_bars(change.standings, then, now)


def _written(report: Report) -> list[Block]:
    """The same without pictures."""
    blocks: list[Block] = []
    if report.maturity is not None:
        blocks += [
            section("*Maturity*"),
            *sections(monospaced(maturity_rows(report.maturity.standings))),
        ]
    if any(step.done for step in report.steps):
        blocks += [section("*Checklist*"), *sections(monospaced(checklist_rows(report.steps)))]
    return blocks


def _milestones(change: MaturityChange | None) -> list[Block]:
    """What leads to the next level in the dimensions that are lowest."""
    if change is None:
        return []
    lines = [
        f"• {escape(one_line(s.name))} {s.level} → {(s.level or 0) + 1}: {escape(s.milestone)}"
        for s in change.lowest
        if s.milestone
    ]
    return sections(["*Next milestones*", *lines]) if lines else []


def _effects(report: Report) -> list[Block]:
    """What changed after items were done, all that the bot can tell."""
    told = effect_lines([*report.worked, *report.failed][:_MOST_EFFECTS])
    return sections(["*What changed after items were done*", *told]) if told else []


def _roi(roi: RoiResult | None) -> list[Block]:
    """How the return was worked out, in hours; rates and costs stay with the leads."""
    if roi is None or roi.hours_removed is None:
        return []
    how = "measured" if roi.realisation_measured else "assumed"
    removed = (
        f"{hours_text(roi.hours_removed)} of operational work removed: the baseline less what was "
        f"logged, for each of {counted(roi.pms, 'PM')} over {counted(roi.weeks, 'week')}."
    )
    realised = (
        f"{percent(roi.realisation)}% of them reached customers and strategy ({how}); only those "
        "count as realised. Multiple = hours × loaded rate × that part ÷ cost."
    )
    notes = [f"• {escape(note)}" for note in roi.notes]
    lines = ["*How the return was worked out*", removed, realised, *notes]
    return sections(lines)


def _weeks(report: Report) -> str:
    """Operational share week by week; a dash where too few had answered."""
    points: Sequence[str] = [
        f"W{week.period.week:02d} {'–' if share is None else percent(share)}"
        for week in report.review.line
        for share in [week.metric("operational_share", report.catalog)]
    ]
    return f"Operational %, week by week: {' · '.join(points)} (– too few answers)"
