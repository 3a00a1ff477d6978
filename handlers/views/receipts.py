"""What a person hears back after logging: the receipt, what could not be read, what was undone."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.categories import Catalog, Category
from domain.grammar import LogProblem
from domain.periods import Period
from domain.timesplit import Split
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    fit,
    length,
    message,
    name,
    one_line,
    section,
    sections,
)
from handlers.views.prompt import EDIT, LOG
from handlers.views.words import bar, monospaced, percent_of

UNDO = "prodops_log_undo"
OPEN_FORM = "prodops_log_open_understood"
#: One per candidate: ids must differ within a row of buttons.
PICK = ("prodops_log_pick_1", "prodops_log_pick_2", "prodops_log_pick_3")

_BUTTON_VALUE = 2000
_ECHO = 600


@dataclass(frozen=True)
class Understood:
    """What "Open the form" carries: the amounts that were read, as texts by category id."""

    period: Period | None
    unit: str
    amounts: dict[str, str]


def receipt_lines(
    *,
    split: Split,
    catalog: Catalog,
    own_operational: int,
    own_strategic: int,
    own_mean: tuple[int, int, int] | None,
) -> list[str]:
    """The split as bars and one's own shares as a sentence; shares in basis points.

    `own_mean` is (operational, strategic, number of weeks) over the weeks before this one.
    """
    return [*split_bars(split, catalog), _own_shares(own_operational, own_strategic, own_mean)]


def split_bars(split: Split, catalog: Catalog) -> list[str]:
    """The categories with time in them, largest first, as code blocks of one row each.

    Bars stand before names: names in wide scripts would push them out of line.
    """
    return monospaced(
        [f"{bar(percent_of(share))}  {label}" for label, share in _ranked(split, catalog)]
    )


def _ranked(split: Split, catalog: Catalog) -> list[tuple[str, int]]:
    """(name, basis points) of every category with time in it, largest first."""
    ranked = sorted(split.shares.items(), key=lambda entry: -entry[1])
    return [(_category_name(catalog, key), share) for key, share in ranked if share > 0]


def _category_name(catalog: Catalog, category_id: str) -> str:
    known: Category | None = catalog.get(category_id)
    return name(known.name if known else category_id)


def _own_shares(operational: int, strategic: int, mean: tuple[int, int, int] | None) -> str:
    if mean is None:
        return (
            f"Your operational share {percent_of(operational)}%, "
            f"strategic {percent_of(strategic)}%."
        )
    usual_operational, usual_strategic, weeks = mean
    span = f"{weeks}-week mean" if weeks > 1 else "the week before"
    return (
        f"Your operational share {percent_of(operational)}% "
        f"({span} {percent_of(usual_operational)}%), "
        f"strategic {percent_of(strategic)}% ({percent_of(usual_strategic)}%)."
    )


def receipt(
    *,
    period: Period,
    split: Split,
    catalog: Catalog,
    own_operational: int,
    own_strategic: int,
    own_mean: tuple[int, int, int] | None,
    first: bool,
) -> Message:
    """The receipt, for the person alone; arguments as in `receipt_lines`."""
    lines = receipt_lines(
        split=split,
        catalog=catalog,
        own_operational=own_operational,
        own_strategic=own_strategic,
        own_mean=own_mean,
    )
    week = str(period)
    blocks = sections([f"*Logged: {period.label}*", *lines])
    if first:
        blocks.append(context("Your first week. Next time “Same as last week” may do."))
    blocks.append(
        actions(
            button("Edit", EDIT, week, spoken=f"Edit {period.label}"),
            button("Undo", UNDO, week, spoken=f"Undo this entry for {period.label}"),
        )
    )
    ranked = _ranked(split, catalog)
    shares = ", ".join(f"{label} {percent_of(share)}%" for label, share in ranked)
    return message(f"Logged: {period.label}. {lines[-1]} {shares}.", blocks)


def undone(period: Period, what_stands_now: str | None = None) -> Message:
    """`what_stands_now` is plain text, such as the split before the edit; None: nothing stands."""
    if what_stands_now:
        text = f"Undone. For {period.label} this stands again: {escape(what_stands_now)}"
    else:
        text = f"Undone. Nothing is logged for {period.label} now."
    return message(text, [section(text), actions(_log_again(period))])


def skipped_receipt(period: Period, reason: str | None = None) -> Message:
    because = f" ({name(reason, 200)})" if reason and reason.strip() else ""
    text = f"{period.label} is skipped{because}. It does not count as missing."
    spoken = f"Log {period.label} after all"
    again = button("Log it after all", LOG, str(period), spoken=spoken)
    undo = button("Undo", UNDO, str(period), spoken=f"Undo skipping {period.label}")
    return message(text, [section(text), actions(again, undo)])


def same_without_history(period: Period | None = None) -> Message:
    text = "There is no earlier week to repeat yet. Log this one first."
    return message(text, [section(text), actions(_log_again(period))])


def _log_again(period: Period | None) -> Block:
    return button("Log my week", LOG, str(period) if period else "", style="primary")


def problem(trouble: LogProblem) -> Message:
    """What was wrong in one sentence, the text as it was typed, and the ways on from here."""
    said = escape(trouble.message)
    blocks = [section(said)]
    echo = escape(trouble.text.strip())
    if echo:
        blocks.append(section("You wrote:\n>" + fit(echo, _ECHO).replace("\n", "\n>")))
    if trouble.candidates:
        names = " or ".join(f"*{name(c.name)}*" for c in trouble.candidates)
        blocks.append(section(f"Did you mean {names}?"))
    form = button("Open the form", OPEN_FORM, _pack_understood(trouble), style="primary")
    blocks.append(actions(*_picks(trouble), form))
    return message(f"{said} You wrote: {fit(echo, _ECHO)}", blocks)


def _picks(trouble: LogProblem) -> list[Block]:
    """A button per candidate that sends the text again with the candidate in place."""
    around = _around_unknown(trouble)
    if around is None:
        return []
    picks = []
    for action_id, category in zip(PICK, trouble.candidates, strict=False):
        text = category.id.join(around)
        value = json.dumps({"p": _week(trouble.period), "t": text}, ensure_ascii=False)
        if length(value) <= _BUTTON_VALUE:
            picks.append(button(one_line(category.name), action_id, value))
    return picks


def _around_unknown(trouble: LogProblem) -> list[str] | None:
    """The text before and after the words that name no category; None unless they stand once."""
    if not trouble.unknown:
        return None
    parts = re.split(re.escape(trouble.unknown), trouble.text, flags=re.IGNORECASE)
    return parts if len(parts) == 2 else None


def read_picked(value: str) -> tuple[Period | None, str]:
    """The week meant and the corrected text, to be read by the grammar again."""
    carried = json.loads(value)
    return _period(carried["p"]), str(carried["t"])


def _pack_understood(trouble: LogProblem) -> str:
    """As JSON, without the last amounts if a button could not carry them all."""
    amounts = {key: f"{amount:f}" for key, amount in trouble.understood.items()}
    while True:
        value = _understood_json(trouble, amounts)
        if length(value) <= _BUTTON_VALUE:
            return value
        amounts.popitem()


def _understood_json(trouble: LogProblem, amounts: Mapping[str, str]) -> str:
    carried = {"p": _week(trouble.period), "u": trouble.unit, "a": amounts}
    return json.dumps(carried, ensure_ascii=False, separators=(",", ":"))


def read_understood(value: str) -> Understood:
    carried = json.loads(value)
    return Understood(_period(carried["p"]), str(carried["u"]), dict(carried["a"]))


def _week(period: Period | None) -> str:
    return str(period) if period else ""


def _period(week: str) -> Period | None:
    return Period.parse(week) if week else None
