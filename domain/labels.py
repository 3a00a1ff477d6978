"""Finds which label a person's words mean: exactly, as part of a phrase, or nearly spelled so."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FILLER_WORDS = (
    "a about all also an and approx around as at by circa did doing etc for from in is it "
    "lots more mostly my of on or our some spent stuff the then time to was went were with "
    "work working x"
)
#: Words that carry no meaning of their own, in labels as in "3h on jira".
FILLERS = frozenset(_FILLER_WORDS.split())

#: A misspelling wins at this similarity (0..100) and this far ahead of the next key.
WINNING_SCORE = 82
WINNING_LEAD = 7
#: A key is worth offering from this similarity on, or this one to a part of the words.
OFFERED_SCORE = 58
OFFERED_IN_PART = 85
_SHORTEST_TYPO = 4
_LONGEST_PHRASE = 60

_WORD = re.compile(r"[^\W_]+")


#: Words with a meaning of their own in `log`, which no label can have.
RESERVED = frozenset({"same", "skip", "this", "last", "week", "h", "m", "percent"})
# What the grammar reads as an amount or as a week can't be the name of anything.
_AMOUNT = re.compile(r"[\d.,\s]*(?:%|h|hrs?|hours?|m|mins?|minutes?|percent|pct)?", re.IGNORECASE)
_WEEK = re.compile(r"(?:\d{4}[\s-]?)?(?:w|wk|week)\s?\d{1,2}", re.IGNORECASE)


@dataclass(frozen=True)
class Guess:
    """`key` when one label clearly wins, else None; `offered` keys, best first."""

    key: str | None
    offered: tuple[str, ...] = ()


def words_of(text: str) -> tuple[str, ...]:
    """The words that count: lower case, without accents, punctuation and fillers.

    Where there is nothing but fillers, those are kept.
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("'", "").replace("’", "")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = _WORD.findall(plain)
    return tuple(w for w in words if w not in FILLERS) or tuple(words)


def label_fault(label: str) -> str | None:
    """Why nothing can be called so, since nobody could type it in a split; None when it can."""
    words = words_of(label)
    if _AMOUNT.fullmatch(label) or not words:
        return "cannot be told from an amount"
    if _WEEK.fullmatch(label) or " ".join(words) in RESERVED:
        return "has a meaning of its own in /prodops log"
    return "needs a word that tells it from filler words" if FILLERS.issuperset(words) else None


class Labels:
    """An index of labels, each leading to a key; several labels may share one.

    `entries` are (key, label, rank): where two keys claim one label, the lower rank owns it,
    and on the same rank both do. What differs only in accents, punctuation and fillers is the
    same label.
    """

    def __init__(self, entries: Iterable[tuple[str, str, int]]) -> None:
        owned: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
        for key, label, rank in entries:
            words = words_of(label)
            held, keys = owned.get(words, (rank, ()))
            if rank < held:
                owned[words] = (rank, (key,))
            elif rank == held and key not in keys:
                owned[words] = (rank, (*keys, key))
        self._keys = {words: keys for words, (_, keys) in owned.items() if words}
        self._longest = max((len(words) for words in self._keys), default=0)
        self._spelled = [(" ".join(words), keys) for words, keys in self._keys.items()]

    def exact(self, words: Sequence[str]) -> tuple[str, ...]:
        """The keys that own exactly these words: none, one, or several that share them."""
        return self._keys.get(tuple(words), ())

    def inside(self, words: Sequence[str]) -> list[tuple[str | None, tuple[str, ...]]]:
        """Cut words into known labels, longest first: (key, its words).

        What lies between two labels is one piece without key.
        """
        pieces: list[tuple[str | None, tuple[str, ...]]] = []
        start = 0
        while start < len(words):
            size = self._longest_from(words, start)
            piece = tuple(words[start : start + max(size, 1)])
            if not size and pieces and pieces[-1][0] is None:
                piece = (*pieces.pop()[1], *piece)
            pieces.append((self._keys[piece][0] if size else None, piece))
            start += max(size, 1)
        return pieces

    def _longest_from(self, words: Sequence[str], start: int) -> int:
        for size in range(min(self._longest, len(words) - start), 0, -1):
            if len(self.exact(words[start : start + size])) == 1:
                return size
        return 0

    def guess(self, words: Sequence[str]) -> Guess:
        """What words that are no label most likely mean."""
        phrase = " ".join(words)[:_LONGEST_PHRASE]
        named = self._mostly_names(words)
        if named is not None:
            return Guess(named)
        begun = {k for spelled, keys in self._spelled if spelled.startswith(phrase) for k in keys}
        if len(phrase) >= _SHORTEST_TYPO and len(begun) == 1:
            return Guess(begun.pop())
        return self._by_spelling(phrase, self._offered_by_parts(words))

    def _mostly_names(self, words: Sequence[str]) -> str | None:
        # "customer calls" names a category with most of its letters; "jira cleanup party" does not.
        pieces = self.inside(words)
        keys = {key for key, _ in pieces if key is not None}
        known = sum(len(word) for key, piece in pieces if key is not None for word in piece)
        if len(keys) != 1 or 2 * known < sum(len(word) for word in words):
            return None
        return keys.pop()

    def _offered_by_parts(self, words: Sequence[str]) -> list[str]:
        return [key for key, _ in self.inside(words) if key is not None]

    def _by_spelling(self, phrase: str, parts: list[str]) -> Guess:
        # rapidfuzz takes 90 ms to import, and most splits are spelled well.
        from rapidfuzz import fuzz

        scores: dict[str, float] = {}
        loose: dict[str, float] = dict.fromkeys(parts, 100.0)
        for spelled, keys in self._spelled:
            strict = fuzz.ratio(phrase, spelled)
            wide = fuzz.WRatio(phrase, spelled)
            for key in keys:
                scores[key] = max(strict, scores.get(key, 0.0))
                loose[key] = max(wide, strict, loose.get(key, 0.0))
        ranked = sorted(scores, key=lambda key: -scores[key])
        if ranked and len(phrase) >= _SHORTEST_TYPO and _wins(scores, ranked):
            return Guess(ranked[0])
        offered = [k for k in scores if scores[k] >= OFFERED_SCORE or loose[k] >= OFFERED_IN_PART]
        return Guess(None, tuple(sorted(offered, key=lambda k: (-scores[k], -loose[k]))))


def _wins(scores: dict[str, float], ranked: list[str]) -> bool:
    best = scores[ranked[0]]
    rival = scores[ranked[1]] if len(ranked) > 1 else 0.0
    return best >= WINNING_SCORE and best - rival >= WINNING_LEAD
