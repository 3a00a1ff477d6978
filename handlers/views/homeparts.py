"""The parts of App Home beyond one's own week: what waits for me, and my teams."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from domain.checklist import TeamItem
from domain.decisions import Decision
from domain.programme import Programme
from domain.summary import WeeklySummary
from domain.team import percent
from handlers.views import blocks as b
from handlers.views import itemlines, maturity
from handlers.views.audience import SHARE
from handlers.views.charts import hire_line_name
from handlers.views.decisions import DONE as DECISION_DONE
from handlers.views.programme import programme_line
from handlers.views.setup import SETTINGS
from handlers.views.shortcuts import FOR_LEADS, FOR_MEMBERS, command_button
from handlers.views.words import day_words, moment

_SHOWN_RATINGS, _SHOWN_ITEMS, _SHOWN_DECISIONS = 3, 5, 3
_TEXT = 150


@dataclass(frozen=True)
class ToRate:
    """A check-in that waits for my answer."""

    checkin_id: str
    team_name: str
    deadline_at: datetime


@dataclass(frozen=True)
class Waiting:
    """What waits for me: check-ins to rate, my open items and decisions, of all my teams."""

    to_rate: Sequence[ToRate] = ()
    items: Sequence[TeamItem] = ()
    decisions: Sequence[Decision] = ()


@dataclass(frozen=True)
class HomeTeam:
    """One of my teams; `facts` are short texts in ready mrkdwn, such as "Maturity 2".

    `can_start`: I lead it, and no check-in is open. A team beyond the first few comes bare.
    """

    name: str
    channel_id: str
    is_lead: bool = False
    summary: WeeklySummary | None = None
    team_id: str = ""
    facts: Sequence[str] = ()
    programme: Programme | None = None
    can_start: bool = False
    is_bare: bool = False


def waiting_blocks(waiting: Waiting, today: date, zone: tzinfo) -> list[b.Block]:
    """Each with its button; what is too much for a page is counted."""
    found = [
        *[_to_rate(one, zone) for one in waiting.to_rate[:_SHOWN_RATINGS]],
        *[_item(item, today) for item in waiting.items[:_SHOWN_ITEMS]],
        *[_decision(decision, today) for decision in waiting.decisions[:_SHOWN_DECISIONS]],
    ]
    if not found:
        return []
    more = _more(waiting)
    return [b.header("Waiting for me"), *found, *([b.context(more)] if more else [])]


def _more(waiting: Waiting) -> str:
    items = len(waiting.items) - _SHOWN_ITEMS
    decisions = len(waiting.decisions) - _SHOWN_DECISIONS
    said = []
    if items > 0:
        said.append(f"{items} more in `/prodops checklist mine`")
    if decisions > 0:
        said.append(f"{decisions} more in `/prodops decisions`")
    return " · ".join(said)


def _to_rate(one: ToRate, zone: tzinfo) -> b.Block:
    text = f"*Maturity check-in* of {b.name(one.team_name)}, until {moment(one.deadline_at, zone)}"
    spoken = f"Rate now, {b.one_line(one.team_name, 50)}"
    rate = b.button("Rate now", maturity.RATE, one.checkin_id, style="primary", spoken=spoken)
    return b.section(text, accessory=rate)


def _item(item: TeamItem, today: date) -> b.Block:
    about = [{"started": "in progress", "blocked": "*blocked*"}.get(item.state, "open")]
    if item.due_on is not None:
        late = ", *overdue*" if item.is_overdue(today) else ""
        about.append(f"due {day_words(item.due_on)}{late}")
    text = f"*{b.escape(item.label)}* {b.name(item.text, _TEXT)}\n{' · '.join(about)}"
    asked = str(itemlines.Asked(item.team_id, item.key))
    spoken = f"Mark done, {b.one_line(item.text, 50)}"
    return b.section(text, accessory=b.button("Mark done", itemlines.DONE, asked, spoken=spoken))


def _decision(decision: Decision, today: date) -> b.Block:
    about = "decision, no date"
    if decision.due_on is not None:
        word = "overdue since" if decision.is_overdue(today) else "due"
        about = f"decision, {word} {day_words(decision.due_on)}"
    text = f"*#{decision.number}* {b.name(decision.what, _TEXT)}\n{about}"
    spoken = f"Mark decision {decision.number} done"
    done = b.button("Mark done", DECISION_DONE, decision.decision_id, spoken=spoken)
    return b.section(text, accessory=done)


def team_blocks(team: HomeTeam) -> list[b.Block]:
    """Name and channel, the last summary, the programme, and what one can open."""
    lines = [f"*{b.name(team.name)}*  <#{team.channel_id}>"]
    if not team.is_bare:
        lines.append(last_summary(team.summary))
    if team.facts:
        lines.append(" · ".join(team.facts))
    settings = None
    if team.is_lead:
        spoken = f"Team settings of {b.one_line(team.name)}"
        settings = b.button("Team settings", SETTINGS, team.channel_id, spoken=spoken)
    found = [b.section(b.fit("\n".join(lines), b.SECTION_TEXT), accessory=settings)]
    if team.programme is not None:
        found.append(b.context(programme_line(team.programme)))
    return [*found, b.actions(*_buttons(team))]


def _buttons(team: HomeTeam) -> list[b.Block]:
    wanted = [*FOR_MEMBERS, *(FOR_LEADS if team.is_lead else ())]
    found = [command_button(label, name, team.team_id, team.name) for label, name in wanted]
    if team.can_start:
        spoken = f"Start a maturity check-in of {b.one_line(team.name, 40)}"
        found.append(b.button("Start check-in", maturity.START, team.team_id, spoken=spoken))
    if team.is_lead:
        spoken = f"Share the summary of {b.one_line(team.name, 40)}"
        found.append(b.button("Share the summary", SHARE, team.team_id, spoken=spoken))
    return found


def last_summary(summary: WeeklySummary | None) -> str:
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
