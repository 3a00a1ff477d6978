"""What the database sums up is what one would add up by hand, person by person."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest

from domain.categories import load_catalog
from domain.delivery import State
from domain.eligibility import Absence
from domain.periods import Period
from domain.personhours import Logged, PersonLog
from domain.rhythm import Rhythm
from domain.team import team_week
from domain.timesplit import Split, largest_remainder, split_from_minutes
from handlers.teamweeks import records_of
from storage import (
    absences,
    crews,
    deliveries,
    memberships,
    people,
    roi,
    teams,
    teamweeks,
    timesplit,
    workspaces,
)
from storage.database import Database, Tx, open_database
from storage.people import Profile
from storage.teams import Team

CATALOG = load_catalog()
#: A Monday, and the weeks before it.
NOW = datetime(2026, 6, 8, 6, tzinfo=UTC)
WEEKS = [Period(2026, 23).shift(-n) for n in range(7, -1, -1)]
BEGIN = NOW - timedelta(weeks=9)
USERS = [f"U{n}" for n in range(12)]
#: One that no company's categories have, too: old logs keep it.
CATEGORIES = ["tools", "reporting", "strategy", "customer", "delivery", "gone"]


@dataclass
class Told:
    """All that was stored, as the test knows it."""

    stays: list[tuple[str, str, datetime, datetime | None]] = field(default_factory=list)
    ops: list[tuple[str, str, datetime, datetime | None]] = field(default_factory=list)
    logs: dict[tuple[str, Period], tuple[Split | None, datetime]] = field(default_factory=dict)
    away: dict[str, Absence] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    excused: set[tuple[str, Period]] = field(default_factory=set)

    def counts(self, team: str, user: str, at: datetime) -> bool:
        here = any(
            since <= at and (until is None or at <= until)
            for where, who, since, until in self.stays
            if (where, who) == (team, user)
        )
        return here and not self.is_ops(team, user, at)

    def is_ops(self, team: str, user: str, at: datetime) -> bool:
        return any(
            since <= at and (until is None or at < until)
            for where, who, since, until in self.ops
            if (where, who) == (team, user)
        )

    def counted(self, team: str, week: Period) -> dict[str, Split]:
        return {
            user: split
            for (user, logged), (split, at) in self.logs.items()
            if logged == week and split is not None and self.counts(team, user, at)
        }

    def missing(self, team: str, week: Period) -> set[str]:
        end = datetime.combine(week.sunday + timedelta(days=1), datetime.min.time(), UTC)
        workdays = [week.monday + timedelta(days=n) for n in range(5)]
        return {
            user
            for where, user, since, until in self.stays
            if where == team
            and since < end
            and (until is None or until >= end)
            and (user, week) not in self.logs
            and (user, week) not in self.excused
            and user not in self.unreachable
            and not self.is_ops(team, user, end)
            and not (user in self.away and all(map(self.away[user].covers, workdays)))
        }


async def _teams(tx: Tx, told: Told, chance: Random) -> list[Team]:
    await workspaces.remember(tx, "Acme", "UBOT", NOW)
    for user in USERS:
        gone = user == "U11"
        await people.refresh(tx, Profile(user, user, "UTC", is_deleted=gone), NOW)
        told.unreachable |= {user} if gone else set()
        if chance.random() < 0.3:
            start = date(2026, 4, 20) + timedelta(days=chance.randrange(30))
            told.away[user] = Absence(start, start + timedelta(days=chance.randrange(20)))
            await absences.record(tx, user, start, told.away[user].until, NOW)
    made = []
    for number in range(3):
        team = await teams.save(
            tx,
            channel_id=f"C{number}",
            name=f"Team {number}",
            tz="UTC",
            country=None,
            industry="",
            rhythm=Rhythm(),
            members_from="picked",
            group_id=None,
            by="U0",
            now=BEGIN,
        )
        for user in chance.sample(USERS, 7 - 2 * number):
            await _member(tx, told, team.team_id, user, chance)
        made.append(team)
    return made


async def _member(tx: Tx, told: Told, team: str, user: str, chance: Random) -> None:
    """Somebody who stays, leaves or comes back, and may be of product operations for a while."""
    at = BEGIN + timedelta(days=chance.choice([0, 0, 20]))
    for _ in range(chance.choice([1, 1, 2])):
        until = at + timedelta(days=chance.randrange(5, 25)) if chance.random() < 0.4 else None
        await memberships.join(tx, team, user, None, at)
        if until is not None:
            await memberships.leave(tx, team, user, until)
        told.stays.append((team, user, at, until))
        if until is None:
            break
        # At that very instant, or later.
        at = until + timedelta(days=chance.choice([0, 7]))
    if chance.random() < 0.25:
        since = BEGIN + timedelta(days=chance.randrange(40))
        others = [s.user_id for s in await roi.ops_stays(tx, team) if s.until is None]
        await roi.set_product_ops(tx, team, [*others, user], since)
        back = since + timedelta(days=10) if chance.random() < 0.5 else None
        if back is not None:
            await roi.set_product_ops(tx, team, others, back)
        told.ops.append((team, user, since, back))


async def _logs(tx: Tx, told: Told, chance: Random) -> None:
    for user in USERS:
        for week in WEEKS:
            at = datetime.combine(week.sunday, datetime.min.time(), UTC)
            if chance.random() < 0.15:
                reason = chance.choice(["away", "holiday_week", "expired"])
                await deliveries.plan(
                    tx,
                    key=f"prompt:{user}:{week}",
                    kind="prompt",
                    recipient=user,
                    period=week,
                    due_at=at,
                    now=at,
                    state=State.SKIPPED,
                    reason=reason,
                )
                told.excused |= {(user, week)} if reason != "expired" else set()
            if chance.random() < 0.25:
                continue
            at += timedelta(days=chance.choice([-3, -2, 0, 4]), minutes=chance.randrange(600))
            split = _split(chance) if chance.random() < 0.9 else None
            await timesplit.record(tx, user, week, split, reason=None, source="test", now=at)
            told.logs[user, week] = (split, at)


def _split(chance: Random) -> Split:
    chosen = chance.sample(CATEGORIES, chance.randrange(1, 5))
    if chance.random() < 0.4:
        return split_from_minutes({name: chance.randrange(1, 900) for name in chosen})
    return Split(largest_remainder({name: Fraction(chance.randrange(1, 90)) for name in chosen}))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.mark.parametrize("seed", range(3))
async def test_weeks_and_hours_are_those_of_the_splits(database: Database, seed: int) -> None:
    chance, told = Random(seed), Told()
    async with database.write("T1") as tx:
        made = await _teams(tx, told, chance)
        await _logs(tx, told, chance)
        ids = [team.team_id for team in made]
        for some in ([team] for team in made):
            await _compare(tx, told, some)
        await _compare(tx, told, made)
        counted = [told.counted(team_id, week) for team_id in ids for week in WEEKS]
    # Else nothing would have been compared.
    assert any(len(splits) >= 3 for splits in counted)
    assert {at for _, at in told.logs.values()}
    assert told.ops
    assert any(told.missing(team_id, week) for team_id in ids for week in WEEKS)


async def _compare(tx: Tx, told: Told, some: list[Team]) -> None:
    ids = [team.team_id for team in some]
    found = await records_of(tx, some, await crews.crews_of(tx, ids), CATALOG, WEEKS[0], WEEKS[-1])
    for team_id, records in found.items():
        for week in WEEKS:
            splits, missing = told.counted(team_id, week), told.missing(team_id, week)
            everybody = len(splits) + len(missing)
            assert records.counted(week) == splits.keys()
            assert records.missing(week) == missing
            by_hand = team_week(week, list(splits.values()), everybody, CATALOG)
            assert records.week(week) == by_hand
            # In the same order, too: it is that of the tables that show them.
            assert [*(records.week(week).shares or {})] == [*(by_hand.shares or {})]
        logs = await teamweeks.logs_of(
            tx, team_id, WEEKS[1:], WEEKS[3], ["tools", "reporting"], ["strategy", "customer"]
        )
        assert sorted(logs[0]) == sorted(_by_person(told, team_id, WEEKS[1:4]))
        assert sorted(logs[1]) == sorted(_by_person(told, team_id, WEEKS[4:]))


def _by_person(told: Told, team_id: str, weeks: Iterable[Period]) -> list[PersonLog]:
    mine: dict[str, list[Split]] = {}
    for week in weeks:
        for user, split in told.counted(team_id, week).items():
            mine.setdefault(user, []).append(split)
    return [
        PersonLog(
            user,
            len(splits),
            _logged(splits, {"tools", "reporting"}),
            _logged(splits, {"strategy", "customer"}),
        )
        for user, splits in mine.items()
    ]


def _logged(splits: list[Split], categories: set[str]) -> Logged:
    minutes, shares = Counter[str](), Counter[str]()
    for split in splits:
        (shares if split.minutes is None else minutes).update(
            split.shares if split.minutes is None else split.minutes
        )
    kept = ({key: n for key, n in part.items() if key in categories} for part in (minutes, shares))
    return Logged(*(sum(part.values()) for part in kept))
