"""Everybody who is or was in a team: when, as whom, and the weeks in which nobody asked them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import and_, bindparam, select

from domain.delivery import State
from domain.eligibility import Absence, Person
from domain.periods import Period
from storage.database import Tx
from storage.deliveries import EXCUSES
from storage.people import person_of_row
from storage.roi import OpsStay
from storage.schema import absences, deliveries, memberships, people, product_ops_people
from storage.teams import Membership


@dataclass
class Crew:
    """A team's stays, oldest first, the people we know of them, and their time in product ops."""

    stays: list[Membership] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    ops: list[OpsStay] = field(default_factory=list)


#: Stays in the teams that a statement is asked about.
IN_TEAMS = and_(
    memberships.c.workspace_id == bindparam("workspace"),
    memberships.c.team_id.in_(bindparam("teams", expanding=True)),
)
# Made once, since making a statement takes as long as running it.
_CREWS = (
    select(
        memberships.c.membership_id,
        memberships.c.team_id,
        memberships.c.user_id.label("member_id"),
        memberships.c.added_by,
        memberships.c.joined_at,
        memberships.c.left_at,
        people.c.user_id,
        people.c.name,
        people.c.tz,
        people.c.country,
        people.c.is_bot,
        people.c.is_guest,
        people.c.is_deleted,
        people.c.is_foreign,
        people.c.stopped_at,
        people.c.paused_until,
        people.c.status_emoji,
        people.c.status_text,
        people.c.status_expires_at,
        absences.c.starts_on,
        absences.c.ends_on,
    )
    .outerjoin(
        people,
        and_(
            people.c.workspace_id == memberships.c.workspace_id,
            people.c.user_id == memberships.c.user_id,
        ),
    )
    .outerjoin(
        absences,
        and_(
            absences.c.workspace_id == memberships.c.workspace_id,
            absences.c.user_id == memberships.c.user_id,
        ),
    )
    .where(IN_TEAMS)
    .order_by(memberships.c.joined_at, memberships.c.membership_id, absences.c.absence_id)
)
_OPS = (
    select(
        product_ops_people.c.team_id,
        product_ops_people.c.user_id,
        product_ops_people.c.since,
        product_ops_people.c.until,
    )
    .where(
        product_ops_people.c.workspace_id == bindparam("workspace"),
        product_ops_people.c.team_id.in_(bindparam("teams", expanding=True)),
    )
    .order_by(product_ops_people.c.since, product_ops_people.c.user_id)
)
_EXCUSED = select(deliveries.c.recipient, deliveries.c.period).where(
    deliveries.c.workspace_id == bindparam("workspace"),
    deliveries.c.recipient.in_(select(memberships.c.user_id).where(IN_TEAMS)),
    deliveries.c.kind == "prompt",
    deliveries.c.state == State.SKIPPED,
    deliveries.c.reason.in_(EXCUSES),
    deliveries.c.period >= bindparam("first"),
    deliveries.c.period <= bindparam("last"),
)


async def crews_of(tx: Tx, team_ids: Collection[str]) -> Mapping[str, Crew]:
    """The crew of each of these teams, in two statements however many they are."""
    asked = {"workspace": tx.workspace_id, "teams": list(team_ids)}
    found = {team_id: Crew() for team_id in team_ids}
    rows = (await tx.connection.execute(_CREWS, asked)).all()
    away: dict[str, dict[Absence, None]] = {}
    for row in rows:
        if row.starts_on is not None:
            away.setdefault(row.member_id, {})[Absence(row.starts_on, row.ends_on)] = None
    seen = set()
    for row in rows:
        if row.membership_id in seen:
            # Once more for each absence.
            continue
        seen.add(row.membership_id)
        crew = found[row.team_id]
        crew.stays.append(
            Membership(row.team_id, row.member_id, row.added_by, row.joined_at, row.left_at)
        )
        if row.user_id is not None and row.user_id not in crew.people:
            crew.people[row.user_id] = person_of_row(row, tuple(away.get(row.user_id, ())))
    for team_id, *stay in await tx.connection.execute(_OPS, asked):
        found[team_id].ops.append(OpsStay(*stay))
    return found


async def excused(
    tx: Tx, team_ids: Collection[str], first: Period, last: Period
) -> Mapping[Period, set[str]]:
    """By week, who of these teams was sent no prompt because none was to be."""
    asked = {
        "workspace": tx.workspace_id,
        "teams": list(team_ids),
        "first": str(first),
        "last": str(last),
    }
    found: dict[Period, set[str]] = {}
    for user_id, week in await tx.connection.execute(_EXCUSED, asked):
        found.setdefault(Period.parse(week), set()).add(user_id)
    return found
