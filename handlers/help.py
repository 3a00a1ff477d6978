"""`/prodops` and `help`: what can be done here; unknown words get the nearest known one."""

from rapidfuzz import fuzz, process

from handlers.call import Answer, Call, Reply
from handlers.registry import Registry
from handlers.views.help import help_message

#: Likeness (0 to 100) from which a word is worth asking about.
_ALIKE = 55


def register(registry: Registry) -> None:
    # Built once: its text is the same for everybody, and it is asked for most of all.
    usual = Reply(help_message())

    async def show(_call: Call) -> Answer:
        return usual

    async def unknown(call: Call) -> Answer:
        words = [word for word in registry.commands if word != "*"]
        near = process.extractOne(call.id, words, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return Reply(help_message(near[0] if near else "help"))

    registry.commands["help"] = show
    registry.commands["*"] = unknown
