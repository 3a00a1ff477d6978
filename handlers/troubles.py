"""When something cannot be delivered: who hears of it, once, and what a lead can decide."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.spans import Span
from handlers.call import Answer, Call, Reply
from handlers.copies import REVIEW_COPY, ROLLUP, SUMMARY_COPY
from handlers.errors import sentence
from handlers.obstacles import reason_in_words
from handlers.registry import Occasion, Registry, Skip
from handlers.services import Services
from handlers.views import notices
from handlers.views.blocks import Message
from storage import audience, deliveries, edits, teams
from storage.database import Tx
from storage.deliveries import Delivery

TROUBLE = "trouble"
ASK = "ask"
DECIDED = "decided_by_a_lead"
#: Deliveries to channels that are no team's own.
TO_OTHERS = (SUMMARY_COPY, REVIEW_COPY, ROLLUP)

_REASONS = {
    "is_archived": SkipReason.CHANNEL_ARCHIVED,
    "not_in_channel": SkipReason.BOT_NOT_IN_CHANNEL,
    "channel_not_found": SkipReason.BOT_NOT_IN_CHANNEL,
    "account_inactive": SkipReason.DEACTIVATED,
    "user_disabled": SkipReason.DEACTIVATED,
    "cannot_dm_bot": SkipReason.BOT,
}
#: Slack's complaints about the message itself: nobody's account or channel is to blame.
_OUR_FAULT = frozenset(
    {
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
    }
)
MESSAGE_REFUSED = "message_refused"
_REMEDIES: dict[str, str] = {
    MESSAGE_REFUSED: "Tell whoever runs ProdOps: the fault is in the message, not in the team.",
    SkipReason.CHANNEL_ARCHIVED: "Unarchive the channel, or send `/prodops setup` in another one.",
    SkipReason.BOT_NOT_IN_CHANNEL: (
        "Send `/invite @ProdOps` in the channel, or, where it is gone, `/prodops setup` in another."
    ),
}


def register(registry: Registry) -> None:
    registry.occasions[TROUBLE] = TroubleNotice()
    registry.occasions[ASK] = AskLead()
    registry.actions[notices.ARRIVED] = partial(arrived_clicked, registry)
    registry.actions[notices.RESEND] = resend_clicked


def reason_for(code: str, delivery: Delivery) -> str:
    """The ledger's reason for one of Slack's errors about a recipient."""
    if code in _OUR_FAULT:
        return MESSAGE_REFUSED
    to_person = delivery.recipient.startswith(("U", "W"))
    if to_person and code in ("channel_not_found", "not_in_channel"):
        return SkipReason.DM_REFUSED
    return _REASONS.get(code, SkipReason.DM_REFUSED if to_person else code[:64])


async def tell_leads(tx: Tx, delivery: Delivery, reason: str, now: datetime) -> None:
    """Each lead is told once of a recipient and reason, until it works again."""
    if delivery.kind in (TROUBLE, ASK):
        return
    team = await teams.get(tx, delivery.team_id) if delivery.team_id else None
    once = ""
    if delivery.kind in TO_OTHERS:
        # Another channel's trouble is nowhere kept: it is told again with the next month.
        once = f":{Span.of_week('month', delivery.period)}"
    elif team is not None and delivery.recipient == team.channel_id:
        if team.trouble == reason:
            return
        await teams.set_trouble(tx, team.team_id, str(reason))
        once = f":{delivery.period}"
    for lead in await _responsible(tx, delivery):
        if lead != delivery.recipient:
            await deliveries.plan(
                tx,
                key=f"{TROUBLE}:{delivery.recipient}:{reason}{once}:{lead}",
                kind=TROUBLE,
                team_id=delivery.team_id,
                recipient=lead,
                period=delivery.period,
                due_at=now,
                now=now,
                note=f"{delivery.recipient} {reason}",
            )


async def ask_leads(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Nobody can tell whether the message arrived: the leads can look."""
    if delivery.kind in (TROUBLE, ASK):
        return
    for lead in await _responsible(tx, delivery):
        await deliveries.plan(
            tx,
            key=f"{ASK}:{delivery.delivery_id}:{lead}",
            kind=ASK,
            team_id=delivery.team_id,
            recipient=lead,
            period=delivery.period,
            due_at=now,
            now=now,
            note=delivery.key,
        )


async def _responsible(tx: Tx, delivery: Delivery) -> list[str]:
    """Who is to know: the team's leads; of the roll-up the admin who asked for it."""
    if delivery.kind == ROLLUP:
        rollup = await audience.rollup(tx)
        return [rollup.set_by] if rollup else []
    return await teams.leads_of(tx, delivery.team_id) if delivery.team_id else []


class TroubleNotice(Occasion):
    """Tells a lead of a recipient that cannot be reached; `note` holds who and why."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        recipient, _, reason = (delivery.note or "").partition(" ")
        remedy = _REMEDIES.get(reason)
        return notices.delivery_trouble_notice_for_lead(
            recipient,
            f"{reason_in_words(reason)}.",
            remedy or "Check in Slack whether this person can still be written to.",
        )


class AskLead(Occasion):
    """Asks a lead whether a message arrived; `note` holds the key of its delivery."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        asked_about = await deliveries.by_key(tx, delivery.note or "")
        team = await teams.get(tx, delivery.team_id or "")
        if asked_about is None or (team is None and asked_about.kind != ROLLUP):
            return Skip("settled_meanwhile")
        if asked_about.state is not State.UNKNOWN:
            return sentence("This one is settled. Thank you.")
        return notices.ask_lead_unknown(
            asked_about.kind,
            team.name if team else "all teams",
            asked_about.period,
            recipient=asked_about.recipient,
            delivery=asked_about.key,
        )


async def arrived_clicked(registry: Registry, call: Call) -> Answer:
    """*It arrived*: what follows from a delivery follows now."""
    async with call.write() as tx:
        delivery, refusal = await _decided_on(call, tx)
        if delivery is None:
            return refusal
        await deliveries.settle(tx.connection, delivery, State.SENT, call.now, reason=DECIDED)
        sent = replace(delivery, state=State.SENT)
        await registry.occasions[delivery.kind].sent(call.services, tx, sent, call.now)
    call.services.wake()
    return Reply(sentence("Good: it counts as delivered."), replace=True)


async def resend_clicked(call: Call) -> Answer:
    """*Send it again*: due from now, since whoever decides knows how late it is."""
    async with call.write() as tx:
        delivery, refusal = await _decided_on(call, tx)
        if delivery is None:
            return refusal
        await deliveries.settle(
            tx.connection,
            delivery,
            State.RETRY,
            call.now,
            reason=DECIDED,
            work_at=call.now,
            due_at=call.now,
        )
    call.services.wake()
    return Reply(sentence("It is being sent again."), replace=True)


async def _decided_on(call: Call, tx: Tx) -> tuple[Delivery | None, Answer]:
    """The delivery that a lead decides about, or what to say instead."""
    delivery = await deliveries.by_key(tx, call.value)
    if delivery is None:
        return None, Reply(sentence("I no longer know that message."), replace=True)
    if call.user_id not in await _responsible(tx, delivery):
        return None, Reply(sentence("Only a lead of that team can decide this."))
    if delivery.state is not State.UNKNOWN:
        return None, Reply(sentence("This one is settled already. Thank you."), replace=True)
    await edits.want_answers_edited(tx, delivery, call.now, clicked=call.message_ts)
    return delivery, None
