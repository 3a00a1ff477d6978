"""Fills a database as years of use would: many workspaces, and all that people there logged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from bench.scale.starting import NOW, bot
from bench.scale.writing import Row, Writer, writing
from bot.samplework import seed_work
from domain.periods import Period
from domain.rhythm import Rhythm
from handlers.schedule import schedule_person, schedule_team
from storage import memberships, people, teams, workspaces
from storage.database import open_database
from storage.people import Profile
from storage.schema import deliveries

THIS = Period.containing(NOW.date())
TEAM_SIZE = 50
#: What the team that is measured has logged itself, in either database.
OWN_WEEKS = 12
SHARES = {"delivery": 4000, "customer": 3000, "coordination": 2000, "tools": 1000}


@dataclass(frozen=True)
class Size:
    workspaces: int
    shares: int

    @property
    def people(self) -> int:
        return self.workspaces * TEAM_SIZE

    @property
    def weeks(self) -> int:
        """So many weeks of everybody's logs hold that many shares."""
        return max(1, self.shares // len(SHARES) // self.people)


def workspace_id(number: int) -> str:
    return f"T{number:05d}"


def user_id(workspace: int, number: int) -> str:
    return f"U{workspace:05d}{number:02d}"


#: The one that is measured.
HERE = workspace_id(0)
SOMEBODY = user_id(0, 7)


async def set_up(url: str) -> None:
    """The measured workspace, made by the product's own functions, with weeks of its own."""
    database = open_database(url)
    try:
        async with database.write(HERE) as tx:
            await workspaces.remember(tx, "Here", "UBOT", NOW)
            team = await teams.save(
                tx,
                channel_id="C00000",
                name="Here",
                tz="Europe/Berlin",
                country=None,
                industry="",
                rhythm=Rhythm(),
                members_from="picked",
                group_id=None,
                by=user_id(0, 0),
                now=_before(OWN_WEEKS + 2),
            )
            for number in range(TEAM_SIZE):
                user = user_id(0, number)
                await people.refresh(tx, Profile(user, user, "Europe/Berlin"), NOW)
                await memberships.join(tx, team.team_id, user, None, _before(OWN_WEEKS + 1))
                await schedule_person(tx, user, NOW)
            await people.mark_home_seen(tx, SOMEBODY, NOW)
            await schedule_team(tx, team, NOW)
        lead, *members = (user_id(0, number) for number in range(TEAM_SIZE))
        async with bot(url) as built, built.database.write(HERE) as tx:
            await seed_work(built.services, tx, team, lead, members, NOW)
            # Nothing of it is still to be sent: nothing is due on the day that is measured.
            await tx.connection.execute(update(deliveries).values(state="sent", work_at=None))
    finally:
        await database.close()
    with writing(url) as writer:
        for weeks_ago in range(1, OWN_WEEKS + 1):
            _week(writer, [0], weeks_ago, team.team_id)
        _summary(writer, team.team_id)


def populate(url: str, size: Size) -> None:
    """All the other workspaces: their people, teams and agenda, and nothing that was logged."""
    with writing(url) as writer:
        numbers = range(1, size.workspaces)
        writer.add(
            "workspaces",
            ("workspace_id", "name", "bot_user_id", "charts", "installed_at"),
            ((workspace_id(n), f"Workspace {n}", "UBOT", True, NOW) for n in numbers),
        )
        writer.add("people", _PEOPLE, _people(numbers))
        writer.add("teams", _TEAMS, ((_team_row(n)) for n in numbers))
        writer.add(
            "memberships",
            ("workspace_id", "team_id", "user_id", "joined_at"),
            ((w, f"team{w}", user, NOW) for w, user in _everybody(numbers)),
        )
        due = NOW + timedelta(days=2, hours=3)
        writer.add(
            "agenda",
            ("workspace_id", "kind", "subject", "period", "due_at"),
            ((w, "prompt", user, str(THIS), due) for w, user in _everybody(numbers)),
        )


def add_history(url: str, size: Size) -> None:
    """What everybody else logged, week by week, and the prompts that asked for it."""
    with writing(url) as writer:
        for weeks_ago in range(1, size.weeks + 1):
            _week(writer, range(1, size.workspaces), weeks_ago)


def _week(writer: Writer, numbers: Sequence[int], weeks_ago: int, team: str | None = None) -> None:
    """One week of logs; ids count on by week and person."""
    period, at = THIS.shift(-weeks_ago), _before(weeks_ago)
    first = (numbers[0] * 1000 + weeks_ago) * 1_000_000
    everybody = list(_everybody(numbers))
    writer.add(
        "splits",
        ("split_id", "workspace_id", "user_id", "period", "applicable", "logged_at"),
        ((first + n, w, user, str(period), True, at) for n, (w, user) in enumerate(everybody)),
    )
    writer.add(
        "split_shares",
        ("split_id", "workspace_id", "category_id", "share_bp"),
        (
            (first + n, w, category, share)
            for n, (w, _) in enumerate(everybody)
            for category, share in SHARES.items()
        ),
    )
    writer.add(
        "deliveries",
        _DELIVERIES,
        (
            (
                *(f"p{weeks_ago}{user}", w, f"prompt:{user}:{period}", "prompt"),
                *(team or f"team{w}", user, str(period), at, "sent", 1, f"D{user}", "1.2", at),
            )
            for w, user in everybody
        ),
    )


def _summary(writer: Writer, team: str) -> None:
    """The newest one, which App Home shows."""
    period = str(THIS.shift(-1))
    at = NOW - timedelta(days=2)
    key = f"summary:{team}:{period}"
    row = ("s0", HERE, key, "summary", team, "C00000", period, at, "sent", 1, "C00000", "1.3", at)
    writer.add("deliveries", _DELIVERIES, [row])


_DELIVERIES = (
    *("delivery_id", "workspace_id", "key", "kind", "team_id", "recipient", "period", "due_at"),
    *("state", "attempts", "channel", "ts", "created_at"),
)
_FLAGS = ("is_admin", "is_bot", "is_guest", "is_deleted", "is_foreign")
_PEOPLE = (
    *("workspace_id", "user_id", "name", "tz", *_FLAGS),
    *("status_emoji", "status_text", "refreshed_at", "look_at"),
)
_TEAMS = (
    *("workspace_id", "team_id", "channel_id", "name", "tz", "industry", "prompt_weekday"),
    *("prompt_time", "reminder_time", "summary_weekday", "summary_time", "members_from"),
    *("created_by", "created_at", "look_at"),
)


def _people(numbers: Iterable[int]) -> Iterator[Row]:
    later = NOW + timedelta(days=1)
    no = (False,) * len(_FLAGS)
    for w, user in _everybody(numbers):
        yield (w, user, user, "Europe/Berlin", *no, "", "", NOW, later)


def _team_row(number: int) -> Row:
    w = workspace_id(number)
    rhythm = (4, "14:00", "09:30", 0, "14:00")
    later = NOW + timedelta(days=1)
    lead = user_id(number, 0)
    return (w, f"team{w}", f"C{number}", w, "UTC", "", *rhythm, "picked", lead, NOW, later)


def _everybody(numbers: Iterable[int]) -> Iterator[tuple[str, str]]:
    for number in numbers:
        for one in range(TEAM_SIZE):
            yield workspace_id(number), user_id(number, one)


def _before(weeks: int) -> datetime:
    return NOW - timedelta(weeks=weeks)
