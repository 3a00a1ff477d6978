"""The weekly prompt and its reminders: when they are due, what they say, what follows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.periods import Period
from domain.rhythm import Kind
from handlers.crowd import Answers, Crowd, answers_of, crowd_of
from handlers.following import REMINDER, Followings
from handlers.obstacles import note_on, obstacle_now, verdict
from handlers.recording import describe
from handlers.registry import Occasion, Registry, Skip
from handlers.schedule import (
    PROMPT,
    due_of,
    local_day,
)
from handlers.services import Services
from handlers.views import notices, prompt
from handlers.views.blocks import Message
from storage import (
    agenda,
    batches,
    crowds,
    deliveries,
    people,
    prompts,
    teams,
    timesplit,
)
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teams import Team
from storage.timesplit import Log

LATER = "later"
STOPPED_NOTICE = "stopped"


#: A team is asked the very same; what was made for one of them is not made again.
_ALIKE = 64
_prompt_once = lru_cache(_ALIKE)(prompt.prompt)
_reminder_once = lru_cache(_ALIKE)(prompt.reminder)


def register(registry: Registry) -> None:
    registry.occasions[PROMPT] = Prompt()
    registry.occasions[REMINDER] = Question()
    registry.occasions[LATER] = Question()
    registry.occasions[STOPPED_NOTICE] = StoppedNotice()


class Question(Occasion):
    """What prompt and reminder share: asked while there is no answer, then what became of it."""

    grace: Kind = REMINDER
    together = 256

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        if delivery.state is not State.SENT:
            (said,) = await self.compose_many(services, tx, [delivery], now)
            return said
        over = await no_longer_asked(services, tx, delivery.recipient, delivery.period, now)
        if over is not None:
            return over
        crowd, answers = await crowd_of(tx, [delivery]), await answers_of(tx, [delivery])
        return self.ask(crowd, answers, delivery)

    async def compose_many(
        self, services: Services, tx: Tx, deliveries: Sequence[Delivery], now: datetime
    ) -> list[Message | Skip]:
        crowd, answers = await crowd_of(tx, deliveries), await answers_of(tx, deliveries)
        said = [self._asked(crowd, answers, delivery, now) for delivery in deliveries]
        self.composed(crowd, [d for d, one in zip(deliveries, said, strict=True) if _is_said(one)])
        return said

    def composed(self, crowd: Crowd, deliveries: Sequence[Delivery]) -> None:
        """What these people are about to be asked is ready."""
        return

    def _asked(
        self, crowd: Crowd, answers: Answers, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        found = crowd.found(delivery.recipient)
        if found is None:
            return Skip(SkipReason.LEFT_TEAM)
        member, mine = found
        log = answers.logs.get((delivery.recipient, delivery.period))
        obstacle = obstacle_now(member, mine[0], log, now)
        return Skip(obstacle) if obstacle else self.ask(crowd, answers, delivery)

    def ask(self, crowd: Crowd, answers: Answers, delivery: Delivery) -> Message:
        """The question, as it stands while there is no answer."""
        return _reminder_once(
            delivery.period,
            can_repeat=answers.can_repeat(delivery.recipient, delivery.period),
            team_names=tuple(team.name for team, _ in crowd.teams.get(delivery.recipient, ())),
        )


class Prompt(Question):
    """The question itself, once per person and week."""

    grace: Kind = PROMPT

    def __init__(self) -> None:
        self._following = Followings()

    async def plan(self, services: Services, tx: Tx, due: Occurrence, now: datetime) -> None:
        member = await people.get(tx, due.subject)
        mine = await teams.of_member(tx, due.subject)
        if member is None or not mine:
            await agenda.drop(tx, PROMPT, due.subject)
            return
        team = mine[0]
        when = due_of(member, team, due.period)
        state, reason = await verdict(tx, member, team, due, when, now)
        await deliveries.plan(
            tx,
            key=f"{PROMPT}:{due.subject}:{due.period}",
            kind=PROMPT,
            team_id=team.team_id,
            recipient=due.subject,
            period=due.period,
            due_at=due.due_at,
            now=now,
            state=state,
            reason=reason,
            note=note_on(member, team, when),
        )
        following = due_of(member, team, due.period.shift(1))
        await agenda.put(tx, PROMPT, due.subject, following.period, following.at)

    def ask(self, crowd: Crowd, answers: Answers, delivery: Delivery) -> Message:
        mine = crowd.teams.get(delivery.recipient, ())
        member = crowd.members.get(delivery.recipient)
        first = delivery.state is not State.SENT and member is not None and not member.introduced
        return _prompt_once(
            delivery.period,
            team_names=tuple(team.name for team, _ in mine),
            can_repeat=answers.can_repeat(delivery.recipient, delivery.period),
            intro=_introduction(delivery.recipient, *mine[0]) if first else None,
        )

    async def sent(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        await self.sent_many(services, tx, [delivery], now)

    async def sent_many(
        self, services: Services, tx: Tx, deliveries: Sequence[Delivery], now: datetime
    ) -> None:
        follows = await self._following.take(tx, deliveries)
        new = [one.reminder.recipient for one in follows if one.first]
        if new:
            await crowds.mark_introduced(tx, new, now)
        await batches.plan_all(tx, [one.reminder for one in follows], now)
        # The question of the week before is over: its message says so from now on.
        asked: defaultdict[Period, list[str]] = defaultdict(list)
        for one in follows:
            asked[one.reminder.period].append(one.reminder.recipient)
        for period, users in asked.items():
            await batches.want_prompts_edited(tx, users, now, period.shift(-1))

    def composed(self, crowd: Crowd, deliveries: Sequence[Delivery]) -> None:
        self._following.keep(crowd, deliveries)


def _is_said(one: Message | Skip) -> bool:
    return not isinstance(one, Skip)


class StoppedNotice(Occasion):
    """Tells a lead that somebody wants no prompts; `note` holds who."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip(SkipReason.LEFT_TEAM)
        return notices.stopped_notice_for_lead(delivery.note or "", team.name)


