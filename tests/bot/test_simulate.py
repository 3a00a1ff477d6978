"""What is foreseen is what goes out: the same people, kinds, weeks and instants."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.settings import StorageSettings
from bot.simulate import foresee, simulate
from domain.spans import Span
from sandbox.entities import Message, User
from storage import teams
from tests.world import World, world

Event = tuple[str, str, str, datetime]
KINDS = ("prompt", "reminder", "summary")
REVIEWS = ("month", "quarter")


async def foreseen(w: World, first: date, last: date) -> set[Event]:
    found = set()
    async with w.bot.database.read(w.sandbox.workspace.team_id) as tx:
        for team in await teams.every(tx):
            for event in await foresee(tx, team, first, last):
                if event.goes_out:
                    found.add((event.kind, event.recipient, str(event.period), event.at))
    return found


def happened(w: World, since: datetime) -> set[Event]:
    """What the workspace got since then."""
    found = set()
    for channel in list(w.sandbox.workspace.channels.values()):
        for message in w.messages(channel):
            at = datetime.fromtimestamp(int(float(message.ts)), UTC)
            key = _key(message)
            kind, _, rest = key.partition(":")
            about = key.rsplit(":", 1)[-1]
            if at >= since and kind in REVIEWS:
                found.add((kind, channel.id, str(Span.parse(about).last_week), at))
            elif at >= since and kind in KINDS:
                whom = channel.id if kind == "summary" else rest.split(":")[0]
                found.add((kind, whom, about, at))
    return found


def _key(message: Message) -> str:
    return str(message.metadata["event_payload"]["key"]) if message.metadata else ""


async def populated(w: World) -> list[User]:
    """Four zones, somebody away for a week, somebody paused, somebody in two teams."""
    zones = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney")
    people = [w.sandbox.workspace.add_user(tz.split("/")[1].lower(), tz=tz) for tz in zones]
    people.append(w.sandbox.workspace.add_user("stopped", tz="UTC"))
    one = w.sandbox.workspace.add_channel("one", [user.id for user in people])
    two = w.sandbox.workspace.add_channel("two", [user.id for user in people[:3]])
    for channel in (one, two):
        await w.set_up(people[1], channel)
    return people


# Over Easter and the spring change; over the autumn change; over Christmas.
@pytest.mark.parametrize(
    ("begin", "reviewed"),
    [
        (date(2026, 3, 18), {"quarter"}),
        (date(2026, 10, 14), {"month"}),
        # The first working day of the year comes after what is looked at.
        (date(2026, 12, 9), set()),
    ],
)
async def test_what_is_foreseen_happens(sqlite_url: str, begin: date, reviewed: set[str]) -> None:
    now = datetime(begin.year, begin.month, begin.day, 9, tzinfo=UTC)
    async with world(sqlite_url, now=now) as w:
        people = await populated(w)
        # The simulation looks ahead from the middle of things: reminders are planned already.
        await w.move_to(now + timedelta(days=3))
        away = (begin + timedelta(days=7)).isoformat()
        until = (begin + timedelta(days=12)).isoformat()
        channel = next(iter(w.sandbox.workspace.channels))
        reply = await w.act.command(people[2].id, channel, f"/prodops away {away} to {until}")
        assert "away" in " ".join(m.text for m in reply.messages).lower()
        since = w.clock.now()
        first = since.date() + timedelta(days=1)
        last = first + timedelta(days=21)
        expected = await foreseen(w, first, last)
        await w.move_to(datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=UTC))
        begun = datetime(first.year, first.month, first.day, tzinfo=UTC)
        assert happened(w, begun) == expected
        assert {kind for kind, *_ in expected} == {*KINDS, *reviewed}


@pytest.mark.parametrize("set_up_at", ["2026-06-05T11:59", "2026-06-05T12:01", "2026-06-06T10:00"])
async def test_a_new_team_begins_after_its_set_up(sqlite_url: str, set_up_at: str) -> None:
    """The rule's Friday 14:00 and Monday 14:00 of the week of set-up may be over."""
    now = datetime.fromisoformat(set_up_at).replace(tzinfo=UTC)
    async with world(sqlite_url, now=now) as w:
        people = w.add_people(3)
        channel = w.sandbox.workspace.add_channel("one", [user.id for user in people])
        await w.set_up(people[0], channel)
        end = now + timedelta(days=21)
        expected = await foreseen(w, now.date(), end.date())
        assert min(at for *_, at in expected) > now
        await w.move_to(end)
        assert happened(w, now) == {event for event in expected if event[-1] <= end}
        first = "2026-W23" if set_up_at.endswith("11:59") else "2026-W24"
        assert {period for _, _, period, _ in expected} >= {first}
        assert min(period for _, _, period, _ in expected) == first


async def test_lines_name_day_zone_and_person(sqlite_url: str) -> None:
    async with world(sqlite_url) as w:
        await populated(w)
        settings = StorageSettings.load({"DATABASE_URL": sqlite_url})
        first = date(2026, 6, 3)
        lines = [line async for line in simulate(settings, first, first + timedelta(days=7))]
        assert lines[0].startswith("# ")
        assert sum(line.startswith("# one (workspace ") for line in lines) == 1
        assert any(
            "Fri 2026-06-05 14:00 Asia/Kolkata" in line and "kolkata, about 2026-W23" in line
            for line in lines
        )
        # Whoever is in both teams is asked once.
        prompts = [line for line in lines if " prompt " in line and "2026-W23" in line]
        assert len(prompts) == len({line.split("prompt")[1] for line in prompts}) == 5
