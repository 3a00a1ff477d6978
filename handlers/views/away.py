"""Answers to `/prodops away`: until when, how to come back, what could not be read."""

from domain.eligibility import Absence
from handlers.views.blocks import Message, actions, button, escape, fit, message, section
from handlers.views.words import day_words

AWAY_OFF = "prodops_away_off"

EXAMPLES = "`/prodops away 24 Dec to 2 Jan`, `/prodops away today to Friday`, `/prodops away off`"


def away_set(absence: Absence) -> Message:
    if absence.until is None:
        span = f"from {day_words(absence.start)} until you say `/prodops away off`"
    elif absence.until == absence.start:
        span = f"on {day_words(absence.start)}"
    else:
        span = f"from {day_words(absence.start)} to {day_words(absence.until)}"
    text = f"Noted: away {span}. No prompts meanwhile, and you do not count as missing."
    return message(text, [section(text), actions(button("I am back", AWAY_OFF))])


def away_cleared(was_away: bool = True) -> Message:
    text = "Welcome back. Prompts come again as usual." if was_away else "You were not away."
    return message(text, [section(text)])


def away_problem(said: str, echo: str = "") -> Message:
    """`said` is one plain sentence on what was wrong, `echo` the text as it was typed."""
    typed = f" You wrote: {fit(escape(echo.strip()), 600)}" if echo.strip() else ""
    text = f"{escape(said)}{typed}"
    return message(f"{text} Examples: {EXAMPLES}", [section(f"{text}\nExamples: {EXAMPLES}")])
