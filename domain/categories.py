"""The categories a week is split into: loaded from data, renamed and extended per workspace."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from domain.content import ContentError, Entry, place_in, read_content
from domain.labels import Labels, label_fault, words_of

#: Groups in the order in which every view shows them.
GROUPS = ("operational", "reactive", "customer", "strategic", "delivery", "people")

#: At most 20 characters each: they label charts.
GROUP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "operational": "Operational",
        "reactive": "Firefighting",
        "customer": "Customer",
        "strategic": "Strategic",
        "delivery": "Delivery",
        "people": "People",
    }
)

#: Which groups add up to which figure (playbook section 1).
METRIC_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "operational_share": ("operational",),
        "strategic_share": ("customer", "strategic"),
        "customer_share": ("customer",),
        "reactive_share": ("reactive",),
    }
)

NAME_LENGTH = 48
_ID = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_UNWORDLY = re.compile(r"[\d,;]")
_OFFERED = 3


class CatalogError(ContentError):
    """Categories that cannot be used; the message names the file or category and the field."""


@dataclass(frozen=True)
class Category:
    id: str
    group: str
    name: str
    definition: str
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    archived: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.id, self.name, *self.aliases)


@dataclass(frozen=True)
class CategoryMatch:
    """`category` when the words clearly mean one; else up to three candidates, best first.

    `archived` is set when they mean exactly one that the workspace no longer uses.
    """

    category: Category | None
    candidates: tuple[Category, ...] = ()
    archived: Category | None = None


@dataclass(frozen=True)
class CategoryOverride:
    """A workspace's own say about one category; None leaves a field as it is."""

    id: str
    group: str | None = None
    name: str | None = None
    definition: str | None = None
    aliases: tuple[str, ...] | None = None
    archived: bool | None = None
    position: int | None = None


@dataclass(frozen=True)
class Catalog:
    """All categories of a workspace, in display order, archived ones included."""

    categories: tuple[Category, ...]

    @property
    def active(self) -> tuple[Category, ...]:
        return tuple(c for c in self.categories if not c.archived)

    @cached_property
    def labels(self) -> Labels:
        """Ids, names and aliases of the categories in use."""
        return _index(self.active)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Each category's place in the display order, by id."""
        return {c.id: place for place, c in enumerate(self.categories)}

    def ids_of(self, groups: tuple[str, ...]) -> tuple[str, ...]:
        """The categories of these groups, in display order."""
        found = self._ids_by_groups.get(groups)
        if found is None:
            found = tuple(c.id for c in self.categories if c.group in groups)
            self._ids_by_groups[groups] = found
        return found

    @cached_property
    def _ids_by_groups(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {}

    @cached_property
    def _by_id(self) -> dict[str, Category]:
        return {c.id: c for c in self.categories}

    @cached_property
    def _archived_labels(self) -> Labels:
        return _index([c for c in self.categories if c.archived])

    @cached_property
    def unwordly_labels(self) -> tuple[str, ...]:
        """Labels that hold more than words: digits, as in 1:1s, or separators of entries."""
        labels = (label for c in self.categories for label in c.labels)
        return tuple(sorted({label for label in labels if _UNWORDLY.search(label)}))

    def begins_with_label(self, text: str) -> bool:
        """Whether text begins with a label of several words, such as "last minute requests"."""
        words = words_of(text[:NAME_LENGTH])
        key, piece = next(iter(self.labels.inside(words)), (None, ()))
        return key is not None and len(piece) > 1

    def get(self, category_id: str) -> Category | None:
        return self._by_id.get(category_id)

    def match(self, text: str) -> CategoryMatch:
        """Which category these words mean: id, name or alias, then close spelling."""
        words = words_of(text)
        owners = self.labels.exact(words)
        if len(owners) == 1:
            return CategoryMatch(self._by_id[owners[0]])
        if owners:
            return CategoryMatch(None, self._first(owners))
        archived = self._archived_labels.exact(words)
        if archived:
            return CategoryMatch(None, archived=self._by_id[archived[0]])
        guess = self.labels.guess(words)
        if guess.key is not None:
            return CategoryMatch(self._by_id[guess.key])
        return CategoryMatch(None, self._first(guess.offered))

    def _first(self, ids: Sequence[str]) -> tuple[Category, ...]:
        return tuple(self._by_id[i] for i in ids[:_OFFERED])


def _index(categories: Sequence[Category]) -> Labels:
    # Ids before names before aliases: a workspace's new name must beat somebody's old alias.
    return Labels(
        (c.id, label, min(place, 2)) for c in categories for place, label in enumerate(c.labels)
    )


Line = Annotated[str, Field(min_length=1, max_length=200)]
Label = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]


