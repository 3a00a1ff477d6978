"""Which rules hold for a team now, and what each proposes for its checklist."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.checklist import NewItem
from domain.insights import HireSignal, Insight, evaluate, hire_signal
from domain.periods import Period
from domain.practice import Practice
from domain.suggestions import suggestion_of
from handlers.practice import practice_of
from handlers.services import Services
from handlers.teamhistory import read_ahead
from handlers.teamreading import TeamReading
from handlers.teamweeks import HISTORY_WEEKS
from storage import summaries
from storage.database import Tx
from storage.teams import Team


@dataclass(frozen=True)
class TeamInsights:
    """The rules that hold after `week`, the last complete one; `shown`: when each last was."""

    week: Period
    found: list[Insight]
    shown: dict[str, date]
    signal: HireSignal
    practice: Practice
    suggestions: dict[str, NewItem]


async def insights_of(services: Services, tx: Tx, team: Team, now: datetime) -> TeamInsights:
    """Complete weeks only; the guards hold back weeks without enough answers."""
    reading = TeamReading(services, tx, team, now)
    last, first = reading.last, reading.last.shift(1 - HISTORY_WEEKS)
    catalog = await reading.catalog()
    await read_ahead(reading, first, last)
    weeks = await reading.active_weeks(first, last)
    # A team that fell silent: its older weeks are no news any more.
    current = weeks if weeks and weeks[-1].period == last else []
    people = await reading.headcount()
    practice = await practice_of(reading)
    rules = services.playbook.rules
    found = evaluate(current, people, catalog, rules, practice)
    proposed = {i.rule: suggestion_of(i, services.playbook, last) for i in found}
    return TeamInsights(
        week=last,
        found=found,
        shown=await summaries.insights_shown(tx, team.team_id, last.shift(2)),
        signal=hire_signal(current, people, catalog, rules),
        practice=practice,
        suggestions={rule: item for rule, item in proposed.items() if item is not None},
    )
