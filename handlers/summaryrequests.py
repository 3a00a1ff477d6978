"""`/prodops summary`: the team's summary now, to the asker, or by a lead into the channel."""

from domain.delivery import State
from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.spans import SpanKind
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.errors import sentence
from handlers.registry import Registry
from handlers.reviewrequests import post_review, review_now
from handlers.rollup import show_rollup
from handlers.runningweek import running_week
from handlers.schedule import MONTH, QUARTER, SUMMARY
from handlers.summaries import key_of, plan_summary, weekly_of
from handlers.teamchoice import must_lead, team_asked_for
from handlers.teamhistory import read_ahead
from handlers.teamreading import TeamReading
from handlers.teamsummary import summary_of
from handlers.teamweeks import HISTORY_WEEKS
from handlers.views import help as help_view
from handlers.views.blocks import Message
from handlers.views.summary import so_far, weekly
from handlers.views.words import moment
from storage import agenda, deliveries, edits, ledger
from storage.database import Tx
from storage.people import Member
from storage.teams import Team


def register(registry: Registry) -> None:
    registry.commands["summary"] = summary
    registry.actions[help_view.SUMMARY] = summary


_SPANS = ("week", "month", "quarter")
_USAGE = (
    "Use `/prodops summary`, `summary month` or `summary quarter` to see the last one, and "
    "`/prodops summary post` (or `summary month post`) to post it."
)


async def summary(call: Call) -> Answer:
    """`/prodops summary [week|month|quarter] [post]`: to the asker, or (leads) into the channel."""
    words = call.text.lower().split() if call.kind == "command" else []
    if words[:1] == ["rollup"]:
        return await show_rollup(call, QUARTER if QUARTER in words else MONTH)
    spans = [word for word in words if word in _SPANS]
    if len(spans) > 1 or set(words) - {*_SPANS, "post"}:
        return Reply(sentence(_USAGE))
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.write() as tx:
        team = await team_asked_for(call, tx, member)
        if spans and spans[0] != "week":
            kind: SpanKind = MONTH if spans[0] == MONTH else QUARTER
            if "post" in words:
                return Reply(await post_review(call, tx, team, member, kind))
            return Reply(await review_now(call, tx, team, kind))
        if "post" in words:
            return Reply(await _post(call, tx, team, member))
        return Reply(await _now(call, tx, team))


async def _now(call: Call, tx: Tx, team: Team) -> Message:
    """The last week that is over; a team in its first week sees the week so far."""
    zone = zone_or_utc(team.tz)
    this = Period.containing(call.now.astimezone(zone).date())
    reading = TeamReading(call.services, tx, team, call.now)
    await read_ahead(reading, this.shift(-HISTORY_WEEKS), this)
    (last,) = await reading.weeks(this.shift(-1), this.shift(-1))
    if last.shares is not None:
        return await weekly_of(reading, this.shift(-1), threaded=False)
    week = await running_week(reading, this)
    if week.shares is not None:
        now = await summary_of(reading, this, week=week)
        return weekly(
            now,
            team_name=team.name,
            catalog=await reading.catalog(),
            charts=await reading.takes_charts(),
            so_far=True,
            threaded=False,
        )
    if last.active and not week.answered:
        return await weekly_of(reading, this.shift(-1), threaded=False)
    planned = await agenda.get(tx, SUMMARY, team.team_id)
    return so_far(week, team_name=team.name, due=moment(planned.due_at, zone) if planned else "")


async def _post(call: Call, tx: Tx, team: Team, member: Member) -> Message:
    await must_lead(tx, member, team, "post the summary")
    zone = zone_or_utc(team.tz)
    period = Period.containing(call.now.astimezone(zone).date()).shift(-1)
    reading = TeamReading(call.services, tx, team, call.now)
    (week,) = await reading.weeks(period, period)
    if not week.active:
        planned = await agenda.get(tx, SUMMARY, team.team_id)
        when = f" The first summary comes {moment(planned.due_at, zone)}." if planned else ""
        return sentence(f"Nobody was asked about {period.label}: nothing to post.{when}")
    entered = await plan_summary(tx, team, period, call.now, call.now)
    call.services.wake()
    if entered:
        return sentence(f"Posting the summary of {period.label} to <#{team.channel_id}>.")
    standing = await ledger.by_key(tx, key_of(team.team_id, period))
    if standing is not None and standing.state is State.SENT:
        await edits.want_summary_edited(tx, team.team_id, period, call.now)
        text = f"It is in <#{team.channel_id}> already, and is being brought up to date."
        return sentence(text)
    if standing is not None and await deliveries.plan_again(tx, standing, call.now):
        return sentence(f"Posting the summary of {period.label} to <#{team.channel_id}>.")
    return sentence(f"The summary of {period.label} is on its way to <#{team.channel_id}>.")
