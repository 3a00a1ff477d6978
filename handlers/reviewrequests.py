"""`/prodops summary month` and `quarter`: the last complete one, shown or posted."""

from domain.delivery import State
from domain.localtime import zone_or_utc
from domain.spans import Span, SpanKind, last_complete
from handlers.call import Call
from handlers.errors import sentence
from handlers.reviewfacts import report_of
from handlers.reviews import plan_review, review_key, review_of
from handlers.teamchoice import must_lead
from handlers.teamreading import TeamReading
from handlers.views.blocks import Message
from handlers.views.words import moment
from storage import agenda, deliveries, edits, ledger
from storage.database import Tx
from storage.people import Member
from storage.teams import Team


async def review_now(call: Call, tx: Tx, team: Team, kind: SpanKind) -> Message:
    """The last complete month or quarter, for the asker alone."""
    reading = TeamReading(call.services, tx, team, call.now)
    return await review_of(reading, _span(call, team, kind), threaded=False)


async def post_review(call: Call, tx: Tx, team: Team, member: Member, kind: SpanKind) -> Message:
    """The same into the channel; what went out already is brought up to date instead."""
    await must_lead(tx, member, team, "post the summary")
    span = _span(call, team, kind)
    report = await report_of(TeamReading(call.services, tx, team, call.now), span)
    if not report.review.weeks:
        planned = await agenda.get(tx, kind, team.team_id)
        zone = zone_or_utc(team.tz)
        when = f" The first review comes {moment(planned.due_at, zone)}." if planned else ""
        return sentence(f"Nobody was asked about {span.label}: nothing to post.{when}")
    entered = await plan_review(tx, team, span, call.now, call.now)
    call.services.wake()
    standing = await ledger.by_key(tx, review_key(team.team_id, span))
    if not entered and standing is not None:
        if standing.state is State.SENT:
            await edits.want_reviews_edited(tx, team.team_id, span.last_week, call.now)
            text = f"It is in <#{team.channel_id}> already, and is being brought up to date."
            return sentence(text)
        await deliveries.plan_again(tx, standing, call.now)
    return sentence(f"Posting the summary of {span.label} to <#{team.channel_id}>.")


def _span(call: Call, team: Team, kind: SpanKind) -> Span:
    return last_complete(kind, call.now.astimezone(zone_or_utc(team.tz)).date())
