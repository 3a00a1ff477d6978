"""Asking raters: one message each, one reminder half-way, and the deadline itself."""

from datetime import datetime

from domain.checkin import halfway
from domain.delivery import State
from domain.eligibility import SkipReason, prompt_obstacle
from domain.localtime import zone_or_utc
from domain.periods import Period
from domain.rhythm import Kind
from handlers import closing
from handlers.closing import END, INVITATION, REMINDER
from handlers.presence import asked_when, free_moment_of
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import local_day, zone_of
from handlers.services import Services
from handlers.views import maturity_invitations as views
from handlers.views.blocks import Message
from handlers.views.maturity_invitations import Asked
from storage import agenda, deliveries, maturity, people, ratings, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.maturity import Checkin
from storage.people import Member
from storage.teams import Team


def register(registry: Registry) -> None:
    registry.occasions[END] = Deadline()
    registry.occasions[INVITATION] = Invitation()
    registry.occasions[REMINDER] = Reminder()


async def ask(tx: Tx, team: Team, checkin: Checkin, member: Member, now: datetime) -> None:
    """Plan both messages to one rater; what is left out stands in the ledger with its reason."""
    at, reason = asked_when(member, team, now, checkin.deadline_at)
    user_id = member.person.user_id
    invitation, reminder = closing.keys_of(checkin.checkin_id, user_id)
    period = Period.containing(now.astimezone(zone_or_utc(team.tz)).date())
    await deliveries.plan(
        tx,
        key=invitation,
        kind=INVITATION,
        team_id=team.team_id,
        recipient=user_id,
        period=period,
        due_at=at or now,
        now=now,
        state=State.SKIPPED if reason else State.PLANNED,
        reason=reason,
        note=checkin.checkin_id,
    )
    if at is None:
        return
    middle = halfway(at, checkin.deadline_at)
    await deliveries.plan(
        tx,
        key=reminder,
        kind=REMINDER,
        team_id=team.team_id,
        recipient=user_id,
        period=period,
        due_at=free_moment_of(member, team, middle, checkin.deadline_at) or middle,
        now=now,
        note=checkin.checkin_id,
    )


class Deadline(Occasion):
    """The instant at which a check-in closes with what is there."""

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        checkin = await maturity.lock(tx, due.subject)
        if checkin is None or not checkin.is_open:
            await agenda.drop(tx, END, due.subject)
        elif checkin.deadline_at > now:
            await agenda.put(tx, END, due.subject, due.period, checkin.deadline_at)
        else:
            await closing.close(services, tx, checkin, "deadline", now)

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        return Skip(SkipReason.CHECKIN_OVER)


class Invitation(Occasion):
    """The one message that asks a rater, and what it has turned into."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        checkin = await maturity.get(tx, delivery.note or "")
        team = await teams.get(tx, delivery.team_id or "")
        member = await people.get(tx, delivery.recipient)
        raters = await maturity.raters_of(tx, checkin.checkin_id) if checkin else []
        mine = next((rater for rater in raters if rater.user_id == delivery.recipient), None)
        if checkin is None or team is None or member is None or mine is None:
            return Skip(SkipReason.CHECKIN_OVER)
        was_sent = delivery.state is State.SENT
        if not checkin.is_open:
            return self._over(checkin, team) if was_sent else Skip(SkipReason.CHECKIN_OVER)
        if not mine.may_rate:
            gone = views.not_asked_any_more(team.name)
            return gone if was_sent else Skip(mine.excused or SkipReason.LEFT_TEAM)
        if mine.submitted_at is not None:
            said = views.answered(asked_of(checkin, team, member, services))
            return said if was_sent else Skip(SkipReason.ALREADY_RATED)
        obstacle = None if was_sent else self.obstacle(member, team, checkin, now)
        if obstacle is not None:
            return Skip(obstacle)
        drafted = await ratings.of_person(tx, checkin.checkin_id, delivery.recipient)
        rated = sum(rating.answered for rating in drafted.values())
        return self.ask(asked_of(checkin, team, member, services), rated)

    def _over(self, checkin: Checkin, team: Team) -> Message:
        return views.over(
            team.name,
            team.channel_id,
            result=checkin.result is not None,
            cancelled=checkin.state == "cancelled",
        )

    def obstacle(
        self, member: Member, team: Team, checkin: Checkin, now: datetime
    ) -> SkipReason | None:
        """Looked at again just before sending; short absences do not matter to a first message."""
        _, reason = asked_when(member, team, now, checkin.deadline_at)
        return reason

    def ask(self, asked: Asked, rated: int) -> Message:
        return views.invitation(asked, rated=rated)


class Reminder(Invitation):
    """Once, half-way, while there is no answer; nobody is reminded while they are away."""

    grace: Kind = "reminder"

    def obstacle(
        self, member: Member, team: Team, checkin: Checkin, now: datetime
    ) -> SkipReason | None:
        return prompt_obstacle(member.person, local_day(now, member, team), now)

    def ask(self, asked: Asked, rated: int) -> Message:
        return views.reminder(asked, rated=rated)


def asked_of(checkin: Checkin, team: Team, member: Member | None, services: Services) -> Asked:
    """The check-in as this rater is asked; dimensions that the playbook dropped are left out."""
    model = services.playbook.maturity
    return Asked(
        checkin_id=checkin.checkin_id,
        team_name=team.name,
        started_by=checkin.started_by,
        deadline_at=checkin.deadline_at,
        zone=zone_of(member, team),
        dimensions=[key for key in checkin.dimensions if model.get(key) is not None],
        min_raters=checkin.min_raters,
        note=checkin.note,
    )
