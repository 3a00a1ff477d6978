"""Where a figure is heading: a straight line through recent weeks, and how far to trust it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

#: Weeks that a line is drawn through at most, and at least.
MOST_WEEKS = 12
FEWEST_WEEKS = 4
#: Student's t for a range that holds four times out of five, by degrees of freedom from 1 on.
_T = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372)


@dataclass(frozen=True)
class Projection:
    """The value to expect, and the range that holds four times out of five."""

    value: float
    low: float
    high: float
    weeks: int


def project(series: Sequence[tuple[int, Fraction]], at: int) -> Projection | None:
    """Carry on the least-squares line through the last points of `series` (x, y) to x = `at`.

    x counts weeks. None from fewer than FEWEST_WEEKS points. The range is that for one new
    observation about a fitted line (any textbook of regression).
    """
    points = [(float(x), float(y)) for x, y in sorted(series)[-MOST_WEEKS:]]
    count = len(points)
    if count < FEWEST_WEEKS:
        return None
    mid_x = sum(x for x, _ in points) / count
    mid_y = sum(y for _, y in points) / count
    spread = sum((x - mid_x) ** 2 for x, _ in points)
    slope = sum((x - mid_x) * (y - mid_y) for x, y in points) / spread
    rest = sum((y - mid_y - slope * (x - mid_x)) ** 2 for x, y in points)
    error = sqrt(rest / (count - 2)) * sqrt(1 + 1 / count + (at - mid_x) ** 2 / spread)
    value = mid_y + slope * (at - mid_x)
    reach = _T[count - 3] * error
    return Projection(value, value - reach, value + reach, count)
