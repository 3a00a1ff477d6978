"""Statements about one team or several, made once for each of the two.

Nearly every answer is about one team, whose rows an index finds sooner than those of a list.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, Select, bindparam

from storage.among import among
from storage.database import Tx

#: Makes of a column of team ids the condition that it is of the teams asked about.
Among = Callable[[Any], ColumnElement[bool]]

Made = TypeVar("Made")

workspace: BindParameter[str] = bindparam("workspace")


class AboutTeams:
    """A select that `make` builds with `workspace` and the condition on its teams."""

    def __init__(self, make: Callable[[Among], Select[Any] | CompoundSelect[Any]]) -> None:
        self._one = make(lambda column: column == bindparam("team"))
        self._several = make(lambda column: among(column, "teams"))

    async def read(self, tx: Tx, team_ids: Collection[str], **asked: Any) -> Sequence[Any]:
        """The rows, with values for whatever other parameters the statement has.

        All at once: one by one each of them would go through four layers of fetching.
        """
        asked["workspace"] = tx.workspace_id
        if len(team_ids) == 1:
            (asked["team"],) = team_ids
            statement = self._one
        else:
            asked["teams"] = list(team_ids)
            statement = self._several
        rows: Sequence[Any] = (await tx.connection.execute(statement, asked)).all()
        return rows

    async def by_team(
        self, tx: Tx, team_ids: Collection[str], make: Callable[[Any], Made], **asked: Any
    ) -> dict[str, list[Made]]:
        """What `make` makes of each row, by its `team_id`; an empty list for teams without any."""
        found: dict[str, list[Made]] = {team_id: [] for team_id in team_ids}
        for row in await self.read(tx, team_ids, **asked):
            found[row.team_id].append(make(row))
        return found
