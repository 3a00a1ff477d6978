"""Exact sums and means of shares, worked out in whole numbers.

One addition of fractions after the other takes several times as long.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

#: Of what is not there. Made once: a share takes longer to make than to look up.
NOTHING = Fraction(0)


def total_of(shares: Sequence[Fraction]) -> Fraction:
    """0 of none."""
    if len(shares) < 2:
        return shares[0] if shares else NOTHING
    ratios = [share.as_integer_ratio() for share in shares]
    whole = lcm(*(below for _, below in ratios))
    return Fraction(sum(above * (whole // below) for above, below in ratios), whole)


def mean_of(shares: Sequence[Fraction]) -> Fraction:
    """Of at least one."""
    return total_of(shares) / len(shares)


class Parts(Mapping[str, Fraction]):
    """Parts of a whole by name, each a fraction only once it is looked at."""

    def __init__(self, parts: Mapping[str, int], whole: int) -> None:
        self._parts, self._whole = parts, whole

    def __getitem__(self, name: str) -> Fraction:
        return Fraction(self._parts[name], self._whole)

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self._parts else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __repr__(self) -> str:
        return repr(dict(self))

    def total(self, names: Iterable[str]) -> Fraction:
        """Of those of these parts that there are."""
        return Fraction(sum([self._parts.get(name, 0) for name in names]), self._whole)
