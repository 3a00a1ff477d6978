"""What a weekly summary says besides the shares: checklist, maturity, goals, decisions, effects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.checklist import StepProgress
from domain.decisions import Decision
from domain.periods import day_label
from domain.stalls import Stall
from handlers.views.blocks import escape, fit, name, one_line
from handlers.views.words import counted, listed

_SHOWN = 2
#: A decision's text in a line that is read in passing.
_WHAT = 80


@dataclass(frozen=True)
class MaturityNote:
    """The last assessment: its overall level, what holds it back (names), and its age in days.

    `reassess_in` counts days to the next one, below 0 where it is late; `awaited` is set while a
    check-in is open: (answered, asked).
    """

    overall: int | None
    held_back_by: tuple[str, ...]
    age_days: int
    reassess_in: int
    is_stale: bool = False
    awaited: tuple[int, int] | None = None


@dataclass(frozen=True)
class WeekNotes:
    """Only what there is something to say about is filled.

    `current` is the step that the checklist is at; `due` are open decisions due this week or
    before it; `owners` are the names behind user ids; `effects` and `goals` plain sentences.
    """

    done: int = 0
    total: int = 0
    current: StepProgress | None = None
    stuck: Sequence[Stall] = ()
    maturity: MaturityNote | None = None
    decided: Sequence[Decision] = ()
    due: Sequence[Decision] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    goals: Sequence[str] = ()
    effects: Sequence[str] = ()


def note_lines(notes: WeekNotes) -> list[str]:
    """One line for each subject, ready mrkdwn; none for what has not begun."""
    lines = [
        *[fit(escape(effect), 300) for effect in notes.effects[:_SHOWN]],
        _checklist(notes),
        maturity_text(notes.maturity),
        *[fit(escape(goal), 200) for goal in notes.goals[:_SHOWN]],
        _decisions("Decided", notes.decided, notes),
        _decisions("Open and due", notes.due, notes),
    ]
    return [line for line in lines if line]


def _checklist(notes: WeekNotes) -> str:
    """`Checklist 12/34 · Execute 3/8 · stuck: E2 (24 days)`."""
    if not notes.total:
        return ""
    parts = [f"Checklist {notes.done}/{notes.total}"]
    if notes.current is not None:
        parts.append(f"{notes.current.name} {notes.current.done}/{notes.current.total}")
    if notes.stuck:
        parts.append(f"stuck: {listed([_stall(stall) for stall in notes.stuck], _SHOWN)}")
    return " · ".join(parts)


def _stall(stall: Stall) -> str:
    label = stall.item.label
    if stall.item.ref is None:
        label = one_line(stall.item.text, 40)
    return f"{escape(label)} ({counted(stall.days, 'day')})"


def maturity_text(note: MaturityNote | None) -> str:
    """`Maturity 2, held back by Toolstack · reassess in 12 days`."""
    if note is None:
        return ""
    level = "not rated overall" if note.overall is None else str(note.overall)
    held = ""
    if note.held_back_by:
        held = f", held back by {listed([name(n) for n in note.held_back_by], _SHOWN)}"
    return f"Maturity {level}{held} · {_again(note)}"


def _again(note: MaturityNote) -> str:
    if note.awaited is not None:
        answered, asked = note.awaited
        return f"check-in open, {answered} of {asked} answered"
    if note.is_stale:
        return f"stale: {note.age_days} days old, time for a new check-in"
    if note.reassess_in > 0:
        return f"reassess in {counted(note.reassess_in, 'day')}"
    return f"reassess now: {counted(note.age_days, 'day')} old"


def _decisions(word: str, decisions: Sequence[Decision], notes: WeekNotes) -> str:
    """`Decided: #12 One tracker for all (Ada, by 30 Jun)`."""
    if not decisions:
        return ""
    return f"{word}: {listed([_decision(d, notes.owners) for d in decisions], _SHOWN)}"


def _decision(decision: Decision, owners: Mapping[str, str]) -> str:
    about = []
    if decision.owner:
        about.append(name(owners.get(decision.owner) or "somebody who left", 40))
    if decision.due_on:
        about.append(f"by {day_label(decision.due_on)}")
    told = f" ({', '.join(about)})" if about else ""
    return f"#{decision.number} {escape(one_line(decision.what, _WHAT))}{told}"
