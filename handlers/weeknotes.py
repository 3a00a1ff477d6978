"""Gathers what a weekly summary says besides the shares."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from domain.checklist import TeamItem
from domain.effects import WEEKS
from domain.goals import GoalProgress, rounded, value_text
from domain.localtime import resolve_local
from domain.maturity import Assessment
from domain.periods import Period, day_label
from domain.programme import programme
from domain.stalls import stalls
from handlers.effects import effects_of
from handlers.goals import goals_of
from handlers.services import Services
from handlers.teamreading import TeamReading
from handlers.views.weeknotes import MaturityNote, WeekNotes
from storage import decisions, people

_MOST = 10
#: A goal is due soon from so long before its day.
_SOON = timedelta(days=14)


async def week_notes(reading: TeamReading, period: Period) -> WeekNotes:
    """What there is to say with the summary of a week, as it stands now."""
    tx, team_id = reading.tx, reading.team.team_id
    following = period.shift(1)
    decided, due = await decisions.of_week(
        tx,
        team_id,
        resolve_local(period.monday, time(0), reading.zone),
        resolve_local(following.monday, time(0), reading.zone),
        following.sunday,
        _MOST,
    )
    owners = {decision.owner for decision in [*decided, *due] if decision.owner}
    known = await people.get_many(tx, sorted(owners)) if owners else []
    notes = WeekNotes(
        maturity=await _maturity(reading),
        decided=decided,
        due=due,
        owners={member.person.user_id: member.name for member in known},
        goals=await _goals(reading),
        effects=[effect.sentence for effect in await effects_of(reading, period.shift(-WEEKS))],
    )
    return _with_checklist(notes, await reading.items(), reading.services, reading.now)


def _with_checklist(
    notes: WeekNotes, items: Sequence[TeamItem], services: Services, now: datetime
) -> WeekNotes:
    """The checklist's line, once anybody has taken anything up."""
    if all(item.item_id is None for item in items):
        return notes
    state = programme(items)
    return replace(
        notes,
        done=state.done,
        total=state.total,
        current=state.current,
        stuck=stalls(items, now, services.playbook.rules),
    )


async def _goals(reading: TeamReading) -> list[str]:
    """Goals that are met, or due soon; the operational share stands beside its target already."""
    return [
        goal_words(found)
        for found in await goals_of(reading)
        if found.goal.metric != "operational_share"
        and (found.met or found.goal.due_on <= reading.today + _SOON)
    ]


def goal_words(found: GoalProgress) -> str:
    """`Goal met: Participation 80% by 30 Sep (now 85%)`, a plain sentence."""
    goal, unit = found.goal, found.metric.unit
    word = "Goal met" if found.met else "Goal"
    target = value_text(goal.target, unit)
    now = "not measured yet"
    if found.current is not None:
        now = f"now {value_text(rounded(found.current, unit), unit)}"
    return f"{word}: {found.metric.name} {target} by {day_label(goal.due_on)} ({now})"


async def _maturity(reading: TeamReading) -> MaturityNote | None:
    found = await reading.assessments()
    if not found:
        return None
    running = await reading.open_checkin()
    awaited = (running.answered, running.answered + running.awaited) if running else None
    return maturity_note(reading, found[0], awaited)


def maturity_note(
    reading: TeamReading, assessment: Assessment, awaited: tuple[int, int] | None = None
) -> MaturityNote:
    """An assessment as it reads today."""
    model = reading.services.playbook.maturity
    age = assessment.age_days(reading.today)
    names = {dimension.id: dimension.name for dimension in model}
    return MaturityNote(
        overall=assessment.overall,
        held_back_by=tuple(names[i] for i in assessment.held_back_by if i in names),
        age_days=age,
        reassess_in=model.due.reassess_days - age,
        is_stale=age > model.due.stale_days,
        awaited=awaited,
    )
