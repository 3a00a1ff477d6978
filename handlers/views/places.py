"""Time zones and countries as grouped choices, each group small enough for one select."""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import groupby

from domain.workdays import countries
from handlers.views.blocks import Block, option

OWN_COUNTRY = "own"

Groups = list[tuple[str, list[Block]]]


@lru_cache(maxsize=1)
def _zone_names() -> tuple[str, ...]:
    """Every place of the tz database that has a country, by region, and UTC first."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return ("UTC", *sorted(row[2] for row in rows))


def zone_groups(current: str) -> Groups:
    """IANA names by region; `current` is among them even when the table calls it otherwise."""
    names = _zone_names()
    return _by_region(names if current in names or not current else sorted({*names, current}))


def _by_region(names: Iterable[str]) -> Groups:
    regions: dict[str, list[Block]] = {}
    for zone in names:
        region, slash, _ = zone.partition("/")
        regions.setdefault(region if slash else "Everywhere", []).append(option(zone, zone))
    return list(regions.items())


def country_groups() -> Groups:
    """Countries whose public holidays are known, by first letter; each person's own comes first."""
    own = option("Each person's own (from their time zone)", OWN_COUNTRY)
    named = sorted(countries(), key=lambda country: country[1].casefold())
    lettered = groupby(named, key=lambda country: country[1][:1].upper())
    letters = [(letter, [option(name, code) for code, name in some]) for letter, some in lettered]
    return [("Usual", [own]), *letters]
