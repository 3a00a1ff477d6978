"""`/prodops maturity`: a lead's check-in, a member's ratings, the last result, and its history."""

from domain.localtime import zone_or_utc
from handlers import checkinends, checkins, invitations, profiles, rating, reassessment, results
from handlers.assessments import assessments_of
from handlers.call import Answer, Call, Reply
from handlers.checkinstatus import status_of
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.results import result_of
from handlers.teamchoice import team_asked_for
from handlers.views import maturity as views
from handlers.views.blocks import Message, actions
from handlers.views.maturity_history import SHOWN, history
from storage import maturity, teams
from storage.database import Tx
from storage.maturity import Checkin
from storage.people import Member
from storage.teams import Team

_WHAT = "its maturity"


def register(registry: Registry) -> None:
    registry.commands["maturity"] = ask
    registry.actions[views.SHOW] = show_clicked
    registry.actions[views.HISTORY] = history_clicked
    for part in (checkins, checkinends, invitations, rating, reassessment, results):
        part.register(registry)


async def ask(call: Call) -> Answer:
    """`maturity [history]`, typed."""
    if call.text.strip().lower() == "history":
        return await _history(call, None)
    return await _show(call, None)


async def show_clicked(call: Call) -> Answer:
    return await _show(call, call.value or None)


async def history_clicked(call: Call) -> Answer:
    return await _history(call, call.value or None)


async def _show(call: Call, team_id: str | None) -> Answer:
    """The open check-in, else the last result; a form at once where that is what is wanted."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        outside = await _asked_elsewhere(call, tx, team_id)
        if outside is None:
            team = await team_asked_for(call, tx, member, team_id=team_id, what=_WHAT)
            standing = await maturity.open_of(tx, team.team_id)
        else:
            team, standing = outside
        leads = await profiles.is_lead_or_admin(tx, member, team.team_id)
        rates = standing is not None and await _is_awaited(tx, standing, call.user_id)
        said = await _said(call, tx, team, standing, member, leads=leads)
    if call.trigger_id is None or call.kind != "command":
        return Reply(said)
    if standing is None and leads:
        await open_modal(call, checkins.start_form(call, team.team_id))
    elif standing is not None and rates and not leads:
        await open_modal(call, rating.rating_form(call, standing.checkin_id))
    return Reply(said)


async def _asked_elsewhere(call: Call, tx: Tx, team_id: str | None) -> tuple[Team, Checkin] | None:
    """The check-in of a team that the person is not in and is asked about all the same."""
    own = {t.team_id for t in await teams.of_member(tx, call.user_id)}
    own |= {t.team_id for t in await teams.of_lead(tx, call.user_id)}
    here = await teams.by_channel(tx, call.channel_id) if call.channel_id else None
    wanted = team_id or (here.team_id if here else None)
    asked = [c for c in await maturity.open_for(tx, call.user_id) if c.team_id not in own]
    if wanted is not None:
        asked = [checkin for checkin in asked if checkin.team_id == wanted]
    elif own:
        return None
    if not asked:
        return None
    team = await teams.get(tx, asked[0].team_id)
    return (team, asked[0]) if team else None


async def _is_awaited(tx: Tx, checkin: Checkin, user_id: str) -> bool:
    raters = await maturity.raters_of(tx, checkin.checkin_id)
    return any(r.user_id == user_id and r.may_rate and r.submitted_at is None for r in raters)


async def _said(
    call: Call, tx: Tx, team: Team, standing: Checkin | None, member: Member, *, leads: bool
) -> Message:
    if standing is not None:
        return await status_of(call.services, tx, team, standing, member)
    last = next(iter(await assessments_of(tx, team.team_id, 1)), None)
    if last is None:
        whom = await teams.leads_of(tx, team.team_id)
        return views.nothing_yet(team.team_id, team.name, whom, is_lead=leads)
    found = await result_of(call.services, tx, team, last, today=call.now)
    return _with_start(found, team) if leads else found


def _with_start(found: Message, team: Team) -> Message:
    more = actions(views.start_button(team.team_id))
    with_button: Message = {**found, "blocks": [*found["blocks"], more]}
    if "fallback_blocks" in found:
        with_button["fallback_blocks"] = [*found["fallback_blocks"], more]
    return with_button


async def _history(call: Call, team_id: str | None) -> Answer:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=team_id, what=_WHAT)
        found = await assessments_of(tx, team.team_id, SHOWN)
        if not found:
            leads = await profiles.is_lead_or_admin(tx, member, team.team_id)
            whom = await teams.leads_of(tx, team.team_id)
            return Reply(views.nothing_yet(team.team_id, team.name, whom, is_lead=leads))
    model = call.services.playbook.maturity
    zone = zone_or_utc(team.tz)
    return Reply(history(found, team_name=team.name, model=model, zone=zone))
