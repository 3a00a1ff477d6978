"""What the return on product operations is worked out from: costs, and who is no PM."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select, update

from domain.periods import Period
from domain.roi import RoiInputs
from storage.aboutteams import AboutTeams, workspace
from storage.database import Tx
from storage.schema import product_ops_people, roi_inputs

_HUNDREDTHS = {
    "pm_salary": "pm_salary",
    "ops_salary": "ops_salary",
    "ops_fte": "ops_fte",
    "tools_per_quarter": "tools_per_quarter",
    "setup_cost": "setup_cost",
    "hours_per_week": "hours_per_week",
}


@dataclass(frozen=True)
class OpsStay:
    """When somebody was of product operations rather than a product manager."""

    user_id: str
    since: datetime
    until: datetime | None

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


_INPUTS = AboutTeams(
    lambda among: select(roi_inputs).where(
        roi_inputs.c.workspace_id == workspace, among(roi_inputs.c.team_id)
    )
)


async def inputs_of(tx: Tx, team_id: str) -> RoiInputs | None:
    """What a lead has entered; None when nobody has yet."""
    return (await inputs_of_teams(tx, [team_id])).get(team_id)


async def inputs_of_teams(tx: Tx, team_ids: Collection[str]) -> dict[str, RoiInputs]:
    """The same for several teams, in one statement; teams without any are left out."""
    return {row.team_id: _inputs(row) for row in await _INPUTS.read(tx, team_ids)}


def _inputs(row: Any) -> RoiInputs:
    weeks = (row.baseline_first, row.baseline_last)
    return RoiInputs(
        currency=row.currency,
        baseline=(Period.parse(weeks[0]), Period.parse(weeks[1])) if all(weeks) else None,
        other_benefits=row.other_benefits,
        saved_by=row.saved_by,
        saved_at=row.saved_at,
        **{field: _number(getattr(row, column)) for field, column in _HUNDREDTHS.items()},
    )


def _number(hundredths: int | None) -> Fraction | None:
    return None if hundredths is None else Fraction(hundredths, 100)


async def save_inputs(tx: Tx, team_id: str, inputs: RoiInputs, by: str, now: datetime) -> None:
    """Put these in the place of whatever stood there."""
    first, last = inputs.baseline or (None, None)
    values: dict[str, Any] = {
        "currency": inputs.currency,
        "baseline_first": str(first) if first else None,
        "baseline_last": str(last) if last else None,
        "other_benefits": inputs.other_benefits,
        "saved_by": by,
        "saved_at": now,
    }
    for field, column in _HUNDREDTHS.items():
        number = getattr(inputs, field)
        values[column] = None if number is None else round(number * 100)
    key = {"workspace_id": tx.workspace_id, "team_id": team_id}
    await tx.upsert(roi_inputs, {**key, **values}, [*key], [*values])


async def ops_stays(tx: Tx, team_id: str) -> list[OpsStay]:
    """Who was of product operations and when, oldest first."""
    rows = await tx.connection.execute(
        select(product_ops_people.c.user_id, product_ops_people.c.since, product_ops_people.c.until)
        .where(
            product_ops_people.c.workspace_id == tx.workspace_id,
            product_ops_people.c.team_id == team_id,
        )
        .order_by(product_ops_people.c.since, product_ops_people.c.user_id)
    )
    return [OpsStay(*row) for row in rows]


async def set_product_ops(
    tx: Tx, team_id: str, user_ids: Collection[str], now: datetime
) -> tuple[list[str], list[str]]:
    """Make exactly these people the team's product operations from now on; (new, no longer)."""
    current = {stay.user_id for stay in await ops_stays(tx, team_id) if stay.until is None}
    joined = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in current]
    left = sorted(current - set(user_ids))
    for user_id in joined:
        await tx.upsert(
            product_ops_people,
            {
                "workspace_id": tx.workspace_id,
                "team_id": team_id,
                "user_id": user_id,
                "since": now,
                "until": None,
            },
            ["workspace_id", "team_id", "user_id", "since"],
            ["until"],
        )
    if left:
        await tx.connection.execute(
            update(product_ops_people)
            .where(
                product_ops_people.c.workspace_id == tx.workspace_id,
                product_ops_people.c.team_id == team_id,
                product_ops_people.c.user_id.in_(left),
                product_ops_people.c.until.is_(None),
            )
            .values(until=now)
        )
    return joined, left
