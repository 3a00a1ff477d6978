"""Everybody who is or was in a team: when, and as whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, select

from domain.eligibility import Absence, Person
from storage.aboutteams import AboutTeams, Among, workspace
from storage.database import Tx
from storage.roi import OpsStay
from storage.schema import absences, memberships, people, product_ops_people


class Stay(NamedTuple):
    """When somebody was in the team; `left_at` None: they still are."""

    user_id: str
    joined_at: datetime
    left_at: datetime | None


@dataclass
class Crew:
    """A team's stays, oldest first, the people we know of them, and their time in product ops."""

    stays: list[Stay] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    ops: list[OpsStay] = field(default_factory=list)


def in_teams(among: Among) -> ColumnElement[bool]:
    """Stays in the teams that a statement is asked about."""
    return and_(memberships.c.workspace_id == workspace, among(memberships.c.team_id))


def _crews(among: Among) -> Select[Any]:
    """Each stay, once for each absence and time in product operations of its person."""
    person = and_(
        people.c.workspace_id == memberships.c.workspace_id,
        people.c.user_id == memberships.c.user_id,
    )
    away = and_(
        absences.c.workspace_id == memberships.c.workspace_id,
        absences.c.user_id == memberships.c.user_id,
    )
    ops = and_(
        product_ops_people.c.workspace_id == memberships.c.workspace_id,
        product_ops_people.c.team_id == memberships.c.team_id,
        product_ops_people.c.user_id == memberships.c.user_id,
    )
    return (
        select(
            memberships.c.membership_id,
            memberships.c.team_id,
            memberships.c.user_id,
            memberships.c.joined_at,
            memberships.c.left_at,
            people.c.user_id.is_not(None).label("known"),
            people.c.is_bot,
            people.c.is_guest,
            people.c.is_deleted,
            people.c.is_foreign,
            people.c.stopped_at.is_not(None).label("stopped"),
            people.c.paused_until,
            absences.c.starts_on,
            absences.c.ends_on,
            product_ops_people.c.since,
            product_ops_people.c.until,
        )
        .outerjoin(people, person)
        .outerjoin(absences, away)
        .outerjoin(product_ops_people, ops)
        .where(in_teams(among))
        .order_by(
            memberships.c.joined_at,
            memberships.c.membership_id,
            absences.c.absence_id,
            product_ops_people.c.since,
        )
    )


_CREWS = AboutTeams(_crews)


async def crews_of(tx: Tx, team_ids: Collection[str]) -> Mapping[str, Crew]:
    """The crew of each of these teams."""
    found = {team_id: Crew() for team_id in team_ids}
    stays: dict[int, Sequence[Any]] = {}
    away: dict[str, dict[Absence, None]] = {}
    for row in await _CREWS.read(tx, team_ids):
        membership_id, team_id, user_id = row[:3]
        starts_on, ends_on, since, until = row[-4:]
        stays.setdefault(membership_id, row)
        if starts_on is not None:
            away.setdefault(user_id, {})[Absence(starts_on, ends_on)] = None
        if since is not None:
            ops = OpsStay(user_id, since, until)
            if ops not in found[team_id].ops:
                found[team_id].ops.append(ops)
    for _, team_id, user_id, joined_at, left_at, is_known, *row in stays.values():
        crew = found[team_id]
        crew.stays.append(Stay(user_id, joined_at, left_at))
        if is_known and user_id not in crew.people:
            crew.people[user_id] = _person(user_id, row, tuple(away.get(user_id, ())))
    return found


def _person(user_id: str, row: Sequence[Any], away: tuple[Absence, ...]) -> Person:
    """Of somebody only what decides whether they count."""
    is_bot, is_guest, is_deleted, is_foreign, stopped, paused_until = row[:6]
    return Person(
        user_id=user_id,
        name="",
        tz="",
        is_bot=is_bot,
        is_guest=is_guest,
        is_deleted=is_deleted,
        is_foreign=is_foreign,
        prompts_stopped=stopped,
        paused_until=paused_until,
        absences=away,
    )
