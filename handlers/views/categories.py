"""The modals in which leads shape the categories: rename, add, archive."""

import re
import unicodedata
from zlib import crc32

from domain.categories import GROUP_NAMES, NAME_LENGTH, Catalog, Category, CategoryOverride
from handlers.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    modal,
    name,
    option,
    section,
)
from handlers.views.inputs import (
    StateValues,
    checkbox,
    field,
    filled,
    filled_text,
    static_select,
    text_input,
)

CATEGORIES_MODAL = "prodops_categories"
CATEGORY_MODAL = "prodops_category"
OPEN = "prodops_categories_open"
CHANGE = "prodops_category_change"
ADD = "prodops_category_add"
NAME = "prodops_category_name"
DEFINITION = "prodops_category_definition"
GROUP = "prodops_category_group"
ALIASES = "prodops_category_aliases"
ARCHIVE = "prodops_category_archive"

#: More than these would not fit a form that is filled in within 30 seconds.
MOST = 30
#: The longest a text field can hold: less would cut off what a data file says.
_LONGEST = 3000


def categories_modal(catalog: Catalog, *, private_metadata: str = "") -> View:
    """All categories with a button each, and one to add another while there is room."""
    room = len(catalog.active) < MOST
    last = (
        actions(button("Add a category", ADD, style="primary"))
        if room
        else context(f"{MOST} categories are the most. Archive one to add another.")
    )
    rows = [_row(category) for category in catalog.categories[: MOST * 3]]
    intro = section(
        "What your team splits its weeks into. Past weeks keep what they were logged as."
    )
    return modal(
        "Categories",
        [intro, *rows, last],
        callback_id=CATEGORIES_MODAL,
        private_metadata=private_metadata,
    )


def _row(category: Category) -> Block:
    state = "  (archived)" if category.archived else ""
    group = GROUP_NAMES.get(category.group, category.group)
    text = f"*{name(category.name)}*{state}  {group}"
    if category.definition.strip():
        text += f"\n{name(category.definition, 200)}"
    change = button("Change", CHANGE, category.id, spoken=f"Change {category.name}")
    return section(text, accessory=change)


def category_modal(category: Category | None, *, private_metadata: str = "") -> View:
    """One category to change, or an empty form to add one.

    The group of an existing category is fixed: moving it would rewrite every past week's numbers.
    """
    known = category or Category("", "operational", "", "")
    blocks = [
        field("Name", text_input(NAME, known.name, limit=NAME_LENGTH), block_id=NAME),
        field(
            "Definition",
            text_input(DEFINITION, known.definition, limit=_LONGEST),
            block_id=DEFINITION,
            hint="One line that tells a colleague what belongs here.",
            optional=True,
        ),
        field(
            "Other words for it",
            text_input(ALIASES, ", ".join(known.aliases), limit=_LONGEST),
            block_id=ALIASES,
            hint="Separated by commas; typed answers understand them.",
            optional=True,
        ),
        _group_field() if category is None else _archive_field(category),
    ]
    return modal(
        "Add a category" if category is None else "Change a category",
        blocks,
        callback_id=CATEGORY_MODAL,
        submit="Save",
        close="Back",
        private_metadata=private_metadata,
    )


def _group_field() -> Block:
    groups = [option(label, key) for key, label in GROUP_NAMES.items()]
    hint = "Decides which share it counts for. It cannot be changed later."
    select = static_select(GROUP, groups, "operational")
    return field("Group", select, block_id=GROUP, hint=hint)


def _archive_field(category: Category) -> Block:
    choice = option("Archived: no longer offered, past weeks keep it", "archived")
    box = checkbox(ARCHIVE, choice, ticked=category.archived)
    return field("Archive", box, block_id=ARCHIVE, optional=True)


def read_category(state_values: StateValues, category_id: str | None) -> CategoryOverride:
    """What to change of `category_id`, or a new category with an id made from its name if None."""
    title = filled_text(state_values, NAME, NAME)
    aliases = filled_text(state_values, ALIASES, ALIASES).split(",")
    return CategoryOverride(
        id=category_id or _id_from(title),
        group=filled_text(state_values, GROUP, GROUP) or None,
        name=title,
        definition=filled_text(state_values, DEFINITION, DEFINITION),
        aliases=tuple(alias.strip() for alias in aliases if alias.strip()),
        archived=bool(filled(state_values, ARCHIVE, ARCHIVE)),
        position=None,
    )


def _id_from(title: str) -> str:
    """An id that reads like the name; a name without Latin letters gets a number made from it."""
    latin = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    readable = re.sub(r"[^a-z0-9]+", "-", latin).strip("-0123456789")[:32].strip("-")
    return readable or f"category-{crc32(title.encode()):08x}"
