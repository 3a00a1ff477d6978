"""`/prodops roi`: what product operations returns, from the logs; money stays with leads."""

from collections.abc import Sequence
from fractions import Fraction

from domain.baseline import is_worst_month
from domain.categories import METRIC_GROUPS
from domain.periods import Period
from domain.personhours import Evidence, PersonLog
from domain.roi import RoiResult, return_of, worth_of
from domain.team import TeamWeek
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.errors import SayInstead, sentence
from handlers.registry import Registry
from handlers.teamchoice import team_asked_for
from handlers.teamhistory import History, history_of
from handlers.teamreading import TeamReading
from handlers.teamweeks import MOST_WEEKS
from handlers.views.roi import ROI, roi_message
from storage import teams, teamweeks
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

WORST_MONTH = (
    "The baseline is the worst month on record: part of the change may be no more than a return "
    "to normal (regression to the mean)."
)
LIKE_WEEKS = "Compare like weeks: planning weeks with planning weeks."


def register(registry: Registry) -> None:
    registry.commands["roi"] = show
    registry.actions[ROI] = show


async def show(call: Call) -> Answer:
    """The return with its workings, to a lead of the team; a button carries the team."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await lead_of(call, tx, member, call.value or None)
        reading = TeamReading(call.services, tx, team, call.now)
        history, result = await history_of(reading), await roi_of(reading)
    return Reply(
        roi_message(
            result,
            worth_of(result, history.inputs, call.services.playbook.benchmarks.roi),
            history.inputs,
            team_id=team.team_id,
            team_name=team.name,
            baseline=baseline_words(history),
        )
    )


async def lead_of(call: Call, tx: Tx, member: Member, team_id: str | None) -> Team:
    """The team, where the caller leads it: admins are not let in on salaries."""
    team = await team_asked_for(call, tx, member, team_id=team_id, what="its return")
    leads = await teams.leads_of(tx, team.team_id)
    if call.user_id not in leads:
        who = ", ".join(f"<@{lead}>" for lead in leads) or "an admin to name a lead"
        text = (
            "The return is worked out from salaries, so only leads of the team see it. "
            f"Ask {who}: they can post the multiple for everybody."
        )
        raise SayInstead(sentence(text))
    return team


def baseline_words(history: History) -> str:
    """`4 weeks, 1 Jun – 28 Jun`."""
    return history.baseline.label if history.baseline else "none yet"


async def roi_of(
    reading: TeamReading, first: Period | None = None, last: Period | None = None
) -> RoiResult:
    """The return over the weeks `first` to `last`, else over the last quarter at most.

    Weeks of the baseline, and weeks that are not over, are left out.
    """
    if first is None and last is None:
        return await reading.once(_return_lately)
    return await _return_of(reading, first, last)


async def _return_lately(reading: TeamReading) -> RoiResult:
    return await _return_of(reading, None, None)


async def _return_of(reading: TeamReading, first: Period | None, last: Period | None) -> RoiResult:
    known = await history_of(reading)
    rules = reading.services.playbook.benchmarks.roi
    end = min(last or known.last, known.last)
    begin = first or known.since
    if known.baseline is not None:
        begin = max(begin, known.baseline.last.shift(1))
    begin = max(begin, end.shift(1 - MOST_WEEKS))
    after = await reading.weeks(begin, end)
    measured = [week.period for week in after if week.shares is not None]
    before, since = await _logs(reading, known, measured)
    evidence = Evidence(
        baseline_weeks=known.baseline.weeks if known.baseline else 0,
        weeks=len(measured),
        before=before,
        after=since,
        span=len(after),
        people=await reading.headcount(),
        participation=_participation(known, after),
        hours_per_week=known.inputs.hours_per_week or Fraction(rules.hours_per_week),
        has_strategic=bool(known.catalog.ids_of(METRIC_GROUPS["strategic_share"])),
        cautions=_cautions(known, after),
    )
    return return_of(evidence, known.inputs, rules)


async def _logs(
    reading: TeamReading, known: History, since: Sequence[Period]
) -> tuple[list[PersonLog], list[PersonLog]]:
    """What everybody logged in the baseline's weeks and in those since, where it counts."""
    if known.baseline is None or not since:
        # There is no return without either.
        return [], []
    return await teamweeks.logs_of(
        reading.tx,
        reading.team.team_id,
        [*(week.period for week in known.baseline.measured), *since],
        known.baseline.last,
        known.catalog.ids_of(METRIC_GROUPS["operational_share"]),
        known.catalog.ids_of(METRIC_GROUPS["strategic_share"]),
    )


def _participation(known: History, after: Sequence[TeamWeek]) -> Fraction:
    """Answers out of those due, over the baseline's weeks and those since; from the first week
    on in which anybody answered, since in that of set-up nobody was asked."""
    weeks = {week.period: week for week in (*known.weeks, *after)}
    weeks |= {week.period: week for week in known.baseline.measured} if known.baseline else {}
    begun = min((period for period, week in weeks.items() if week.answered), default=None)
    counted = [week for period, week in weeks.items() if begun and period >= begun]
    due = sum(week.active for week in counted)
    return Fraction(sum(week.answered for week in counted), due) if due else Fraction(1)


def _cautions(known: History, after: Sequence[TeamWeek]) -> tuple[str, ...]:
    if known.baseline is None:
        return ()
    weeks = {week.period: week for week in (*known.weeks, *after)}
    ordered = [weeks[period] for period in sorted(weeks)]
    worst = is_worst_month(known.baseline, ordered, known.catalog)
    return (WORST_MONTH, LIKE_WEEKS) if worst else (LIKE_WEEKS,)
