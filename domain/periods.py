"""Periods: ISO weeks such as 2026-W47, the unit in which time is logged and reported."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, Self

#: How many weeks back a person may still log, and correct what was logged.
WEEKS_BACK = 4

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STORED = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_TYPED = re.compile(r"(?:(\d{4})[\s-]?)?(?:w|wk|week)\s?(\d{1,2})", re.ASCII)


class WeekError(ValueError):
    """A week that cannot be logged; the message is one sentence for the person."""


class _Week(NamedTuple):
    year: int
    week: int


class Period(_Week):
    """One ISO week; `str()` gives `2026-W47`, the form in which it is stored.

    A tuple, since a summary compares and looks up some five hundred. Raises ValueError for a week
    that its year does not have.
    """

    __slots__ = ()

    def __new__(cls, year: int, week: int) -> Self:
        date.fromisocalendar(year, week, 1)
        return super().__new__(cls, year, week)

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, text: str) -> Self:
        """Read the stored form, `2026-W47`, and no other; ValueError otherwise."""
        found = _STORED.fullmatch(text)
        if found is None:
            raise ValueError(f"not a week such as 2026-W47: {text!r}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def containing(cls, day: date) -> Self:
        iso = day.isocalendar()
        return cls(iso.year, iso.week)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def label(self) -> str:
        """`16–22 Nov`; years appear only where the week lies in two of them."""
        first, last = self.monday, self.sunday
        if first.year != last.year:
            return f"{day_label(first)} {first.year} – {day_label(last)} {last.year}"
        if first.month != last.month:
            return f"{day_label(first)} – {day_label(last)}"
        return f"{first.day}–{day_label(last)}"

    @lru_cache(maxsize=1024)  # noqa: B019 - of weeks, not of what lives for long
    def shift(self, weeks: int) -> "Period":
        return Period.containing(self.monday + timedelta(weeks=weeks))


def day_label(day: date) -> str:
    """`22 Nov`, whatever the locale of the machine."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def resolve_week(text: str, today: date) -> Period:
    """The week that a person means: this, last, W46 or 2026-W46.

    Raises WeekError when it is no week, lies in the future or more than WEEKS_BACK back.
    """
    now = Period.containing(today)
    period = _read_week(" ".join(text.casefold().split()), now)
    if period > now:
        raise WeekError(
            f"{period.label} has not begun yet: you can log this week or up to {WEEKS_BACK} back."
        )
    if period < now.shift(-WEEKS_BACK):
        raise WeekError(
            f"{period.label} is too far back: you can log this week or up to {WEEKS_BACK} back."
        )
    return period


def _read_week(text: str, now: Period) -> Period:
    if text in {"this", "this week"}:
        return now
    if text in {"last", "last week"}:
        return now.shift(-1)
    found = _TYPED.fullmatch(text)
    if found is None:
        raise WeekError("A week is written this, last, W46 or 2026-W46.")
    week = int(found[2])
    if found[1]:
        return _existing(int(found[1]), week)
    return _nearest(week, now)


def _nearest(week: int, now: Period) -> Period:
    # In January W52 means December's; in November W48 means a week yet to come.
    recent = (now.shift(-back) for back in range(WEEKS_BACK + 1))
    return next((p for p in recent if p.week == week), None) or _existing(now.year, week)


def _existing(year: int, week: int) -> Period:
    try:
        period = Period(year, week)
        _ = period.sunday
    except (ValueError, OverflowError):
        raise WeekError(f"{year} has no week {week}: a week is written W46 or 2026-W46.") from None
    return period
