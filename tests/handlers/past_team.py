"""A team that has logged for months, put into the database so that no test has to wait for it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.localtime import resolve_local
from domain.periods import Period
from domain.rhythm import Rhythm
from domain.timesplit import Split
from handlers.schedule import schedule_team
from sandbox.entities import Channel, User
from storage import memberships, people, teams, timesplit
from storage.people import Profile
from storage.teams import Team
from tests.stage import Stage, team

BERLIN = ZoneInfo("Europe/Berlin")
#: A Tuesday; the reviews of June and of the second quarter are due on the day after.
TUESDAY = datetime(2026, 6, 30, 10, 0, tzinfo=UTC)

LAST = Period(2026, 26)

Percent = Mapping[str, int]


@asynccontextmanager
async def past_team(
    database_url: str,
    weeks: Sequence[Sequence[Percent | None]],
    *,
    last: Period = LAST,
    now: datetime = TUESDAY,
    admin: bool = False,
    **options: Any,
) -> AsyncIterator[tuple[Stage, Team]]:
    """A stage whose team `growth` has logged: `weeks` up to `last`, in each what every person
    said (None: nothing), the lead first; with `admin` the lead is one of the workspace's."""
    count = len(weeks[0])
    async with team(database_url, count=count, set_up=False, now=now, **options) as stage:
        stage.lead.is_admin = admin
        made = await add_team(stage, stage.channel, stage.people, weeks, last=last)
        yield stage, made


async def add_team(
    stage: Stage,
    channel: Channel,
    members: Sequence[User],
    weeks: Sequence[Sequence[Percent | None]],
    *,
    last: Period = LAST,
    lead: User | None = None,
    tz: str = "Europe/Berlin",
) -> Team:
    """The same for a channel of a stage that is there."""
    world = stage.world
    now = world.clock.now()
    first = last.shift(1 - len(weeks))
    begun = _noon(first) - timedelta(days=2)
    async with world.bot.database.write(world.sandbox.workspace.team_id) as tx:
        for user in members:
            await people.refresh(tx, Profile(user.id, user.real_name, tz, user.is_admin), now)
        made = await teams.save(
            tx,
            channel_id=channel.id,
            name=channel.name,
            tz=tz,
            country=None,
            industry="Technology",
            rhythm=Rhythm(),
            members_from="picked",
            group_id=None,
            by=(lead or members[0]).id,
            now=begun,
        )
        await teams.set_leads(tx, made.team_id, [(lead or members[0]).id], begun)
        for user in members:
            await memberships.join(tx, made.team_id, user.id, None, begun)
        for number, said in enumerate(weeks):
            week = first.shift(number)
            for user, percent in zip(members, said, strict=True):
                if percent is not None:
                    split = Split({key: share * 100 for key, share in percent.items()})
                    at = _noon(week) + timedelta(days=3)
                    await timesplit.record(
                        tx, user.id, week, split, reason=None, source="test", now=at
                    )
        await schedule_team(tx, made, now)
    return made


def _noon(week: Period) -> datetime:
    return resolve_local(week.monday, time(12), BERLIN)


def posted(stage: Stage, channel: Channel, title: str) -> list[Any]:
    """What stands in the channel for all to see under a title that begins so."""
    return [
        message
        for message in stage.world.messages(channel)
        if message.ephemeral_for is None and message.text.startswith(title)
    ]
