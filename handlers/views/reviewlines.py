"""Single lines of a review: maturity, ladders, return, what worked and what did not."""

from collections.abc import Sequence

from domain.checklist import TeamItem
from domain.effects import CAVEAT
from domain.outcomes import Ended, MaturityChange, Standing
from domain.periods import day_label
from domain.roi import RoiResult, hours_text, multiple_text
from handlers.views.blocks import escape, fit, name, one_line
from handlers.views.charts import signed
from handlers.views.words import listed

_SHOWN = 3
#: Sentences about what changed after an item; all of them stand in the thread.
_EFFECTS = 3
#: What a ladder measures, in its short name.
_LADDERS = {"roi": "ROI"}


def maturity_line(change: MaturityChange | None) -> str:
    """`Maturity 2 → 3. Up: Process +1. Split: Insight (1:2 2:0 3:1 4:3 5:0).`"""
    if change is None:
        return ""
    now = _overall(change.now.overall)
    if not change.fresh:
        day = day_label(change.now.closed_at.date())
        return f"*Maturity {now}*{_held(change)}, as of {day}: not assessed since"
    was = f"{_overall(change.then.overall)} → " if change.then is not None else ""
    parts = [f"*Maturity {was}{now}*{_held(change)}"]
    for word, moved in (("Up", change.raised), ("Down", change.fallen)):
        if moved:
            names = [f"{name(s.name)} {signed(s.change)}" for s in moved]
            parts.append(f"{word}: {listed(names)}")
    if change.split:
        parts.append(f"Split: {listed([_split(s) for s in change.split], 2)}")
    return ". ".join(parts)


def _held(change: MaturityChange) -> str:
    if not change.held_back_by:
        return ""
    return f", held back by {listed([name(held) for held in change.held_back_by], 2)}"


def _overall(level: int | None) -> str:
    return "not rated" if level is None else str(level)


def _split(standing: Standing) -> str:
    counts = " ".join(f"{level}:{n}" for level, n in enumerate(standing.counts, start=1))
    return f"{name(standing.name)} ({counts})" if counts else name(standing.name)


def ladder_line(rungs: Sequence[tuple[str, str | None]]) -> str:
    """The ladders' own words, as a reference and never as survey data."""
    if not any(word for _, word in rungs):
        return ""
    said = [
        f"{_LADDERS.get(of, escape(of))} {escape(word) if word else 'not measured'}"
        for of, word in rungs
    ]
    return f"*Ladder* (a reference, not survey data): {', '.join(said)}"


def roi_line(roi: RoiResult | None) -> str:
    """The multiple, never money."""
    if roi is None:
        return ""
    if roi.multiple is None or roi.gross is None or roi.status in ("no_cost", "not_enough_data"):
        return f"*ROI* {escape(roi.why)}"
    said = [f"*ROI {multiple_text(roi.multiple)} realised* ({multiple_text(roi.gross)} gross)"]
    if roi.load_grew:
        said.append("the load grew")
    if roi.why:
        said.append(escape(roi.why))
    if roi.breakeven_hours is not None:
        said.append(f"break-even {hours_text(roi.breakeven_hours)} per PM and week")
    return " · ".join(said)


def what_worked(ended: Ended | None, effects: Sequence[str]) -> str:
    """Items done within the span, with what changed after them."""
    done = list(ended.done) if ended else []
    if not done and not effects:
        return ""
    lines = [f"*What worked* {_counted(done)}".rstrip()]
    lines += effect_lines(effects[:_EFFECTS])
    return "\n".join(lines)


def effect_lines(effects: Sequence[str]) -> list[str]:
    """Findings as a list, with their caveat once, after the last."""
    lines = [f"• {fit(escape(effect), 300)}" for effect in effects]
    return [*lines[:-1], f"{lines[-1]} {CAVEAT}"] if lines else []


def _counted(done: Sequence[TeamItem]) -> str:
    if not done:
        return ""
    number = "1 item done" if len(done) == 1 else f"{len(done)} items done"
    return f"{number}: {listed([_short(item) for item in done], _SHOWN + 1)}"


def what_did_not(ended: Ended | None, effects: Sequence[str]) -> str:
    """Items after which nothing got better, those blocked and those dropped, with the reason."""
    lines = effect_lines(effects[:_EFFECTS])
    if ended is not None:
        stopped = [("blocked", i) for i in ended.blocked] + [("dropped", i) for i in ended.dropped]
        lines += [f"• {_stopped(word, item)}" for word, item in stopped[:_SHOWN]]
        if len(stopped) > _SHOWN:
            lines.append(f"• and {len(stopped) - _SHOWN} more")
    return "\n".join(["*What did not*", *lines]) if lines else ""


def _stopped(word: str, item: TeamItem) -> str:
    reason = f": {escape(one_line(item.reason, 120))}" if item.reason.strip() else ""
    return f"{_short(item)} {word}{reason}"


def _short(item: TeamItem) -> str:
    """`E2 Automate the most hated report`, ready mrkdwn."""
    return f"{escape(item.label)} {escape(one_line(item.text, 80))}"
