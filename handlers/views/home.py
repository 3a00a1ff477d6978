"""App Home, first form: my week, my last weeks, what comes next, and my teams' last summaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

from domain.categories import Catalog
from domain.eligibility import Absence
from domain.periods import Period
from domain.summary import WeeklySummary
from domain.team import percent
from domain.timesplit import Split
from handlers.views import blocks as b
from handlers.views.away import AWAY_OFF
from handlers.views.categories import OPEN as CATEGORIES
from handlers.views.charts import hire_line_name
from handlers.views.help import WHY
from handlers.views.prompt import EDIT, RESUME, SAME, SKIP, START, log_button, pause_span
from handlers.views.receipts import split_bars
from handlers.views.setup import SETTINGS
from handlers.views.words import bar, day_words, moment, monospaced, percent_of

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
class HomeTeam:
    name: str
    channel_id: str
    is_lead: bool = False
    summary: WeeklySummary | None = None


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


def home(model: HomeModel) -> b.View:
    """The Home tab; people without a team get how to start instead."""
    if not model.teams:
        return b.home([*_how_to_start(), *_past(model.past)])
    return b.home(
        [
            *_my_week(model),
            *_prompts(model),
            *_past(model.past),
            b.divider(),
            b.header("My team" if len(model.teams) == 1 else "My teams"),
            *[block for team in model.teams[:_SHOWN_TEAMS] for block in _team(team)],
            *_for_leads(model.teams),
        ]
    )


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


def _team(team: HomeTeam) -> list[b.Block]:
    text = f"*{b.name(team.name)}*  <#{team.channel_id}>\n{_last_summary(team.summary)}"
    if not team.is_lead:
        return [b.section(text)]
    spoken = f"Team settings of {b.one_line(team.name)}"
    settings = b.button("Team settings", SETTINGS, team.channel_id, spoken=spoken)
    return [b.section(text, accessory=settings)]


def _for_leads(teams: Sequence[HomeTeam]) -> list[b.Block]:
    """What leads shape for everybody: the categories that weeks are split into."""
    if not any(team.is_lead for team in teams):
        return []
    return [b.actions(b.button("Categories", CATEGORIES))]


def _last_summary(summary: WeeklySummary | None) -> str:
    if summary is None:
        return "No summary yet: the first one follows the first week of answers."
    week = summary.week
    logged = f"{week.answered} of {week.active} logged"
    if summary.operational is None:
        return f"{week.period.label}: {logged}, too few for numbers."
    side = "above" if summary.above_line else "within"
    share = percent(summary.operational)
    line = hire_line_name(summary.hire_line)
    return f"{week.period.label}: operational {share}%, {side} the {line} ({logged})."
