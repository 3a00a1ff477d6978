"""The ledger of `/prodops why`: what was due to me and what became of it, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    fit,
    message,
    section,
    sections,
)
from handlers.views.notices import mention
from handlers.views.words import moment

WHY_OLDER = "prodops_why_older"


@dataclass(frozen=True)
class LedgerEntry:
    """`what` was due (plain words, such as "Prompt for 16–22 Nov"), `outcome` what became of it.

    `place` is the id of another channel that it was due to, where it was.
    """

    when: datetime
    what: str
    outcome: str
    place: str = ""


def ledger(
    entries: Sequence[LedgerEntry],
    tz: tzinfo,
    more: Sequence[Block] = (),
    *,
    older: str | None = None,
    first_page: bool = True,
) -> Message:
    """All entries, newest first, in the reader's own time; `more` leads on to their teams' ledgers.

    `older` is what the button for the next page carries, where there is one.
    """
    if not entries:
        text = "That is all there is: the ledger is kept for 180 days."
        if first_page:
            text = "Nothing has been due to you yet. Once in a team, you find your prompts here."
        return message(text, [section(text), *more])
    newest = sorted(entries, key=lambda entry: entry.when, reverse=True)
    lines = [_line(entry, tz) for entry in newest]
    title = "What was due to you, and what became of it"
    blocks = [section(f"*{title}{'' if first_page else ', continued'}*"), *sections(lines)]
    if older is not None:
        blocks.append(actions(button("Older", WHY_OLDER, older)))
    blocks.append(context(f"Times are yours ({escape(str(tz))})."))
    spoken = "What was due to you, newest first. " + " ".join(_spoken(lines))
    return message(spoken, [*blocks, *more])


def _line(entry: LedgerEntry, tz: tzinfo) -> str:
    what, outcome = fit(escape(entry.what), 200), fit(escape(entry.outcome), 300)
    where = f" in {mention(entry.place)}" if entry.place else ""
    return f"{moment(entry.when, tz)}  *{what}*{where}\n{outcome}"


def _spoken(lines: Sequence[str]) -> list[str]:
    return [line.replace("*", "").replace("\n", ": ") + "." for line in lines[:10]]
