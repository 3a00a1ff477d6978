"""A split: how one person divided one week over the categories, in exact integers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from domain.categories import METRIC_GROUPS, Catalog

#: Basis points in a whole week.
WHOLE = 10_000
#: How far percentages may miss 100, since people round.
TOLERANCE = Decimal("0.5")
#: The most that a week can hold: sixteen hours on each of seven days.
MOST_HOURS = 112


class SplitProblem(ValueError):  # noqa: N818 - a person's slip, not a fault of the program
    """Amounts that make no week; the message is one sentence for the person."""


@dataclass(frozen=True)
class Split:
    """Shares in basis points per category id (they total 10,000; zeros are left out).

    `minutes` is present when the week was entered in time and then holds exact minutes
    per category id; shares are then derived from them by the largest remainder.
    """

    shares: Mapping[str, int]
    minutes: Mapping[str, int] | None = None


def largest_remainder(weights: Mapping[str, Fraction], whole: int = WHOLE) -> dict[str, int]:
    """Integers in proportion to `weights` (not negative, sum above 0) that total `whole`.

    Equal remainders are served by key, so that the order of entry changes nothing.
    """
    total = sum(weights.values(), Fraction(0))
    exact = {key: weight * whole / total for key, weight in weights.items()}
    shares = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (shares[key] - exact[key], key))
    for key in by_remainder[: whole - sum(shares.values())]:
        shares[key] += 1
    return {key: share for key, share in shares.items() if share}


def split_from_percent(amounts: Mapping[str, Decimal]) -> Split:
    """A split from percentages per category id; they may miss 100 by TOLERANCE.

    Raises SplitProblem.
    """
    if any(not amount.is_finite() or amount < 0 for amount in amounts.values()):
        raise SplitProblem("Percentages must be 0 or more.")
    total = sum(amounts.values(), Decimal(0))
    if total == 0:
        raise SplitProblem("Please give at least one category a share of the week.")
    miss = total - 100
    if miss < -TOLERANCE:
        raise SplitProblem(
            f"That adds up to {plain(total)}%: {plain(-miss)}% is still missing to reach 100%."
        )
    if miss > TOLERANCE:
        raise SplitProblem(f"That adds up to {plain(total)}%: {plain(miss)}% more than 100%.")
    return Split(largest_remainder({key: Fraction(amount) for key, amount in amounts.items()}))


def split_from_minutes(minutes: Mapping[str, int]) -> Split:
    """A split from exact minutes per category id, above 0 and at most 112 h in all.

    Raises SplitProblem.
    """
    if any(amount < 0 for amount in minutes.values()):
        raise SplitProblem("Times must be 0 or more.")
    total = sum(minutes.values())
    if total == 0:
        raise SplitProblem("Please give at least one category some time.")
    if total > MOST_HOURS * 60:
        raise SplitProblem(
            f"That adds up to {duration(total)}, and a week takes at most {MOST_HOURS}h here."
        )
    kept = {key: amount for key, amount in minutes.items() if amount}
    return Split(largest_remainder({key: Fraction(amount) for key, amount in kept.items()}), kept)


def metric_bp(split: Split | Mapping[str, int], metric: str, catalog: Catalog) -> int:
    """The share in basis points that a metric of METRIC_GROUPS has in one person's week."""
    shares = split.shares if isinstance(split, Split) else split
    return sum(shares.get(key, 0) for key in catalog.ids_of(METRIC_GROUPS[metric]))


def format_split(split: Split, catalog: Catalog) -> str:
    """The split as text that `parse_log` reads back to the same split.

    Ids are written, not names: whatever a workspace calls a category, its id is one word.
    """
    order = {c.id: place for place, c in enumerate(catalog.categories)}
    amounts = split.shares if split.minutes is None else split.minutes
    write = _percent if split.minutes is None else duration
    keys = sorted(amounts, key=lambda key: (order.get(key, len(order)), key))
    return ", ".join(f"{write(amounts[key])} {key}" for key in keys)


def _percent(basis_points: int) -> str:
    return f"{plain(Decimal(basis_points) / 100)}%"


def duration(minutes: int) -> str:
    """`1h30m`, `3h`, `45m`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}h{rest}m" if hours and rest else f"{hours}h" if hours else f"{rest}m"


def plain(number: Decimal) -> str:
    """A number as people write it: at most two decimals, no trailing zeros, no exponent."""
    text = f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".")
