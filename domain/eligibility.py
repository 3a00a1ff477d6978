"""Who is to be prompted, and who counts as missing: people, their absences and their wishes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from types import MappingProxyType
from typing import NamedTuple

from domain.periods import Period
from domain.workdays import Workdays


class SkipReason(StrEnum):
    """Why something due was not sent."""

    BOT = auto()
    GUEST = auto()
    DEACTIVATED = auto()
    OTHER_ORGANISATION = auto()
    AWAY = auto()
    VACATION_STATUS = auto()
    PAUSED = auto()
    STOPPED = auto()
    HOLIDAY_WEEK = auto()
    ALREADY_LOGGED = auto()
    NOT_APPLICABLE = auto()
    EXPIRED = auto()
    LEFT_TEAM = auto()
    OWN_REMINDER = auto()
    WORKSPACE_PAUSED = auto()
    CHANNEL_ARCHIVED = auto()
    BOT_NOT_IN_CHANNEL = auto()
    DM_REFUSED = auto()
    NOT_SHARED = auto()
    DECISION_CLOSED = auto()
    DATE_MOVED = auto()
    NOTHING_OPEN = auto()
    PASSED_ON = auto()
    NOTHING_STUCK = auto()
    TOO_FEW_WEEKS = auto()
    CHECKIN_OVER = auto()
    ALREADY_RATED = auto()
    NOT_DUE_ANY_MORE = auto()
    SETTLED_MEANWHILE = auto()
    ARRIVAL_UNKNOWN = auto()


#: Plain words for `why`; each completes "It was not sent: …", the last one "It may not have
#: arrived: …".
REASON_WORDS: Mapping[SkipReason, str] = MappingProxyType(
    {
        SkipReason.BOT: "this account is a bot",
        SkipReason.GUEST: "guests are not prompted",
        SkipReason.DEACTIVATED: "the account is deactivated",
        SkipReason.OTHER_ORGANISATION: "people from another organisation are not prompted",
        SkipReason.AWAY: "you were marked as away",
        SkipReason.VACATION_STATUS: "your Slack status said that you were away",
        SkipReason.PAUSED: "you had paused your prompts",
        SkipReason.STOPPED: "you had stopped your prompts",
        SkipReason.HOLIDAY_WEEK: "the whole week was public holidays",
        SkipReason.ALREADY_LOGGED: "you had already logged that week",
        SkipReason.NOT_APPLICABLE: "you had marked that week as not applicable",
        SkipReason.EXPIRED: "it could not be sent in time and would have come too late",
        SkipReason.LEFT_TEAM: "you were no longer in the team",
        SkipReason.OWN_REMINDER: "you had chosen your own time to be reminded",
        SkipReason.WORKSPACE_PAUSED: "Slack no longer accepted the bot's access to the workspace",
        SkipReason.CHANNEL_ARCHIVED: "the channel is archived",
        SkipReason.BOT_NOT_IN_CHANNEL: "the bot is not in the channel",
        SkipReason.DM_REFUSED: "Slack refused the direct message",
        SkipReason.NOT_SHARED: "a lead had stopped sharing with that channel",
        SkipReason.DECISION_CLOSED: "the decision was done or withdrawn by then",
        SkipReason.DATE_MOVED: "its date had been moved",
        SkipReason.NOTHING_OPEN: "you had nothing left to do on a checklist",
        SkipReason.PASSED_ON: "somebody else had the item by then",
        SkipReason.NOTHING_STUCK: "nothing was stuck any more",
        SkipReason.TOO_FEW_WEEKS: "too few weeks had enough answers to compare",
        SkipReason.CHECKIN_OVER: "the check-in was over by then",
        SkipReason.ALREADY_RATED: "you had answered that check-in already",
        SkipReason.NOT_DUE_ANY_MORE: "there was a newer check-in by then",
        SkipReason.SETTLED_MEANWHILE: "it was settled by then",
        SkipReason.ARRIVAL_UNKNOWN: "it was cut off while being sent, and nobody could look",
    }
)


@dataclass(frozen=True)
class Absence:
    """Both days included; `until` None: until further notice."""

    start: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


class Person(NamedTuple):
    """What decides whether somebody is prompted.

    `paused_until` is the last day of a pause, date.max one until resumed; `status_expires_at`
    None means that the status does not expire.
    """

    user_id: str
    name: str
    tz: str
    country: str | None = None
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False
    is_foreign: bool = False
    prompts_stopped: bool = False
    paused_until: date | None = None
    absences: tuple[Absence, ...] = ()
    status_emoji: str = ""
    status_text: str = ""
    status_expires_at: datetime | None = None

    def is_away(self, day: date) -> bool:
        return any(absence.covers(day) for absence in self.absences)

    def is_paused(self, day: date) -> bool:
        return self.paused_until is not None and day <= self.paused_until


def prompt_obstacle(person: Person, on: date, now: datetime) -> SkipReason | None:
    """Why this person gets no prompt on their local day `on`; None when nothing stands against it.

    What lasts comes before what passes.
    """
    unreachable = _unreachable(person)
    if unreachable is not None:
        return unreachable
    if person.prompts_stopped:
        return SkipReason.STOPPED
    if person.is_paused(on):
        return SkipReason.PAUSED
    if person.is_away(on):
        return SkipReason.AWAY
    return SkipReason.VACATION_STATUS if _on_vacation(person, now) else None


_MONDAY_TO_FRIDAY = Workdays(None)


def counts_as_active(person: Person, period: Period, workdays: Workdays | None = None) -> bool:
    """Whether the team's participation should expect an answer of this person.

    Not of those who cannot be reached or do not want to be, nor of those away or paused on all
    working days of the week: Monday to Friday, or those of `workdays`.
    """
    if _unreachable(person) is not None or person.prompts_stopped:
        return False
    calendar = workdays or _MONDAY_TO_FRIDAY
    week = (period.monday + timedelta(days=n) for n in range(7))
    return any(
        calendar.is_working_day(day) and not person.is_away(day) and not person.is_paused(day)
        for day in week
    )


def _unreachable(person: Person) -> SkipReason | None:
    if person.is_bot:
        return SkipReason.BOT
    if person.is_foreign:
        return SkipReason.OTHER_ORGANISATION
    if person.is_deleted:
        return SkipReason.DEACTIVATED
    return SkipReason.GUEST if person.is_guest else None


_AWAY_EMOJI = frozenset({"palm_tree", "desert_island", "beach_with_umbrella", "umbrella_on_ground"})
# Whole phrases only: "holiday campaign" and "back from vacation" are work.
_AWAY_TEXT = re.compile(
    r"(?:(?<!back from )\b(?:on|in) (?:annual |parental |maternity |paternity |sick )?"
    r"(?:vacation|holidays?|leave|pto|sabbatical)\b|\bvacationing\b|\bout of (?:the )?office\b"
    r"|^(?:ooo|pto)\b|^(?:away|on break|(?:annual |parental |maternity |paternity |sick )?leave"
    r"|vacation|holidays?|sabbatical)(?: (?:until|till|through)\b.*)?$)",
    re.IGNORECASE,
)


def _on_vacation(person: Person, now: datetime) -> bool:
    if not (person.status_emoji or person.status_text):
        return False
    if person.status_expires_at is not None and person.status_expires_at <= now:
        return False
    emoji = person.status_emoji.strip(":").split("::")[0]
    return emoji in _AWAY_EMOJI or bool(_AWAY_TEXT.search(" ".join(person.status_text.split())))
