"""`/prodops learn`: mistakes, best practices, questions, comparisons, terms and the steps."""

from collections import Counter
from collections.abc import Sequence

from domain.cleaning import clean
from domain.lessons import TOPICS, Lesson, lessons, look_up
from handlers.call import Answer, Call, Reply
from handlers.registry import Registry
from handlers.views import learn as view
from handlers.views.blocks import Message


def register(registry: Registry) -> None:
    registry.commands["learn"] = learn
    registry.actions[view.OPEN] = opened
    registry.actions[view.OVERVIEW] = overview_clicked
    registry.actions[view.TOPIC] = turned
    registry.actions[view.PREVIOUS] = turned
    registry.actions[view.NEXT] = turned
    registry.actions[view.SEARCH] = search_clicked


async def learn(call: Call) -> Answer:
    """`learn`, `learn mistakes`, `learn how many pms`."""
    known = lessons(call.services.playbook)
    query = clean(call.text).strip()
    return Reply(_found(query, known) if query else _overview(known))


async def overview_clicked(call: Call) -> Answer:
    """*All topics*, in place of one of these pages."""
    return Reply(_overview(lessons(call.services.playbook)), replace=True)


async def opened(call: Call) -> Answer:
    """*Learn* in another message, which stays as it is."""
    return Reply(_overview(lessons(call.services.playbook)))


async def turned(call: Call) -> Answer:
    """Another topic or page in place of this one."""
    known = lessons(call.services.playbook)
    topic, words, first = view.read_turn(call.value)
    entries: Sequence[Lesson]
    if topic:
        entries = [lesson for lesson in known if lesson.topic == topic]
        said = view.topic_page(topic, entries, min(first, max(0, len(entries) - 1)))
    else:
        entries = look_up(words, known).entries
        said = view.found_page(words, entries, first) if entries else _overview(known)
    return Reply(said, replace=True)


async def search_clicked(call: Call) -> Answer:
    return Reply(_found(call.value, lessons(call.services.playbook)), replace=True)


def _found(query: str, known: Sequence[Lesson]) -> Message:
    found = look_up(query, known)
    if found.topic is not None:
        entries = [lesson for lesson in known if lesson.topic == found.topic]
        return view.topic_page(found.topic, entries, 0)
    if found.entries:
        return view.found_page(query, found.entries, 0)
    topics = [topic for topic in TOPICS if any(lesson.topic == topic for lesson in known)]
    return view.nothing_found(query, found.nearest, topics)


def _overview(known: Sequence[Lesson]) -> Message:
    return view.overview(Counter(lesson.topic for lesson in known))
