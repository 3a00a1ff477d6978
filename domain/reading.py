"""Makes a split of typed entries, or says in one sentence what keeps it from being one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from domain.categories import Catalog, Category
from domain.cleaning import one_line
from domain.entries import Entries, Named, Stranger, read_entries
from domain.timesplit import Split, SplitProblem, plain, split_from_minutes, split_from_percent
from domain.tokens import Amount, Decimals, Unit, token_pattern, tokenise

_LONGEST_QUOTE = 40
_MOST_OFFERED = 3
_COMMA_IN_NUMBER = re.compile(r"\d,\d")


@dataclass(frozen=True)
class Reading:
    """Either a `split`, or a `fault` for the person and what could be understood all the same.

    `understood` holds percent or hours per category id, as `unit` says.
    """

    split: Split | None = None
    fault: str = ""
    understood: dict[str, Decimal] = field(default_factory=dict)
    unit: Literal["percent", "hours"] = "percent"
    candidates: tuple[Category, ...] = ()
    unknown: str | None = None


def read_split(text: str, catalog: Catalog) -> Reading:
    """Read the entries of a split, without week, in any of the forms of the grammar."""
    reading = _read(text, catalog, "comma")
    # "tools 40,20 strategy" makes no sense with 40.2, but does with two entries.
    if reading.split is None and _COMMA_IN_NUMBER.search(text):
        parted = _read(text, catalog, "point")
        return parted if parted.split else reading
    return reading


def example(catalog: Catalog) -> str:
    """A split that this workspace could type."""
    ids = [category.id for category in catalog.active[:2]]
    return f"“40% {ids[0]}, 60% {ids[1]}”" if len(ids) > 1 else f"“100% {ids[0]}”"


def _read(text: str, catalog: Catalog, decimals: Decimals) -> Reading:
    tokens = tokenise(text, token_pattern(catalog.unwordly_labels, decimals))
    entries = read_entries(tokens, catalog)
    named = [(amount, name) for amount, name in entries.pairs if isinstance(name, Named)]
    unit = _main_unit([amount for amount, _ in named])
    totals = _totals(named, unit)
    split, fault = None, _fault(entries, catalog)
    if not fault:
        try:
            split = _split(totals, unit)
        except SplitProblem as problem:
            fault = str(problem)
    stranger = entries.strangers[0] if entries.strangers else None
    return Reading(
        split,
        fault,
        totals if unit == "percent" else {key: _hours(value) for key, value in totals.items()},
        "percent" if unit == "percent" else "hours",
        _offered(entries),
        _quoted(stranger.text) if stranger else None,
    )


def _main_unit(amounts: list[Amount]) -> Unit:
    timed = sum(amount.unit == "time" for amount in amounts)
    return "time" if timed and 2 * timed >= len(amounts) else "percent"


def _totals(named: list[tuple[Amount, Named]], unit: Unit) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for amount, name in named:
        if amount.unit == unit:
            key = name.category.id
            totals[key] = totals.get(key, Decimal(0)) + amount.value
    return totals


def _hours(minutes: Decimal) -> Decimal:
    return Decimal(plain(minutes / 60))


def _split(totals: Mapping[str, Decimal], unit: Unit) -> Split:
    if unit == "percent":
        return split_from_percent(totals)
    return split_from_minutes({key: int(minutes) for key, minutes in totals.items()})


def _fault(entries: Entries, catalog: Catalog) -> str:
    """The first thing wrong with what was typed, before any sum is taken."""
    amounts = [amount for amount, _ in entries.pairs]
    amounts += [item for item in entries.lonely if isinstance(item, Amount)]
    if not amounts:
        return f"I found no amounts there: a split looks like {example(catalog)}."
    if entries.strangers:
        return _about_stranger(entries.strangers[0])
    if entries.lonely:
        return _about_lonely(entries.lonely[0], catalog)
    return _about_units(entries)


def _about_stranger(stranger: Stranger) -> str:
    quote = f"“{_quoted(stranger.text)}”"
    if stranger.archived:
        return (
            f"{quote} means {stranger.archived.name}, which this workspace no longer uses: "
            "please choose another category."
        )
    if stranger.candidates:
        names = _either([f"“{category.name}”" for category in stranger.candidates])
        return f"I am not sure which category {quote} is: did you mean {names}?"
    return f"I know no category called {quote}: please use one from the form."


def _about_lonely(item: Amount | Named | Stranger, catalog: Catalog) -> str:
    if isinstance(item, Amount):
        amount, key = _quoted(item.text), catalog.active[0].id
        return f"“{amount}” has no category beside it: write for example “{amount} {key}”."
    return f"“{_quoted(item.text)}” has no amount beside it: write for example “20% {item.text}”."


def _about_units(entries: Entries) -> str:
    if len({amount.unit for amount, _ in entries.pairs}) < 2:
        return ""
    bare = next((pair for pair in entries.pairs if pair[0].bare), None)
    if bare is not None:
        what = _quoted(f"{bare[1].text} {bare[0].text}")
        return f"“{what}” counts as percent and other amounts are times: please use one of the two."
    return "Percentages and times are mixed there: please use one of the two for the whole week."


def _offered(entries: Entries) -> tuple[Category, ...]:
    offered = dict.fromkeys(c for stranger in entries.strangers[:1] for c in stranger.candidates)
    return tuple(offered)[:_MOST_OFFERED]


def _quoted(text: str) -> str:
    return one_line(text, _LONGEST_QUOTE)


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
