"""The form in which a week is logged: its fields, its live total, and what is read back from it."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.categories import Catalog, load_catalog
from domain.periods import Period
from domain.timesplit import plain
from handlers.views import timesplit
from handlers.views.blocks import View
from tests.handlers.views_samples import (
    as_submitted,
    assert_sound_view,
    catalog_of,
    fields,
    hostile,
    shown,
)

WEEK = Period(2026, 47)
WEEKS = [(WEEK.shift(-back), WEEK.shift(-back).label) for back in range(5)]


def form(catalog: Catalog, **changes: object) -> View:
    given_ = {"amounts": {}, "unit": "percent", "notice": None, "already_logged": False} | changes
    return timesplit.log_modal(period=WEEK, weeks=WEEKS, catalog=catalog, **given_)  # type: ignore[arg-type]


def test_the_form_has_one_number_per_active_category_with_its_definition_as_hint() -> None:
    catalog = load_catalog()
    view = form(catalog)
    inputs = fields(view)
    assert (view["title"]["text"], view["submit"]["text"]) == ("Log my week", "Save")
    assert list(inputs) == ["Week", "Unit", *[c.name for c in catalog.active]]
    tools = inputs["Tools & tickets"]
    assert tools["hint"]["text"].startswith("Keeping systems current")
    assert tools["element"]["type"] == "number_input"
    assert tools["element"]["is_decimal_allowed"] is True
    assert tools["element"]["min_value"] == "0"
    assert tools["dispatch_action"] is True
    assert tools["block_id"] == timesplit.amount_block("tools")


def test_week_and_unit_offer_their_choices_and_stand_on_what_was_given() -> None:
    inputs = fields(form(load_catalog(), unit="hours"))
    weeks, unit = inputs["Week"]["element"], inputs["Unit"]["element"]
    assert [o["value"] for o in weeks["options"]][:2] == ["2026-W47", "2026-W46"]
    assert weeks["initial_option"]["value"] == "2026-W47"
    assert [o["text"]["text"] for o in unit["options"]] == ["Percent", "Hours"]
    assert unit["initial_option"]["text"]["text"] == "Hours"


def test_an_old_week_that_is_no_longer_offered_stays_selected() -> None:
    old = WEEK.shift(-9)
    view = timesplit.log_modal(
        period=old, weeks=WEEKS, catalog=load_catalog(), amounts={}, unit="percent"
    )
    assert fields(view)["Week"]["element"]["initial_option"]["value"] == str(old)
    assert_sound_view(view)


def test_what_was_filled_in_comes_back() -> None:
    amounts = {"tools": "12.5", "people": "87.5"}
    view = form(load_catalog(), amounts=amounts)
    read = timesplit.read_modal(as_submitted(view))
    assert read == timesplit.LogForm(WEEK, "percent", amounts)
    assert "Total 100%" in shown(view)


def test_a_new_revision_gives_new_block_ids_and_reads_the_same() -> None:
    view = form(load_catalog(), amounts={"tools": "3"}, unit="hours", revision="2026-W46")
    assert timesplit.amount_block("tools", "2026-W46") in as_submitted(view)
    assert timesplit.amount_block("tools", "2026-W46") != timesplit.amount_block("tools")
    assert timesplit.read_modal(as_submitted(view)).amounts == {"tools": "3"}


def test_a_week_already_logged_says_that_saving_replaces_it() -> None:
    assert "saving replaces" in shown(form(load_catalog(), already_logged=True))
    assert "saving replaces" not in shown(form(load_catalog()))


@pytest.mark.parametrize(
    ("amounts", "unit", "line"),
    [
        ({}, "percent", "Total 0% — 100 left"),
        ({"a": "45", "b": "40"}, "percent", "Total 85% — 15 left"),
        ({"a": "60", "b": "40"}, "percent", "Total 100% — ready to save"),
        ({"a": "33.3", "b": "33.3", "c": "33.3"}, "percent", "Total 99.9% — ready to save"),
        ({"a": "110"}, "percent", "Total 110% — 10 too many"),
        ({"a": "36", "b": "2,5"}, "hours", "Total 38.5 h"),
        ({"a": "113"}, "hours", "Total 113 h — a week holds at most 112"),
        ({"a": "abc", "b": "NaN", "c": "1e99", "d": "5"}, "hours", "Total 5 h"),
    ],
)
def test_the_total_says_what_is_missing(amounts: dict[str, str], unit: str, line: str) -> None:
    assert timesplit.total_line(amounts, unit) == line


@given(st.dictionaries(st.text("abc", min_size=1), st.decimals(0, 99, places=2), max_size=9))
def test_the_total_is_the_sum_whatever_the_order(amounts: dict[str, Decimal]) -> None:
    typed = {key: str(amount) for key, amount in amounts.items()}
    total = plain(sum(amounts.values(), Decimal(0)))
    assert timesplit.total_line(typed, "percent").startswith(f"Total {total}% — ")


@given(
    st.dictionaries(st.text(max_size=5), st.text(max_size=12)), st.sampled_from(["percent", "x"])
)
def test_the_total_never_fails_while_somebody_types(amounts: dict[str, str], unit: str) -> None:
    assert timesplit.total_line(amounts, unit).startswith("Total ")


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), hostile)
def test_thirty_categories_with_any_names_fit_the_form(size: int, text: str) -> None:
    catalog = catalog_of(size, text)
    amounts = {c.id: "3.25" for c in catalog.active}
    assert_sound_view(form(catalog, amounts=amounts, private_metadata="x" * 100))


@pytest.mark.parametrize(
    "view",
    [
        timesplit.loading_modal(),
        timesplit.saving_modal(),
        timesplit.saved_modal("Saved. " * 900),
        timesplit.problem_modal("The database is away. Please try again."),
    ],
)
def test_the_states_of_the_form_keep_its_title(view: View) -> None:
    assert view["title"]["text"] == "Log my week"
    assert "submit" not in view
    assert_sound_view(view)
