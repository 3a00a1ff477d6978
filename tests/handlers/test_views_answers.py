"""The small answers: away, help, why, the prompt's time, the categories."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.away import AwayOff, parse_away
from domain.categories import GROUP_NAMES, Catalog, Category, load_catalog, with_overrides
from domain.eligibility import Absence
from domain.grammar import LogSplit, parse_log
from domain.periods import Period
from handlers.views import away, categories, prompt_time, why
from handlers.views.help import help_message
from handlers.views.prompt_time import PromptTime
from handlers.views.why import LedgerEntry
from tests.handlers.views_samples import (
    as_submitted,
    assert_sound,
    assert_sound_view,
    buttons,
    catalog_of,
    fields,
    hostile,
    shown,
)

NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("absence", "span"),
    [
        (Absence(date(2026, 12, 24), date(2027, 1, 2)), "from Thursday 24 Dec to Saturday 2 Jan"),
        (Absence(date(2026, 12, 24), date(2026, 12, 24)), "on Thursday 24 Dec"),
        (Absence(date(2026, 12, 24), None), "from Thursday 24 Dec until you say"),
    ],
)
def test_an_absence_is_confirmed_with_its_days(absence: Absence, span: str) -> None:
    assert span in away.away_set(absence)["text"]


def test_a_problem_with_an_absence_keeps_the_text_and_gives_examples() -> None:
    message = away.away_problem("I can't read that date.", "<!channel> next moon")
    assert "&lt;!channel&gt; next moon" in shown(message)
    assert "/prodops away 24 Dec to 2 Jan" in message["text"]
    assert_sound(message)


def test_the_examples_are_absences_that_can_be_read() -> None:
    examples = re.findall(r"/prodops away ([^`]+)`", away.EXAMPLES)
    read = [parse_away(example, NOW.date()) for example in examples]
    assert [type(answer) for answer in read] == [Absence, Absence, AwayOff]


def test_coming_back_is_confirmed_either_way() -> None:
    assert "Welcome back" in away.away_cleared()["text"]
    assert "not away" in away.away_cleared(was_away=False)["text"]


def test_help_lists_what_exists_by_role_with_buttons() -> None:
    message = help_message(None, period=Period(2026, 47))
    for role in ("*Everyone*", "*Members*", "*Leads*", "*Workspace admins*"):
        assert role in shown(message)
    words = (
        "setup log away summary checklist maturity goals benchmark roi insights decide learn quiz"
    )
    for word in (*words.split(), "why", "help"):
        assert f"/prodops {word}" in shown(message)
        assert f"/prodops {word}" in message["text"]
    assert list(buttons(message["blocks"])) == [
        "Log my week",
        "Set up a team here",
        "Team summary",
        "Checklist",
        "Maturity",
        "Insights",
        "Learn",
        "Quiz",
        "What was sent to me",
    ]
    assert "Did you mean" not in shown(message)
    assert_sound(message)


def test_the_splits_in_help_are_answers_that_the_grammar_takes() -> None:
    examples = re.findall(r"/prodops log ([^`]*%[^`]*)`", shown(help_message()))
    assert len(examples) == 2
    for example in examples:
        assert isinstance(parse_log(example, load_catalog(), NOW.date()), LogSplit)


def test_help_guesses_at_an_unknown_word() -> None:
    assert "Did you mean `/prodops summary`?" in shown(help_message("summary"))


def test_the_ledger_is_newest_first_in_the_readers_time() -> None:
    entries = [
        LedgerEntry(NOW, "Prompt for 16–22 Nov", "sent"),
        LedgerEntry(NOW + timedelta(days=3), "Reminder", "not sent: already logged"),
    ]
    message = why.ledger(entries, ZoneInfo("Europe/Berlin"))
    said = shown(message)
    assert said.index("Reminder") < said.index("Prompt for")
    assert "Friday 20 Nov, 14:00  *Prompt for 16–22 Nov*\nsent" in said
    assert "not sent: already logged" in message["text"]


def test_an_empty_ledger_says_so() -> None:
    assert "Nothing has been due" in why.ledger([], UTC)["text"]


def test_a_page_of_the_ledger_shows_all_of_it_and_leads_on() -> None:
    entries = [LedgerEntry(NOW, f"Prompt {n}.", "sent") for n in range(40)]
    message = why.ledger(entries, UTC, older="25")
    assert all(f"Prompt {n}." in shown(message) for n in range(40))
    assert why.WHY_OLDER in str(message["blocks"])
    assert_sound(message)


def test_the_prompt_time_comes_back_as_chosen() -> None:
    mine, team = PromptTime(2, time(9, 45)), PromptTime(4, time(14))
    view = prompt_time.prompt_time_modal(mine, team, own=True, zone_name="Europe/Berlin")
    assert view["title"]["text"] == "Change my prompt time"
    assert list(fields(view))[:2] == ["Day", "Time"]
    assert prompt_time.read_prompt_time(as_submitted(view)) == mine
    assert_sound_view(view)


def test_the_teams_default_is_read_as_no_time_of_ones_own() -> None:
    team = PromptTime(4, time(14))
    view = prompt_time.prompt_time_modal(team, team, own=False, zone_name="Europe/Berlin")
    assert "Friday 14:00" in shown(view)
    assert prompt_time.read_prompt_time(as_submitted(view)) is None


def test_every_category_can_be_changed_and_one_added() -> None:
    view = categories.categories_modal(load_catalog())
    assert view["title"]["text"] == "Categories"
    assert shown(view).count("\n") >= 9
    assert "Add a category" in buttons(view)


def test_a_full_catalogue_takes_no_more() -> None:
    view = categories.categories_modal(catalog_of(30))
    assert "Add a category" not in buttons(view)
    assert "Archive one" in shown(view)


def test_a_renamed_category_is_read_as_an_override_of_its_own() -> None:
    catalog = load_catalog()
    tools = catalog.get("tools")
    view = categories.category_modal(tools)
    values = as_submitted(view)
    values[categories.NAME][categories.NAME]["value"] = "Tool care"
    override = categories.read_category(values, "tools")
    changed = with_overrides(catalog, [override]).get("tools")
    assert tools is not None
    assert changed == Category(**{**tools.__dict__, "name": "Tool care"})


def test_saving_a_category_untouched_changes_nothing() -> None:
    catalog = load_catalog()
    for category in catalog.categories:
        values = as_submitted(categories.category_modal(category))
        override = categories.read_category(values, category.id)
        assert with_overrides(catalog, [override]) == catalog


def test_archiving_is_read_and_the_group_stays_fixed() -> None:
    catalog = load_catalog()
    view = categories.category_modal(catalog.get("tools"))
    assert "Group" not in fields(view)
    values = as_submitted(view)
    values[categories.ARCHIVE][categories.ARCHIVE]["selected_options"] = [{"value": "archived"}]
    changed = with_overrides(catalog, [categories.read_category(values, "tools")])
    assert "tools" not in [c.id for c in changed.active]


@pytest.mark.parametrize(
    ("name", "made"),
    [("Déjà vu & Ops", "deja-vu-ops"), ("2nd line", "nd-line"), ("製品運用", "category-")],
)
def test_a_new_category_gets_an_id_that_the_catalogue_takes(name: str, made: str) -> None:
    values = as_submitted(categories.category_modal(None))
    values[categories.NAME][categories.NAME]["value"] = name
    override = categories.read_category(values, None)
    assert override.id.startswith(made)
    added = with_overrides(load_catalog(), [override]).get(override.id)
    assert added is not None
    assert (added.name, added.group) == (name, "operational")
    assert list(GROUP_NAMES.values()) == [
        o["text"]["text"]
        for o in fields(categories.category_modal(None))["Group"]["element"]["options"]
    ]


@settings(max_examples=40, deadline=None)
@given(hostile, st.integers(0, 90))
def test_nothing_typed_breaks_an_answer(text: str, many: int) -> None:
    assert_sound(away.away_problem(text, text))
    assert_sound(help_message(text[:40]))
    assert_sound(why.ledger([LedgerEntry(NOW, text, text)] * many, ZoneInfo("Asia/Kolkata")))
    archived = Catalog(
        (*catalog_of(30, text).categories, Category("x", "people", "X", "", archived=True))
    )
    assert_sound_view(categories.categories_modal(archived))
    assert_sound_view(categories.category_modal(Category("c", "people", text, text, (), (text,))))
