"""The ledger of `/prodops why`: what was due to me and what became of it, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from handlers.views.blocks import Block, Message, context, escape, fit, message, section, sections
from handlers.views.words import moment

SHOWN = 30


@dataclass(frozen=True)
class LedgerEntry:
    """`what` was due (plain words, such as "Prompt for 16–22 Nov"), `outcome` what became of it."""

    when: datetime
    what: str
    outcome: str


def ledger(entries: Sequence[LedgerEntry], tz: tzinfo, more: Sequence[Block] = ()) -> Message:
    """The newest 30 entries, in the reader's own time; `more` leads on to their teams' ledgers."""
    if not entries:
        text = "Nothing has been due to you yet. Once you are in a team, prompts are listed here."
        return message(text, [section(text), *more])
    newest = sorted(entries, key=lambda entry: entry.when, reverse=True)
    lines = [_line(entry, tz) for entry in newest[:SHOWN]]
    blocks = [section("*What was due to you, and what became of it*"), *sections(lines)]
    notes = [f"Times are yours ({escape(str(tz))})."]
    if len(entries) > SHOWN:
        notes.append(f"The newest {SHOWN} of {len(entries)}.")
    blocks.append(context(" ".join(notes)))
    spoken = "What was due to you, newest first. " + " ".join(_spoken(lines))
    return message(spoken, [*blocks, *more])


def _line(entry: LedgerEntry, tz: tzinfo) -> str:
    what, outcome = fit(escape(entry.what), 200), fit(escape(entry.outcome), 300)
    return f"{moment(entry.when, tz)}  *{what}*\n{outcome}"


def _spoken(lines: Sequence[str]) -> list[str]:
    return [line.replace("*", "").replace("\n", ": ") + "." for line in lines[:10]]
