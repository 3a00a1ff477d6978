"""A workspace of many small teams, whose people have logged for some weeks already."""

from datetime import UTC, datetime

from sqlalchemy import insert

from bench.payloads import WORKSPACE
from domain.periods import Period
from domain.rhythm import Rhythm
from storage import memberships, migrate, people, teams, workspaces
from storage.database import Tx, open_database
from storage.people import Profile
from storage.schema import split_shares, splits

TEAM_SIZE = 8
#: Weeks that each person logs in the course of the benchmark, and logged before it.
WEEKS_TO_LOG, WEEKS_BEFORE = 4, 4
SPLIT = {"delivery": 4000, "customer": 3000, "coordination": 2000, "tools": 1000}


def log_texts(count: int) -> list[tuple[str, str]]:
    """(user, text after `/prodops`) of `count` logs, each of a week that has none yet."""
    this = Period.containing(datetime.now(UTC).date())
    weeks = [this.shift(back) for back in range(1 - WEEKS_TO_LOG, 1)]
    said = ", ".join(f"{share // 100}% {category}" for category, share in SPLIT.items())
    everybody = users(people_for(count))
    return [(user, f"log {week} {said}") for week in weeks for user in everybody][:count]


def people_for(count: int) -> int:
    """How many people it takes for so many logs: whole teams of them."""
    return -(-count // WEEKS_TO_LOG // TEAM_SIZE) * TEAM_SIZE


def users(count: int) -> list[str]:
    return [f"U{number:06d}" for number in range(count)]


async def populate(url: str, count: int) -> None:
    """Migrate the database and fill it with so many people."""
    migrate.migrate(url)
    database = open_database(url)
    now = datetime.now(UTC)
    try:
        async with database.write(WORKSPACE) as tx:
            await workspaces.remember(tx, "Bench", "U0BOT", now)
        everybody = users(count)
        for start in range(0, count, TEAM_SIZE):
            # Each by itself: a transaction that takes too long is given up.
            async with database.write(WORKSPACE) as tx:
                await _team(tx, everybody[start : start + TEAM_SIZE], now)
        async with database.write(WORKSPACE) as tx:
            await _history(tx, everybody, now)
    finally:
        await database.close()


async def _team(tx: Tx, members: list[str], now: datetime) -> None:
    team = await teams.save(
        tx,
        channel_id=f"C{members[0]}",
        name=f"Team {members[0]}",
        tz="UTC",
        country=None,
        industry="Technology",
        rhythm=Rhythm(),
        members_from="picked",
        group_id=None,
        by=members[0],
        now=now,
    )
    for user_id in members:
        await people.refresh(tx, Profile(user_id, f"Person {user_id}", "UTC"), now)
        await memberships.join(tx, team.team_id, user_id, members[0], now)


async def _history(tx: Tx, everybody: list[str], now: datetime) -> None:
    """Straight into the tables: through the product it would take longer than the benchmark."""
    this = Period.containing(now.date())
    weeks = [this.shift(-WEEKS_TO_LOG - back) for back in range(WEEKS_BEFORE)]
    logs = [
        {
            "split_id": number,
            "workspace_id": WORKSPACE,
            "user_id": user_id,
            "period": str(week),
            "applicable": True,
            "logged_at": now,
        }
        # Databases count up from 1 by themselves; these stay out of their way.
        for number, (week, user_id) in enumerate(
            ((week, user_id) for week in weeks for user_id in everybody), start=1_000_000
        )
    ]
    shares = [
        {
            "split_id": log["split_id"],
            "workspace_id": WORKSPACE,
            "category_id": category,
            "share_bp": share,
        }
        for log in logs
        for category, share in SPLIT.items()
    ]
    await tx.connection.execute(insert(splits), logs)
    await tx.connection.execute(insert(split_shares), shares)
