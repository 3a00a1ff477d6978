"""`/prodops setup`: makes a channel a team, or changes its settings, and shows what comes next."""

from collections.abc import Sequence

import structlog

from domain.localtime import zone_or_utc
from handlers import profiles
from handlers.call import Answer, Call, Errors, Reply, Show
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.setup_outlook import announce, coming
from handlers.setup_people import (
    MOST_PEOPLE,
    candidates_of,
    cannot_see,
    left_out,
    may_lead,
    profiles_of,
)
from handlers.setup_storing import store
from handlers.slack import FAILURES, code_of
from handlers.views import help as help_view
from handlers.views.blocks import View
from handlers.views.setup import (
    GROUP,
    LEADS,
    MEMBERS,
    PEOPLE,
    PICKED,
    SETTINGS,
    SETUP_MODAL,
    TEAM_NAME,
    SetupForm,
    preview,
    read_setup,
    setup_modal,
)
from handlers.views.setup_notes import (
    full_members_only,
    leads_only,
    not_a_team_channel,
)
from storage import memberships, teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

log = structlog.get_logger()


def register(registry: Registry) -> None:
    registry.commands["setup"] = setup
    registry.actions[help_view.SETUP] = setup
    registry.actions[SETTINGS] = setup
    registry.submissions[SETUP_MODAL] = save


async def setup(call: Call) -> Answer:
    """Open the form for the channel one is in (a settings button names another one)."""
    channel_id = call.value if call.id.startswith(SETTINGS) and call.value else call.channel_id
    if not channel_id or channel_id.startswith("D"):
        return Reply(not_a_team_channel())
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await teams.by_channel(tx, channel_id)
        leads = await teams.leads_of(tx, team.team_id) if team else []
    if not _is_full_member(member):
        return Reply(full_members_only())
    if not _may_change(member, team, leads):
        return Reply(leads_only(leads))
    await open_modal(call, _form(call, channel_id, member, team))
    return None


def _may_change(member: Member, team: Team | None, leads: Sequence[str]) -> bool:
    """Any full member may set up a channel without a team; then its leads and admins."""
    if not _is_full_member(member):
        return False
    return team is None or member.is_admin or member.person.user_id in leads


def _is_full_member(member: Member) -> bool:
    person = member.person
    return not (person.is_guest or person.is_foreign or person.is_bot or person.is_deleted)


async def _form(call: Call, channel_id: str, member: Member, team: Team | None) -> View:
    if team is None:
        form = SetupForm(
            channel_id=channel_id,
            team_name=_name_from(call),
            leads=(call.user_id,),
            time_zone=str(zone_or_utc(member.person.tz)),
        )
    else:
        async with call.read() as tx:
            form = await _standing(tx, team)
    groups = await _user_groups(call)
    return setup_modal(form, user_groups=groups, editing=team is not None)


def _name_from(call: Call) -> str:
    """A team's first name, out of its channel's: `product-growth` becomes `Product growth`."""
    channel = str(call.body.get("channel_name") or (call.body.get("channel") or {}).get("name", ""))
    if channel in ("", "privategroup", "directmessage"):
        return ""
    return channel.replace("-", " ").replace("_", " ").strip().capitalize()[:60]


async def _standing(tx: Tx, team: Team) -> SetupForm:
    return SetupForm(
        channel_id=team.channel_id,
        team_id=team.team_id,
        team_name=team.name,
        members=team.members_from,
        people=tuple(await memberships.members_of(tx, team.team_id))
        if team.members_from == PICKED
        else (),
        user_group=team.group_id,
        leads=tuple(await teams.leads_of(tx, team.team_id)),
        prompt_weekday=team.rhythm.prompt_weekday,
        prompt_time=team.rhythm.prompt_time,
        summary_weekday=team.rhythm.summary_weekday,
        summary_time=team.rhythm.summary_time,
        time_zone=team.tz,
        country=team.country,
        industry=team.industry,
    )


async def _user_groups(call: Call) -> list[tuple[str, str]]:
    """(id, handle) of the workspace's user groups; none where Slack does not let us look."""
    try:
        answer = await call.client.usergroups_list()
    except FAILURES:
        return []
    return [(str(g["id"]), str(g["handle"])) for g in answer.get("usergroups") or []][:100]


async def save(call: Call) -> Answer:
    """*Save*: store the team, take its people in, tell the channel, show what comes next."""
    form = read_setup(call.values, str(call.view.get("private_metadata") or "{}"))
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        before = await teams.by_channel(tx, form.channel_id)
        leads = await teams.leads_of(tx, before.team_id) if before else []
    if not _may_change(member, before, leads):
        return Errors({TEAM_NAME: "This channel has a team already; its leads can change it."})
    complaints = _complaints(form)
    if complaints:
        return Errors(complaints)
    try:
        candidates = await candidates_of(call, form)
    except FAILURES as problem:
        return Errors({MEMBERS: cannot_see(form, code_of(problem))})
    if len(candidates) > MOST_PEOPLE:
        too_many = f"More than {MOST_PEOPLE:,} people are in there"
        return Errors({MEMBERS: f"{too_many}: choose a user group, or pick people."})
    fetched = await profiles_of(call, [*form.leads, *candidates])
    odd = [u for u in form.leads if u in fetched and not may_lead(fetched[u])]
    if odd:
        return Errors({LEADS: "Only full members can lead: no guests, bots or people who left."})
    team = await store(call, form, candidates, fetched)
    notes = [
        *await announce(call, form, team, first=before is None),
        *left_out(candidates, fetched),
    ]
    async with call.read() as tx:
        events = await coming(tx, team)
    call.services.wake()
    return Show(preview(team.name, events, notes))


def _complaints(form: SetupForm) -> dict[str, str]:
    if not form.team_name.strip():
        return {TEAM_NAME: "Give the team a name."}
    if form.members == PICKED and not form.people:
        return {PEOPLE: "Pick the people of the team, or choose another kind of members."}
    if form.members == GROUP and not form.user_group:
        return {MEMBERS: "Choose the user group below; where there is none, pick people instead."}
    if not form.leads:
        return {LEADS: "Name at least one lead."}
    return {}
