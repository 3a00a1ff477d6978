"""What is read of teams to answer about them, each thing once, and for several teams at once."""

from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from domain.categories import Catalog
from domain.checklist import TeamItem
from domain.goals import Goal
from domain.localtime import zone_or_utc
from domain.maturity import Assessment
from domain.periods import Period
from domain.roi import RoiInputs
from domain.team import TeamWeek
from handlers.assessments import assessment_in
from handlers.items import merged
from handlers.services import Services
from handlers.teamweeks import MOST_WEEKS, TeamRecords, headcount, records_of
from storage import categories, checkins, checklist, crews, goals, roi
from storage.checkins import Standing
from storage.crews import Crew
from storage.database import Tx
from storage.maturity import Checkin
from storage.teams import Team

Found = TypeVar("Found")
#: Check-ins, and assessments of them, that anything looks back on.
_CHECKINS, _ASSESSMENTS = 24, 8


@dataclass
class _Together:
    """Teams that are read together: what one asks for is read for all."""

    teams: Sequence[Team]
    known: dict[Hashable, Any] = field(default_factory=dict)
    records: list[Mapping[str, TeamRecords]] = field(default_factory=list)

    @cached_property
    def ids(self) -> list[str]:
        return [team.team_id for team in self.teams]

    async def once(self, key: Hashable, read: Callable[[], Awaitable[Found]]) -> Found:
        if key not in self.known:
            self.known[key] = await read()
        return cast("Found", self.known[key])


class TeamReading:
    """One team at one instant, within one transaction that changes none of what is read.

    Whatever is worked out from it takes the reading, and asks it for what it needs.
    """

    def __init__(
        self,
        services: Services,
        tx: Tx,
        team: Team,
        now: datetime,
        together: _Together | None = None,
    ) -> None:
        self.services, self.tx, self.team, self.now = services, tx, team, now
        self._together = together or _Together([team])
        self._known: dict[Any, Any] = {}

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone_or_utc(self.team.tz)

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @cached_property
    def last(self) -> Period:
        """The last week that is over."""
        return Period.containing(self.today).shift(-1)

    async def once(self, work_out: Callable[["TeamReading"], Awaitable[Found]]) -> Found:
        """What `work_out` makes of this reading, made the first time it is asked for."""
        if work_out not in self._known:
            self._known[work_out] = await work_out(self)
        return cast("Found", self._known[work_out])

    async def catalog(self) -> Catalog:
        """The workspace's own categories."""
        return (await self._workspace())[0]

    async def takes_charts(self) -> bool:
        """Whether this workspace takes native charts, as far as we know."""
        return (await self._workspace())[1]

    async def _workspace(self) -> tuple[Catalog, bool]:
        return await self._together.once("workspace", self._read_workspace)

    async def _read_workspace(self) -> tuple[Catalog, bool]:
        changes, charts = await categories.with_charts(self.tx)
        return self.services.catalog_with(changes), charts

    async def crew(self) -> Crew:
        return (await self._of_teams(crews.crews_of))[self.team.team_id]

    async def headcount(self) -> int:
        """Product managers the team has now."""
        return headcount(await self.crew())

    async def stored_items(self) -> list[TeamItem]:
        """What is stored of the team's list, oldest first."""
        return (await self._of_teams(checklist.of_teams))[self.team.team_id]

    async def items(self) -> list[TeamItem]:
        """All items of the team's list, as `items_of` gives them."""
        return await self.once(_items)

    async def assessments(self) -> list[Assessment]:
        """The newest check-ins that came to a result, newest first."""
        return await self.once(_assessments)

    async def open_checkin(self) -> Standing | None:
        return next((one for one in await self._standings() if one.checkin.is_open), None)

    async def goals(self) -> list[Goal]:
        """Open goals, oldest first."""
        return (await self._of_teams(goals.open_of_teams))[self.team.team_id]

    async def costs(self) -> RoiInputs | None:
        """What a lead has entered; None when nobody has yet."""
        return (await self._of_teams(roi.inputs_of_teams)).get(self.team.team_id)

    async def _of_teams(
        self, read: Callable[[Tx, Collection[str]], Awaitable[Mapping[str, Found]]]
    ) -> Mapping[str, Found]:
        return await self._together.once(read, lambda: read(self.tx, self._together.ids))

    async def checkins(self) -> list[Checkin]:
        """Those of the last years that were not cancelled, the open one too, newest first."""
        return [standing.checkin for standing in await self._standings()]

    async def _standings(self) -> list[Standing]:
        return (await self._of_teams(_standings_of))[self.team.team_id]

    async def records(self, first: Period, last: Period) -> TeamRecords:
        """What the weeks from `first` to `last` rest on; read anew unless they lie within weeks
        that were asked for before."""
        together = self._together
        for known in (them[self.team.team_id] for them in together.records):
            if known.first <= first and last <= known.last:
                return known
        everybody = await self._of_teams(crews.crews_of)
        found = await records_of(
            self.tx, together.teams, everybody, await self.catalog(), first, last
        )
        together.records.append(found)
        return found[self.team.team_id]

    async def weeks(self, first: Period, last: Period) -> list[TeamWeek]:
        """Every week of the calendar from `first` to `last`, with numbers where the guards hold."""
        return (await self.records(first, last)).weeks(first, last)

    async def active_weeks(self, first: Period, last: Period) -> list[TeamWeek]:
        """Those in which somebody was due to log; of a longer span only the last MOST_WEEKS."""
        first = max(first, last.shift(1 - MOST_WEEKS))
        if first > last:
            return []
        return [week for week in await self.weeks(first, last) if week.active]


def read_together(
    services: Services, tx: Tx, teams: Sequence[Team], now: datetime
) -> list[TeamReading]:
    """A reading of each of these teams; a statement serves all of them."""
    together = _Together(teams)
    return [TeamReading(services, tx, team, now, together) for team in teams]


async def _items(reading: TeamReading) -> list[TeamItem]:
    playbook = reading.services.playbook.checklist
    return merged(playbook, await reading.stored_items(), reading.team.team_id)


async def _assessments(reading: TeamReading) -> list[Assessment]:
    known = (assessment_in(checkin) for checkin in await reading.checkins())
    found = [assessment for assessment in known if assessment is not None]
    return sorted(found, key=lambda assessment: assessment.closed_at, reverse=True)[:_ASSESSMENTS]


async def _standings_of(tx: Tx, team_ids: Collection[str]) -> Mapping[str, list[Standing]]:
    return await checkins.newest_of_teams(tx, team_ids, _CHECKINS)
