"""Arithmetic of chart axes: round ticks, readable numbers, labels that fit their place."""

import math
from dataclasses import dataclass

#: Width of an average character of the page's font at the 12 px of chart labels.
CHARACTER = 6.6


@dataclass(frozen=True)
class Scale:
    """A value axis from `low` to `high` (both ticks) in steps of `step`."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * at for at in range(count + 1)]

    def part(self, value: float) -> float:
        """Where a value lies between low (0.0) and high (1.0)."""
        return (value - self.low) / (self.high - self.low)


def scale_for(values: list[float], most: int = 5) -> Scale:
    """An axis that holds zero, covers all values and has at most `most` round steps each way."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if high - low < 1e-9:
        return Scale(0.0, 1.0, 0.5)
    step = _round_step((high - low) / most)
    return Scale(math.floor(low / step) * step, math.ceil(high / step) * step, step)


def _round_step(rough: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(rough))
    return next(
        (factor * magnitude for factor in (1, 2, 5) if factor * magnitude >= rough * 0.999),
        10 * magnitude,
    )


def number(value: float) -> str:
    """A value as a person writes it: `38`, `7.5`, `12,400`."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


def fits(label: str, width: float) -> bool:
    return len(label) * CHARACTER <= width


def two_lines(label: str, width: float) -> list[str] | None:
    """The label on one or two lines that fit the width, broken between words; None if neither."""
    if fits(label, width):
        return [label]
    words = label.split()
    for at in range(len(words) - 1, 0, -1):
        lines = [" ".join(words[:at]), " ".join(words[at:])]
        if all(fits(line, width) for line in lines):
            return lines
    return None


def every(labels: list[str], width: float) -> int:
    """Show each n-th label so that neighbours on one line don't touch."""
    longest = max((len(label) for label in labels), default=1) * CHARACTER + 8
    return max(1, math.ceil(longest / width))
