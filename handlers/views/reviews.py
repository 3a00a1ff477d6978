"""The review of a month or quarter in the channel: the bottom line, then why, then what now."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.categories import Catalog
from domain.checklist import StepProgress
from domain.outcomes import Ended, MaturityChange
from domain.periods import day_label
from domain.programme import Programme
from domain.reviews import Review
from domain.roi import RoiResult
from domain.summary import Target
from domain.team import Guards, percent
from handlers.views.blocks import (
    Block,
    Message,
    context,
    escape,
    header,
    message,
    one_line,
    section,
    sections,
)
from handlers.views.charts import hire_line_name
from handlers.views.programme import missing_lines, programme_line, where_it_stands
from handlers.views.reviewcharts import month_bars, month_table, week_line
from handlers.views.reviewlines import (
    ladder_line,
    maturity_line,
    roi_line,
    what_did_not,
    what_worked,
)
from handlers.views.words import counted

GUARDS = Guards()


@dataclass(frozen=True)
class Rung:
    """Where a team stands on one reference ladder: `word` is the ladder's own, None unmeasured."""

    measure: str
    word: str | None


@dataclass(frozen=True)
class Report:
    """All that a review says. `worked` and `failed` are plain sentences about finished items;
    `wanted` the decisions of a quarter, `next_step` the one of a month."""

    review: Review
    team_name: str
    catalog: Catalog
    hire_line: Fraction
    maturity: MaturityChange | None = None
    ladders: Sequence[Rung] = ()
    roi: RoiResult | None = None
    steps: Sequence[StepProgress] = ()
    programme: Programme | None = None
    ended: Ended | None = None
    worked: Sequence[str] = ()
    failed: Sequence[str] = ()
    wanted: Sequence[str] = ()
    next_step: str = ""

    @property
    def title(self) -> str:
        return f"{one_line(self.team_name)} · {self.review.span.label}"


def review_message(
    report: Report,
    *,
    charts: bool = True,
    updated: bool = False,
    threaded: bool = True,
    guards: Guards = GUARDS,
) -> Message:
    """The post; without enough answers its short form, which holds no shares.

    `charts` False leaves native charts out for good; else `fallback_blocks` are ready. `updated`
    marks a post edited after late answers, `threaded` False one below which nothing follows.
    """
    late = ["updated with late answers"] if updated else []
    if report.review.figures is None:
        return _withheld(report, late, guards)
    lines = _lines(report)
    notes = [*_data_note(report), *(["details in the thread"] if threaded else []), *late]
    note = " · ".join(notes)
    note = note[:1].upper() + note[1:]
    top = [header(report.title), section(f"*{_headline(report)}*\n{_bearing(report)}")]
    below = [*sections(lines), context(note)]
    spoken = [escape(report.title), _headline(report), _bearing(report), *lines, note]
    text = ". ".join(_plain(line).rstrip(".") for line in spoken) + "."
    table = month_table(report.review)
    plain_form = [*top, *([table] if table else []), *below]
    line = week_line(report.review, report.catalog, report.hire_line)
    drawn = [chart for chart in (line, month_bars(report.review)) if chart is not None]
    if not charts or not drawn:
        return message(text, plain_form)
    posted = message(text, [*top, *drawn, *below])
    posted["fallback_blocks"] = plain_form
    return posted


def _plain(line: str) -> str:
    return line.replace("*", "").replace("_", "").replace("\n", " ")


def _headline(report: Report) -> str:
    figures = report.review.figures
    assert figures is not None
    now = f"{percent(figures.operational)}%"
    if figures.baseline is None:
        side = "above" if figures.operational > report.hire_line else "within"
        moved = f"Operational {now}, {side} the {hire_line_name(report.hire_line)}"
    else:
        before = percent(figures.baseline.share("operational_share", report.catalog))
        moved = f"Operational {before}% → {now}"
    return f"{moved}{_target(report.review.target)}"


