"""`/prodops why`: the ledger of what was due to the person, in plain words."""

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from domain.delivery import State
from domain.eligibility import SkipReason
from domain.periods import Period
from domain.spans import Span
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.obstacles import note_on, reason_in_words
from handlers.registry import Registry
from handlers.schedule import MONTH, PROMPT, QUARTER, due_of, zone_of
from handlers.troubles import TO_OTHERS
from handlers.views import help as help_view
from handlers.views.blocks import Message
from handlers.views.teamledger import team_buttons
from handlers.views.why import WHY_OLDER, LedgerEntry
from handlers.views.why import ledger as ledger_view
from handlers.views.words import moment
from storage import agenda, audience, ledger, teamledger, teams
from storage.agenda import Occurrence
from storage.database import Tx
from storage.deliveries import Delivery
from storage.people import Member
from storage.teams import Team

#: Entries on one page, and how many of what is to come stand before the first.
PAGE = 25
#: What was sent so long after its time is told with the time at which it was.
LATE = timedelta(minutes=5)
_TO_COME = 12
_WHAT = {
    "prompt": "Prompt",
    "reminder": "Reminder",
    "later": "Reminder you asked for",
    "summary": "Summary",
    "details": "Details of the summary",
    "month": "Monthly review",
    "quarter": "Quarterly review",
    "review_details": "Details of the review",
    "summary_copy": "Copy of the summary",
    "review_copy": "Copy of the review",
    "rollup": "Leadership roll-up",
    "stopped": "Note that a member stopped prompts",
    "trouble": "Note about a delivery that failed",
    "goal": "Outcome of a goal",
    "goals": "Look at the team's goals",
    "roi": "Return of product operations",
    "ask": "Question about an interrupted delivery",
    "decision": "Reminder of a decision",
    "items": "Checklist check-in",
    "assigned": "Note about an item given to you",
    "stuck": "Note about items that are stuck",
    "effect": "What changed after items were done",
    "checkin": "Maturity check-in",
    "checkin_reminder": "Reminder of a maturity check-in",
    "checkin_end": "End of a maturity check-in",
    "assessment": "Maturity result",
    "assessment_note": "Note on a maturity result, for leads",
    "reassess": "Reminder to assess maturity again",
}
#: Kinds whose month or quarter stands in the note.
_SPAN_IN_NOTE = ("review_details", "review_copy", "rollup")
_OUTCOMES = {
    State.PLANNED: "planned",
    State.CLAIMED: "about to be sent",
    State.SENDING: "being sent",
    State.SENT: "sent",
    State.RETRY: "not sent yet: it is tried again",
    State.UNKNOWN: "cut off while being sent",
}


def register(registry: Registry) -> None:
    registry.commands["why"] = show
    registry.actions[help_view.WHY] = show
    registry.actions[WHY_OLDER] = show_older


async def show(call: Call) -> Answer:
    """What was due to the asker; a lead also sees what was due to their teams' channels."""
    return Reply(await _page(call, 0))


async def show_older(call: Call) -> Answer:
    """The page after; the button carries how many were shown."""
    shown = int(call.value) if call.value.isdigit() else 0
    return Reply(await _page(call, shown), replace=True)


async def _page(call: Call, offset: int) -> Message:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        mine = await teams.of_member(tx, call.user_id)
        zone = zone_of(member, mine[0] if mine else None)
        led = await teams.of_lead(tx, call.user_id)
        channels = {team.channel_id: team for team in [*mine, *led]}
        shared = await _shared(tx, led) - channels.keys()
        recipients = [call.user_id, *channels, *shared]
        found = await teamledger.due_to(tx, recipients, limit=PAGE + 1, offset=offset)
        own = {team.team_id for team in led}
        hindered = await ledger.hindrances(tx, found[:PAGE])
        entries = [
            _entry(delivery, channels, hindered.get(delivery.delivery_id, ()), zone)
            for delivery in found[:PAGE]
            if delivery.recipient not in shared or delivery.team_id in own
        ]
        if not offset:
            entries += await _to_come(tx, member, mine, list(channels.values()))
    return ledger_view(
        entries,
        zone,
        team_buttons([(team.team_id, team.name) for team in led]),
        older=str(offset + PAGE) if len(found) > PAGE else None,
        first_page=not offset,
    )


def what(kind: str) -> str:
    """A kind of delivery as people call it."""
    return _WHAT.get(kind, kind)


