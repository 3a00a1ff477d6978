"""Categories: the packaged ones, a workspace's changes, and which one some words mean."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.categories import (
    GROUP_NAMES,
    GROUPS,
    METRIC_GROUPS,
    Catalog,
    CatalogError,
    CategoryOverride,
    load_catalog,
    with_overrides,
)

PACKAGED = load_catalog()
ENTRY = "- {id: %s, group: %s, name: %s, definition: Something}\n"


def ids(catalog: Catalog) -> list[str]:
    return [category.id for category in catalog.active]


def test_the_nine_of_the_playbook_in_their_order(catalog: Catalog) -> None:
    assert ids(catalog) == [
        "tools",
        "reporting",
        "coordination",
        "interrupts",
        "customer",
        "discovery",
        "strategy",
        "delivery",
        "people",
    ]
    operational = [c.id for c in catalog.active if c.group == "operational"]
    assert operational == ["tools", "reporting", "coordination"]


def test_every_group_has_a_name_that_fits_a_chart() -> None:
    assert tuple(GROUP_NAMES) == GROUPS
    assert all(len(name) <= 20 for name in GROUP_NAMES.values())
    assert {group for groups in METRIC_GROUPS.values() for group in groups} <= set(GROUPS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tools", "tools"),
        ("Tools & tickets", "tools"),
        ("tools and tickets", "tools"),
        ("jira", "tools"),
        ("JIRA", "tools"),
        ("interviews", "customer"),
        ("user research", "customer"),
        ("1:1s", "people"),
        ("1-on-1", "people"),
        ("PRD", "delivery"),
        ("Specs, delivery & launch", "delivery"),
        ("win/loss", "customer"),
        ("ad-hoc", "interrupts"),
        ("Éscalations", "interrupts"),
    ],
)
def test_ids_names_and_aliases_match(catalog: Catalog, words: str, expected: str | None) -> None:
    found = catalog.match(words).category
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("typo", "expected"),
    [
        ("stratgy", "strategy"),
        ("startegy", "strategy"),
        ("user reserch", "customer"),
        ("meetng", "coordination"),
        ("discovry", "discovery"),
        ("firefigting", "interrupts"),
        ("hirng", "people"),
        ("strat", "strategy"),
        ("customer calls with Ann", "customer"),
    ],
)
def test_a_slip_matches_when_one_clearly_wins(catalog: Catalog, typo: str, expected: str) -> None:
    found = catalog.match(typo)
    assert found.category is not None, [c.id for c in found.candidates]
    assert found.category.id == expected


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("jira cleanup party", {"tools"}),
        ("customer escalations", {"customer", "interrupts"}),
        ("user test", {"customer", "discovery"}),
    ],
)
def test_ambiguous_words_get_candidates(catalog: Catalog, words: str, offered: set[str]) -> None:
    found = catalog.match(words)
    assert found.category is None
    assert offered <= {candidate.id for candidate in found.candidates}
    assert len(found.candidates) <= 3


@pytest.mark.parametrize("words", ["", "xyzzy", "foo", "🎉", "the of"])
def test_words_like_no_category_match_nothing(catalog: Catalog, words: str) -> None:
    found = catalog.match(words)
    assert found.category is None
    assert found.candidates == ()


@given(st.text(max_size=80))
def test_matching_takes_any_text(text: str) -> None:
    found = PACKAGED.match(text)
    assert len(found.candidates) <= 3
    assert found.category is None or not found.candidates


def test_each_label_of_each_category_leads_to_it(catalog: Catalog) -> None:
    for category in catalog.active:
        for label in category.labels:
            assert catalog.match(label).category == category, label


def test_a_workspace_renames_adds_archives_and_moves(catalog: Catalog) -> None:
    changed = with_overrides(
        catalog,
        [
            CategoryOverride("tools", name="Tool chores", aliases=("shortcut",)),
            CategoryOverride("support", group="reactive", name="Customer support", position=0),
            CategoryOverride("people", archived=True),
        ],
    )
    assert ids(changed)[:2] == ["support", "tools"]
    assert "people" not in ids(changed)
    tools = changed.get("tools")
    assert tools is not None
    assert (tools.name, tools.group) == ("Tool chores", "operational")
    assert changed.match("shortcut").category == tools
    assert changed.match("customer support").category == changed.get("support")
    assert changed.get("people") is not None
    assert catalog.get("support") is None


def test_an_archived_category_is_recognised_and_not_matched(catalog: Catalog) -> None:
    changed = with_overrides(catalog, [CategoryOverride("people", archived=True)])
    for words in ("people", "People & growth", "1:1s"):
        found = changed.match(words)
        assert found.category is None
        assert found.archived == changed.get("people")
    back = with_overrides(changed, [CategoryOverride("people", archived=False)])
    assert back.match("1:1s").category == back.get("people")


def test_an_archived_label_passes_to_whoever_claims_it(catalog: Catalog) -> None:
    changed = with_overrides(
        catalog,
        [
            CategoryOverride("people", archived=True),
            CategoryOverride("hiring", group="people", name="Hiring"),
        ],
    )
    assert changed.match("hiring").category == changed.get("hiring")


def test_a_new_name_beats_an_old_alias(catalog: Catalog) -> None:
    changed = with_overrides(
        catalog, [CategoryOverride("planning", group="delivery", name="Planning")]
    )
    assert changed.match("planning").category == changed.get("planning")


def test_an_alias_that_two_claim_is_ambiguous(catalog: Catalog) -> None:
    changed = with_overrides(
        catalog,
        [CategoryOverride("support", group="reactive", name="Support", aliases=("tickets",))],
    )
    found = changed.match("tickets")
    assert found.category is None
    assert {c.id for c in found.candidates} == {"tools", "support"}


@pytest.mark.parametrize(
    ("override", "part"),
    [
        (CategoryOverride("new", name="New"), "new: group: a new category needs it"),
        (CategoryOverride("new", group="people"), "new: name: a new category needs it"),
        (CategoryOverride("tools", group="chores"), "tools: group: must be one of operational"),
        (CategoryOverride("Tools!", group="people", name="X"), "Tools!: id: must be lower-case"),
        (CategoryOverride("tools", name=""), "tools: name: must have 1 to 48 characters"),
        (CategoryOverride("tools", name="x" * 49), "tools: name: must have 1 to 48 characters"),
        (CategoryOverride("tools", name="Firefighting"), "name: tools has the same"),
        (CategoryOverride("tools", name="Same"), "'Same': has a meaning of its own"),
        (CategoryOverride("tools", aliases=("W46",)), "'W46': has a meaning of its own"),
        (CategoryOverride("tools", name="40%"), "'40%': cannot be told from an amount"),
        (CategoryOverride("tools", aliases=("3 h",)), "'3 h': cannot be told from an amount"),
        (CategoryOverride("tools", aliases=("🎉",)), "cannot be told from an amount"),
        (CategoryOverride("tools", name="The work"), "'The work': needs a word"),
    ],
)
def test_changes_that_cannot_be(catalog: Catalog, override: CategoryOverride, part: str) -> None:
    with pytest.raises(CatalogError) as caught:
        with_overrides(catalog, [override])
    assert part in str(caught.value)


def test_one_category_must_stay_in_use(catalog: Catalog) -> None:
    every = [CategoryOverride(c.id, archived=True) for c in catalog.categories]
    with pytest.raises(CatalogError, match="at least one must be in use"):
        with_overrides(catalog, every)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "mine.yaml:1: (whole file):"),
        ("categories: []", "mine.yaml:1: categories:"),
        ("categories: [}", "mine.yaml:1: is not YAML"),
        ("categories:\n- {id: a, group: people, name: A}", "mine.yaml:2: categories.0.definition:"),
        ("categories:\n" + ENTRY % ("a", "chores", "A"), "mine.yaml:2: categories.0.group:"),
        ("categories:\n" + ENTRY % ("A b", "people", "A"), "mine.yaml:2: categories.0.id:"),
        (
            "categories:\n" + ENTRY % ("abc", "people", "A b c") * 2,
            "mine.yaml:3: categories.1: abc: id: used twice",
        ),
        (
            "categories:\n" + ENTRY % ("alpha", "people", "Beta") + ENTRY % ("beta", "people", "B"),
            "mine.yaml:3: categories.1: aliases: 'beta' leads to alpha and beta",
        ),
    ],
)
def test_a_wrong_file_is_named_with_its_field(tmp_path: Path, content: str, part: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load_catalog(file)
    assert part in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"nowhere\.yaml: cannot be read"):
        load_catalog(tmp_path / "nowhere.yaml")


def test_a_company_may_bring_its_own_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("categories:\n" + ENTRY % ("alpha", "people", "Alpha work"), encoding="utf-8")
    assert ids(load_catalog(file)) == ["alpha"]
