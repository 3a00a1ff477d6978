"""Further channels for a team's summaries: the lead's form, and the copies that go there."""

from datetime import datetime

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.rhythm import GRACE
from domain.spans import Span
from handlers import profiles
from handlers.call import Answer, Call, Errors, Show
from handlers.channels import faults_of
from handlers.closing import RESULT
from handlers.copies import REVIEW_COPY, ROLLUP, SUMMARY_COPY
from handlers.goaloutcomes import GOAL
from handlers.modals import open_modal
from handlers.registry import Occasion, Registry, Skip
from handlers.reviews import review_of
from handlers.roipost import POSTED
from handlers.schedule import MONTH, QUARTER
from handlers.services import Services
from handlers.summaries import weekly_of
from handlers.teamchoice import must_lead, team_asked_for
from handlers.teamreading import TeamReading
from handlers.views.audience import (
    CHANNELS,
    SHARE,
    SHARE_MODAL,
    read_share,
    share_modal,
    shared,
)
from handlers.views.blocks import Message, View
from storage import audience, deliveries, ledger, teams
from storage.audience import MOST_CHANNELS
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teams import Team


def register(registry: Registry) -> None:
    registry.occasions[SUMMARY_COPY] = SummaryCopy()
    registry.occasions[REVIEW_COPY] = ReviewCopy()
    registry.actions[SHARE] = share
    registry.submissions[SHARE_MODAL] = save


class Copy(Occasion):
    """What both kinds of copies share: they go out while their team shares with the channel."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip(SkipReason.LEFT_TEAM)
        if delivery.recipient not in await audience.channels_of(tx, team.team_id):
            return Skip(SkipReason.NOT_SHARED)
        return await self.copy(services, tx, team, delivery, now)

    async def copy(
        self, services: Services, tx: Tx, team: Team, delivery: Delivery, now: datetime
    ) -> Message:
        raise NotImplementedError


class SummaryCopy(Copy):
    async def copy(
        self, services: Services, tx: Tx, team: Team, delivery: Delivery, now: datetime
    ) -> Message:
        updated = delivery.state is State.SENT
        reading = TeamReading(services, tx, team, now)
        return await weekly_of(reading, delivery.period, updated=updated, threaded=False)


class ReviewCopy(Copy):
    """`note` holds the month or quarter."""

    async def copy(
        self, services: Services, tx: Tx, team: Team, delivery: Delivery, now: datetime
    ) -> Message:
        span = Span.parse(delivery.note or "")
        updated = delivery.state is State.SENT
        reading = TeamReading(services, tx, team, now)
        return await review_of(reading, span, updated=updated, threaded=False)


async def share(call: Call) -> Answer:
    """Open the form; the button carries the team's id."""
    await open_modal(call, _form(call))
    return None


async def _form(call: Call) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=call.value, what="that")
        await must_lead(tx, member, team, "share the summary")
        channels = await audience.channels_of(tx, team.team_id)
    return share_modal(team.team_id, team.name, channels, most=MOST_CHANNELS)


async def save(call: Call) -> Answer:
    """*Save*: channels that cannot be posted to are told at the field, and nothing is lost."""
    team_id, chosen = read_share(call.values, str(call.view.get("private_metadata") or "{}"))
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=team_id, what="that")
        await must_lead(tx, member, team, "share the summary")
    wanted = [channel for channel in dict.fromkeys(chosen) if channel != team.channel_id]
    faults = await faults_of(call, wanted)
    if faults:
        return Errors({CHANNELS: " ".join(faults)[:1900]})
    async with call.write() as tx:
        await audience.set_channels(tx, team.team_id, wanted, call.user_id, call.now)
    return Show(shared(team.name, wanted))


async def channel_back(tx: Tx, channel_id: str, now: datetime) -> None:
    """What else found the channel closed lately goes out after all: reviews, copies, results."""
    kinds = (MONTH, QUARTER, SUMMARY_COPY, REVIEW_COPY, ROLLUP, RESULT, GOAL, POSTED)
    since = now - GRACE["summary"]
    for failed in await ledger.failed_since(tx, channel_id, kinds, since):
        await deliveries.plan_again(tx, failed, now)
