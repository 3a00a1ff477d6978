"""`/prodops roi`: what product operations returns, from the logs; money stays with leads."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from domain.baseline import is_worst_month
from domain.categories import METRIC_GROUPS, Catalog
from domain.periods import Period
from domain.personhours import Evidence, PersonWeek, person_week
from domain.roi import RoiResult, return_of, worth_of
from domain.team import TeamWeek
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.errors import SayInstead, sentence
from handlers.registry import Registry
from handlers.services import Services
from handlers.teamchoice import team_asked_for
from handlers.teamhistory import History, history_of
from handlers.teamweeks import MOST_WEEKS, TeamRecords, headcount, records_of, weeks_in
from handlers.views.roi import ROI, roi_message
from storage import teams
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
        history = await history_of(call.services, tx, team, call.now)
        result = await roi_of(call.services, tx, team, call.now, history=history)
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
    services: Services,
    tx: Tx,
    team: Team,
    now: datetime,
    first: Period | None = None,
    last: Period | None = None,
    *,
    history: History | None = None,
) -> RoiResult:
    """The return over the weeks `first` to `last`, else over the last quarter at most.

    Weeks of the baseline, and weeks that are not over, are left out.
    """
    known = history or await history_of(services, tx, team, now)
    rules = services.playbook.benchmarks.roi
    hours = known.inputs.hours_per_week or Fraction(rules.hours_per_week)
    end = min(last or known.last, known.last)
    begin = first or known.since
    if known.baseline is not None:
        begin = max(begin, known.baseline.last.shift(1))
    begin = max(begin, end.shift(1 - MOST_WEEKS))
    recent = known.recent
    if begin < known.since:
        recent = await records_of(tx, team, end, begin)
    after = weeks_in(recent, begin, end, known.catalog)
    before = known.baseline.measured if known.baseline else ()
    evidence = Evidence(
        baseline_weeks=len(before),
        before=_hours(known.before, before, hours, known.catalog),
        after=_hours(recent, after, hours, known.catalog),
        span=len(after),
        people=headcount(known.recent),
        participation=_participation(known, after),
        has_strategic=any(
            category.group in METRIC_GROUPS["strategic_share"]
            for category in known.catalog.categories
        ),
        cautions=_cautions(known, after),
    )
    return return_of(evidence, known.inputs, rules)


def _hours(
    records: TeamRecords, weeks: Sequence[TeamWeek], hours: Fraction, catalog: Catalog
) -> list[PersonWeek]:
    """The hours of everybody who counts in a week that has numbers."""
    return [
        person_week(user_id, week.period, log.split, hours, catalog)
        for week in weeks
        if week.shares is not None
        for user_id, log in records.answers(week.period).items()
        if log.split is not None
    ]


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
