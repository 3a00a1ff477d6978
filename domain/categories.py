"""The categories a week is split into: loaded from data, renamed and extended per workspace."""

from dataclasses import dataclass

#: Groups in the order in which every view shows them.
GROUPS = ("operational", "reactive", "customer", "strategic", "delivery", "people")


@dataclass(frozen=True)
class Category:
    id: str
    group: str
    name: str
    definition: str
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    archived: bool = False


@dataclass(frozen=True)
class Catalog:
    """All categories of a workspace, in display order, archived ones included."""

    categories: tuple[Category, ...]

    @property
    def active(self) -> tuple[Category, ...]:
        return tuple(c for c in self.categories if not c.archived)
