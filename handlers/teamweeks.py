"""A team's weeks out of what its people logged: who counts in which week."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from domain.categories import Catalog
from domain.eligibility import Person, counts_as_active
from domain.localtime import resolve_local, zone_or_utc
from domain.periods import Period
from domain.team import Guards, TeamWeek, team_week
from storage import people, prompts, roi, summaries, teams, timesplit
from storage.database import Tx
from storage.roi import OpsStay
from storage.teams import Membership, Team
from storage.timesplit import Log

#: Weeks that a trend shows.
HISTORY_WEEKS = 12
#: Weeks that are read at once, at most.
MOST_WEEKS = 60
GUARDS = Guards()


@dataclass(frozen=True)
class TeamRecords:
    """All that the figures of a team's last weeks rest on."""

    team: Team
    stays: Sequence[Membership]
    people: Mapping[str, Person]
    logs: Mapping[tuple[str, Period], Log]
    #: (user, week) whose prompt was not sent because the person was away, paused or the like.
    excused: Set[tuple[str, Period]]
    #: When somebody was of product operations: no PM then, and not counted.
    ops: Sequence[OpsStay] = ()

    def week(self, period: Period, catalog: Catalog) -> TeamWeek:
        """One week's figures."""
        answered = self.answers(period)
        splits = [log.split for log in answered.values() if log.split is not None]
        active = len(splits) + len(self.missing(period))
        return team_week(period, splits, active, catalog, GUARDS)

    def missing(self, period: Period) -> set[str]:
        """Whose log of a week was to be expected and did not come."""
        end = _end_of(period, zone_or_utc(self.team.tz))
        return {user_id for user_id in self.people if self._was_due(user_id, period, end)}

    def answers(self, period: Period) -> dict[str, Log]:
        """The splits of a week by person, of those who were members when they logged it. Whoever
        leaves or joins later changes no such week: else that would give their split away."""
        found = {}
        for stay in self.stays:
            log = self.logs.get((stay.user_id, period))
            if log is None or log.split is None or self.is_ops(stay.user_id, log.logged_at):
                continue
            ended = stay.left_at is not None and log.logged_at > stay.left_at
            if stay.joined_at <= log.logged_at and not ended:
                found[stay.user_id] = log
        return found

    def _was_due(self, user_id: str, period: Period, end: datetime) -> bool:
        """Whether a log was to be expected that did not come by the week's end."""
        if (user_id, period) in self.logs or (user_id, period) in self.excused:
            return False
        if not counts_as_active(self.people[user_id], period):
            return False
        if self.is_ops(user_id, end):
            return False
        return any(
            stay.joined_at < end and (stay.left_at is None or stay.left_at >= end)
            for stay in self._stays_by_person[user_id]
        )

    def is_ops(self, user_id: str, at: datetime) -> bool:
        """Whether the person was of product operations; for a log, when it was logged: naming
        somebody later changes no past figure, which would give theirs away."""
        return any(stay.user_id == user_id and stay.covers(at) for stay in self.ops)

    @cached_property
    def _stays_by_person(self) -> Mapping[str, Sequence[Membership]]:
        found: dict[str, list[Membership]] = {user_id: [] for user_id in self.people}
        for stay in self.stays:
            found.setdefault(stay.user_id, []).append(stay)
        return found


def _end_of(period: Period, zone: ZoneInfo) -> datetime:
    return resolve_local(period.sunday + timedelta(days=1), time(0), zone)


async def records_of(tx: Tx, team: Team, last: Period, first: Period | None = None) -> TeamRecords:
    """What the weeks from `first` (else those of a trend) to `last` rest on, in six queries."""
    stays = await teams.memberships_of(tx, team.team_id)
    user_ids = sorted({stay.user_id for stay in stays})
    members = await people.get_many(tx, user_ids)
    first = first or last.shift(1 - HISTORY_WEEKS)
    logs = await timesplit.of_people(tx, user_ids, first, last)
    return TeamRecords(
        team=team,
        stays=stays,
        people={m.person.user_id: m.person for m in members},
        logs={(log.user_id, log.period): log for log in logs},
        excused=await prompts.excused(tx, user_ids, first, last),
        ops=await roi.ops_stays(tx, team.team_id),
    )


async def weeks_between(
    tx: Tx, team: Team, first: Period, last: Period, catalog: Catalog
) -> list[TeamWeek]:
    """The weeks `first` to `last` in which somebody was due to log, oldest first.

    Of a longer span only the last MOST_WEEKS; with numbers where the guards hold.
    """
    first = max(first, last.shift(1 - MOST_WEEKS))
    if first > last:
        return []
    records = await records_of(tx, team, last, first)
    return [week for week in weeks_in(records, first, last, catalog) if week.active]


def weeks_in(records: TeamRecords, first: Period, last: Period, catalog: Catalog) -> list[TeamWeek]:
    """Every week of the calendar from `first` to `last`, out of records that cover them."""
    span = (last.monday - first.monday).days // 7 + 1
    return [records.week(first.shift(n), catalog) for n in range(span)]


def headcount(records: TeamRecords) -> int:
    """Product managers the team has now, those away this week too."""
    here = {stay.user_id for stay in records.stays if stay.left_at is None}
    here -= {stay.user_id for stay in records.ops if stay.until is None}
    return sum(
        not (person.is_bot or person.is_deleted or person.is_foreign or person.prompts_stopped)
        for user_id, person in records.people.items()
        if user_id in here
    )


async def running_week(tx: Tx, team: Team, period: Period, catalog: Catalog) -> TeamWeek:
    """The week so far, on the answers that were last shown, until two have changed.

    Numbers before and after a single answer would give that answer away.
    """
    records = await records_of(tx, team, period)
    now = records.answers(period)
    versions = {u: (log.edited_at or log.logged_at).isoformat() for u, log in now.items()}
    shown = await summaries.released(tx, team.team_id, period)
    week = records.week(period, catalog)
    if shown is None:
        if week.shares is not None:
            await summaries.release(tx, team.team_id, period, versions)
        return week
    changed = {u for u in {*shown, *versions} if shown.get(u) != versions.get(u)}
    if len(changed) >= 2:
        await summaries.release(tx, team.team_id, period, versions)
        return week
    kept = [log.split for u, log in now.items() if u not in changed and log.split is not None]
    return team_week(period, kept, week.active, catalog, GUARDS) if changed else week