async def no_longer_asked(
    services: Services, tx: Tx, user_id: str, period: Period, now: datetime
) -> Message | None:
    """What a question about this week has turned into; None while it is still asked."""
    log = await timesplit.get(tx, user_id, period)
    if log is not None:
        return await _answered(services, tx, log)
    member = await people.get(tx, user_id)
    mine = await teams.of_member(tx, user_id)
    if member is None or not mine:
        return prompt.left_team(period)
    if member.person.prompts_stopped:
        return prompt.stopped(mine[0].name, period)
    newest = await prompts.last_prompt(tx, user_id)
    if newest is not None and newest.period > period:
        return prompt.superseded(period)
    until = member.person.paused_until
    if until is not None and until >= local_day(now, member, mine[0]):
        return prompt.paused(until, period)
    return None


async def _answered(services: Services, tx: Tx, log: Log) -> Message:
    if log.split is None:
        return prompt.skipped(log.period, log.reason)
    catalog = await services.catalog_of(tx)
    recorded = await describe(tx, log.user_id, log.period, log.split, catalog)
    return recorded.answered_prompt


def _introduction(user_id: str, team: Team, added_by: str | None) -> prompt.Introduction:
    by = added_by if added_by != user_id else None
    return prompt.Introduction(by, team.name, team.channel_id)


async def ask_later(tx: Tx, user_id: str, period: Period, at: datetime, now: datetime) -> None:
    """The person chose their own moment; the reminder by the rule is then not sent."""
    own = SkipReason.OWN_REMINDER
    await deliveries.cancel(tx, user_id, (REMINDER, LATER), period, own, now)
    mine = await teams.of_member(tx, user_id)
    await deliveries.plan(
        tx,
        key=f"{LATER}:{user_id}:{period}:{at:%Y%m%dT%H%M}",
        kind=LATER,
        team_id=mine[0].team_id if mine else None,
        recipient=user_id,
        period=period,
        due_at=at,
        now=now,
    )
