"""Weeks of teams as the database sums them up: who answered, and how much went into what."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    distinct,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from domain.delivery import State
from domain.periods import Period
from domain.personhours import Logged, PersonLog
from storage.aboutteams import AboutTeams, Among
from storage.crews import in_teams
from storage.database import Tx
from storage.prompts import EXCUSES
from storage.schema import deliveries, memberships, product_ops_people, split_shares, splits


@dataclass
class WeekSums:
    """One team's week: whose splits count, whose do not, and for whom it was not applicable.

    `excused` were sent no prompt, because they were away, paused or the like. `shares` are the
    basis points of the splits that count, by category id.
    """

    counted: set[str] = field(default_factory=set)
    uncounted: set[str] = field(default_factory=set)
    not_applicable: set[str] = field(default_factory=set)
    excused: set[str] = field(default_factory=set)
    shares: dict[str, int] = field(default_factory=dict)

    @property
    def split(self) -> set[str]:
        """Who has split the week, whether or not that counts for the team."""
        return self.counted | self.uncounted

    @property
    def settled(self) -> set[str]:
        """Of whom nothing more is to be expected."""
        return self.counted | self.uncounted | self.not_applicable | self.excused


#: How a log stands to a team, the highest where somebody has been there more than once.
_NOT_APPLICABLE, _UNCOUNTED, _COUNTED = 0, 1, 2
_EXCUSED = 3
_OTHERS = {_NOT_APPLICABLE: "not_applicable", _UNCOUNTED: "uncounted", _EXCUSED: "excused"}
_OPS_THEN = and_(
    product_ops_people.c.workspace_id == memberships.c.workspace_id,
    product_ops_people.c.team_id == memberships.c.team_id,
    product_ops_people.c.user_id == memberships.c.user_id,
    product_ops_people.c.since <= splits.c.logged_at,
    or_(product_ops_people.c.until.is_(None), product_ops_people.c.until > splits.c.logged_at),
)
_MEMBER_THEN = and_(
    memberships.c.joined_at <= splits.c.logged_at,
    or_(memberships.c.left_at.is_(None), memberships.c.left_at >= splits.c.logged_at),
)
_STANDING = case(
    (splits.c.applicable.is_(False), _NOT_APPLICABLE),
    (and_(_MEMBER_THEN, product_ops_people.c.user_id.is_(None)), _COUNTED),
    else_=_UNCOUNTED,
)


def _entries(among: Among, weeks: ColumnElement[bool]) -> Subquery:
    """Each log of somebody who is or was in the team, with how it stands to the team.

    It counts for those who were members when they logged it, and of product management: whoever
    joins, leaves or changes sides later changes no such week, which would give their split away.
    """
    one = (memberships.c.team_id, splits.c.split_id, splits.c.user_id, splits.c.period)
    theirs = and_(
        splits.c.workspace_id == memberships.c.workspace_id,
        splits.c.user_id == memberships.c.user_id,
    )
    return (
        select(*one, func.max(_STANDING).label("standing"))
        .select_from(memberships)
        .join(splits, theirs)
        .outerjoin(product_ops_people, _OPS_THEN)
        .where(in_teams(among), weeks)
        .group_by(*one)
        .subquery()
    )


def _in_span(column: Any) -> ColumnElement[bool]:
    return and_(column >= bindparam("first"), column <= bindparam("last"))


def _weeks(among: Among) -> CompoundSelect[Any]:
    """By team, week, standing and category the basis points and the people behind them."""
    return union_all(_sums(among), _excused(among))


def _sums(among: Among) -> Select[Any]:
    entries = _entries(among, _in_span(splits.c.period))
    one = (entries.c.team_id, entries.c.period, entries.c.standing, split_shares.c.category_id)
    return (
        select(
            *one,
            func.sum(split_shares.c.share_bp).label("share_bp"),
            # No id of Slack's has a comma in it.
            func.aggregate_strings(entries.c.user_id, ",").label("users"),
        )
        .outerjoin(split_shares, split_shares.c.split_id == entries.c.split_id)
        .group_by(*one)
    )


def _excused(among: Among) -> Select[Any]:
    theirs = and_(
        deliveries.c.workspace_id == memberships.c.workspace_id,
        deliveries.c.recipient == memberships.c.user_id,
    )
    return (
        select(
            memberships.c.team_id,
            deliveries.c.period,
            literal_column(str(_EXCUSED)),
            null(),
            null(),
            func.aggregate_strings(deliveries.c.recipient, ","),
        )
        .select_from(memberships)
        .join(deliveries, theirs)
        .where(
            in_teams(among),
            deliveries.c.kind == "prompt",
            deliveries.c.state == State.SKIPPED,
            or_(*(deliveries.c.reason == reason for reason in EXCUSES)),
            _in_span(deliveries.c.period),
        )
        .group_by(memberships.c.team_id, deliveries.c.period)
    )


def _logged(among: Among) -> Select[Any]:
    entries = _entries(among, splits.c.period.in_(bindparam("weeks", expanding=True)))
    is_before = case((entries.c.period <= bindparam("until"), 1), else_=0)
    # Of a week entered in time the minutes are exact, and its shares only follow from them.
    of_shares = case((split_shares.c.minutes.is_(None), split_shares.c.share_bp))
    return (
        select(
            entries.c.user_id,
            is_before.label("is_before"),
            func.count(distinct(entries.c.split_id)).label("weeks"),
            _sum_of(split_shares.c.minutes, "operational").label("operational_minutes"),
            _sum_of(of_shares, "operational").label("operational_bp"),
            _sum_of(split_shares.c.minutes, "strategic").label("strategic_minutes"),
            _sum_of(of_shares, "strategic").label("strategic_bp"),
        )
        .join(split_shares, split_shares.c.split_id == entries.c.split_id)
        .where(entries.c.standing == _COUNTED)
        .group_by(entries.c.user_id, "is_before")
    )


def _sum_of(amount: Any, categories: str) -> ColumnElement[int]:
    wanted = split_shares.c.category_id.in_(bindparam(categories, expanding=True))
    return func.coalesce(func.sum(case((wanted, amount))), 0)


_WEEKS, _LOGGED = AboutTeams(_weeks), AboutTeams(_logged)


async def sums_of(
    tx: Tx, team_ids: Collection[str], first: Period, last: Period
) -> Mapping[str, Mapping[Period, WeekSums]]:
    """By team, its weeks from `first` to `last` of which there is anything to say."""
    found: dict[tuple[str, str], WeekSums] = defaultdict(WeekSums)
    rows = await _WEEKS.read(tx, team_ids, first=str(first), last=str(last))
    for team_id, week, standing, category_id, share_bp, users in rows:
        sums, people = found[team_id, week], users.split(",")
        if standing == _COUNTED:
            sums.counted.update(people)
            if category_id is not None:
                sums.shares[category_id] = share_bp
        else:
            getattr(sums, _OTHERS[standing]).update(people)
    by_team: dict[str, dict[Period, WeekSums]] = {team_id: {} for team_id in team_ids}
    for (team_id, week), sums in found.items():
        by_team[team_id][Period.parse(week)] = sums
    return by_team


async def logs_of(
    tx: Tx,
    team_id: str,
    weeks: Collection[Period],
    until: Period,
    operational: Collection[str],
    strategic: Collection[str],
) -> tuple[list[PersonLog], list[PersonLog]]:
    """What each person has logged in these weeks that counts: (up to the week `until`, since).

    `operational` and `strategic` are the ids of the categories that are summed up.
    """
    rows = await _LOGGED.read(
        tx,
        [team_id],
        weeks=[str(week) for week in weeks],
        until=str(until),
        operational=operational,
        strategic=strategic,
    )
    before: list[PersonLog] = []
    since: list[PersonLog] = []
    for user_id, is_before, count, *sums in rows:
        log = PersonLog(user_id, count, Logged(*sums[:2]), Logged(*sums[2:]))
        (before if is_before else since).append(log)
    return before, since
