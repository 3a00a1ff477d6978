"""Starting a check-in: the lead's form, its complaints, and asking everybody once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.checkin import deadline_at, usual_deadline
from domain.localtime import zone_or_utc
from domain.periods import Period
from handlers import closing, profiles
from handlers.assessments import assessments_of
from handlers.call import Answer, Call, Errors, Show
from handlers.checkinstatus import status_of
from handlers.invitations import ask
from handlers.modals import open_modal
from handlers.presence import asked_when
from handlers.registry import Registry
from handlers.schedule import team_workdays, zone_of
from handlers.services import Services
from handlers.teamchoice import must_lead, team_asked_for
from handlers.views import maturity as views
from handlers.views.blocks import View, escape
from handlers.views.maturity_start import (
    DEADLINE,
    DIMENSIONS,
    RATERS,
    START_MODAL,
    StartForm,
    read_start,
    start_modal,
    started_text,
)
from handlers.views.words import listed, moment
from storage import agenda, maturity, memberships, people, teams
from storage.database import Tx
from storage.maturity import Checkin
from storage.people import Member
from storage.teams import Team

_WHAT = "start a check-in"
#: Answers given further apart describe different times.
_MOST_DAYS = 90


def register(registry: Registry) -> None:
    registry.actions[views.START] = start_clicked
    registry.submissions[START_MODAL] = start


async def start_clicked(call: Call) -> Answer:
    """*Start check-in* on a message or in Home; the value is the team."""
    await open_modal(call, start_form(call, call.value or None))
    return None


async def start_form(call: Call, team_id: str | None) -> View:
    """The form, or how the check-in stands that somebody has started already."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=team_id, what="its maturity")
        await must_lead(tx, member, team, _WHAT)
        standing = await maturity.open_of(tx, team.team_id)
        if standing is not None:
            return await _already(call.services, tx, team, standing, member)
        model = call.services.playbook.maturity
        usual = await _usual_raters(tx, team)
        today = call.services.today(team.tz)
        warning = await _warning(call.services, tx, team, today)
    form = StartForm(
        team_id=team.team_id,
        dimensions=tuple(dimension.id for dimension in model),
        raters=tuple(usual),
        deadline=usual_deadline(today, team_workdays(team)),
        min_raters=model.scoring.min_raters,
    )
    return start_modal(form, model, team_size=len(usual), warning=warning)


async def _usual_raters(tx: Tx, team: Team) -> list[str]:
    """The team, without those who cannot be asked at all."""
    found = await people.get_many(tx, await memberships.members_of(tx, team.team_id))
    return [m.person.user_id for m in found if not _cannot_rate(m) and not m.person.prompts_stopped]


def _cannot_rate(member: Member) -> bool:
    person = member.person
    return person.is_bot or person.is_deleted or person.is_foreign or person.is_guest


async def _warning(services: Services, tx: Tx, team: Team, today: date) -> str:
    """That the last one was a short while ago; the lead may go on."""
    last = next(iter(await assessments_of(tx, team.team_id, 1)), None)
    gap = services.playbook.maturity.due.min_gap_days
    if last is None or (age := last.age_days(today)) >= gap:
        return ""
    return (
        f"The last check-in closed {age} days ago. Practice rarely moves within {gap} days, and "
        "asking too often tires people. You can go on if something big has changed."
    )


async def _already(
    services: Services, tx: Tx, team: Team, standing: Checkin, member: Member, note: str = ""
) -> View:
    """Somebody was quicker: their check-in, and what was typed for this one."""
    who = (
        "You have"
        if standing.started_by == member.person.user_id
        else f"<@{standing.started_by}> has"
    )
    kept = f"\nYour note was not used: {escape(note)}" if note else ""
    said = await status_of(services, tx, team, standing, member)
    text = f"{who} already started one.{kept}"
    return views.state_modal(text, blocks=said["blocks"], close="Close")


@dataclass(frozen=True)
class _Plan:
    """A form that can be carried out."""

    form: StartForm
    dimensions: Sequence[str]
    members: Sequence[Member]
    deadline: datetime
    min_raters: int


