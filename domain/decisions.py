"""The decision log: what was decided, who sees to it, by when, and how a typed one is read."""

from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Literal

DecisionState = Literal["open", "done", "withdrawn"]

#: What the log keeps of a text.
LONGEST = 500


@dataclass(frozen=True)
class Decision:
    """One entry of a team's log; `number` counts from 1 within the team."""

    decision_id: str
    team_id: str
    number: int
    what: str
    owner: str | None
    due_on: date | None
    state: DecisionState
    outcome: str
    made_by: str
    made_at: datetime
    closed_at: datetime | None

    def seen_in(self, zone: tzinfo) -> "Decision":
        """The same, with its instants on a clock of that zone."""
        closed = self.closed_at.astimezone(zone) if self.closed_at else None
        return replace(self, made_at=self.made_at.astimezone(zone), closed_at=closed)

    def is_overdue(self, today: date) -> bool:
        return self.state == "open" and self.due_on is not None and self.due_on < today
