"""The decision log: what was decided, who sees to it, by when, and how a typed one is read."""

from dataclasses import dataclass
from datetime import date, datetime
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

    def is_overdue(self, today: date) -> bool:
        return self.state == "open" and self.due_on is not None and self.due_on < today
