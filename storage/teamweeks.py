"""Weeks of teams as the database sums them up: who answered, and how much went into what."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, distinct, func, or_, select

from domain.periods import Period
from domain.personhours import Logged, PersonLog
from storage.crews import IN_TEAMS
from storage.database import Tx
from storage.schema import memberships, product_ops_people, split_shares, splits


@dataclass
class WeekSums:
    """One team's week: who said anything of it, who split it, and whose splits count.

    `shares` are the basis points of the splits that count, by category id.
    """

    logged: set[str] = field(default_factory=set)
    split: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)
    shares: dict[str, int] = field(default_factory=dict)


_WEEKS = and_(splits.c.period >= bindparam("first"), splits.c.period <= bindparam("last"))
#: How a log stands to a team, the highest where somebody has been there more than once.
_NOT_APPLICABLE, _NOT_COUNTED, _COUNTED = 0, 1, 2
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


def _entries(*conditions: Any) -> Select[Any]:
    """Each log of somebody who is or was in the team, with how it stands to the team.

    It counts for those who were members when they logged it, and of product management: whoever
    joins, leaves or changes sides later changes no such week, which would give their split away.
    """
    standing = case(
        (splits.c.applicable.is_(False), _NOT_APPLICABLE),
        (and_(_MEMBER_THEN, product_ops_people.c.user_id.is_(None)), _COUNTED),
        else_=_NOT_COUNTED,
    )
    one = (memberships.c.team_id, splits.c.split_id, splits.c.user_id, splits.c.period)
    return (
        select(*one, func.max(standing).label("standing"))
        .select_from(memberships)
        .join(
            splits,
            and_(
                splits.c.workspace_id == memberships.c.workspace_id,
                splits.c.user_id == memberships.c.user_id,
            ),
        )
        .outerjoin(product_ops_people, _OPS_THEN)
        .where(IN_TEAMS, *conditions)
        .group_by(*one)
    )


# Made once, since making a statement takes as long as running it.
_IN_SPAN = _entries(_WEEKS).subquery()
_SUMS = (
    select(
        _IN_SPAN.c.team_id,
        _IN_SPAN.c.period,
        _IN_SPAN.c.standing,
        split_shares.c.category_id,
        func.sum(split_shares.c.share_bp).label("share_bp"),
        # No id of Slack's has a comma in it.
        func.aggregate_strings(_IN_SPAN.c.user_id, ",").label("users"),
    )
    .outerjoin(split_shares, split_shares.c.split_id == _IN_SPAN.c.split_id)
    .group_by(
        _IN_SPAN.c.team_id, _IN_SPAN.c.period, _IN_SPAN.c.standing, split_shares.c.category_id
    )
)
_IN_WEEKS = _entries(splits.c.period.in_(bindparam("weeks", expanding=True))).subquery()


def _sum_of(amount: Any, categories: str) -> Any:
    wanted = split_shares.c.category_id.in_(bindparam(categories, expanding=True))
    return func.coalesce(func.sum(case((wanted, amount))), 0)


# Of a week entered in time the minutes are exact, and its shares only follow from them.
_OF_SHARES = case((split_shares.c.minutes.is_(None), split_shares.c.share_bp))
_IS_BEFORE = case((_IN_WEEKS.c.period <= bindparam("until"), 1), else_=0)
_LOGGED = (
    select(
        _IN_WEEKS.c.user_id,
        _IS_BEFORE.label("is_before"),
        func.count(distinct(_IN_WEEKS.c.split_id)).label("weeks"),
        _sum_of(split_shares.c.minutes, "operational").label("operational_minutes"),
        _sum_of(_OF_SHARES, "operational").label("operational_bp"),
        _sum_of(split_shares.c.minutes, "strategic").label("strategic_minutes"),
        _sum_of(_OF_SHARES, "strategic").label("strategic_bp"),
    )
    .join(split_shares, split_shares.c.split_id == _IN_WEEKS.c.split_id)
    .where(_IN_WEEKS.c.standing == _COUNTED)
    .group_by(_IN_WEEKS.c.user_id, "is_before")
)


async def sums_of(
    tx: Tx, team_ids: Collection[str], first: Period, last: Period
) -> Mapping[str, Mapping[Period, WeekSums]]:
    """By team, its weeks from `first` to `last` of which anybody has said anything."""
    asked = {**_asked(tx, team_ids), "first": str(first), "last": str(last)}
    weeks = _Weeks()
    found: dict[str, dict[Period, WeekSums]] = {team_id: {} for team_id in team_ids}
    for team_id, week, standing, category_id, share_bp, users in await tx.connection.execute(
        _SUMS, asked
    ):
        sums = found[team_id].setdefault(weeks[week], WeekSums())
        people = users.split(",")
        sums.logged.update(people)
        if standing != _NOT_APPLICABLE:
            sums.split.update(people)
        if standing == _COUNTED:
            sums.counted.update(people)
            if category_id is not None:
                sums.shares[category_id] = share_bp
    return found


async def logs_of(
    tx: Tx,
    team_id: str,
    weeks: Iterable[Period],
    until: Period,
    operational: Collection[str],
    strategic: Collection[str],
) -> tuple[list[PersonLog], list[PersonLog]]:
    """What each person has logged in these weeks that counts: (up to the week `until`, since).

    `operational` and `strategic` are the ids of the categories that are summed up.
    """
    asked = {
        **_asked(tx, [team_id]),
        "weeks": [str(week) for week in weeks],
        "until": str(until),
        "operational": list(operational),
        "strategic": list(strategic),
    }
    before: list[PersonLog] = []
    since: list[PersonLog] = []
    for row in await tx.connection.execute(_LOGGED, asked):
        log = PersonLog(
            row.user_id,
            row.weeks,
            Logged(row.operational_minutes, row.operational_bp),
            Logged(row.strategic_minutes, row.strategic_bp),
        )
        (before if row.is_before else since).append(log)
    return before, since


def _asked(tx: Tx, team_ids: Collection[str]) -> dict[str, Any]:
    return {"workspace": tx.workspace_id, "teams": list(team_ids)}


class _Weeks(dict[str, Period]):
    """Weeks by the form in which they are stored, each read once."""

    def __missing__(self, stored: str) -> Period:
        return self.setdefault(stored, Period.parse(stored))
