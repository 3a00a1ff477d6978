"""Setting and changing goals: the form, with a baseline proposed from the data."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from domain.figures import Figures
from domain.goals import (
    Goal,
    GoalProblem,
    Metric,
    check_target,
    metric_of,
    metrics_of,
    read_value,
    rounded,
    value_text,
)
from domain.localtime import zone_or_utc
from handlers import profiles
from handlers.call import Answer, Call, Errors, Show
from handlers.errors import SayInstead, sentence
from handlers.goaloutcomes import schedule_goals, tell_replaced
from handlers.goals import figures_of
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.teamchoice import must_lead, team_asked_for
from handlers.teamreading import TeamReading
from handlers.views.blocks import View
from handlers.views.goal_form import (
    DUE,
    GOAL_MODAL,
    METRIC,
    OWNER,
    TARGET,
    GoalForm,
    goal_modal,
    goal_saved,
    read_goal,
)
from handlers.views.goals import EDIT, SET, dated, goal_title
from storage import goals
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

#: Days from now on which a goal may be due; the form proposes one in a quarter.
FURTHEST = 5 * 366
USUAL = 91
_WHAT = "its goals"


def register(registry: Registry) -> None:
    registry.actions[SET] = set_clicked
    registry.actions[EDIT] = edit_clicked
    registry.actions[METRIC] = metric_chosen
    registry.submissions[GOAL_MODAL] = save


async def set_clicked(call: Call) -> Answer:
    """*Set a goal*: the first figure without one is chosen; the button carries the team."""
    await open_modal(call, _new_form(call))
    return None


async def edit_clicked(call: Call) -> Answer:
    """*Edit goal*: the button carries the goal."""
    await open_modal(call, _standing_form(call))
    return None


async def _new_form(call: Call) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_led(call, tx, member, call.value or None)
        figures = await figures_of(TeamReading(call.services, tx, team, call.now))
        taken = {goal.metric for goal in await goals.open_of(tx, team.team_id)}
        metrics = metrics_of(call.services.playbook.maturity)
        first = next((m for m in metrics if m.id not in taken), metrics[0])
        due = figures.today + timedelta(days=USUAL)
        empty = GoalForm(team.team_id, first.id, due_on=due)
        return goal_modal(await _proposed(tx, empty, first, figures), metrics)


async def _standing_form(call: Call) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        goal = await goals.get(tx, call.value)
        if goal is None or goal.state != "open":
            raise SayInstead(sentence("That goal is closed already. `/prodops goals` shows all."))
        team = await team_led(call, tx, member, goal.team_id)
    metric = metric_of(goal.metric, call.services.playbook.maturity)
    baseline = _typed(goal.baseline, metric)
    form = GoalForm(
        team_id=team.team_id,
        metric=goal.metric,
        baseline=baseline,
        target=_typed(goal.target, metric),
        due_on=goal.due_on,
        owner=goal.owner,
        fixed=True,
        proposed=baseline,
        note=goal.baseline_note,
    )
    return goal_modal(form, [metric])


async def team_led(call: Call, tx: Tx, member: Member, team_id: str | None) -> Team:
    """The team, where the caller may set its goals; else answers in a sentence."""
    team = await team_asked_for(call, tx, member, team_id=team_id, what=_WHAT)
    await must_lead(tx, member, team, "set goals")
    return team


async def metric_chosen(call: Call) -> Answer:
    """Another figure: its baseline is proposed; whatever else was filled in stays."""
    form = read_goal(call.values, str(call.view.get("private_metadata") or ""))
    metrics = metrics_of(call.services.playbook.maturity)
    metric = next((m for m in metrics if m.id == call.value), metrics[0])
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_led(call, tx, member, form.team_id)
        figures = await figures_of(TeamReading(call.services, tx, team, call.now))
        form = await _proposed(tx, replace(form, metric=metric.id, baseline=""), metric, figures)
    await call.client.views_update(view_id=call.view["id"], view=goal_modal(form, metrics))
    return None


async def _proposed(tx: Tx, form: GoalForm, metric: Metric, figures: Figures) -> GoalForm:
    """The form with the baseline that the data give."""
    earlier = await goals.closed_of(tx, form.team_id, 50)
    renewed = any(g.metric == metric.id and g.state in ("met", "missed") for g in earlier)
    found = figures.before(metric, renewed=renewed)
    if found.value is None:
        return replace(form, proposed="", note=found.basis)
    proposed = _typed(rounded(found.value, metric.unit), metric)
    return replace(form, baseline=proposed, proposed=proposed, note=found.basis)


def _typed(value: Fraction, metric: Metric) -> str:
    """A figure as somebody would type it."""
    text = value_text(value, metric.unit)
    return text if metric.unit == "share" else text.removeprefix("level ").split()[0]


async def save(call: Call) -> Answer:
    """*Save*: replaces the open goal for the same figure, which stays in the history."""
    form = read_goal(call.values, str(call.view.get("private_metadata") or ""))
    metric = metric_of(form.metric, call.services.playbook.maturity)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_led(call, tx, member, form.team_id)
    today = call.now.astimezone(zone_or_utc(team.tz)).date()
    read = _read(form, metric, today)
    if isinstance(read, Errors):
        return read
    if form.owner and not await _is_person(call, form.owner):
        return Errors({OWNER: "Choose a person who is active in this workspace."})
    baseline, target, due_on = read
    by_hand = form.baseline.strip() != form.proposed
    note = "entered by hand" if by_hand else form.note
    async with call.write() as tx:
        goal, earlier = await goals.set_goal(
            tx,
            uuid.uuid4().hex,
            team_id=team.team_id,
            metric=form.metric,
            baseline=baseline,
            target=target,
            baseline_note=note,
            due_on=due_on,
            owner=form.owner,
            by=call.user_id,
            now=call.now,
        )
        await schedule_goals(tx, team, call.now)
        if earlier is not None:
            await tell_replaced(tx, team, earlier, call.user_id, call.now)
    call.services.wake()
    return Show(goal_saved(goal_title(goal, metric, today), _notes(earlier, metric, today)))


def _read(form: GoalForm, metric: Metric, today: date) -> tuple[Fraction, Fraction, date] | Errors:
    """(baseline, target, date), or what is wrong with each field."""
    errors: dict[str, str] = {}
    read: dict[str, Fraction] = {}
    for block, text in ((form.baseline_block, form.baseline), (TARGET, form.target)):
        try:
            read[block] = read_value(text, metric.unit)
        except GoalProblem as problem:
            errors[block] = str(problem)
    if len(read) == 2:
        try:
            check_target(metric, *read.values())
        except GoalProblem as problem:
            errors[TARGET] = str(problem)
    if form.due_on is None or form.due_on <= today:
        errors[DUE] = "Choose a day after today."
    elif form.due_on > today + timedelta(days=FURTHEST):
        errors[DUE] = "Choose a day within the next five years."
    if errors or form.due_on is None:
        return Errors(errors)
    baseline, target = read.values()
    return baseline, target, form.due_on


async def _is_person(call: Call, user_id: str) -> bool:
    owner = (await profiles.ensure(call.services, call.workspace_id, user_id)).person
    return not (owner.is_bot or owner.is_deleted)


def _notes(earlier: Goal | None, metric: Metric, today: date) -> list[str]:
    notes = ["`/prodops goals` shows how far along it is; charts and summaries show the target."]
    if metric.id != "operational_share":
        notes = ["`/prodops goals` shows how far along it is."]
    if earlier is not None:
        was = f"{value_text(earlier.target, metric.unit)} by {dated(earlier.due_on, today)}"
        notes.append(
            f"It replaces the goal that <@{earlier.created_by}> had set, {was}, "
            "which is kept in the history."
        )
    return notes
