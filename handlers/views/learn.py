"""What there is to learn: an overview, a topic or what was found, page by page."""

from collections.abc import Mapping, Sequence

from domain.lessons import TOPICS, Lesson
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    escape,
    header,
    length,
    message,
    one_line,
    section,
)
from handlers.views.quiz import OPEN as QUIZ
from handlers.views.words import counted

#: Buttons to topics and to searches; the id is followed by a colon and what tells it apart.
TOPIC = "prodops_learn_topic"
SEARCH = "prodops_learn_search"
PREVIOUS = "prodops_learn_previous"
NEXT = "prodops_learn_next"
OVERVIEW = "prodops_learn_overview"
OPEN = "prodops_learn_open"

PER_PAGE = 8
_LONGEST_QUERY = 100
#: A lesson is one section; a company's own texts may be long.
_LONGEST_POINT = 700
_LONGEST_LESSON = 2900


def overview(counts: Mapping[str, int]) -> Message:
    """All topics with how many entries each has."""
    text = (
        "What product operations teams learned before you: pick a topic, or search with "
        "`/prodops learn <words>`, such as `/prodops learn roi`."
    )
    known = [topic for topic in TOPICS if counts.get(topic)]
    lines = [f"• *{TOPICS[topic][0]}*: {_count(topic, counts[topic])}" for topic in known]
    blocks = [header("Learn"), section(text), section("\n".join(lines)), *_topics(known)]
    spoken = ", ".join(TOPICS[topic][0] for topic in known)
    return message(f"Learn. {text.replace('`', '')} Topics: {spoken}.", blocks)


def _count(topic: str, number: int) -> str:
    nouns = {"steps": "step", "maturity": "dimension", "faq": "question", "rules": "rule"}
    return counted(number, nouns.get(topic, "entry")).replace("entrys", "entries")


def _topics(known: Sequence[str]) -> list[Block]:
    buttons = [button(TOPICS[topic][0], f"{TOPIC}:{topic}", f"{topic}|0") for topic in known]
    buttons.append(button("Take the quiz", QUIZ))
    return [actions(*buttons[n : n + 5]) for n in range(0, len(buttons), 5)]


def topic_page(topic: str, entries: Sequence[Lesson], first: int) -> Message:
    """A page of a topic, from its entry number `first` on, counted from 0."""
    return _page(TOPICS[topic][0], entries, first, f"{topic}|", "")


def found_page(query: str, entries: Sequence[Lesson], first: int) -> Message:
    """A page of what a search found."""
    words = one_line(query, _LONGEST_QUERY)
    return _page(f"Learn: {words}", entries, first, "", words)


def _page(title: str, entries: Sequence[Lesson], first: int, topic: str, words: str) -> Message:
    shown = entries[first : first + PER_PAGE]
    blocks: list[Block] = [header(title)]
    for lesson in shown:
        blocks.append(section(_lesson(lesson)))
        caption = [TOPICS[lesson.topic][0]] if words else []
        caption += [lesson.source] if lesson.source else []
        if caption:
            blocks.append(context(escape(" · ".join(caption))))
    last = first + len(shown)
    if len(entries) > PER_PAGE:
        blocks.append(context(f"{first + 1} to {last} of {len(entries)}"))
    turns = []
    if first > 0:
        turns.append(_turn("Previous", PREVIOUS, topic, words, max(0, first - PER_PAGE)))
    if last < len(entries):
        turns.append(_turn("Next", NEXT, topic, words, last))
    blocks.append(actions(*turns, button("All topics", OVERVIEW), button("Take the quiz", QUIZ)))
    said = ". ".join(f"{escape(one_line(lesson.title, 150))}" for lesson in shown)
    return message(f"{escape(title)}: {said}.", blocks)


def _turn(label: str, action_id: str, topic: str, words: str, first: int) -> Block:
    value = f"{topic}{first}" if topic else f"?{first}|{words}"
    return button(label, action_id, value, spoken=f"{label} entries")


def read_turn(value: str) -> tuple[str, str, int]:
    """(topic, words searched for, first entry); one of topic and words is empty."""
    if value.startswith("?"):
        first, _, words = value[1:].partition("|")
        return "", words, int(first)
    topic, _, first = value.partition("|")
    return topic, "", int(first or 0)


def _lesson(lesson: Lesson) -> str:
    lines = [f"*{escape(one_line(lesson.title, 150))}*"]
    for caption, text in lesson.points:
        said = escape(clip(text, _LONGEST_POINT))
        line = f"{escape(caption)}: {said}" if caption else said
        if length("\n".join(lines)) + length(line) > _LONGEST_LESSON:
            lines.append("…")
            break
        lines.append(line)
    return "\n".join(lines)


def nothing_found(query: str, nearest: Sequence[str], topics: Sequence[str]) -> Message:
    """An unknown word: the nearest known ones as buttons, else all topics."""
    words = escape(one_line(query, _LONGEST_QUERY))
    if not nearest:
        text = f"I know nothing about “{words}” yet. These are the topics:"
        return message(text, [section(text), *_topics(topics)])
    text = f"I know nothing about “{words}”. Nearest to it:"
    buttons = [
        button(one_line(title, 75), f"{SEARCH}:{n}", clip(title, _LONGEST_QUERY * 2))
        for n, title in enumerate(nearest[:4])
    ]
    blocks = [section(text), actions(*buttons, button("All topics", OVERVIEW))]
    return message(f"{text} {escape(', '.join(nearest))}", blocks)
