"""A lead posts the multiple into the team's channel: multiples only, once for each week."""

from datetime import datetime

from domain.delivery import State
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.errors import sentence
from handlers.registry import Occasion, Registry, Skip
from handlers.roi import baseline_words, lead_of, roi_of
from handlers.services import Services
from handlers.teamhistory import history_of
from handlers.teamreading import TeamReading
from handlers.views.blocks import Message, escape
from handlers.views.roi import POST, roi_post
from storage import deliveries, edits, ledger, teams
from storage.database import Tx
from storage.deliveries import Delivery

POSTED = "roi"


def register(registry: Registry) -> None:
    registry.actions[POST] = post
    registry.occasions[POSTED] = Posting()


class Posting(Occasion):
    """The multiple up to the week that the delivery is about."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        team = await teams.get(tx, delivery.team_id or "")
        if team is None:
            return Skip("left_team")
        reading = TeamReading(services, tx, team, now)
        history, result = await history_of(reading), await roi_of(reading, last=delivery.period)
        if result.multiple is None:
            return Skip("too_few_answers")
        return roi_post(result, team_name=team.name, baseline=baseline_words(history))


async def post(call: Call) -> Answer:
    """*Post the multiple*: the button carries the team."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.write() as tx:
        team = await lead_of(call, tx, member, call.value or None)
        reading = TeamReading(call.services, tx, team, call.now)
        history, result = await history_of(reading), await roi_of(reading)
        if result.multiple is None:
            return Reply(sentence(f"There is nothing to post: {escape(result.why)}."))
        key = f"{POSTED}:{team.team_id}:{history.last}"
        entered = await deliveries.plan(
            tx,
            key=key,
            kind=POSTED,
            team_id=team.team_id,
            recipient=team.channel_id,
            period=history.last,
            due_at=call.now,
            now=call.now,
        )
        said = f"Posting the multiple to <#{team.channel_id}>."
        if entered is None:
            said = await _again(call, tx, key, team.channel_id)
    call.services.wake()
    return Reply(sentence(said))


async def _again(call: Call, tx: Tx, key: str, channel_id: str) -> str:
    """What becomes of a second press in the same week."""
    standing = await ledger.by_key(tx, key)
    if standing is not None and standing.state is State.SENT and standing.ts:
        await edits.want_message_edited(tx, standing.ts, call.now)
        return f"It is in <#{channel_id}> already, and is being brought up to date."
    if standing is not None and await deliveries.plan_again(tx, standing, call.now):
        return f"Posting the multiple to <#{channel_id}>."
    return f"The multiple is on its way to <#{channel_id}>."
