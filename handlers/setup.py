"""`/prodops setup`: makes a channel a team, or changes its settings, and shows what comes next."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from domain.localtime import zone_or_utc
from domain.rhythm import Rhythm
from handlers import profiles
from handlers.call import Answer, Call, Errors, Reply, Show
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.schedule import (
    PROMPT,
    SUMMARY,
    reschedule_person,
    schedule_person,
    schedule_team,
    zone_of,
)
from handlers.slack import FAILURES, code_of
from handlers.views import help as help_view
from handlers.views.blocks import View
from handlers.views.setup import (
    CHANNEL,
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
    bot_missing,
    full_members_only,
    leads_only,
    not_a_team_channel,
    setup_done_message,
)
from storage import agenda, people, teams, workspaces
from storage.database import Tx
from storage.people import Member, Profile
from storage.teams import Team

#: Profiles fetched from Slack at the same time.
AT_ONCE = 8

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
        people=tuple(await teams.members_of(tx, team.team_id))
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
        candidates = await _candidates(call, form)
    except FAILURES as problem:
        return Errors({MEMBERS: _cannot_see(form, code_of(problem))})
    fetched = await _profiles(call, [*candidates, *form.leads])
    team = await _store(call, form, candidates, fetched, before)
    notes = await _announce(call, form, team, first=before is None)
    async with call.read() as tx:
        events = await _coming(tx, team)
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


def _cannot_see(form: SetupForm, code: str) -> str:
    if form.members == CHANNEL and code in ("channel_not_found", "not_in_channel"):
        return "I can't see this channel yet. Send /invite @ProdOps in it, then press Save again."
    return f"Slack did not tell me who that is ({code}). Pick people instead, or try again."


async def _candidates(call: Call, form: SetupForm) -> list[str]:
    """The user ids that are to be members, before bots and strangers are left out."""
    if form.members == PICKED:
        return list(form.people)
    if form.members == GROUP:
        answer = await call.client.usergroups_users_list(usergroup=str(form.user_group))
        return [str(user) for user in answer["users"]]
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = await call.client.conversations_members(
            channel=form.channel_id, limit=200, cursor=cursor
        )
        found += [str(user) for user in page["members"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return found


async def _profiles(call: Call, user_ids: Sequence[str]) -> dict[str, Profile]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(user_id: str) -> Profile | None:
        async with gate:
            return await profiles.fetch(call.services, call.workspace_id, user_id)

    found = await asyncio.gather(*(one(user_id) for user_id in dict.fromkeys(user_ids)))
    return {profile.user_id: profile for profile in found if profile is not None}


async def _store(
    call: Call,
    form: SetupForm,
    candidates: Sequence[str],
    fetched: dict[str, Profile],
    before: Team | None,
) -> Team:
    async with call.write() as tx:
        for profile in fetched.values():
            await people.refresh(tx, profile, call.now)
        for user_id in {*candidates, *form.leads} - fetched.keys():
            # Slack could not say now; the clock asks again, and the person is in meanwhile.
            await people.mention(tx, user_id)
        team = await teams.save(
            tx,
            channel_id=form.channel_id,
            name=form.team_name,
            tz=form.time_zone,
            country=form.country,
            industry=form.industry,
            rhythm=_rhythm(form),
            members_from=form.members,
            group_id=form.user_group if form.members == GROUP else None,
            by=call.user_id,
            now=call.now,
        )
        await teams.set_leads(tx, team.team_id, form.leads, call.now)
        us = await workspaces.get(tx)
        wanted = [
            user_id
            for user_id in candidates
            if _may_belong(fetched.get(user_id)) and not (us and user_id == us.bot_user_id)
        ]
        joined, left = await teams.set_members(tx, team.team_id, wanted, call.user_id, call.now)
        for user_id in [*joined, *left]:
            await schedule_person(tx, user_id, call.now)
        for user_id in {*wanted} - {*joined}:
            await reschedule_person(tx, user_id, call.now)
        await schedule_team(tx, team, call.now)
    return team


def _may_belong(profile: Profile | None) -> bool:
    return profile is None or not (profile.is_bot or profile.is_foreign or profile.is_deleted)


def _rhythm(form: SetupForm) -> Rhythm:
    return Rhythm(
        prompt_weekday=form.prompt_weekday,
        prompt_time=form.prompt_time,
        summary_weekday=form.summary_weekday,
        summary_time=form.summary_time,
    )


async def _announce(call: Call, form: SetupForm, team: Team, *, first: bool) -> list[str]:
    """Tell the channel once, which also shows whether the summary will be able to get there."""
    if not first and team.trouble is None:
        return []
    async with call.read() as tx:
        count = len(await teams.members_of(tx, team.team_id))
    said = setup_done_message(form, member_count=count)
    try:
        await call.client.chat_postMessage(
            channel=team.channel_id, text=said["text"], blocks=said["blocks"]
        )
    except FAILURES as problem:
        log.warning("the channel of a new team cannot be posted to")
        if code_of(problem) in ("not_in_channel", "channel_not_found"):
            missing = bot_missing(team.channel_id)
            await call.client.chat_postMessage(
                channel=call.user_id, text=missing["text"], blocks=missing["blocks"]
            )
            return ["I am not in this channel yet: send /invite @ProdOps in it, else no summary."]
        return ["Slack did not let me post in this channel; the summary would not arrive."]
    async with call.write() as tx:
        await teams.set_trouble(tx, team.team_id, None)
    return []


async def _coming(tx: Tx, team: Team) -> list[tuple[datetime, str]]:
    """The next prompts, by instant and zone, and the next summary, in order."""
    prompts: dict[tuple[datetime, str], int] = {}
    for member in await people.get_many(tx, await teams.members_of(tx, team.team_id)):
        due = await agenda.get(tx, PROMPT, member.person.user_id)
        if due is not None:
            slot = (due.due_at, str(zone_of(member, team)))
            prompts[slot] = prompts.get(slot, 0) + 1
    events = [
        (at.astimezone(zone_or_utc(zone)), f"Prompt to {_counted(count)} ({zone})")
        for (at, zone), count in prompts.items()
    ]
    summary = await agenda.get(tx, SUMMARY, team.team_id)
    if summary is not None:
        text = f"Summary of {summary.period.label} in this channel"
        events.append((summary.due_at.astimezone(zone_or_utc(team.tz)), text))
    return sorted(events, key=lambda event: event[0].astimezone(UTC))


def _counted(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
