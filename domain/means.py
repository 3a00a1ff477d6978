"""Exact sums and means of shares, worked out in whole numbers.

One addition of fractions after the other takes several times as long.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

#: Of what is not there. Made once: a share takes longer to make than to look up.
NOTHING = Fraction(0)


def total_of(shares: Sequence[Fraction]) -> Fraction:
    """0 of none."""
    whole = lcm(*(share.denominator for share in shares))
    return Fraction(sum(share.numerator * (whole // share.denominator) for share in shares), whole)


def mean_of(shares: Sequence[Fraction]) -> Fraction:
    """Of at least one."""
    return total_of(shares) / len(shares)
