"""The workspace of a chaos run: teams in several zones, in the sandbox and in the database."""

from dataclasses import dataclass
from datetime import datetime

from bench.chaos.plan import TEAM_SIZE, Plan
from domain.periods import Period
from domain.rhythm import Rhythm
from handlers.schedule import schedule_person, schedule_team
from sandbox.server import Sandbox
from storage import memberships, people, teams, workspaces
from storage.database import Database, Tx
from storage.people import Profile


@dataclass(frozen=True)
class TeamOnStage:
    team_id: str
    channel: str
    #: The first one leads it.
    members: tuple[str, ...]
    tz: str


async def set_up(
    plan: Plan, sandbox: Sandbox, database: Database, now: datetime
) -> list[TeamOnStage]:
    """All teams, each with its first events on the agenda."""
    async with database.write(sandbox.workspace.team_id) as tx:
        await workspaces.remember(tx, "Sandbox", sandbox.workspace.bot_user_id, now)
    found = []
    for number, start in enumerate(range(0, plan.people, TEAM_SIZE)):
        tz = plan.zones[number % len(plan.zones)]
        size = min(TEAM_SIZE, plan.people - start)
        members = [sandbox.workspace.add_user(f"member{start + n}", tz=tz).id for n in range(size)]
        channel = sandbox.workspace.add_channel(f"team-{number}", members)
        async with database.write(sandbox.workspace.team_id) as tx:
            team_id = await _team(tx, channel.id, channel.name, members, tz, now)
        found.append(TeamOnStage(team_id, channel.id, tuple(members), tz))
    return found


async def _team(tx: Tx, channel: str, name: str, members: list[str], tz: str, now: datetime) -> str:
    team = await teams.save(
        tx,
        channel_id=channel,
        name=name,
        tz=tz,
        country=None,
        industry="",
        rhythm=Rhythm(),
        members_from="picked",
        group_id=None,
        by=members[0],
        now=now,
    )
    await teams.set_leads(tx, team.team_id, members[:1], now)
    for user_id in members:
        await people.refresh(tx, Profile(user_id, user_id, tz), now)
        await memberships.join(tx, team.team_id, user_id, None, now)
        await schedule_person(tx, user_id, now)
    await schedule_team(tx, team, now)
    return team.team_id


def expected_keys(plan: Plan, stage: list[TeamOnStage], begin: datetime) -> dict[str, str]:
    """By key, to whom: what must have been sent in the end, reckoned without the product's rules.

    One prompt, one reminder and one summary a week, since nobody answers and no week is free of
    working days.
    """
    first = Period.containing(begin.date())
    weeks = [first.shift(n) for n in range(plan.weeks)]
    found = {}
    for team in stage:
        for week in weeks:
            found[f"summary:{team.team_id}:{week}"] = team.channel
            for user in team.members:
                found[f"prompt:{user}:{week}"] = user
                found[f"reminder:{user}:{week}"] = user
    return found
