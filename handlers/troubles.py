"""When something cannot be delivered: who hears of it, once."""

from datetime import datetime

from domain.eligibility import SkipReason
from domain.spans import Span
from handlers import closing
from handlers.copies import REVIEW_COPY, ROLLUP, SUMMARY_COPY
from handlers.following import REMINDER
from handlers.obstacles import reason_in_words
from handlers.prompts import LATER
from handlers.registry import Occasion, Registry, Skip
from handlers.services import Services
from handlers.views import notices
from handlers.views.blocks import Message
from storage import audience, deliveries, people, teams
from storage.database import Tx
from storage.deliveries import Delivery

TROUBLE = "trouble"
ASK = "ask"
#: Kinds about which nobody is told: notices themselves, and reminders. A reminder goes to those
#: who have not answered, so that whoever hears of one, however it is called, learns just that.
UNTOLD = (TROUBLE, ASK, REMINDER, LATER, closing.REMINDER)
#: Deliveries to channels that are no team's own.
TO_OTHERS = (SUMMARY_COPY, REVIEW_COPY, ROLLUP)

#: Admins who are told in place of leads, at most.
_MOST_ADMINS = 3

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
    if delivery.kind in UNTOLD:
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
    for lead in await responsible(tx, delivery):
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


async def responsible(tx: Tx, delivery: Delivery) -> list[str]:
    """Who is to know, and may decide: the team's leads, or admins where none of them is left.

    Of the roll-up it is the admin who asked for it. Nobody, for what is about no team.
    """
    if delivery.kind == ROLLUP:
        rollup = await audience.rollup(tx)
        return [rollup.set_by] if rollup else []
    if delivery.team_id is None:
        return []
    leads = await teams.leads_of(tx, delivery.team_id)
    known = await people.get_many(tx, leads)
    gone = {lead.person.user_id for lead in known if lead.person.is_deleted}
    return [lead for lead in leads if lead not in gone] or await people.admins(tx, _MOST_ADMINS)


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
