"""A team's weeks out of what its people logged: who counts in which week."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from domain.categories import Catalog
from domain.eligibility import Person, counts_as_active
from domain.localtime import resolve_local, zone_or_utc
from domain.periods import Period
from domain.summary import Target
from domain.team import Guards, TeamWeek, team_week
from storage import deliveries, people, summaries, teams, timesplit
from storage.database import Tx
from storage.teams import Membership, Team
from storage.timesplit import Log

#: Weeks that a trend shows.
HISTORY_WEEKS = 12
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

    def week(self, period: Period, catalog: Catalog) -> TeamWeek:
        """One week's figures."""
        answered = self.answers(period)
        splits = [log.split for log in answered.values() if log.split is not None]
        missing = sum(self._was_due(user_id, period) for user_id in self.people)
        return team_week(period, splits, len(splits) + missing, catalog, GUARDS)

    def answers(self, period: Period) -> dict[str, Log]:
        """The splits of a week by person. Somebody who leaves later stays in the weeks they
        logged as a member: else their leaving would give their split away."""
        found = {}
        for stay in self.stays:
            log = self.logs.get((stay.user_id, period))
            if log is None or log.split is None:
                continue
            if stay.left_at is None or log.logged_at <= stay.left_at:
                found[stay.user_id] = log
        return found

    def _was_due(self, user_id: str, period: Period) -> bool:
        """Whether a log was to be expected that did not come."""
        if (user_id, period) in self.logs or (user_id, period) in self.excused:
            return False
        if not counts_as_active(self.people[user_id], period):
            return False
        end = _end_of(period, zone_or_utc(self.team.tz))
        return any(
            stay.joined_at < end and (stay.left_at is None or stay.left_at >= end)
            for stay in self.stays
            if stay.user_id == user_id
        )


def _end_of(period: Period, zone: ZoneInfo) -> datetime:
    return resolve_local(period.sunday + timedelta(days=1), time(0), zone)


async def records_of(tx: Tx, team: Team, last: Period) -> TeamRecords:
    """What the weeks up to `last` rest on, read in five queries."""
    stays = await teams.memberships_of(tx, team.team_id)
    user_ids = sorted({stay.user_id for stay in stays})
    members = await people.get_many(tx, user_ids)
    first = last.shift(1 - HISTORY_WEEKS)
    logs = await timesplit.of_people(tx, user_ids, first, last)
    return TeamRecords(
        team=team,
        stays=stays,
        people={m.person.user_id: m.person for m in members},
        logs={(log.user_id, log.period): log for log in logs},
        excused=await deliveries.excused(tx, user_ids, first, last),
    )


def headcount(records: TeamRecords) -> int:
    """Product managers the team has now, those away this week too."""
    return sum(
        not (person.is_bot or person.is_deleted or person.is_foreign or person.prompts_stopped)
        for user_id, person in records.people.items()
        if any(s.user_id == user_id and s.left_at is None for s in records.stays)
    )


def target_of_team(team: Team) -> Target | None:
    if team.target_bp is None:
        return None
    return Target(Fraction(team.target_bp, 10_000), team.target_by)


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
