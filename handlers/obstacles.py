"""Why a prompt is not sent, or comes on another day: decided here, told by `why`."""

from datetime import datetime

from domain.delivery import State
from domain.eligibility import SkipReason, prompt_obstacle
from domain.ledgerwords import in_words
from domain.rhythm import PromptDue, is_expired
from domain.workdays import country_name
from handlers.schedule import PROMPT, local_day, workdays_of
from handlers.views.words import day_words
from storage import timesplit
from storage.agenda import Occurrence
from storage.database import Tx
from storage.people import Member
from storage.teams import Team
from storage.timesplit import Log


async def verdict(
    tx: Tx, member: Member, team: Team, due: Occurrence, when: PromptDue, now: datetime
) -> tuple[State, str | None]:
    """Whether this week's prompt is to be sent, and if not, why."""
    if when.skipped:
        return State.SKIPPED, SkipReason.HOLIDAY_WEEK
    obstacle = prompt_obstacle(member.person, local_day(due.due_at, member, team), due.due_at)
    if obstacle is not None:
        return State.SKIPPED, obstacle
    log = await timesplit.get(tx, due.subject, due.period)
    if log is not None:
        return State.SKIPPED, _answered_reason(log.split is None)
    if is_expired(PROMPT, due.due_at, now):
        return State.EXPIRED, SkipReason.EXPIRED
    return State.PLANNED, None


def _answered_reason(not_applicable: bool) -> SkipReason:
    return SkipReason.NOT_APPLICABLE if not_applicable else SkipReason.ALREADY_LOGGED


def note_on(member: Member, team: Team, when: PromptDue) -> str | None:
    """Why a prompt came on another day, or not at all, in words for the ledger."""
    if when.holiday is None:
        return None
    country = workdays_of(member, team).country
    where = f" in {country_name(country)}" if country else ""
    if when.skipped or when.moved_from is None:
        return f"public holidays all week{where}"
    was, is_now = day_words(when.moved_from), day_words(when.day)
    return f"moved from {was} to {is_now}: public holiday{where} ({when.holiday})"


def obstacle_now(member: Member, team: Team, log: Log | None, now: datetime) -> SkipReason | None:
    """Looked at again just before sending: much may have changed since planning."""
    if log is not None:
        return _answered_reason(log.split is None)
    return prompt_obstacle(member.person, local_day(now, member, team), now)


def reason_in_words(reason: str | None) -> str:
    """The ledger's reason as a person reads it."""
    return in_words(reason)
