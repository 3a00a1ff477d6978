"""Pickers of dates and times."""

from collections.abc import Callable
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.blockkit.objects import CONFIRM, IDENTIFIER, PLACEHOLDER
from sandbox.blockkit.rules import Check, Findings, boolean, shape, whole

_COMMON: dict[str, Check] = {
    "action_id": IDENTIFIER,
    "confirm": CONFIRM,
    "focus_on_load": boolean,
}


def _parsed_by(parse: Callable[[str], object], form: str, length: int) -> Check:
    def check(value: Any, at: str, found: Findings) -> None:
        try:
            sound = isinstance(value, str) and len(value) == length and bool(str(parse(value)))
        except ValueError:
            sound = False
        if not sound:
            found.add(at, "invalid_format", f"must be in the format {form}")

    return check


def _zone(value: Any, at: str, found: Findings) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError):
        found.add(at, "invalid_choice", "must be an IANA time zone")


DATE_ELEMENTS: dict[str, Check] = {
    "datepicker": shape(
        {},
        {
            **_COMMON,
            "placeholder": PLACEHOLDER,
            "initial_date": _parsed_by(date.fromisoformat, "YYYY-MM-DD", 10),
        },
    ),
    "timepicker": shape(
        {},
        {
            **_COMMON,
            "placeholder": PLACEHOLDER,
            "initial_time": _parsed_by(time.fromisoformat, "HH:mm", 5),
            "timezone": _zone,
        },
    ),
    "datetimepicker": shape({}, {**_COMMON, "initial_date_time": whole(10**9, 10**10 - 1)}),
}
