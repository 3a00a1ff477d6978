"""Pairs the amounts of a typed split with categories, in either order, keeping what is left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from domain.categories import Catalog, Category
from domain.labels import FILLERS, words_of
from domain.tokens import Amount, Break, Phrase, Token

#: Looking up a misspelling costs a comparison with every label: no split needs more of them.
_MOST_LOOKUPS = 24


@dataclass(frozen=True)
class Named:
    """Words that mean a category."""

    category: Category
    text: str


@dataclass(frozen=True)
class Stranger:
    """Words that mean none for certain: unknown, ambiguous, or a category no longer used."""

    text: str
    candidates: tuple[Category, ...] = ()
    archived: Category | None = None


Name = Named | Stranger
Item = Amount | Name


@dataclass
class Entries:
    """What was read: pairs of amount and name in the order typed, and what found no partner."""

    pairs: list[tuple[Amount, Name]] = field(default_factory=list)
    lonely: list[Item] = field(default_factory=list)

    @property
    def strangers(self) -> list[Stranger]:
        names = [name for _, name in self.pairs] + self.lonely
        return [name for name in names if isinstance(name, Stranger)]


def read_entries(tokens: Sequence[Token], catalog: Catalog) -> Entries:
    """Name every phrase, then pair neighbours: first between breaks, else across them."""
    lookup = _lookup(catalog)
    chunks: list[list[Item]] = [[]]
    for token in tokens:
        match token:
            case Break():
                chunks.append([])
            case Phrase():
                chunks[-1].extend(_names(token, catalog, lookup))
            case Amount():
                chunks[-1].append(token)
    apart = _paired(chunks)
    if not apart.lonely:
        return apart
    together = _paired([[item for chunk in chunks for item in chunk]])
    return apart if together.lonely else together


def _paired(chunks: Sequence[Sequence[Item]]) -> Entries:
    entries = Entries()
    for chunk in chunks:
        at = 0
        while at < len(chunk):
            pair = _pair(chunk[at], chunk[at + 1]) if at + 1 < len(chunk) else None
            if pair is None:
                entries.lonely.append(chunk[at])
            else:
                entries.pairs.append(pair)
            at += 1 if pair is None else 2
    return entries


def _pair(one: Item, other: Item) -> tuple[Amount, Name] | None:
    match one, other:
        case Amount(), Named() | Stranger():
            return one, other
        case Named() | Stranger(), Amount():
            return other, one
    return None


def _lookup(catalog: Catalog) -> Callable[[str], Name]:
    known: dict[str, Name] = {}

    def look_up(text: str) -> Name:
        if text not in known and len(known) < _MOST_LOOKUPS:
            found = catalog.match(text)
            known[text] = (
                Named(found.category, text)
                if found.category
                else Stranger(text, found.candidates, found.archived)
            )
        return known.get(text, Stranger(text))

    return look_up


def _names(phrase: Phrase, catalog: Catalog, look_up: Callable[[str], Name]) -> list[Name]:
    if phrase.foreign:
        return [Stranger(phrase.text)]
    words = words_of(phrase.text)
    if FILLERS.issuperset(words) and not catalog.labels.exact(words):
        return []
    if catalog.labels.exact(words):
        return [look_up(phrase.text)]
    # Without commas a phrase may end one entry and begin the next: "40% strategy customer 20%".
    pieces = catalog.labels.inside(words)
    if all(key is not None for key, _ in pieces):
        names = [look_up(" ".join(piece)) for _, piece in pieces]
        return [name for i, name in enumerate(names) if i == 0 or not _same(name, names[i - 1])]
    return [look_up(phrase.text)]


def _same(one: Name, other: Name) -> bool:
    return isinstance(one, Named) and isinstance(other, Named) and one.category == other.category
