"""Turns whatever went wrong into one clear sentence for the person, with their text kept."""

from domain.cleaning import clean
from domain.periods import Period
from handlers.call import Answer, Call, Errors, NotTaken, Reply, Show
from handlers.slack import FAILURES, code_of
from handlers.views import prompt
from handlers.views.blocks import Message, actions, clip, escape, message, section
from handlers.views.timesplit import problem_modal
from storage.database import StorageUnavailableError

_ECHO = 600
#: Somebody opened Home, and will again.
_OPENED = "app_home_opened"
_EXPIRED = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"}


class SayInstead(Exception):  # noqa: N818 - not an error but an answer
    """Raised deep inside a listener to answer with this message instead of going on."""

    def __init__(self, said: Message) -> None:
        super().__init__(said["text"])
        self.said = said


def sentence(text: str) -> Message:
    """A plain one-paragraph message."""
    return message(text, [section(text)])


def explain(call: Call, problem: Exception) -> Answer:
    """What the person is told, in the place where they wait; the log already has the details."""
    if call.kind == "event" and call.id != "message":
        # Nobody waits for an answer, but what it tells of must not be lost.
        again = isinstance(problem, StorageUnavailableError) and call.id != _OPENED
        return NotTaken() if again else None
    return _answer(call, tell(call, problem))


def tell(call: Call, problem: Exception) -> Message:
    """What went wrong, in one clear sentence, with the person's text."""
    if isinstance(problem, SayInstead):
        return problem.said
    if isinstance(problem, StorageUnavailableError):
        return _with_echo(call, _STORAGE_DOWN)
    if isinstance(problem, FAILURES):
        code = code_of(problem)
        if code in _EXPIRED:
            return _pressed_too_late(call)
        text = f"Slack refused a step of this (`{escape(clip(code, 60))}`). Please try again."
        return _with_echo(call, text)
    return _with_echo(call, _UNEXPECTED)


_STORAGE_DOWN = (
    "I can't reach my database right now, so nothing was saved. Please try again in a minute."
)
_UNEXPECTED = (
    "Something went wrong on my side, and nothing was changed. Please try again; "
    "if it happens again, tell whoever runs ProdOps."
)


def _answer(call: Call, said: Message) -> Answer:
    if call.kind == "submission":
        # Complaining at a field keeps the form open, with all that was typed in it.
        first = next(iter(call.values), None)
        return Errors({first: said["text"][:1900]}) if first else Show(problem_modal(said["text"]))
    return Reply(said)


def _with_echo(call: Call, text: str) -> Message:
    typed = f"{call.id} {call.text}".strip() if call.kind == "command" else call.text
    if not typed.strip():
        return sentence(text)
    echo = escape(clip(" ".join(clean(typed).split()).replace("`", "'"), _ECHO))
    return message(f"{text} Your text: {echo}", [section(text), section(f"Your text:\n`{echo}`")])


def _pressed_too_late(call: Call) -> Message:
    text = "Slack closed the way to the form before I could open it. Please press the button again."
    period = Period.containing(call.services.today(None))
    return message(text, [section(text), actions(prompt.log_button(period))])
