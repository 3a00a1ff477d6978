"""The roll-up over all teams: set up by an admin, posted on the first working day of a month."""

from datetime import datetime

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.reviews import review
from domain.rhythm import Rhythm, is_expired
from domain.rollup import Rollup, TeamPart, in_several, roll_up
from domain.spans import Span, SpanKind, last_complete, review_due
from domain.workdays import Workdays, country_of_zone
from handlers import profiles
from handlers.call import Answer, Call, Errors, Reply, Show
from handlers.channels import faults_of
from handlers.copies import ROLLUP
from handlers.errors import SayInstead, sentence
from handlers.modals import open_modal
from handlers.registry import Occasion, Registry, Skip
from handlers.reviewfacts import weeks_asked
from handlers.schedule import SUMMARY
from handlers.services import Services
from handlers.teamreading import TeamReading, read_together
from handlers.teamweeks import GUARDS
from handlers.views import audience as forms
from handlers.views.blocks import Message, View
from handlers.views.rollup import MOST_TEAMS, rollup_message
from handlers.views.words import moment
from storage import agenda, audience, deliveries, teams, timesplit
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.people import Member

#: The subject on the agenda: there is one for each workspace.
EVERYBODY = "workspace"


def register(registry: Registry) -> None:
    registry.occasions[ROLLUP] = RollupPost()
    registry.actions[forms.ROLLUP] = choose
    registry.submissions[forms.ROLLUP_MODAL] = save


class RollupPost(Occasion):
    """One message per month; that of a quarter takes the place of its last month's."""

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        standing = await audience.rollup(tx)
        if standing is None:
            await agenda.drop(tx, ROLLUP, due.subject)
            return
        month = Span.of_week("month", due.period)
        expired = is_expired(SUMMARY, due.due_at, now)
        span = _reported(month)
        await deliveries.plan(
            tx,
            key=f"{ROLLUP}:{span}",
            kind=ROLLUP,
            recipient=standing.channel_id,
            period=due.period,
            due_at=due.due_at,
            now=now,
            state=State.EXPIRED if expired else State.PLANNED,
            reason=SkipReason.EXPIRED if expired else None,
            note=str(span),
        )
        following = month.shift(1)
        at = _due(following, standing.tz)
        await agenda.put(tx, ROLLUP, due.subject, following.last_week, at)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        standing = await audience.rollup(tx)
        if standing is None or standing.channel_id != delivery.recipient:
            return Skip(SkipReason.NOT_SHARED)
        return await rollup_of(services, tx, Span.parse(delivery.note or ""), now, standing.tz)


def _reported(month: Span) -> Span:
    """The quarter, where its last month is over; else the month."""
    if not month.ends_a_quarter:
        return month
    return Span.containing("quarter", month.first_day)


def _due(month: Span, tz: str) -> datetime:
    zone = zone_or_utc(tz)
    return review_due(month, Rhythm(), zone, Workdays(country_of_zone(tz)))


async def rollup_of(
    services: Services, tx: Tx, span: Span, now: datetime, tz: str | None
) -> Message:
    """All teams of the workspace as they stood in a span."""
    running = Period.containing(now.astimezone(zone_or_utc(tz)).date())
    first, last = span.weeks[0], min(span.last_week, running.shift(-1))
    every = sorted(await teams.every(tx), key=lambda team: (team.name.casefold(), team.name))
    listed = every[:MOST_TEAMS]
    readings = read_together(services, tx, listed, now)
    parts = [await _part(reading, span, first, last, running) for reading in readings]
    catalog = await services.catalog_of(tx)
    logs = await timesplit.of_people(tx, sorted(in_several(parts)), first, last)
    shared = {(log.user_id, log.period): log.split for log in logs if log.split is not None}
    found: Rollup = roll_up(span, parts, shared, running, catalog, GUARDS)
    return rollup_message(found, left_out=len(every) - len(listed))


async def _part(
    reading: TeamReading, span: Span, first: Period, last: Period, running: Period
) -> TeamPart:
    asked = await weeks_asked(reading, first, last)
    records, weeks = await reading.records(first, last), [week.period for week in asked]
    items = [item for item in await reading.items() if item.state != "dropped"]
    assessment = next(iter(await reading.assessments()), None)
    return TeamPart(
        name=reading.team.name,
        review=review(span, asked, running, await reading.catalog()),
        counted={period: records.counted(period) for period in weeks},
        sums={period: records.shares(period) for period in weeks},
        missing={period: records.missing(period) for period in weeks},
        maturity=assessment.overall if assessment else None,
        done=sum(item.state == "done" for item in items),
        items=len(items) if any(item.item_id for item in items) else 0,
    )


async def show_rollup(call: Call, kind: SpanKind = "month") -> Answer:
    """`/prodops summary rollup [month|quarter]`: the last complete one, to an admin alone."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    _must_administer(member)
    tz = member.person.tz
    span = last_complete(kind, call.services.today(tz))
    async with call.read() as tx:
        return Reply(await rollup_of(call.services, tx, span, call.now, tz))


async def choose(call: Call) -> Answer:
    """*Leadership roll-up*: which channel it goes to."""
    await open_modal(call, _form(call))
    return None


async def _form(call: Call) -> View:
    _must_administer(await profiles.ensure(call.services, call.workspace_id, call.user_id))
    async with call.read() as tx:
        standing = await audience.rollup(tx)
    return forms.rollup_modal(standing.channel_id if standing else None)


async def save(call: Call) -> Answer:
    """*Save*: from the next first working day on; without a channel there is none any more."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    _must_administer(member)
    channel_id = forms.read_rollup(call.values)
    if channel_id is None:
        async with call.write() as tx:
            await audience.end_rollup(tx)
            await agenda.drop(tx, ROLLUP, EVERYBODY)
        return Show(forms.rollup_set(None, ""))
    faults = await faults_of(call, [channel_id])
    if faults:
        return Errors({forms.ROLLUP_CHANNEL: faults[0]})
    tz = str(zone_or_utc(member.person.tz))
    month = last_complete("month", call.services.today(tz))
    if _due(month, tz) <= call.now:
        month = month.shift(1)
    async with call.write() as tx:
        await audience.set_rollup(tx, channel_id, tz, call.user_id, call.now)
        await agenda.put(tx, ROLLUP, EVERYBODY, month.last_week, _due(month, tz))
    return Show(forms.rollup_set(channel_id, moment(_due(month, tz), zone_or_utc(tz))))


def _must_administer(member: Member) -> None:
    if not member.is_admin:
        text = "Only an admin of this workspace can see or set the roll-up over all teams."
        raise SayInstead(sentence(text))
