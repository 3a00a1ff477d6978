"""Who is to be prompted, and who counts as missing: people, their absences and their wishes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from types import MappingProxyType

from domain.periods import Period
from domain.workdays import Workdays


class SkipReason(StrEnum):
    """Why something due was not sent."""

    bot = auto()
    guest = auto()
    deactivated = auto()
    other_organisation = auto()
    away = auto()
    vacation_status = auto()
    paused = auto()
    stopped = auto()
    holiday_week = auto()
    already_logged = auto()
    not_applicable = auto()
    expired = auto()
    left_team = auto()
    own_reminder = auto()
    workspace_paused = auto()
    channel_archived = auto()
    bot_not_in_channel = auto()
    dm_refused = auto()


#: Plain words for `why`; each completes "It was not sent: …".
REASON_WORDS: Mapping[SkipReason, str] = MappingProxyType(
    {
        SkipReason.bot: "this account is a bot",
        SkipReason.guest: "guests are not prompted",
        SkipReason.deactivated: "the account is deactivated",
        SkipReason.other_organisation: "people from another organisation are not prompted",
        SkipReason.away: "you were marked as away",
        SkipReason.vacation_status: "your Slack status said that you were away",
        SkipReason.paused: "you had paused your prompts",
        SkipReason.stopped: "you had stopped your prompts",
        SkipReason.holiday_week: "the whole week was public holidays",
        SkipReason.already_logged: "you had already logged that week",
        SkipReason.not_applicable: "you had marked that week as not applicable",
        SkipReason.expired: "the bot was not running in time and it would have come too late",
        SkipReason.left_team: "you were no longer in the team",
        SkipReason.own_reminder: "you had chosen your own time to be reminded",
        SkipReason.workspace_paused: "Slack no longer accepted the bot's access to the workspace",
        SkipReason.channel_archived: "the channel is archived",
        SkipReason.bot_not_in_channel: "the bot is not in the channel",
        SkipReason.dm_refused: "Slack refused the direct message",
    }
)


@dataclass(frozen=True)
class Absence:
    """Both days included; `until` None: until further notice."""

    start: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Person:
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
        return SkipReason.stopped
    if person.is_paused(on):
        return SkipReason.paused
    if person.is_away(on):
        return SkipReason.away
    return SkipReason.vacation_status if _on_vacation(person, now) else None


def counts_as_active(person: Person, period: Period, workdays: Workdays | None = None) -> bool:
    """Whether the team's participation should expect an answer of this person.

    Not of those who cannot be reached or do not want to be, nor of those away or paused on all
    working days of the week: Monday to Friday, or those of `workdays`.
    """
    if _unreachable(person) is not None or person.prompts_stopped:
        return False
    calendar = workdays or Workdays(None)
    week = [period.monday + timedelta(days=n) for n in range(7)]
    working = [day for day in week if calendar.is_working_day(day)]
    return any(not person.is_away(day) and not person.is_paused(day) for day in working)


def _unreachable(person: Person) -> SkipReason | None:
    if person.is_bot:
        return SkipReason.bot
    if person.is_foreign:
        return SkipReason.other_organisation
    if person.is_deleted:
        return SkipReason.deactivated
    return SkipReason.guest if person.is_guest else None


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
    if person.status_expires_at is not None and person.status_expires_at <= now:
        return False
    emoji = person.status_emoji.strip(":").split("::")[0]
    return emoji in _AWAY_EMOJI or bool(_AWAY_TEXT.search(" ".join(person.status_text.split())))
