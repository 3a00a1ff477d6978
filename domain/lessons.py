"""Everything there is to read about product operations, by topic, found by words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from domain.checklist import STEPS
from domain.criteria import criterion
from domain.labels import words_of
from domain.playbook import Playbook
from domain.sources import source_words

#: Topics in the order of the overview: id -> (name, other words for it).
TOPICS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "mistakes": ("Mistakes", ("mistake", "pitfalls", "errors", "antipatterns")),
        "practices": ("Best practices", ("practice", "practices", "tips", "advice")),
        "faq": ("FAQ", ("question", "questions", "frequently asked questions")),
        "comparisons": ("Comparisons", ("compare", "comparison", "versus", "alternatives")),
        "terms": ("Terms", ("term", "glossary", "definitions", "related terms")),
        "steps": ("The five steps", ("step", "steps", "five steps", "programme", "implementation")),
        "maturity": ("Maturity levels", ("levels", "dimensions", "maturity", "maturity model")),
        "benchmarks": ("Benchmarks", ("benchmark", "ladders", "surveys", "sources")),
        "rules": ("Insight rules", ("rule", "insights", "thresholds")),
    }
)
#: Likeness (0 to 100) from which a word counts as misspelt, or a title is worth offering.
_MISSPELT, _NEAR = 78, 55
_SHORTEST_TYPO, _SHORTEST_START = 4, 3
_LONGEST_QUERY = 100
#: What a find in the title weighs beside one in the text.
_TITLE, _EXACT = 4, 2


@dataclass(frozen=True)
class Lesson:
    """One entry: `points` are (caption, text), the caption empty for plain text."""

    topic: str
    title: str
    points: tuple[tuple[str, str], ...]
    source: str = ""

    @property
    def text(self) -> str:
        """What is searched; the captions of steps and levels are names that people use."""
        named = self.topic in ("steps", "maturity")
        return " ".join(f"{caption} {text}" if named else text for caption, text in self.points)


def lessons(playbook: Playbook) -> tuple[Lesson, ...]:
    """All entries, by topic in the order of the overview."""
    return (
        *_texts(playbook),
        *_steps(playbook),
        *_maturity(playbook),
        *_benchmarks(playbook),
        *_rules(playbook),
    )


def _texts(playbook: Playbook) -> Iterator[Lesson]:
    content = playbook.learning
    for mistake in content.mistakes:
        points = (("Effect", mistake.effect), ("Fix", mistake.fix))
        yield Lesson("mistakes", mistake.mistake, points, source_words(mistake.src))
    for practice in content.best_practices:
        points_of = (("Why", practice.why),)
        yield Lesson("practices", practice.practice, points_of, source_words(practice.src))
    for asked in content.faq:
        yield Lesson("faq", asked.question, (("", asked.answer),), source_words(asked.src))
    for other in content.comparisons:
        both = (
            ("Product operations gives", other.gives),
            ("Its honest advantage", other.other_side),
        )
        yield Lesson("comparisons", other.versus, both, source_words(other.src))
    for term in content.terms:
        yield Lesson("terms", term.term, (("", term.meaning),))


def _steps(playbook: Playbook) -> Iterator[Lesson]:
    for number, (step, name) in enumerate(STEPS.items(), start=1):
        items = getattr(playbook.checklist, step)
        points = tuple((item.id, item.text) for item in items)
        yield Lesson("steps", f"{number}. {name}", points)


def _maturity(playbook: Playbook) -> Iterator[Lesson]:
    for dimension in playbook.maturity.dimensions:
        points = tuple(
            (f"{level} {playbook.maturity.level_name(level)}", line)
            for level, line in enumerate(dimension.levels, start=1)
        )
        yield Lesson("maturity", dimension.name, points, source_words(dimension.src))


def _benchmarks(playbook: Playbook) -> Iterator[Lesson]:
    for row in playbook.benchmarks.rows:
        points = (("Low", row.low), ("Median", row.median), ("Elite", row.elite))
        yield Lesson(
            "benchmarks", f"{row.metric} ({row.industry})", points, playbook.benchmarks.label
        )
    for line in playbook.benchmarks.context:
        asked = [line.survey, *([str(line.year)] if line.year else [])]
        if line.n:
            asked.append(f"n {line.n}")
        title = line.metric.replace("_", " ").capitalize()
        yield Lesson("benchmarks", title, (("", line.value),), ", ".join(asked))


def _rules(playbook: Playbook) -> Iterator[Lesson]:
    for rule_id, rule in playbook.rules.rules.items():
        points = (("Watches for", criterion(rule_id, playbook.rules)),)
        yield Lesson("rules", rule_id, points, source_words(rule.sources))


@dataclass(frozen=True)
class Found:
    """What a query led to: a whole topic, or entries, or else the `nearest` titles and topics."""

    topic: str | None = None
    entries: tuple[Lesson, ...] = ()
    nearest: tuple[str, ...] = ()


def look_up(query: str, known: Sequence[Lesson]) -> Found:
    """A topic by its name, else the entries that hold most of the words, best first."""
    words = words_of(query[:_LONGEST_QUERY])
    if not words:
        return Found(nearest=_nearest(query, known))
    topic = _topic(" ".join(words))
    if topic is not None:
        return Found(topic)
    scored = [(_score(words, lesson), place, lesson) for place, lesson in enumerate(known)]
    best = max((found for (found, _), _, _ in scored), default=0)
    if best == 0:
        return Found(nearest=_nearest(query, known))
    # Entries with fewer of the words are noise beside those with all that any entry has.
    kept = [(score, place, lesson) for score, place, lesson in scored if score[0] == best]
    kept.sort(key=lambda entry: (-entry[0][1], entry[1]))
    return Found(entries=tuple(lesson for _, _, lesson in kept))


def _topic(phrase: str) -> str | None:
    from rapidfuzz import fuzz

    for topic, (name, others) in TOPICS.items():
        known = {" ".join(words_of(label)) for label in (name, *others)}
        if phrase in known:
            return topic
    for topic, (name, others) in TOPICS.items():
        if any(
            len(phrase) >= _SHORTEST_TYPO and fuzz.ratio(phrase, label.casefold()) >= _MISSPELT + 5
            for label in (name, *others)
        ):
            return topic
    return None


def _score(words: Sequence[str], lesson: Lesson) -> tuple[int, int]:
    """(how many of the words it holds, how well)."""
    title, text = words_of(lesson.title), words_of(lesson.text)
    held = weight = 0
    for word in words:
        found = max(_TITLE * _likeness(word, title), _likeness(word, text))
        held += found > 0
        weight += found
    return held, weight


def _likeness(word: str, among: Sequence[str]) -> int:
    """2 for the word itself, 1 for one that begins so or is nearly spelled so, else 0."""
    from rapidfuzz import fuzz

    if word in among:
        return _EXACT
    if len(word) >= _SHORTEST_START and any(other.startswith(word) for other in among):
        return 1
    if len(word) < _SHORTEST_TYPO:
        return 0
    return int(any(fuzz.ratio(word, other) >= _MISSPELT for other in among))


def _nearest(query: str, known: Sequence[Lesson]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    titles = [*(name for name, _ in TOPICS.values()), *(lesson.title for lesson in known)]
    near = process.extract(
        query[:_LONGEST_QUERY], titles, scorer=fuzz.WRatio, score_cutoff=_NEAR, limit=4
    )
    return tuple(dict.fromkeys(title for title, _, _ in near))
