"""People who move between time zones in the middle of a week are asked once a week all the same."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from domain.periods import Period
from sandbox.entities import User
from tests.world import World, world

WEDNESDAY = datetime(2026, 6, 3, 9, tzinfo=UTC)
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Honolulu",
)


def weeks_asked(w: World, user: User) -> list[str]:
    keys = [m.metadata["event_payload"]["key"] for m in w.dm(user) if m.metadata]
    return [key.rsplit(":", 1)[1] for key in keys if key.startswith("prompt:")]


async def settled_in(w: World, tz: str) -> User:
    everyone = w.add_people(3, tz=tz)
    channel = w.sandbox.workspace.add_channel("product", [user.id for user in everyone])
    await w.set_up(everyone[0], channel)
    return everyone[1]


@pytest.mark.parametrize(
    ("frm", "to", "moved_at", "asked_at"),
    [
        # Eastwards on Wednesday: Friday 14:00 over there.
        ("Europe/Berlin", "Australia/Sydney", "2026-06-03T10:00", "2026-06-05T04:00"),
        # Westwards on Wednesday.
        ("Australia/Sydney", "America/New_York", "2026-06-03T10:00", "2026-06-05T18:00"),
        # Eastwards on Friday morning, past 14:00 over there: at once, so that no week is lost.
        ("America/New_York", "Australia/Sydney", "2026-06-05T12:00", "2026-06-05T12:00"),
        # Westwards on Friday after the prompt: not a second time.
        ("Australia/Sydney", "America/New_York", "2026-06-05T08:00", "2026-06-05T04:00"),
        # Into a zone where it is the day after already.
        ("Pacific/Honolulu", "Pacific/Auckland", "2026-06-05T20:00", "2026-06-05T20:00"),
    ],
)
async def test_a_move_in_mid_week(
    sqlite_url: str, frm: str, to: str, moved_at: str, asked_at: str
) -> None:
    async with world(sqlite_url, now=WEDNESDAY) as w:
        user = await settled_in(w, frm)
        await w.move_to(datetime.fromisoformat(moved_at).replace(tzinfo=UTC))
        await w.sandbox.set_profile(user.id, tz=to)
        await w.settle()
        await w.move_to(WEDNESDAY + timedelta(days=14))
        assert weeks_asked(w, user) == ["2026-W23", "2026-W24"]
        first = next(m for m in w.dm(user) if m.metadata)
        at = datetime.fromtimestamp(int(float(first.ts)), UTC)
        assert at == datetime.fromisoformat(asked_at).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("seed", "database"),
    [
        *((0, "sqlite"), (1, "sqlite"), (2, "sqlite")),
        pytest.param(3, "postgres", marks=pytest.mark.postgres),
    ],
)
async def test_whoever_travels_a_lot(
    seed: int, database: str, request: pytest.FixtureRequest
) -> None:
    chance, database_url = Random(seed), request.getfixturevalue(f"{database}_url")
    async with world(database_url, now=WEDNESDAY) as w:
        user = await settled_in(w, "Europe/Berlin")
        end = WEDNESDAY + timedelta(days=28)
        while w.clock.now() < end:
            await w.advance(hours=chance.randrange(6, 70))
            await w.sandbox.set_profile(user.id, tz=chance.choice(ZONES))
            await w.settle()
        asked = weeks_asked(w, user)
        first = Period.parse("2026-W23")
        assert asked == [str(first.shift(n)) for n in range(len(asked))]
        assert len(asked) in (4, 5)
