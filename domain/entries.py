"""Pairs the amounts of a typed split with categories, in either order, keeping what is left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from domain.categories import Catalog, Category
from domain.labels import FILLERS, words_of
from domain.tokens import Amount, Break, Phrase, Token

#: Looking up a misspelling costs a comparison with every label: no split needs more of them.
_MOST_LOOKUPS = 32


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
_LookUp = Callable[[str], Name]


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
    """Name the phrases and pair neighbours, in the way that leaves the least unexplained.

    A phrase is read as one name or, where no comma parts two entries, as several:
    `40% strategy customer 20%`. Breaks part entries, or merely decorate: `tools, 40`.
    """
    look_up = _lookup(catalog)
    tries = []
    for names_of in (_as_one, _in_pieces):
        chunks = _chunks(tokens, partial(names_of, catalog=catalog, look_up=look_up))
        tries.append(_paired(chunks))
        tries.append(_paired([[item for chunk in chunks for item in chunk]]))
    return min(tries, key=_unexplained)


def _unexplained(entries: Entries) -> tuple[int, int]:
    lonely = len(entries.lonely)
    return lonely + len(entries.strangers), lonely


def _chunks(tokens: Sequence[Token], names_of: Callable[[Phrase], list[Name]]) -> list[list[Item]]:
    chunks: list[list[Item]] = [[]]
    for token in tokens:
        match token:
            case Break():
                chunks.append([])
            case Phrase():
                chunks[-1].extend(names_of(token))
            case Amount():
                chunks[-1].append(token)
    return chunks


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


def _lookup(catalog: Catalog) -> _LookUp:
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


def _as_one(phrase: Phrase, catalog: Catalog, look_up: _LookUp) -> list[Name]:
    if phrase.foreign:
        return [Stranger(phrase.text)]
    return [look_up(phrase.text)] if _says_something(phrase) else []


def _in_pieces(phrase: Phrase, catalog: Catalog, look_up: _LookUp) -> list[Name]:
    if phrase.foreign or not _says_something(phrase):
        return _as_one(phrase, catalog, look_up)
    pieces = catalog.labels.inside(words_of(phrase.text))
    return [look_up(" ".join(words)) for _, words in pieces]


def _says_something(phrase: Phrase) -> bool:
    return not FILLERS.issuperset(words_of(phrase.text))
