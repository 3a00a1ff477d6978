"""What summaries have shown: which insights when, and which answers a running week rests on."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import bindparam, func, select

from domain.periods import Period
from storage.database import Tx
from storage.schema import insight_showings, released_weeks

# Read with every summary: made once, since making a statement takes as long as running it.
_SHOWN = (
    select(insight_showings.c.rule, func.max(insight_showings.c.shown_on).label("last"))
    .where(
        insight_showings.c.workspace_id == bindparam("workspace"),
        insight_showings.c.team_id == bindparam("team"),
        insight_showings.c.period < bindparam("before"),
    )
    .group_by(insight_showings.c.rule)
)


async def insights_shown(tx: Tx, team_id: str, before: Period) -> dict[str, date]:
    """Rule -> when it was last shown in the summary of an earlier week."""
    asked = {"workspace": tx.workspace_id, "team": team_id, "before": str(before)}
    rows = await tx.connection.execute(_SHOWN, asked)
    return {row.rule: row.last for row in rows}


async def show_insights(
    tx: Tx, team_id: str, period: Period, rules: Collection[str], on: date
) -> None:
    for rule in rules:
        await tx.insert_once(
            insight_showings,
            {
                "workspace_id": tx.workspace_id,
                "team_id": team_id,
                "rule": rule,
                "period": str(period),
                "shown_on": on,
            },
            ["workspace_id", "team_id", "rule", "period"],
        )


async def released(tx: Tx, team_id: str, period: Period) -> Mapping[str, str] | None:
    """The answers (user id -> version) that numbers shown of this week rest on."""
    row = (
        await tx.connection.execute(
            select(released_weeks.c.answers).where(
                released_weeks.c.workspace_id == tx.workspace_id,
                released_weeks.c.team_id == team_id,
                released_weeks.c.period == str(period),
            )
        )
    ).one_or_none()
    return dict(row.answers) if row else None


async def release(tx: Tx, team_id: str, period: Period, answers: Mapping[str, str]) -> None:
    await tx.upsert(
        released_weeks,
        {
            "workspace_id": tx.workspace_id,
            "team_id": team_id,
            "period": str(period),
            "answers": dict(answers),
        },
        ["workspace_id", "team_id", "period"],
        ["answers"],
    )
