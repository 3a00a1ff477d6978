"""The rules that hold for a team now, each with its numbers, its source and a next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.criteria import criterion
from domain.insights import WEEKS_IN_MEAN, HireSignal, Insight
from domain.periods import Period, day_label
from domain.rules import Rules
from domain.sources import source_words
from domain.team import percent
from handlers.views.blocks import (
    Block,
    Message,
    button,
    context,
    escape,
    header,
    message,
    one_line,
    section,
    sections,
)
from handlers.views.checklist import ADD_FROM_INSIGHT, ADD_FROM_MATURITY
from handlers.views.words import counted, people_counted

SHOW = "prodops_insights_show"

SEVERITIES = {"high": "High", "med": "Medium", "low": "Low"}
#: Rules about practice, and what makes each of them speak.
_ADD = "Add to the checklist"


@dataclass(frozen=True)
class InsightsPage:
    """What `/prodops insights` tells.

    `shown` is when each rule was last in a summary, `proposed` the rules with a suggested item,
    `missing` what some rules still need, as sentences.
    """

    team_id: str
    team_name: str
    week: Period
    insights: Sequence[Insight]
    shown: Mapping[str, date]
    proposed: frozenset[str]
    signal: HireSignal
    rules: Rules
    missing: Sequence[str] = ()


def insights(page: InsightsPage) -> Message:
    title = f"Insights for {one_line(page.team_name)}"
    blocks: list[Block] = [header(title), section(hire_line(page.signal))]
    if page.insights:
        blocks += [block for found in page.insights for block in _insight(page, found)]
    else:
        blocks += _nothing(page)
    if page.missing:
        blocks += sections(["*Not known yet*", *(f"• {escape(text)}" for text in page.missing)])
    blocks.append(
        context(
            f"Weeks up to {page.week.label}, complete ones only. Averages of the team, from "
            "3 answers and half of the people on."
        )
    )
    found = [f"{i.rule}, {SEVERITIES[i.severity].lower()}: {escape(i.text)}" for i in page.insights]
    said = " ".join(found) or "Nothing stands out."
    return message(f"{escape(title)}. {hire_line(page.signal)} {said}", blocks)


def hire_line(signal: HireSignal) -> str:
    """Both conditions of the hire rule with the team's values, whether it holds or not."""
    people = f"{counted(signal.pm_count, 'PM')} ({signal.people} or more)"
    line = percent(signal.line)
    if signal.share is None:
        have = f"{signal.weeks} of the last {WEEKS_IN_MEAN} weeks"
        return (
            f"Hire rule: {people}; operational share not known yet (over {line}%): it takes "
            f"{WEEKS_IN_MEAN} weeks with numbers, and {have} have them."
        )
    verdict = "met" if signal.is_met else "not met"
    return f"Hire rule: {people}, operational {_share(signal)} (over {line}%): *{verdict}*."


def _share(signal: HireSignal) -> str:
    """With a decimal where rounding would hide on which side of the line it is."""
    assert signal.share is not None
    whole = percent(signal.share)
    hides = (whole > percent(signal.line)) != signal.above_line
    return f"{float(signal.share * 100):.1f}%" if hides else f"{whole}%"


def _insight(page: InsightsPage, found: Insight) -> list[Block]:
    rule = page.rules.rules[found.rule]
    notes = [f"Watches for {criterion(found.rule, page.rules)}"]
    if sources := source_words(rule.sources):
        notes.append(sources)
    if found.rule in page.shown:
        notes.append(f"shown on {day_label(page.shown[found.rule])}")
    text = f"*{SEVERITIES[found.severity]} · {found.rule}*\n{escape(found.text)}"
    return [section(text, accessory=_way(page, found)), context(escape(" · ".join(notes)))]


def _way(page: InsightsPage, found: Insight) -> Block | None:
    spoken = f"{_ADD}: {found.rule}"
    if found.rule in page.proposed:
        value = f"{page.team_id}|{found.rule}"
        return button(_ADD, ADD_FROM_INSIGHT, value, spoken=spoken)
    if found.rule == "R11" and found.dimensions:
        value = f"{page.team_id}|{','.join(found.dimensions)}"
        return button(_ADD, ADD_FROM_MATURITY, value, spoken=spoken)
    return None


def _nothing(page: InsightsPage) -> list[Block]:
    watched = [f"• {rule}: {escape(criterion(rule, page.rules))}" for rule in page.rules.rules]
    return sections(["*Nothing stands out.* This is what is watched:", *watched])


def missing(signal: HireSignal, *, assessed: bool, people_needed: int = 3) -> list[str]:
    """What the rules that cannot speak are waiting for."""
    found = []
    if signal.pm_count < people_needed:
        found.append(
            f"Numbers need {people_counted(people_needed)} in the team; "
            f"it has {signal.pm_count}. That keeps every answer private."
        )
    elif signal.weeks < WEEKS_IN_MEAN:
        found.append(
            f"Rules about shares need {WEEKS_IN_MEAN} weeks with numbers; now {signal.weeks}."
        )
    if not assessed:
        found.append(
            "Rules about maturity need a check-in: a lead starts one with /prodops maturity."
        )
    return found
