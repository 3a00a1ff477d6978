"""The monthly and quarterly review: posted on the first working day, edited with late answers."""

from datetime import datetime

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.rhythm import is_expired
from domain.spans import Span, SpanKind
from handlers.copies import plan_copies
from handlers.posts import plan_details
from handlers.registry import Occasion, Registry, Skip
from handlers.reviewfacts import report_of
from handlers.schedule import MONTH, QUARTER, SUMMARY, next_review_of
from handlers.services import Services
from handlers.teamreading import TeamReading
from handlers.views.blocks import Message
from handlers.views.reviewdetails import review_details
from handlers.views.reviews import review_message
from storage import agenda, deliveries, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teams import Team

DETAILS = "review_details"


def register(registry: Registry) -> None:
    registry.occasions[MONTH] = Review(MONTH)
    registry.occasions[QUARTER] = Review(QUARTER)
    registry.occasions[DETAILS] = ReviewDetails()


def review_key(team_id: str, span: Span) -> str:
    return f"{span.kind}:{team_id}:{span}"


def details_key(team_id: str, span: Span) -> str:
    return f"{DETAILS}:{team_id}:{span}"


class Review(Occasion):
    """One message per team and month or quarter; its period is the span's last week."""

    def __init__(self, kind: SpanKind) -> None:
        self._kind = kind

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        team = await teams.get(tx, due.subject)
        if team is None:
            await agenda.drop(tx, self._kind, due.subject)
            return
        span = Span.of_week(self._kind, due.period)
        await plan_review(tx, team, span, due.due_at, now)
        following, at = next_review_of(team, self._kind, due.due_at, span.shift(1))
        await agenda.put(tx, self._kind, team.team_id, following.last_week, at)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip(SkipReason.LEFT_TEAM)
        span = Span.of_week(self._kind, delivery.period)
        updated = delivery.state is State.SENT
        reading = TeamReading(services, tx, team, now)
        return await review_of(reading, span, updated=updated)

    async def sent(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return
        await teams.set_trouble(tx, team.team_id, None)
        await self._plan_details(tx, delivery, now)

    async def edited(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        if await self._plan_details(tx, delivery, now):
            services.wake()

    async def _plan_details(self, tx: Tx, delivery: Delivery, now: datetime) -> bool:
        span = Span.of_week(self._kind, delivery.period)
        key = details_key(delivery.team_id or "", span)
        return await plan_details(tx, delivery, key, DETAILS, now, note=str(span))


class ReviewDetails(Occasion):
    """The thread under a review; `note` holds the month or quarter."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip(SkipReason.LEFT_TEAM)
        span = Span.parse(delivery.note or "")
        reading = TeamReading(services, tx, team, now)
        report = await report_of(reading, span)
        return review_details(report, charts=await reading.takes_charts()) or Skip(
            "too_few_answers"
        )


async def plan_review(tx: Tx, team: Team, span: Span, due_at: datetime, now: datetime) -> bool:
    """Enter a review into the ledger, as expired when it is too late for it; False: it is there."""
    expired = is_expired(SUMMARY, due_at, now)
    state = State.EXPIRED if expired else State.PLANNED
    reason = SkipReason.EXPIRED if expired else None
    entered = await deliveries.plan(
        tx,
        key=review_key(team.team_id, span),
        kind=span.kind,
        team_id=team.team_id,
        recipient=team.channel_id,
        period=span.last_week,
        due_at=due_at,
        now=now,
        state=state,
        reason=reason,
    )
    await plan_copies(tx, team, span, due_at=due_at, now=now, state=state, reason=reason)
    return entered is not None


async def review_of(
    reading: TeamReading, span: Span, *, updated: bool = False, threaded: bool = True
) -> Message:
    report = await report_of(reading, span)
    charts = await reading.takes_charts()
    return review_message(report, charts=charts, updated=updated, threaded=threaded)
