"""Copies of a team's summaries for further channels: planned together with the summary itself."""

from datetime import datetime
from typing import Final

from domain.delivery import State
from domain.periods import Period
from domain.spans import Span
from storage import audience, deliveries
from storage.database import Tx
from storage.teams import Team

#: Of the weekly summary; of a month's or quarter's review, whose span stands in `note`.
SUMMARY_COPY: Final = "summary_copy"
REVIEW_COPY: Final = "review_copy"
#: The roll-up over all teams, for the leadership's channel.
ROLLUP: Final = "rollup"


async def plan_copies(
    tx: Tx,
    team: Team,
    about: Period | Span,
    *,
    due_at: datetime,
    now: datetime,
    state: State = State.PLANNED,
    reason: str | None = None,
) -> None:
    """One delivery for each channel that the team shares with; once per channel and span."""
    is_week = isinstance(about, Period)
    kind = SUMMARY_COPY if is_week else REVIEW_COPY
    for channel_id in await audience.channels_of(tx, team.team_id):
        if channel_id == team.channel_id:
            continue
        await deliveries.plan(
            tx,
            key=f"{kind}:{team.team_id}:{about}:{channel_id}",
            kind=kind,
            team_id=team.team_id,
            recipient=channel_id,
            period=about if isinstance(about, Period) else about.last_week,
            due_at=due_at,
            now=now,
            state=state,
            reason=reason,
            note=None if is_week else str(about),
        )