async def _shared(tx: Tx, led: list[Team]) -> set[str]:
    """The further channels that a lead's teams share with."""
    return {c for team in led for c in await audience.channels_of(tx, team.team_id)}


def _entry(
    delivery: Delivery, channels: dict[str, Team], hindrances: Sequence[str], zone: tzinfo
) -> LedgerEntry:
    about = _span(delivery.kind, delivery.period, delivery.note)
    what = f"{_WHAT.get(delivery.kind, delivery.kind)} for {about}"
    place = ""
    if delivery.recipient in channels:
        what += f" ({channels[delivery.recipient].name})"
    elif delivery.kind in TO_OTHERS:
        place = delivery.recipient
    return LedgerEntry(delivery.due_at, what, _outcome(delivery, hindrances, zone), place)


def _span(kind: str, period: Period, note: str | None = None) -> str:
    """The week, month or quarter that something is about."""
    if kind in (MONTH, QUARTER):
        return Span.of_week(MONTH if kind == MONTH else QUARTER, period).label
    if kind in _SPAN_IN_NOTE and note:
        return Span.parse(note).label
    return period.label


def _outcome(delivery: Delivery, hindrances: Sequence[str], zone: tzinfo) -> str:
    if delivery.reason == SkipReason.HOLIDAY_WEEK and delivery.note:
        return f"was not sent: {delivery.note}"
    parts = [_OUTCOMES.get(delivery.state) or _not_sent(delivery)]
    if delivery.state is State.SENT:
        parts = [f"{parts[0]}{_when_sent(delivery, hindrances, zone)}"]
    if delivery.state in (State.RETRY, State.UNKNOWN):
        parts.append(reason_in_words(delivery.reason))
    if delivery.note and delivery.kind in ("prompt", "items"):
        parts.append(delivery.note)
    return "; ".join(part for part in parts if part)


def _when_sent(delivery: Delivery, hindrances: Sequence[str], zone: tzinfo) -> str:
    """` at 14:20 (before that: Slack was busy)`; empty for what went out when it was due."""
    at = delivery.settled_at
    if at is None or (not hindrances and at - delivery.due_at < LATE):
        return ""
    local, due = at.astimezone(zone), delivery.due_at.astimezone(zone)
    when = f" at {local:%H:%M}" if local.date() == due.date() else f" on {moment(at, zone)}"
    if delivery.ts is None:
        # Somebody who looked said so: when it arrived only Slack knows.
        when = ""
    words = dict.fromkeys(reason_in_words(reason) for reason in hindrances)
    return f"{when} (before that: {'; '.join(words)})" if words else when


def _not_sent(delivery: Delivery) -> str:
    """Skipped, expired or failed, with the reason."""
    if delivery.reason is None:
        return "was not sent"
    words = reason_in_words(delivery.reason)
    if delivery.reason == SkipReason.ARRIVAL_UNKNOWN:
        return f"may not have arrived: {words}"
    return f"was not sent: {words}"


async def _to_come(
    tx: Tx, member: Member, mine: list[Team], all_teams: list[Team]
) -> list[LedgerEntry]:
    """The next prompt, summaries and reviews as they stand on the agenda, the soonest of them."""
    user_id = member.person.user_id
    wanted = [("prompt", user_id, "Next prompt"), ("items", user_id, "Next checklist check-in")]
    wanted += [("summary", team.team_id, f"Next summary ({team.name})") for team in all_teams]
    wanted += [
        (kind, team.team_id, f"Next {word} review ({team.name})")
        for team in all_teams
        for kind, word in ((MONTH, "monthly"), (QUARTER, "quarterly"))
    ]
    entries = []
    for kind, subject, what in wanted:
        occurrence = await agenda.get(tx, kind, subject)
        if occurrence is not None:
            label = f"{what}, for {_span(kind, occurrence.period)}"
            moved = _moved(member, mine, occurrence) if kind == PROMPT else None
            outcome = f"planned; {moved}" if moved else "planned"
            entries.append(LedgerEntry(occurrence.due_at, label, outcome))
    return sorted(entries, key=lambda entry: entry.when)[:_TO_COME]


def _moved(member: Member, mine: list[Team], due: Occurrence) -> str | None:
    """Why the next prompt is on another day than usual, or not at all."""
    return note_on(member, mine[0], due_of(member, mine[0], due.period)) if mine else None
