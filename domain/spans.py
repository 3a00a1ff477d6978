"""Calendar months and quarters, the weeks that belong to them, and when they are reported on.

A week belongs to the month and quarter of its Thursday, as an ISO week belongs to its year: so
every week counts in exactly one month, and a quarter's weeks are those of its three months.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.localtime import resolve_local
from domain.periods import Period
from domain.rhythm import Rhythm
from domain.workdays import Workdays

SpanKind = Literal["month", "quarter"]

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_PER_YEAR = {"month": 12, "quarter": 4}
_STORED = re.compile(r"(\d{4})-(Q?)(\d{1,2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Span:
    """One month or quarter; `str()` gives `2026-06` or `2026-Q2`, the form used in keys.

    Raises ValueError for a number that a year does not have. Only spans of one kind compare.
    """

    kind: SpanKind
    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= _PER_YEAR[self.kind]:
            raise ValueError(f"a year has no {self.kind} {self.number}")

    def __str__(self) -> str:
        number = f"Q{self.number}" if self.kind == "quarter" else f"{self.number:02d}"
        return f"{self.year:04d}-{number}"

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read `2026-06` or `2026-Q2`; ValueError otherwise."""
        found = _STORED.fullmatch(text)
        if found is None:
            raise ValueError(f"neither a month nor a quarter: {text!r}")
        return cls("quarter" if found[2] else "month", int(found[1]), int(found[3]))

    @classmethod
    def containing(cls, kind: SpanKind, day: date) -> "Span":
        months = 12 // _PER_YEAR[kind]
        return cls(kind, day.year, (day.month - 1) // months + 1)

    @classmethod
    def of_week(cls, kind: SpanKind, period: Period) -> "Span":
        """The span that a week belongs to: that of its Thursday."""
        return cls.containing(kind, _thursday(period))

    @property
    def label(self) -> str:
        """`June 2026` or `Q2 2026`."""
        return f"{self.short} {self.year}"

    @property
    def short(self) -> str:
        """`June` or `Q2`."""
        return f"Q{self.number}" if self.kind == "quarter" else _MONTHS[self.number - 1]

    @property
    def first_day(self) -> date:
        months = 12 // _PER_YEAR[self.kind]
        return date(self.year, (self.number - 1) * months + 1, 1)

    @property
    def last_day(self) -> date:
        return self.shift(1).first_day - timedelta(days=1)

    @property
    def weeks(self) -> tuple[Period, ...]:
        """Its weeks in order: four or five of a month, 12 to 14 of a quarter."""
        found = []
        week = Period.containing(self.first_day)
        if _thursday(week) < self.first_day:
            week = week.shift(1)
        while _thursday(week) <= self.last_day:
            found.append(week)
            week = week.shift(1)
        return tuple(found)

    @property
    def last_week(self) -> Period:
        """The week that stands for the span where a week is asked for, as in the ledger."""
        return self.weeks[-1]

    @property
    def months(self) -> tuple["Span", ...]:
        """The months of a quarter; a month itself."""
        if self.kind == "month":
            return (self,)
        first = 3 * (self.number - 1) + 1
        return tuple(Span("month", self.year, first + n) for n in range(3))

    @property
    def ends_a_quarter(self) -> bool:
        return self.kind == "quarter" or self.number % 3 == 0

    def shift(self, count: int) -> "Span":
        per_year = _PER_YEAR[self.kind]
        place = self.year * per_year + self.number - 1 + count
        return Span(self.kind, place // per_year, place % per_year + 1)


def _thursday(period: Period) -> date:
    return period.monday + timedelta(days=3)


def last_complete(kind: SpanKind, today: date) -> Span:
    """The calendar month or quarter before the one that `today` lies in."""
    return Span.containing(kind, today).shift(-1)


def first_working_day(after: Span, workdays: Workdays) -> date:
    """The first working day of the month that follows the span."""
    day = after.last_day
    return workdays.next_working_day_after(day)


def review_due(span: Span, rhythm: Rhythm, zone: ZoneInfo, workdays: Workdays) -> datetime:
    """When the review of a span is due: on that day, at the team's summary time, in its zone."""
    return resolve_local(first_working_day(span, workdays), rhythm.summary_time, zone)


def is_reported(span: Span) -> bool:
    """Whether a span gets a review of its own: on the first working day of a quarter the review
    of the quarter takes the place of that of its last month."""
    return span.kind == "quarter" or not span.ends_a_quarter


def next_review(
    kind: SpanKind,
    after: datetime,
    first: Span,
    rhythm: Rhythm,
    zone: ZoneInfo,
    workdays: Workdays,
) -> tuple[Span, datetime]:
    """The first review due after `after` (aware), of no span before `first`, and its instant."""
    span = max(first, Span.containing(kind, after.astimezone(zone).date()).shift(-2))
    while True:
        if is_reported(span):
            due = review_due(span, rhythm, zone, workdays)
            if due > after:
                return span, due
        span = span.shift(1)
