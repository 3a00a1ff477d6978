"""The weekly summary: what a Chief Product Officer reads in 20 seconds, and nobody is named."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from domain.categories import GROUP_NAMES, GROUPS, Catalog
from domain.periods import day_label
from domain.summary import Mover, Target, WeeklySummary
from domain.team import Guards, TeamWeek, percent
from handlers.views.blocks import (
    Block,
    Message,
    context,
    escape,
    header,
    message,
    name,
    one_line,
    section,
    sections,
)
from handlers.views.charts import charts as native_charts
from handlers.views.charts import group_shares, group_table, hire_line_name, mean_name, signed
from handlers.views.words import bar, counted, monospaced

GUARDS = Guards()


def weekly(
    summary: WeeklySummary,
    *,
    team_name: str,
    catalog: Catalog,
    charts: bool = True,
    updated: bool = False,
    so_far: bool = False,
    threaded: bool = True,
    besides: Sequence[str] = (),
    guards: Guards = GUARDS,
) -> Message:
    """The post for the channel; without enough answers its short form, which holds no shares.

    `charts` False leaves out native charts for good; else `fallback_blocks` are ready for a
    workspace that refuses them. `updated` marks a post edited after late answers, `so_far` a week
    that is still running, `threaded` False an answer to one person, below which nothing follows.
    `besides` are lines about other subjects than the shares, ready mrkdwn.
    """
    title = f"{one_line(team_name)} · {summary.week.period.label}" + " so far" * so_far
    late = ["updated with late answers"] if updated else []
    if summary.week.shares is None:
        return _withheld(summary.week, title, late, besides, guards)
    below = "details in the thread" if threaded and not so_far else "averages, one person one vote"
    notes = context(" · ".join([below, *late]).capitalize())
    top = [
        header(title),
        section(f"*{_headline(summary)}*\n{_bearing(summary)} · {_confidence(summary)}"),
        *sections(monospaced(_bars(summary, catalog))),
        *_points(summary, besides),
    ]
    text = _spoken(summary, catalog, title, [*besides, *late])
    plain_form = [*top, group_table(summary, catalog), notes]
    if not charts:
        return message(text, plain_form)
    posted = message(text, [*top, *native_charts(summary, catalog), notes])
    posted["fallback_blocks"] = plain_form
    return posted


def _headline(summary: WeeklySummary) -> str:
    share = percent(summary.operational or Fraction(0))
    side = "above" if summary.above_line else "within"
    return f"Operational {share}%, {side} the {hire_line_name(summary.hire_line)}"


def _bearing(summary: WeeklySummary) -> str:
    """Where the headline number comes from and where it should go."""
    parts = []
    if summary.delta_points is not None and summary.mean is not None:
        usual = percent(summary.mean.get("operational", Fraction(0)))
        parts.append(f"{signed(summary.delta_points)} vs {mean_name(summary)} {usual}%")
    else:
        parts.append("No mean yet: it needs two earlier weeks with numbers")
    if summary.target is not None:
        parts.append(_target(summary.target))
    return " · ".join(parts)


def _target(target: Target) -> str:
    by = f" by {day_label(target.by)}" if target.by else ""
    return f"target {percent(target.share)}%{by}"


def _bars(summary: WeeklySummary, catalog: Catalog) -> list[str]:
    shares = group_shares(summary.week, catalog)
    return [f"{GROUP_NAMES[group]:<12} {bar(percent(shares[group]))}" for group in GROUPS]


def _points(summary: WeeklySummary, besides: Sequence[str]) -> list[Block]:
    lines: list[str] = []
    if summary.mover is not None:
        lines.append(f"*Mover:* {_mover(summary.mover)}")
    if summary.insights:
        lines.append(f"*Do next:* {escape(summary.insights[0].text)}")
    return sections([*lines, *besides])


def _mover(mover: Mover) -> str:
    change = signed(mover.change)
    return f"{name(mover.category.name)} {percent(mover.share)}% ({change} points)"


def _confidence(summary: WeeklySummary) -> str:
    week = summary.week
    return f"confidence: {summary.confidence} ({week.answered} of {week.active} logged)"


def _spoken(summary: WeeklySummary, catalog: Catalog, title: str, besides: Sequence[str]) -> str:
    """The whole summary as sentences, for those who hear it or see only the notification."""
    shares = group_shares(summary.week, catalog)
    split = ", ".join(f"{GROUP_NAMES[g]} {percent(shares[g])}%" for g in GROUPS[1:])
    said = [escape(title), _headline(summary), _bearing(summary), split]
    if summary.mover is not None:
        said.append(f"Mover: {_mover(summary.mover)}")
    if summary.insights:
        said.append(f"Do next: {escape(summary.insights[0].text)}".rstrip("."))
    said += [_confidence(summary).capitalize(), *[note[:1].upper() + note[1:] for note in besides]]
    return ". ".join(said) + "."


def _withheld(
    week: TeamWeek, title: str, late: list[str], besides: Sequence[str], guards: Guards
) -> Message:
    """The short form: how many answered, how many it takes, and how to get there. Never who."""
    half = ceil(Fraction(str(guards.min_participation)) * week.active)
    needed = max(guards.min_people, half)
    if week.active == 0:
        state = "Nobody was due to log this week."
        remedy = "Nothing to do: the next summary comes in a week."
    elif week.active < guards.min_people:
        state = f"A team of {week.active} this week: numbers need {guards.min_people} people."
        remedy = "That keeps every answer private. `/prodops setup` adds members."
    else:
        state = f"{week.answered} of {week.active} logged: numbers need {needed}."
        remedy = (
            f"{counted(max(1, needed - week.answered), 'more answer')} will do: "
            "`/prodops log last` takes 30 seconds, and this post then shows the numbers."
        )
    blocks = [header(title), section(f"*{state}*\n{remedy}"), *sections(besides)]
    if late:
        blocks.append(context(*late))
    spoken = [f"{escape(title)}. {state} {remedy}", *[f"{line}." for line in besides]]
    return message(" ".join(spoken), blocks)


def so_far(week: TeamWeek, *, team_name: str, due: str = "") -> Message:
    """The running week, to the asker: how many have answered, and never a share.

    A mean shown before and after one more answer would give that answer away.
    `due` says when the summary comes, such as "Monday 23 Nov, 14:00".
    """
    when = f" comes {due}" if due else " comes when the week is over"
    text = (
        f"*{name(team_name)}*, {week.period.label} so far: "
        f"{week.answered} of {week.active} logged. The summary with the shares{when}."
    )
    return message(text.replace("*", ""), [section(text)])
