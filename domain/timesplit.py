"""A split: how one person divided one week over the categories, in exact integers."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Split:
    """Shares in basis points per category id (they total 10,000; zeros are left out).

    `minutes` is present when the week was entered in time and then holds exact minutes
    per category id; shares are then derived from them by the largest remainder.
    """

    shares: Mapping[str, int]
    minutes: Mapping[str, int] | None = None
