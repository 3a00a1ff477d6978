"""A team's weeks out of what its people logged: who counts in which week."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from domain.categories import Catalog
from domain.eligibility import counts_as_active
from domain.localtime import resolve_local, zone_or_utc
from domain.periods import Period
from domain.team import Guards, TeamWeek, week_of_sums
from storage import teamweeks
from storage.crews import Crew
from storage.database import Tx
from storage.teams import Team
from storage.teamweeks import WeekSums

#: Weeks that a trend shows.
HISTORY_WEEKS = 12
#: Weeks that are read at once, at most.
MOST_WEEKS = 60
GUARDS = Guards()
_NOTHING = WeekSums()


@dataclass(frozen=True)
class TeamRecords:
    """All that the figures of a team's weeks from `first` to `last` rest on."""

    team: Team
    catalog: Catalog
    first: Period
    last: Period
    crew: Crew
    sums: Mapping[Period, WeekSums]

    def weeks(self, first: Period, last: Period) -> list[TeamWeek]:
        """Every week of the calendar from `first` to `last`."""
        if first > last:
            return []
        return self._weeks[self._place(first) : self._place(last) + 1]

    def week(self, period: Period) -> TeamWeek:
        """One week's figures."""
        return self._weeks[self._place(period)]

    @cached_property
    def _weeks(self) -> list[TeamWeek]:
        return [self._week(period) for period in calendar(self.first, self.last)]

    def _week(self, period: Period) -> TeamWeek:
        sums = self._sums_of(period)
        answered = len(sums.counted)
        active = answered + len(self.missing(period))
        return week_of_sums(period, answered, sums.shares, active, self.catalog, GUARDS)

    def _place(self, period: Period) -> int:
        if not self.first <= period <= self.last:
            raise LookupError(f"{period} was not read")
        return (period.monday - self.first.monday).days // 7

    def counted(self, period: Period) -> Set[str]:
        """Whose splits the figures of a week are made of: those who were members when they logged
        it. Whoever leaves or joins later changes no such week: else that would give theirs away."""
        return self._sums_of(period).counted

    def split(self, period: Period) -> Set[str]:
        """Who has split a week, whether or not that counts for the team."""
        return self._sums_of(period).split

    def shares(self, period: Period) -> Mapping[str, int]:
        """The basis points of the splits that count, by category id."""
        return self._sums_of(period).shares

    def missing(self, period: Period) -> set[str]:
        """Whose log of a week was to be expected and did not come."""
        people = self.crew.people
        silent = people.keys() - self._sums_of(period).settled
        if not silent:
            return set()
        end = _end_of(period, self._zone)
        silent -= {stay.user_id for stay in self.crew.ops if stay.covers(end)}
        return {
            stay.user_id
            for stay in self.crew.stays
            if stay.user_id in silent
            and stay.joined_at < end
            and (stay.left_at is None or stay.left_at >= end)
            and counts_as_active(people[stay.user_id], period)
        }

    @cached_property
    def _zone(self) -> ZoneInfo:
        return zone_or_utc(self.team.tz)

    def _sums_of(self, period: Period) -> WeekSums:
        return self.sums.get(period, _NOTHING)


def calendar(first: Period, last: Period) -> list[Period]:
    """The weeks from `first` to `last`, both included."""
    monday, weeks = first.monday, (last.monday - first.monday).days // 7 + 1
    return [Period.containing(monday + timedelta(weeks=n)) for n in range(weeks)]


def _end_of(period: Period, zone: ZoneInfo) -> datetime:
    return resolve_local(period.sunday + timedelta(days=1), time(0), zone)


async def records_of(
    tx: Tx,
    teams: Sequence[Team],
    found: Mapping[str, Crew],
    catalog: Catalog,
    first: Period,
    last: Period,
) -> dict[str, TeamRecords]:
    """What the weeks from `first` to `last` rest on, by team."""
    ids = [team.team_id for team in teams]
    sums = await teamweeks.sums_of(tx, ids, first, last)
    return {
        team.team_id: TeamRecords(
            team, catalog, first, last, found[team.team_id], sums[team.team_id]
        )
        for team in teams
    }


def headcount(crew: Crew) -> int:
    """Product managers the team has now, those away this week too."""
    here = {stay.user_id for stay in crew.stays if stay.left_at is None}
    here -= {stay.user_id for stay in crew.ops if stay.until is None}
    return sum(
        not (person.is_bot or person.is_deleted or person.is_foreign or person.prompts_stopped)
        for user_id, person in crew.people.items()
        if user_id in here
    )