class _CategoryEntry(Entry):
    id: Annotated[str, Field(pattern=f"^{_ID.pattern}$")]
    group: Literal["operational", "reactive", "customer", "strategic", "delivery", "people"]
    name: Label
    definition: Line
    examples: tuple[Line, ...] = ()
    aliases: tuple[Label, ...] = ()


class _CategoriesFile(Entry):
    categories: Annotated[tuple[_CategoryEntry, ...], Field(min_length=1, max_length=40)]


def load_catalog(path: Path | None = None) -> Catalog:
    """The packaged categories, or those of a file of the same form.

    Raises CatalogError naming file, line and field.
    """
    name = path.name if path else "categories.yaml"
    file = read_content(_CategoriesFile, name, path, CatalogError)
    catalog = Catalog(tuple(Category(**entry.model_dump()) for entry in file.categories))
    rows = {category.id: row for row, category in enumerate(catalog.categories)}
    shared = (
        (rows[owners[-1]], f"aliases: {words!r} leads to {' and '.join(owners)}")
        for words, owners in _shared_labels(catalog).items()
    )
    faults = list(_faults(catalog)) or list(shared)
    if faults:
        places = ((place_in(path, name, ("categories", row)), words) for row, words in faults)
        raise CatalogError("\n".join(f"{place}: {words}" for place, words in places))
    return catalog


def with_overrides(catalog: Catalog, overrides: Sequence[CategoryOverride]) -> Catalog:
    """The catalog as a workspace has changed it: categories renamed, added, archived, moved.

    `position` is the place in the display order, from 0; new categories go to the end.
    Raises CatalogError naming the category and the field.
    """
    return _overridden(catalog, tuple(overrides))


# A workspace's changes are the same at each of its commands; indexing anew takes milliseconds.
@lru_cache(maxsize=64)
def _overridden(catalog: Catalog, overrides: tuple[CategoryOverride, ...]) -> Catalog:
    ordered = list(catalog.categories)
    for override in overrides:
        place = next((i for i, c in enumerate(ordered) if c.id == override.id), len(ordered))
        old = ordered.pop(place) if place < len(ordered) else _added(override)
        goal = place if override.position is None else override.position
        ordered.insert(goal, _changed(old, override))
    changed = Catalog(tuple(ordered))
    _check(changed)
    return changed


def _added(override: CategoryOverride) -> Category:
    for field in ("group", "name"):
        if getattr(override, field) is None:
            raise CatalogError(f"{override.id}: {field}: a new category needs it")
    return Category(override.id, override.group or "", override.name or "", "")


def _changed(old: Category, override: CategoryOverride) -> Category:
    fields = ("group", "name", "definition", "aliases", "archived")
    said = {f: getattr(override, f) for f in fields if getattr(override, f) is not None}
    return replace(old, **said)


def _check(catalog: Catalog) -> None:
    for _, words in _faults(catalog):
        raise CatalogError(f"this workspace: {words}")
    if not catalog.active:
        raise CatalogError("this workspace: categories: at least one must be in use")


def _faults(catalog: Catalog) -> Iterator[tuple[int, str]]:
    """(place in the catalog, what is wrong there)."""
    seen: dict[tuple[str, ...], str] = {}
    ids: set[str] = set()
    for row, category in enumerate(catalog.categories):
        fault = _fault(category) or ("id: used twice" if category.id in ids else None)
        if fault:
            yield row, f"{category.id}: {fault}"
        ids.add(category.id)
        words = words_of(category.name)
        if not category.archived and seen.setdefault(words, category.id) != category.id:
            yield row, f"{category.id}: name: {seen[words]} has the same"


def _fault(category: Category) -> str | None:
    if not _ID.fullmatch(category.id):
        return "id: must be lower-case letters, digits, - and _, and begin with a letter"
    if category.group not in GROUPS:
        return f"group: must be one of {', '.join(GROUPS)}"
    if not 1 <= len(category.name.strip()) <= NAME_LENGTH:
        return f"name: must have 1 to {NAME_LENGTH} characters"
    faults = ((label, label_fault(label)) for label in category.labels)
    return next((f"{label!r}: {fault}" for label, fault in faults if fault), None)


def _shared_labels(catalog: Catalog) -> dict[str, list[str]]:
    owners: dict[str, list[str]] = {}
    for category in catalog.active:
        for words in {" ".join(words_of(label)) for label in category.labels}:
            owners.setdefault(words, []).append(category.id)
    return {words: ids for words, ids in owners.items() if len(ids) > 1}
