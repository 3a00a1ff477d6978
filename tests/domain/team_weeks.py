"""Weeks of a team, made of percentages per category, for the tests of rules and summaries."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from domain.periods import Period
from domain.team import TeamWeek

#: The week that is summarised; series end with it.
NOW = Period(2026, 47)

Percent = Mapping[str, float]


def week(
    percent: Percent | None, period: Period = NOW, answered: int = 8, active: int = 8
) -> TeamWeek:
    """One week; None: withheld. What is missing to 100 % goes to delivery."""
    if percent is None:
        return TeamWeek(period, answered, active, None, "low_participation")
    shares = {key: Fraction(str(share)) / 100 for key, share in percent.items()}
    shares["delivery"] = shares.get("delivery", Fraction(0)) + 1 - sum(shares.values())
    return TeamWeek(period, answered, active, shares)


def series(percents: Sequence[Percent | None]) -> list[TeamWeek]:
    """Weeks in a row, the last one NOW."""
    first = NOW.shift(1 - len(percents))
    return [week(percent, first.shift(n)) for n, percent in enumerate(percents)]


def operational(*percents: float | None) -> list[TeamWeek]:
    """Weeks with this operational share and enough strategic and customer time."""
    return series(
        [None if p is None else {"tools": p, "customer": 10, "strategy": 20} for p in percents]
    )


def answered(*counts: tuple[int, int]) -> list[TeamWeek]:
    """Weeks with (answered, active) and no numbers."""
    first = NOW.shift(1 - len(counts))
    return [week(None, first.shift(n), k, of) for n, (k, of) in enumerate(counts)]