async def start(call: Call) -> Answer:
    """*Start check-in* in the form: everybody is asked, each once."""
    form = read_start(call.values, call.view["private_metadata"])
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    for user_id in form.raters:
        await profiles.ensure(call.services, call.workspace_id, user_id)
    async with call.write() as tx:
        team = await team_asked_for(call, tx, member, team_id=form.team_id, what="its maturity")
        await must_lead(tx, member, team, _WHAT)
        standing = await maturity.open_of(tx, team.team_id)
        if standing is not None:
            return Show(await _already(call.services, tx, team, standing, member, form.note))
        plan = await _checked(call, tx, team, form)
        if isinstance(plan, Errors):
            return plan
        begun, left_out = await _begin(tx, team, plan, call.user_id, call.now)
        if begun is None:
            standing = await maturity.open_of(tx, team.team_id)
            assert standing is not None
            return Show(await _already(call.services, tx, team, standing, member, form.note))
    call.services.wake()
    deadline = moment(plan.deadline, zone_of(member, team))
    asked = len(plan.members) - len(left_out)
    text = started_text(asked, len(plan.dimensions), deadline, left_out)
    return Show(views.state_modal(text))


async def _checked(call: Call, tx: Tx, team: Team, form: StartForm) -> _Plan | Errors:
    """Every complaint at its field, all at once."""
    model = call.services.playbook.maturity
    wrong: dict[str, str] = {}
    dimensions = [key for key in form.dimensions if model.get(key) is not None]
    if not dimensions:
        wrong[DIMENSIONS] = "Tick at least one dimension."
    picked = form.raters or tuple(await _usual_raters(tx, team))
    members = await people.get_many(tx, picked)
    least = max(form.min_raters, model.scoring.min_raters)
    if complaint := _raters_problem(members, least):
        wrong[RATERS] = complaint
    if complaint := deadline_problem(form.deadline, team, call.now):
        wrong[DEADLINE] = complaint
    if wrong or form.deadline is None:
        return Errors(wrong)
    closes = deadline_at(form.deadline, zone_or_utc(team.tz))
    return _Plan(form, dimensions, members, closes, least)


def _raters_problem(members: Sequence[Member], least: int) -> str | None:
    unable = [m.name or "somebody" for m in members if _cannot_rate(m)]
    if unable:
        return (
            f"Leave out {listed(unable)}: bots, guests, deactivated accounts and people of other "
            "organisations cannot rate."
        )
    if len(members) < least:
        return f"Pick at least {least} raters: with fewer, single ratings would show."
    return None


def deadline_problem(day: date | None, team: Team, now: datetime) -> str | None:
    if day is None:
        return "Pick a day."
    zone = zone_or_utc(team.tz)
    if deadline_at(day, zone) <= now:
        return "That is over already: a check-in closes at 17:00, so pick a later day."
    if day > now.astimezone(zone).date() + timedelta(days=_MOST_DAYS):
        return f"Pick a day within {_MOST_DAYS} days."
    return None


async def _begin(
    tx: Tx, team: Team, plan: _Plan, by: str, now: datetime
) -> tuple[Checkin | None, list[str]]:
    """(the check-in unless another was quicker, who is not asked since they are away)."""
    leads = set(await teams.leads_of(tx, team.team_id))
    away = {
        m.person.user_id: str(reason)
        for m in plan.members
        for _, reason in (asked_when(m, team, now, plan.deadline),)
        if reason is not None
    }
    begun = await maturity.start(
        tx,
        team_id=team.team_id,
        by=by,
        at=now,
        deadline_at=plan.deadline,
        note=plan.form.note,
        dimensions=plan.dimensions,
        min_raters=plan.min_raters,
        raters={m.person.user_id: m.person.user_id in leads for m in plan.members},
        excused={user: reason[:16] for user, reason in away.items()},
    )
    if begun is None:
        return None, []
    for member in plan.members:
        await ask(tx, team, begun, member, now)
    await put_deadline(tx, team, begun.checkin_id, plan.deadline)
    return begun, sorted(away)


async def put_deadline(tx: Tx, team: Team, checkin_id: str, at: datetime) -> None:
    period = Period.containing(at.astimezone(zone_or_utc(team.tz)).date())
    await agenda.put(tx, closing.END, checkin_id, period, at)
