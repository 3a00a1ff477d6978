"""When nobody can tell whether a message arrived: a lead is asked, and decides."""

from datetime import datetime
from functools import partial

from domain.delivery import State
from domain.eligibility import SkipReason
from handlers.call import Answer, Call, Reply
from handlers.copies import ROLLUP
from handlers.errors import sentence
from handlers.registry import Occasion, Registry, Skip
from handlers.services import Services
from handlers.troubles import ASK, UNTOLD, responsible
from handlers.views import notices
from handlers.views.blocks import Message
from storage import deliveries, edits, ledger, teams
from storage.database import Tx
from storage.deliveries import Delivery

#: Reasons in the ledger: in doubt until a lead answers, and settled by the answer.
ASKED = "asked_a_lead"
DECIDED = "decided_by_a_lead"
#: In these states a question reaches nobody any more.
_UNSENT = (State.SKIPPED, State.EXPIRED, State.FAILED)
#: What a question turns into once its delivery is settled.
_SETTLED: dict[State, str] = {
    State.SENT: "This one is settled: it counts as delivered. Thank you.",
    State.FAILED: "This one is settled: it could not be delivered. Thank you.",
    State.EXPIRED: "This one is settled: it would have come too late. Thank you.",
    State.SKIPPED: "This one is settled: it was not needed any more. Thank you.",
}
_BEING_SENT = "This one is settled: it is being sent again. Thank you."


def register(registry: Registry) -> None:
    registry.occasions[ASK] = AskLead()
    registry.actions[notices.ARRIVED] = partial(arrived_clicked, registry)
    registry.actions[notices.RESEND] = resend_clicked


async def ask_leads(tx: Tx, delivery: Delivery, now: datetime) -> bool:
    """Those who can look are asked whether it arrived; False where nobody is, or may be."""
    if delivery.kind in UNTOLD:
        return False
    asked = await responsible(tx, delivery)
    for lead in asked:
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
    return bool(asked)


async def settle_unasked(tx: Tx, question: Delivery, became: State, now: datetime) -> None:
    """Once the last question about a delivery came to nothing, nobody will ever answer: it must
    not wait any longer."""
    if question.kind != ASK or became not in _UNSENT or question.note is None:
        return
    about = await ledger.by_key(tx, question.note)
    if about is None or about.state is not State.UNKNOWN or about.reason != ASKED:
        return
    if not await ledger.questions_about(tx, about, except_in=_UNSENT):
        reason = SkipReason.ARRIVAL_UNKNOWN
        await deliveries.settle(tx.connection, about, State.FAILED, now, reason=reason)


class AskLead(Occasion):
    """Asks a lead whether a message arrived; `note` holds the key of its delivery."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        asked_about = await ledger.by_key(tx, delivery.note or "")
        team = await teams.get(tx, delivery.team_id or "")
        if asked_about is None or (team is None and asked_about.kind != ROLLUP):
            return Skip(SkipReason.SETTLED_MEANWHILE)
        if asked_about.state is not State.UNKNOWN:
            if delivery.state is not State.SENT:
                return Skip(SkipReason.SETTLED_MEANWHILE)
            return sentence(_SETTLED.get(asked_about.state, _BEING_SENT))
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
        if not await deliveries.settle(
            tx.connection, delivery, State.SENT, call.now, reason=DECIDED
        ):
            return _settled()
        sent = delivery._replace(state=State.SENT)
        await registry.occasions[delivery.kind].sent(call.services, tx, sent, call.now)
    call.services.wake()
    return Reply(sentence("Good: it counts as delivered."), replace=True)


async def resend_clicked(call: Call) -> Answer:
    """*Send it again*: due from now, since whoever decides knows how late it is."""
    async with call.write() as tx:
        delivery, refusal = await _decided_on(call, tx)
        if delivery is None:
            return refusal
        if not await deliveries.settle(
            tx.connection,
            delivery,
            State.RETRY,
            call.now,
            reason=DECIDED,
            work_at=call.now,
            due_at=call.now,
        ):
            return _settled()
    call.services.wake()
    return Reply(sentence("It is being sent again."), replace=True)


async def _decided_on(call: Call, tx: Tx) -> tuple[Delivery | None, Answer]:
    """The delivery that a lead decides about, or what to say instead."""
    delivery = await ledger.by_key(tx, call.value)
    if delivery is None:
        return None, Reply(sentence("I no longer know that message."), replace=True)
    if call.user_id not in await responsible(tx, delivery):
        return None, Reply(sentence("Only a lead of that team can decide this."))
    if delivery.state is not State.UNKNOWN:
        return None, _settled()
    await edits.want_answers_edited(tx, delivery, call.now, clicked=call.message_ts)
    return delivery, None


def _settled() -> Reply:
    return Reply(sentence("This one is settled already. Thank you."), replace=True)