def _target(target: Target | None) -> str:
    if target is None:
        return ""
    by = f" by {day_label(target.by)}" if target.by else ""
    return f" (target {percent(target.share)}%{by})"


def _bearing(report: Report) -> str:
    """What became of the freed time, or why there is nothing to compare with."""
    figures = report.review.figures
    assert figures is not None
    strategic = percent(figures.shares["strategic_share"])
    if figures.baseline is None:
        return f"Customers and strategy {strategic}% · no baseline to compare with yet"
    was = percent(figures.baseline.share("strategic_share", report.catalog))
    said = f"Customers and strategy {was}% → {strategic}%"
    if figures.reached is None:
        return f"{said} · no time was freed"
    return f"{said} · {_part(figures.reached)} of the freed time went there"


def _part(reached: Fraction) -> str:
    """Whole percent, in words where a word says it."""
    words = {0: "none", 50: "half", 100: "all"}
    shown = percent(reached)
    return words.get(shown, f"{shown}%")


def _lines(report: Report) -> list[str]:
    if report.review.span.kind == "month":
        found = [maturity_line(report.maturity), *_programme(report.programme)]
        if report.next_step:
            found.append(f"*Do next:* {escape(report.next_step)}")
        return [line for line in found if line]
    found = [
        maturity_line(report.maturity),
        ladder_line([(rung.measure, rung.word) for rung in report.ladders]),
        roi_line(report.roi),
        what_worked(report.ended, report.worked),
        what_did_not(report.ended, report.failed),
        _wanted(report.wanted),
    ]
    return [line for line in found if line]


def _programme(programme: Programme | None) -> list[str]:
    if programme is None or not programme.has_begun:
        return []
    return [
        f"*Programme:* {programme_line(programme)}",
        "\n".join([where_it_stands(programme), *missing_lines(programme)]),
    ]


def _wanted(wanted: Sequence[str]) -> str:
    if not wanted:
        return ""
    lettered = [f"({'abc'[place]}) {escape(text)}" for place, text in enumerate(wanted[:3])]
    return "\n".join(["*Decisions wanted*", *lettered])


def _data_note(report: Report) -> list[str]:
    """What the figures rest on: participation, weeks, raters, baseline; ready mrkdwn."""
    review, figures = report.review, report.review.figures
    notes = [
        f"participation {percent(review.participation)}%",
        f"{review.weeks_with_numbers} of {counted(len(review.weeks), 'week')} with numbers",
    ]
    if review.running:
        notes.append("its last week is not over yet and not counted")
    if report.maturity is not None and report.maturity.fresh:
        notes.append(counted(report.maturity.now.answered, "rater"))
    if figures is not None and figures.baseline is not None:
        notes.append(f"baseline {escape(figures.baseline.label)}")
    return notes


def _withheld(report: Report, late: Sequence[str], guards: Guards) -> Message:
    """How much was logged, how much it takes, and what helps. Never who, and no share."""
    review = report.review
    span = "month" if review.span.kind == "month" else "quarter"
    if not review.weeks:
        state = f"Nobody was due to log in {review.span.label}."
        remedy = "The next review follows the first weeks with answers."
    elif max(week.active for week in review.weeks) < guards.min_people:
        state = f"Fewer than {guards.min_people} people were due to log this {span}."
        remedy = (
            "Numbers need three, so that every answer stays private: `/prodops setup` adds some."
        )
    else:
        state = f"{review.answered} of {counted(review.active, 'log')} came in this {span}."
        remedy = (
            "Shares need half of them, and a week with three. What helps: "
            "`/prodops log same` in ten seconds, or another prompt time (`/prodops setup`)."
        )
    lines = [
        line for line in (maturity_line(report.maturity), *_programme(report.programme)) if line
    ]
    blocks: list[Block] = [header(report.title), section(f"*{state}*\n{remedy}"), *sections(lines)]
    if late:
        blocks.append(context(*late))
    spoken = " ".join([f"{escape(report.title)}.", state, remedy, *map(_plain, lines)])
    return message(spoken, blocks)
