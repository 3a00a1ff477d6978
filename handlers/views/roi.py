"""The return on product operations: with money for a lead, as a bare multiple for the channel."""

from collections.abc import Sequence
from fractions import Fraction

from domain.roi import RoiInputs, RoiResult, Worth, hours_text, multiple_text
from handlers.views.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    escape,
    fit,
    header,
    message,
    modal,
    name,
    one_line,
    section,
)
from handlers.views.words import counted

ROI = "prodops_roi_show"
EDIT = "prodops_roi_edit"
POST = "prodops_roi_post"
SAVED_MODAL = "prodops_roi_saved"

_FORMULA = (
    "multiple = hours removed × loaded rate of a PM × realisation ÷ cost of product operations"
)
_FLOOR = (
    "Hours are the floor: saved hours alone rarely return more than 5x. "
    "The case is what the freed time buys."
)


def roi_message(
    result: RoiResult,
    worth: Worth,
    inputs: RoiInputs,
    *,
    team_id: str,
    team_name: str,
    baseline: str,
    notice: str = "",
) -> Message:
    """For a lead alone: the figures in money too, what they rest on, and the buttons.

    `baseline` says which weeks it is made of; `notice` is ready mrkdwn.
    """
    title = f"Return of product operations: {one_line(team_name)}"
    buttons = [button("Edit inputs", EDIT, team_id)]
    if result.multiple is not None:
        buttons.append(button("Post the multiple", POST, team_id))
    blocks = [
        header(title),
        *([section(notice)] if notice else []),
        *result_blocks(result, worth, inputs, baseline=baseline),
        actions(*buttons),
    ]
    said = f"{escape(title)}. {headline(result)}".replace("*", "")
    return message(f"{notice} {said}".strip(), blocks)


def roi_saved(
    result: RoiResult, worth: Worth, inputs: RoiInputs, *, baseline: str, notes: Sequence[str]
) -> View:
    """What the inputs that were just saved come to; `notes` are ready mrkdwn."""
    blocks = [
        *result_blocks(result, worth, inputs, baseline=baseline),
        *[context(note) for note in notes],
        context("`/prodops roi` shows this again, with a button that posts the multiple."),
    ]
    return modal("Inputs saved", blocks, callback_id=SAVED_MODAL, close="Done")


def result_blocks(
    result: RoiResult, worth: Worth, inputs: RoiInputs, *, baseline: str
) -> list[Block]:
    blocks = [section(headline(result))]
    if result.hours_removed is not None:
        blocks.append(section("\n".join(_workings(result, worth, inputs, baseline))))
    elif result.breakeven_hours is not None:
        blocks.append(section(_breakeven(result)))
    if result.hours_removed is not None and inputs.other_benefits.strip():
        others = fit(escape(inputs.other_benefits), 1200)
        blocks.append(section(f"*Other benefits*, not part of the multiple:\n{others}"))
    notes = [*result.notes]
    if result.multiple is not None:
        notes.append(_FLOOR)
    if notes:
        blocks.append(context("\n".join(f"• {escape(note)}" for note in notes)))
    return blocks


def headline(result: RoiResult) -> str:
    """The multiple, or why there is none; ready mrkdwn."""
    if result.multiple is None or result.gross is None:
        said = f"*{result.why}*"
        if result.status == "no_cost":
            said += (
                "\nWith what product operations costs, and what a PM earns, there is a multiple."
            )
        return said
    said = f"*{multiple_text(result.multiple)}* realised (gross {multiple_text(result.gross)})"
    if result.load_grew:
        said += ": *load grew*. PMs spend more hours on operations than in the baseline"
    if result.status == "preliminary":
        said += f"\n_{result.why}: too few to lean on._"
    return said


def _workings(result: RoiResult, worth: Worth, inputs: RoiInputs, baseline: str) -> list[str]:
    removed = hours_text(result.hours_removed or Fraction(0))
    since = f"{counted(result.pms, 'PM')} over {counted(result.weeks, 'week')}"
    lines = [
        f"*How:* {_FORMULA}",
        f"*Hours removed:* {removed}, {since} since the baseline ({baseline})",
        f"*Realisation:* {realisation_text(result)}",
    ]
    unit = escape(inputs.currency)
    if worth.hourly:
        lines.append(
            f"*Worth:* {money(worth.hourly, unit)} an hour: {money(worth.gross, unit)} gross, "
            f"{money(worth.realised, unit)} realised"
        )
    if worth.cost:
        lines.append(f"*Cost:* {money(worth.cost, unit)}{_for_part(result)}")
    if result.breakeven_full is not None:
        lines.append(_breakeven(result))
    return lines


def _for_part(result: RoiResult) -> str:
    return "" if result.quarters == 1 else f", for {float(result.quarters):.2f} of a quarter"


def realisation_text(result: RoiResult, *, hours: bool = True) -> str:
    """How much of the removed hours counts, and why."""
    part = f"{float(result.realisation):.2f}".rstrip("0").rstrip(".")
    if result.load_grew:
        return f"{part}: hours that were added count in full"
    if not result.realisation_measured:
        return f"{part}, assumed: not measurable yet"
    if not hours:
        return f"{part}, measured"
    gained = hours_text(result.strategic_gained or Fraction(0))
    return f"{part}, measured: {gained} more for customers and strategy"


def _breakeven(result: RoiResult) -> str:
    full = hours_text(result.breakeven_full or Fraction(0))
    if result.breakeven_hours is None:
        return (
            "*Break-even:* none while no freed hour reaches customers or strategy; "
            f"{full} per PM and week if every hour did"
        )
    now = hours_text(result.breakeven_hours)
    return f"*Break-even:* {now} per PM and week, {full} if every freed hour is realised"


def money(amount: Fraction, unit: str) -> str:
    """`97.5 EUR`, `33.7k EUR`, `1.2m EUR`; `unit` is ready mrkdwn."""
    size = abs(float(amount))
    sign = "−" if amount < 0 else ""
    if size >= 999_950:
        text = f"{size / 1_000_000:,.1f}m"
    elif size >= 1_000:
        text = f"{size / 1_000:,.1f}k"
    else:
        text = f"{size:,.2f}".rstrip("0").rstrip(".")
    return f"{sign}{text} {unit}".strip()


def roi_post(result: RoiResult, *, team_name: str, baseline: str) -> Message:
    """For the channel: multiples and what they rest on; no money, nobody's hours."""
    if result.multiple is None or result.gross is None:
        raise ValueError("only a multiple can be posted")
    said = (
        f"*Return of product operations in {name(team_name)}: "
        f"{multiple_text(result.multiple)}* (gross {multiple_text(result.gross)})"
    )
    if result.load_grew:
        said += ". The load grew: more hours go to operations than in the baseline"
    basis = [
        f"{counted(result.pms, 'PM')} over {counted(result.weeks, 'week')}, baseline {baseline}",
        f"realisation {realisation_text(result, hours=False)}",
    ]
    if result.status == "preliminary":
        basis.insert(0, result.why)
    notes = [f"How: {_FORMULA}. {_FLOOR}", " · ".join(basis)]
    spoken = f"{said}. {notes[1]}.".replace("*", "")
    return message(spoken, [section(said), context(*[escape(note) for note in notes])])
