"""App Home: my week, what waits for me, my last weeks, and my teams with all that they offer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Literal

from domain.categories import Catalog
from domain.eligibility import Absence
from domain.periods import Period
from domain.timesplit import Split
from handlers.views import blocks as b
from handlers.views.audience import ROLLUP
from handlers.views.away import AWAY_OFF
from handlers.views.categories import OPEN as CATEGORIES
from handlers.views.help import WHY
from handlers.views.homeparts import HomeTeam, Waiting, team_blocks, waiting_blocks
from handlers.views.prompt import EDIT, RESUME, SAME, SKIP, START, log_button, pause_span
from handlers.views.receipts import split_bars
from handlers.views.shortcuts import FOR_ALL, command_button
from handlers.views.words import bar, counted, day_words, moment, monospaced, percent_of

CHANGE_TIME = "prodops_home_prompt_time"
PAUSE = "prodops_home_pause"

_SHOWN_WEEKS = 8
_SHOWN_TEAMS = 10


@dataclass(frozen=True)
class PastWeek:
    """One of my weeks: own shares in basis points, None where nothing was logged."""

    period: Period
    operational: int | None = None
    strategic: int | None = None
    skipped: bool = False


@dataclass(frozen=True)
class HomeModel:
    """All that Home shows; `split` goes with the state "logged", `past` is newest first.

    `next_prompt` is an instant, shown on the clock of `zone`; `paused_until` is `date.max` for a
    pause without end, `away` the absence that covers today.
    """

    period: Period
    state: Literal["open", "logged", "skipped"]
    catalog: Catalog
    zone: tzinfo
    split: Split | None = None
    can_repeat: bool = False
    past: Sequence[PastWeek] = ()
    next_prompt: datetime | None = None
    paused_until: date | None = None
    stopped: bool = False
    away: Absence | None = None
    teams: Sequence[HomeTeam] = ()
    waiting: Waiting = field(default_factory=Waiting)
    is_admin: bool = False
    today: date | None = None


def home(model: HomeModel) -> b.View:
    """The Home tab; people without a team get how to start instead."""
    if not model.teams:
        waiting = waiting_blocks(model.waiting, _today(model), model.zone)
        return b.home([*_how_to_start(), *waiting, *_past(model.past), *_footer(model)])
    return b.home(
        [
            *_my_week(model),
            *_prompts(model),
            *waiting_blocks(model.waiting, _today(model), model.zone),
            *_past(model.past),
            b.divider(),
            b.header("My team" if len(model.teams) == 1 else "My teams"),
            *[block for team in model.teams[:_SHOWN_TEAMS] for block in team_blocks(team)],
            *_left_out(model.teams),
            *_footer(model),
        ]
    )


def _today(model: HomeModel) -> date:
    """The reader's day; without one given, the week's last, so that nothing is overdue early."""
    return model.today or model.period.sunday


def _left_out(teams: Sequence[HomeTeam]) -> list[b.Block]:
    left = len(teams) - _SHOWN_TEAMS
    if left <= 0:
        return []
    said = f"And {counted(left, 'more team')}: type `/prodops` commands in their channels."
    return [b.context(said)]


def _how_to_start() -> list[b.Block]:
    return [
        b.header("Welcome to ProdOps"),
        b.section(
            "You are in no team yet. Go to your team's channel and send `/prodops setup` there: "
            "it takes a minute, and shows what comes next before anything is sent.\n"
            "Already set up? Ask a lead of that team to add you."
        ),
    ]


def _my_week(model: HomeModel) -> list[b.Block]:
    week = str(model.period)
    head = b.header(f"My week · {model.period.label}")
    if model.state == "logged" and model.split is not None:
        edit = b.button("Edit", EDIT, week, spoken=f"Edit {model.period.label}")
        bars = b.sections(split_bars(model.split, model.catalog))
        return [head, *bars, b.actions(edit)]
    if model.state == "skipped":
        said = "Skipped. It does not count as missing."
        return [head, b.section(said), b.actions(log_button(model.period))]
    same = [b.button("Same as last week", SAME, week)] if model.can_repeat else []
    skip = b.button("Skip this week", SKIP, week)
    said = "Not logged yet. It takes 30 seconds, and only you see it."
    return [head, b.section(said), b.actions(log_button(model.period), *same, skip)]


def _prompts(model: HomeModel) -> list[b.Block]:
    why = b.button("What was sent to me", WHY)
    if model.stopped:
        said = "Prompts are stopped."
        return [b.section(said), b.actions(b.button("Start prompts again", START), why)]
    move = b.button("Change my prompt time", CHANGE_TIME)
    if model.paused_until is not None:
        said = f"Prompts are paused {pause_span(model.paused_until)}."
        return [b.section(said), b.actions(b.button("Resume prompts", RESUME), move, why)]
    if model.away is not None:
        span = f"until {day_words(model.away.until)}" if model.away.until else "until you are back"
        said = f"You are away {span}. No prompts meanwhile."
        return [b.section(said), b.actions(b.button("I am back", AWAY_OFF), move, why)]
    said = "No prompt is planned."
    if model.next_prompt is not None:
        said = f"Next prompt: *{moment(model.next_prompt, model.zone)}*, your time."
    return [b.section(said), b.actions(move, b.button("Pause prompts", PAUSE), why)]


def _past(weeks: Sequence[PastWeek]) -> list[b.Block]:
    if not weeks:
        return []
    shown = weeks[:_SHOWN_WEEKS]
    width = max(len(week.period.label) for week in shown)
    rows = [f"{week.period.label:<{width}}  {_past_shares(week)}" for week in shown]
    return [b.header("My last weeks"), *b.sections(monospaced(rows))]


def _past_shares(week: PastWeek) -> str:
    if week.operational is None:
        return "skipped" if week.skipped else "not logged"
    shares = f"{bar(percent_of(week.operational))} operational"
    if week.strategic is None:
        return shares
    return f"{shares}, {percent_of(week.strategic)}% strategic"


def _footer(model: HomeModel) -> list[b.Block]:
    """What needs no team, and what leads and admins shape for everybody."""
    found = [command_button(label, name) for label, name in FOR_ALL]
    if any(team.is_lead for team in model.teams):
        found.append(b.button("Categories", CATEGORIES))
    if model.is_admin:
        found.append(b.button("Leadership roll-up", ROLLUP))
    return [b.divider(), b.actions(*found)]
