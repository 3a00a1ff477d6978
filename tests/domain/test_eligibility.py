"""Who is prompted and who counts as missing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.eligibility import (
    REASON_WORDS,
    Absence,
    Person,
    SkipReason,
    counts_as_active,
    prompt_obstacle,
)
from domain.periods import Period
from domain.workdays import Workdays

ANN = Person("U1", "Ann", "Europe/Berlin", "DE")
FRIDAY = date(2026, 11, 27)
WEEK = Period(2026, 48)
NOW = datetime(2026, 11, 27, 13, tzinfo=UTC)
DAY = timedelta(days=1)


def person(**changes: Any) -> Person:
    return ANN._replace(**changes)


def test_nothing_stands_against_an_ordinary_person() -> None:
    assert prompt_obstacle(ANN, FRIDAY, NOW) is None
    assert counts_as_active(ANN, WEEK)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_bot": True}, SkipReason.BOT),
        ({"is_guest": True}, SkipReason.GUEST),
        ({"is_deleted": True}, SkipReason.DEACTIVATED),
        ({"is_foreign": True}, SkipReason.OTHER_ORGANISATION),
        ({"prompts_stopped": True}, SkipReason.STOPPED),
        ({"paused_until": date.max}, SkipReason.PAUSED),
        ({"absences": (Absence(WEEK.monday, WEEK.sunday),)}, SkipReason.AWAY),
        ({"absences": (Absence(WEEK.monday),)}, SkipReason.AWAY),
    ],
)
def test_what_stands_against_a_prompt_also_excuses(
    changes: dict[str, Any], reason: SkipReason
) -> None:
    assert prompt_obstacle(person(**changes), FRIDAY, NOW) is reason
    assert not counts_as_active(person(**changes), WEEK)


def test_what_lasts_comes_before_what_passes() -> None:
    gone = person(is_deleted=True, prompts_stopped=True, absences=(Absence(FRIDAY),))
    assert prompt_obstacle(gone, FRIDAY, NOW) is SkipReason.DEACTIVATED
    stopped = person(prompts_stopped=True, paused_until=date.max, status_emoji=":palm_tree:")
    assert prompt_obstacle(stopped, FRIDAY, NOW) is SkipReason.STOPPED


@pytest.mark.parametrize(
    ("start", "until", "away"),
    [
        (FRIDAY, FRIDAY, True),
        (FRIDAY - DAY, FRIDAY, True),
        (FRIDAY, None, True),
        (FRIDAY + DAY, None, False),
        (FRIDAY - 9 * DAY, FRIDAY - DAY, False),
    ],
)
def test_an_absence_includes_both_days(start: date, until: date | None, away: bool) -> None:
    found = prompt_obstacle(person(absences=(Absence(start, until),)), FRIDAY, NOW)
    assert (found is SkipReason.AWAY) is away


def test_a_pause_includes_its_last_day() -> None:
    assert prompt_obstacle(person(paused_until=FRIDAY), FRIDAY, NOW) is SkipReason.PAUSED
    assert prompt_obstacle(person(paused_until=FRIDAY - DAY), FRIDAY, NOW) is None


def test_a_day_at_work_counts_as_active() -> None:
    monday_off = person(absences=(Absence(WEEK.monday + DAY, WEEK.sunday),))
    assert counts_as_active(monday_off, WEEK)
    whole = person(absences=(Absence(WEEK.monday, WEEK.monday), Absence(WEEK.monday + DAY, FRIDAY)))
    assert not counts_as_active(whole, WEEK)
    assert counts_as_active(person(paused_until=FRIDAY - DAY), WEEK)
    assert not counts_as_active(person(paused_until=FRIDAY), WEEK)


def test_public_holidays_are_no_days_at_work() -> None:
    easter = Period(2026, 15)  # Easter Monday, then four days away
    away = person(absences=(Absence(date(2026, 4, 7), date(2026, 4, 10)),))
    assert counts_as_active(away, easter)
    assert not counts_as_active(away, easter, Workdays("DE"))


@pytest.mark.parametrize(
    ("emoji", "text"),
    [
        (":palm_tree:", ""),
        ("palm_tree", "Back on Monday"),
        (":beach_with_umbrella:", "☀"),
        (":palm_tree::skin-tone-2:", ""),
        ("", "Vacationing"),
        ("", "on vacation"),
        (":airplane:", "On annual leave until 7 Dec"),
        ("", "Out of office"),
        ("", "Out  of the Office 23-27 Nov"),
        ("", "OOO until Monday"),
        ("", "PTO"),
        ("", "Holidays"),
        ("", "on parental leave"),
        ("", "On sick leave"),
        ("", "Away until Monday"),
    ],
)
def test_a_vacation_status_stands_against_a_prompt(emoji: str, text: str) -> None:
    away = person(status_emoji=emoji, status_text=text)
    assert prompt_obstacle(away, FRIDAY, NOW) is SkipReason.VACATION_STATUS
    ended = away._replace(status_expires_at=NOW)
    assert prompt_obstacle(ended, FRIDAY, NOW) is None
    lasting = away._replace(status_expires_at=NOW + timedelta(minutes=1))
    assert prompt_obstacle(lasting, FRIDAY, NOW) is SkipReason.VACATION_STATUS


@pytest.mark.parametrize(
    ("emoji", "text"),
    [
        (":house_with_garden:", "Working remotely"),
        (":spiral_calendar_pad:", "In a meeting"),
        (":bus:", "Commuting"),
        ("", "Holiday campaign launch"),
        ("", "Back from vacation"),
        ("", "back from PTO"),
        ("", "Vacation rentals team"),
        ("", "Taking it away"),
        ("", "zoom"),
        ("::", ""),
        ("", "🎄"),
    ],
)
def test_other_statuses_do_not(emoji: str, text: str) -> None:
    assert prompt_obstacle(person(status_emoji=emoji, status_text=text), FRIDAY, NOW) is None


def test_every_reason_has_plain_words() -> None:
    assert REASON_WORDS.keys() == set(SkipReason)
    assert all(words and not words.endswith(".") for words in REASON_WORDS.values())
    assert str(SkipReason.VACATION_STATUS) == "vacation_status"
