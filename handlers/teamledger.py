"""What a lead sees of their team's deliveries; never whether somebody answered."""

from collections.abc import Sequence

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.periods import Period
from handlers import profiles, why
from handlers.call import Answer, Call, Reply
from handlers.doubts import ASKED
from handlers.obstacles import reason_in_words
from handlers.registry import Registry
from handlers.schedule import local_day, zone_of
from handlers.teamchoice import must_lead, team_asked_for
from handlers.views.blocks import Message
from handlers.views.teamledger import (
    MOST_TEAMS,
    TEAM_LEDGER,
    TEAM_LEDGER_OLDER,
    Trouble,
    team_ledger,
)
from storage import teamledger
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teamledger import Tally
from storage.teams import Team

#: Weeks that are counted, and from how many back something is still listed.
WEEKS_COUNTED = 6
WEEKS_KEPT = 26
PAGE = 15

#: As leads read it; the words for the person themselves speak of "you". Which of the ways of not
#: being there it was is the person's own affair.
_NOT_THERE = "away, or pausing prompts"
_REASONS: dict[str, str] = {
    SkipReason.AWAY: _NOT_THERE,
    SkipReason.VACATION_STATUS: _NOT_THERE,
    SkipReason.PAUSED: _NOT_THERE,
    SkipReason.STOPPED: "has stopped prompts",
    SkipReason.LEFT_TEAM: "no longer in the team",
    ASKED: "a lead was asked whether it arrived",
}
_STATES = {
    State.SENT: "in order",
    State.SKIPPED: "left out",
    State.EXPIRED: "too late",
    State.FAILED: "failed",
    State.UNKNOWN: "in doubt",
    State.RETRY: "tried again",
}


def register(registry: Registry) -> None:
    for number in range(MOST_TEAMS):
        registry.actions[f"{TEAM_LEDGER}_{number}" if number else TEAM_LEDGER] = show
    registry.actions[TEAM_LEDGER_OLDER] = show_older


async def show(call: Call) -> Answer:
    """The first page: the last weeks in numbers, and the newest troubles."""
    return Reply(await _page(call, call.value, 0))


async def show_older(call: Call) -> Answer:
    """The page after; the button carries the team and how many were shown."""
    team_id, _, shown = call.value.partition(":")
    return Reply(await _page(call, team_id, int(shown)), replace=True)


async def _page(call: Call, team_id: str, offset: int) -> Message:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=team_id, what="its deliveries")
        await must_lead(tx, member, team, "see the team's deliveries")
        this = Period.containing(local_day(call.now, member, team))
        since = this.shift(-WEEKS_KEPT)
        found = await teamledger.amiss(tx, team.team_id, since, limit=PAGE + 1, offset=offset)
        weeks = [] if offset else await _weeks(tx, team, this)
    older = f"{team.team_id}:{offset + PAGE}" if len(found) > PAGE else None
    return team_ledger(
        team.name,
        weeks,
        [_trouble(delivery) for delivery in found[:PAGE]],
        zone_of(member, team),
        older=older,
        first_page=not offset,
    )


async def _weeks(tx: Tx, team: Team, this: Period) -> list[tuple[str, list[str]]]:
    """(week, parts such as "Prompt: 8 in order, 1 failed"), newest first."""
    tallies = await teamledger.tallies(tx, team.team_id, this.shift(1 - WEEKS_COUNTED))
    weeks: dict[Period, list[Tally]] = {}
    for tally in tallies:
        weeks.setdefault(tally.period, []).append(tally)
    return [(week.label, _parts(of_week)) for week, of_week in weeks.items()]


def _parts(tallies: Sequence[Tally]) -> list[str]:
    kinds: dict[str, list[str]] = {}
    for tally in sorted(tallies, key=lambda t: (t.kind, list(_STATES).index(t.state))):
        kinds.setdefault(tally.kind, []).append(f"{tally.count} {_STATES[tally.state]}")
    return [f"{why.what(kind)}: {', '.join(counts)}" for kind, counts in kinds.items()]


def _trouble(delivery: Delivery) -> Trouble:
    what = f"{why.what(delivery.kind)} for {delivery.period.label}"
    words = _REASONS.get(delivery.reason or "") or reason_in_words(delivery.reason)
    state = _STATES[delivery.state]
    outcome = f"{state}: {words}" if words else state
    return Trouble(delivery.due_at, what, delivery.recipient, outcome)
