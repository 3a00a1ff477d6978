"""Seven weeks through each change of daylight saving time, in four zones: one prompt a week, at
14:00 where the person is, and team figures as counted by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest

from sandbox.entities import Channel, Message, User
from tests.world import World, world

ZONES = {
    "new york": "America/New_York",
    "berlin": "Europe/Berlin",
    "kolkata": "Asia/Kolkata",
    "sydney": "Australia/Sydney",
}


@dataclass(frozen=True)
class Season:
    """What is expected, worked out by hand from the offsets of each zone: the UTC hour of 14:00
    local on each of the Fridays, and the holidays from which a prompt moves to the day before."""

    begin: datetime
    fridays: tuple[date, ...]
    hours: Mapping[str, tuple[str, ...]]
    moved: Mapping[date, tuple[str, ...]]

    def prompts(self, place: str) -> list[datetime]:
        return [
            datetime.combine(
                day - timedelta(days=place in self.moved.get(day, ())),
                time.fromisoformat(hour),
                UTC,
            )
            for day, hour in zip(self.fridays, self.hours[place], strict=True)
        ]


def seven_from(first: date) -> tuple[date, ...]:
    return tuple(first + timedelta(weeks=n) for n in range(7))


SPRING = Season(
    begin=datetime(2026, 2, 25, 9, tzinfo=UTC),
    fridays=seven_from(date(2026, 2, 27)),
    hours={
        # From 8 March on four hours behind UTC instead of five.
        "new york": ("19:00",) * 2 + ("18:00",) * 5,
        # From 29 March on two hours ahead instead of one.
        "berlin": ("13:00",) * 5 + ("12:00",) * 2,
        "kolkata": ("08:30",) * 7,
        # From 5 April on ten hours ahead instead of eleven.
        "sydney": ("03:00",) * 6 + ("04:00",),
    },
    # Good Friday.
    moved={date(2026, 4, 3): ("berlin", "kolkata", "sydney")},
)
AUTUMN = Season(
    begin=datetime(2026, 9, 23, 9, tzinfo=UTC),
    fridays=seven_from(date(2026, 9, 25)),
    hours={
        # Until 1 November.
        "new york": ("18:00",) * 6 + ("19:00",),
        # Until 25 October.
        "berlin": ("12:00",) * 5 + ("13:00",) * 2,
        "kolkata": ("08:30",) * 7,
        # Until 4 October.
        "sydney": ("04:00",) * 2 + ("03:00",) * 5,
    },
    # Gandhi's birthday.
    moved={date(2026, 10, 2): ("kolkata",)},
)


def share(week: int, number: int) -> int:
    """How many per cent of that week a person spends on tools."""
    return (7 * week + 13 * number) % 45 + 5


def average(week: int, numbers: range) -> int:
    """The team's per cent: one person one vote, halves rounded up."""
    mean = Fraction(sum(share(week, number) for number in numbers), len(numbers))
    return int(mean + Fraction(1, 2))


def marked(world: World, place: Channel, kind: str) -> list[Message]:
    """Messages that are deliveries of this kind."""
    return [
        message
        for message in world.messages(place)
        if message.metadata and message.metadata["event_payload"]["key"].startswith(f"{kind}:")
    ]


def instants(messages: list[Message]) -> list[datetime]:
    """When they were posted, to the second."""
    return [datetime.fromtimestamp(int(float(message.ts)), UTC) for message in messages]


@pytest.mark.parametrize(
    ("season", "database", "socket"),
    [
        pytest.param(SPRING, "sqlite", False, id="spring-sqlite-http"),
        pytest.param(
            AUTUMN, "postgres", True, id="autumn-postgres-socket", marks=pytest.mark.postgres
        ),
    ],
)
async def test_seven_weeks(
    season: Season, database: str, socket: bool, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(f"{database}_url")
    async with world(url, now=season.begin, socket=socket) as w:
        users = {place: w.sandbox.workspace.add_user(place, tz=tz) for place, tz in ZONES.items()}
        channel = w.sandbox.workspace.add_channel("product", [u.id for u in users.values()])
        await w.set_up(users["berlin"], channel)
        for week, friday in enumerate(season.fridays):
            await live_a_week(w, list(users.values()), channel, week, friday)

        for place, user in users.items():
            dm = w.sandbox.workspace.dm(user.id)
            assert instants(marked(w, dm, "prompt")) == season.prompts(place), place
        # New York alone answers late, each other week, and is reminded in the morning.
        reminders = {
            place: len(marked(w, w.sandbox.workspace.dm(user.id), "reminder"))
            for place, user in users.items()
        }
        assert reminders == {"new york": 3, "berlin": 0, "kolkata": 0, "sydney": 0}
        assert len(marked(w, channel, "summary")) == 7
        assert w.sandbox.events_refused == []
        assert [call for call in w.sandbox.calls if call.problems] == []


async def live_a_week(
    w: World, users: list[User], channel: Channel, week: int, friday: date
) -> None:
    """All answer on Saturday, but New York in odd weeks only after Monday's summary."""
    late = week % 2 == 1
    await w.move_to(datetime.combine(friday + timedelta(days=1), time(12), UTC))
    for number, user in enumerate(users):
        if not (late and number == 0):
            await log(w, user, channel, "", share(week, number))
    await w.move_to(datetime.combine(friday + timedelta(days=3), time(22), UTC))
    in_time = range(1 if late else 0, 4)
    assert operational(w, channel) == average(week, in_time)
    if late:
        await log(w, users[0], channel, "last ", share(week, 0))
        assert operational(w, channel) == average(week, range(4))


async def log(w: World, user: User, channel: Channel, which: str, tools: int) -> None:
    said = await w.log(user, channel, f"{which}{tools}% tools, {100 - tools}% delivery")
    assert f"operational share {tools}%" in said


def operational(w: World, channel: Channel) -> int:
    """What the newest summary says."""
    text = marked(w, channel, "summary")[-1].text
    return int(text.partition("Operational ")[2].partition("%")[0])
