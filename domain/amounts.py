"""Reads amounts as people type them: `120k`, `€ 120,000`, `1.2m`, `12,5`."""

import re
from fractions import Fraction

#: More than anybody's costs, and well within what is stored.
MOST = Fraction(10**12)
_WORD = r"[^\W\d_]"
#: Not the beginning of a currency: `k` of `kEUR` counts, that of `kr` or of `kroner` does not.
_UNIT = rf"(?P<unit>(?:k|mio|m)(?!{_WORD}{{1,2}}\b|{_WORD}{{4}}))?"
_NUMBER = r"(?P<number>[0-9][0-9., '’\u00a0\u202f]*)"
_AMOUNT = re.compile(
    rf"{_WORD}{{0,4}}[€$£¥₹]?\s*{_NUMBER}\s*{_UNIT}\.?\s*(?:[€$£¥₹]|{_WORD}{{1,8}})?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[., '’\u00a0\u202f][0-9]{3})+")
_EXPECTED = "Write a number, such as 120000, 120k or 12.5."
_TIMES = {"k": 1_000, "m": 1_000_000, "mio": 1_000_000}


class AmountProblem(ValueError):  # noqa: N818 - a person's slip, not a fault of the program
    """Text that is no amount; the message is one sentence for the person."""


def read_amount(text: str, *, most: Fraction = MOST) -> Fraction | None:
    """The amount, None for an empty text. Raises AmountProblem."""
    said = text.strip()
    if not said:
        return None
    found = _AMOUNT.fullmatch(said[:60])
    if found is None:
        raise AmountProblem(_EXPECTED)
    number = _plain(found["number"].strip()) * _TIMES.get((found["unit"] or "").casefold(), 1)
    if number > most:
        raise AmountProblem(f"Write a number up to {int(most):,}.")
    return number


def _plain(digits: str) -> Fraction:
    """Points and commas: the last one, before one or two digits, begins the decimals."""
    whole, decimals = digits, ""
    ending = re.search(r"[.,]([0-9]{1,3})$", digits)
    if ending and not _GROUPED.fullmatch(digits):
        whole, decimals = digits[: ending.start()], ending[1]
    if not re.fullmatch(r"[0-9]+", whole) and not _GROUPED.fullmatch(whole):
        raise AmountProblem(_EXPECTED)
    return Fraction(f"{re.sub(r'[^0-9]', '', whole)}.{decimals or 0}")
