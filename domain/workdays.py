"""Working days and public holidays of a country, from the `holidays` library and the zone tables.

The library costs 0.2 s to import and lists 250 countries, so it is loaded with the first
country asked for, and only that country with it.
"""

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

_SATURDAY = 5
#: No calendar has a longer row of free days; beyond it every weekday counts as working.
_LONGEST_BREAK = 31
_DAY = timedelta(days=1)
#: Where the zone tables' names are not what people look for in a list.
_PLAIN_NAMES = {"GB": "United Kingdom", "KR": "South Korea", "KP": "North Korea", "MM": "Myanmar"}


class Workdays:
    """The calendar of one country (ISO 3166 code), or plain Monday to Friday without one.

    A code the library does not know counts as none: a prompt must not fail over a holiday.
    """

    def __init__(self, country: str | None) -> None:
        self.country = country.upper() if country and country.upper() in _names() else None

    def holiday_name(self, day: date) -> str | None:
        """The public holiday's name, in English where the library has it."""
        if self.country is None:
            return None
        name: str | None = _calendar(self.country).get(day)
        return name

    def is_working_day(self, day: date) -> bool:
        if self.country is None:
            return day.weekday() < _SATURDAY
        return bool(_calendar(self.country).is_working_day(day))

    def last_working_day_before(self, day: date) -> date:
        return self._nearest(day, -_DAY)

    def next_working_day_after(self, day: date) -> date:
        return self._nearest(day, _DAY)

    def _nearest(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_BREAK):
            day += step
            if self.is_working_day(day):
                return day
        while day.weekday() >= _SATURDAY:
            day += step
        return day


@lru_cache(maxsize=300)
def _calendar(country: str) -> "HolidayBase":
    # The package of all countries imports each of the 250 (0.4 s); put there unexecuted it
    # still leads the library's own loader to the one country asked for.
    package = "holidays.countries"
    if package not in sys.modules:
        import holidays  # noqa: F401 - the parent must be whole first

        spec = find_spec(package)
        if spec is not None and package not in sys.modules:
            sys.modules[package] = module_from_spec(spec)
    from holidays import country_holidays

    return country_holidays(country, language="en_US")


def country_name(code: str) -> str:
    """The English name of a country code; the code itself where it is unknown."""
    return _names().get(code.upper(), code)


def countries() -> list[tuple[str, str]]:
    """(code, name) of every country whose holidays are known, by name."""
    return sorted(_names().items(), key=lambda item: item[1])


def country_of_zone(tz: str | None) -> str | None:
    """The country that a zone lies in, also by its older names; None for UTC and the like."""
    if not tz:
        return None
    zones = _zone_countries()
    return zones.get(tz) or zones.get(_links().get(tz, ""))


@cache
def _names() -> Mapping[str, str]:
    rows = (line.split("\t") for line in _table("iso3166.tab"))
    return {code: _PLAIN_NAMES.get(code, name) for code, name in rows}


@cache
def _zone_countries() -> Mapping[str, str]:
    return {row[2]: row[0] for row in (line.split("\t") for line in _table("zone.tab"))}


@cache
def _links() -> Mapping[str, str]:
    rows = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    return {alias: zone for _, zone, alias in rows}


def _table(name: str) -> list[str]:
    text = resources.files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
