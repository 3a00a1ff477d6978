"""Stores a team as its form was saved: the settings, then its people, some at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.rhythm import Rhythm
from handlers.call import Call
from handlers.closing import let_go
from handlers.schedule import reschedule_person, schedule_person, schedule_team
from handlers.setup_people import may_belong
from handlers.views.setup import GROUP, SetupForm
from storage import memberships, people, teams, workspaces
from storage.database import Tx
from storage.people import Profile
from storage.teams import Team

#: People seen to in one transaction, which keeps other writers waiting. Should the process end
#: between two of them, the sweep takes in who is missing.
AT_ONCE = 100


async def store(
    call: Call, form: SetupForm, candidates: Sequence[str], fetched: Mapping[str, Profile]
) -> Team:
    """Make the team what the form says, out of whom Slack named and who they are."""
    first, *rest = list(_some(list(dict.fromkeys(candidates)))) or [[]]
    async with call.write() as tx:
        await _keep(tx, form.leads, fetched, call)
        team = await _save(tx, form, call)
        before = set(await memberships.members_of(tx, team.team_id))
        us = await workspaces.get(tx)
        them = _People(fetched, before, us.bot_user_id if us else "")
        await _take_in(call, tx, team, first, them)
    for some in rest:
        async with call.write() as tx:
            await _take_in(call, tx, team, some, them)
    stays = {user_id for user_id in candidates if may_belong(fetched.get(user_id))}
    for some in _some(sorted(before - stays)):
        async with call.write() as tx:
            for user_id in some:
                await memberships.leave(tx, team.team_id, user_id, call.now)
                await schedule_person(tx, user_id, call.now)
                team_id = team.team_id
                await let_go(call.services, tx, user_id, "left_team", call.now, team_id=team_id)
    return team


def _some(user_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(user_ids), AT_ONCE):
        yield user_ids[start : start + AT_ONCE]


async def _save(tx: Tx, form: SetupForm, call: Call) -> Team:
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
    await schedule_team(tx, team, call.now)
    return team


def _rhythm(form: SetupForm) -> Rhythm:
    return Rhythm(
        prompt_weekday=form.prompt_weekday,
        prompt_time=form.prompt_time,
        summary_weekday=form.summary_weekday,
        summary_time=form.summary_time,
    )


@dataclass(frozen=True)
class _People:
    """Who they are, who of them was a member before, and which of them is the bot itself."""

    fetched: Mapping[str, Profile]
    before: set[str]
    bot_user_id: str


async def _take_in(
    call: Call, tx: Tx, team: Team, candidates: Sequence[str], them: _People
) -> None:
    await _keep(tx, candidates, them.fetched, call)
    for user_id in candidates:
        if not may_belong(them.fetched.get(user_id)) or user_id == them.bot_user_id:
            continue
        if user_id in them.before:
            await reschedule_person(tx, user_id, call.now)
        else:
            await memberships.join(tx, team.team_id, user_id, call.user_id, call.now)
            await schedule_person(tx, user_id, call.now)


async def _keep(
    tx: Tx, user_ids: Sequence[str], fetched: Mapping[str, Profile], call: Call
) -> None:
    for user_id in user_ids:
        if user_id in fetched:
            await people.refresh(tx, fetched[user_id], call.now)
        else:
            # Slack could not say now; the clock asks again, and the person is in meanwhile.
            await people.mention(tx, user_id)
