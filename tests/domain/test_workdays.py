"""Working days: public holidays by country, countries by zone, and nothing loaded in vain."""

import subprocess
import sys
import zoneinfo
from datetime import date

import pytest

from domain.workdays import Workdays, countries, country_name, country_of_zone


def test_without_a_country_monday_to_friday() -> None:
    plain = Workdays(None)
    days = [date(2026, 12, day) for day in range(21, 28)]
    assert [plain.is_working_day(day) for day in days] == [True] * 5 + [False] * 2
    assert plain.holiday_name(date(2026, 12, 25)) is None
    assert plain.next_working_day_after(date(2026, 12, 25)) == date(2026, 12, 28)
    assert plain.last_working_day_before(date(2026, 12, 28)) == date(2026, 12, 25)


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("DE", date(2026, 12, 25), "Christmas Day"),
        ("de", date(2026, 10, 3), "German Unity Day"),
        ("US", date(2026, 11, 26), "Thanksgiving Day"),
        ("US", date(2026, 7, 3), "Independence Day (observed)"),
        ("IN", date(2026, 1, 26), "Republic Day"),
        ("AU", date(2026, 1, 26), "Australia Day"),
        ("DE", date(2026, 12, 24), None),
        ("US", date(2026, 12, 26), None),
    ],
)
def test_public_holidays(country: str, day: date, name: str | None) -> None:
    assert Workdays(country).holiday_name(day) == name
    assert Workdays(country).is_working_day(day) is (name is None and day.weekday() < 5)


def test_around_a_row_of_holidays() -> None:
    german = Workdays("DE")
    # Good Friday 3 April 2026 to Easter Monday 6 April.
    assert german.last_working_day_before(date(2026, 4, 6)) == date(2026, 4, 2)
    assert german.next_working_day_after(date(2026, 4, 2)) == date(2026, 4, 7)


def test_a_country_with_another_weekend() -> None:
    israel = Workdays("IL")
    assert not israel.is_working_day(date(2026, 11, 27))  # a Friday
    assert israel.is_working_day(date(2026, 11, 29))  # a Sunday


def test_working_days_made_up_on_a_weekend() -> None:
    # China works on some Sundays to make long holidays: here for the National Day of 2024.
    assert Workdays("CN").is_working_day(date(2024, 9, 29))


@pytest.mark.parametrize("country", ["", "XX", "DEU", "Germany", "../x", "D"])
def test_an_unknown_country_is_none(country: str) -> None:
    assert Workdays(country).country is None
    assert Workdays(country).holiday_name(date(2026, 12, 25)) is None


def test_countries_by_name() -> None:
    listed = countries()
    assert ("DE", "Germany") in listed
    assert ("GB", "United Kingdom") in listed
    assert len(listed) > 240
    assert [name for _, name in listed] == sorted(name for _, name in listed)
    assert country_name("in") == "India"
    assert country_name("XX") == "XX"


@pytest.mark.parametrize(
    ("tz", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Oslo", "NO"),
        ("America/New_York", "US"),
        ("America/Indiana/Knox", "US"),
        ("Asia/Kolkata", "IN"),
        ("Asia/Calcutta", "IN"),
        ("US/Eastern", "US"),
        ("Europe/Kiev", "UA"),
        ("Australia/Sydney", "AU"),
        ("UTC", None),
        ("Etc/GMT+3", None),
        ("", None),
        (None, None),
        ("Mars/Olympus", None),
    ],
)
def test_the_country_of_a_zone(tz: str | None, country: str | None) -> None:
    assert country_of_zone(tz) == country


def test_nearly_every_zone_has_a_country_with_a_calendar() -> None:
    listed = {code for code, _ in countries()}
    zones = [
        zone for zone in zoneinfo.available_timezones() if zone.count("/") and "Etc" not in zone
    ]
    without = [zone for zone in zones if country_of_zone(zone) not in listed]
    assert len(without) < 10, without


def in_a_new_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.strip()


def test_only_the_country_asked_for_is_loaded() -> None:
    code = (
        "import sys, datetime\n"
        "from domain.workdays import Workdays, countries, country_of_zone\n"
        "import domain.rhythm, domain.eligibility\n"
        "plain = Workdays(None); plain.is_working_day(datetime.date(2026, 12, 25))\n"
        "countries(); country_of_zone('Europe/Berlin')\n"
        "print('holidays' in sys.modules)\n"
        "print(Workdays('DE').holiday_name(datetime.date(2026, 12, 25)))\n"
        "print([m for m in sys.modules if m.startswith('holidays.countries.')])\n"
    )
    assert in_a_new_process(code).splitlines() == [
        "False",
        "Christmas Day",
        "['holidays.countries.germany']",
    ]


def test_every_listed_country_has_a_calendar_and_the_library_stays_whole() -> None:
    code = (
        "import datetime\n"
        "from domain.workdays import Workdays, countries\n"
        "new_year = [Workdays(c).holiday_name(datetime.date(2026, 1, 1)) for c, _ in countries()]\n"
        "print(sum(name is not None for name in new_year) > 150)\n"
        "import holidays\n"
        "print(holidays.Germany(years=2026)[datetime.date(2026, 12, 25)])\n"
    )
    assert in_a_new_process(code).splitlines() == ["True", "Christmas Day"]
