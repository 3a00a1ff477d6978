"""Periods: ISO weeks such as 2026-W47, the unit in which time is logged and reported."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Period:
    """One ISO week; `str()` gives `2026-W47`, the form in which it is stored."""

    year: int
    week: int

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.week, 1)
