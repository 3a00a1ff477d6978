"""The form in which a week is logged: one number per category, with a total that follows along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from domain.categories import Catalog, Category
from domain.periods import Period
from domain.timesplit import MOST_HOURS, TOLERANCE, plain
from handlers.views.blocks import Block, View, context, modal, one_line, option, section
from handlers.views.inputs import (
    StateValues,
    field,
    filled_text,
    number_input,
    static_select,
)

LOG_MODAL = "prodops_log_form"
LOG_STATE_MODAL = "prodops_log_state"
WEEK = "prodops_log_week"
UNIT = "prodops_log_unit"
AMOUNT = "prodops_log_amount"
TOTAL_BLOCK = "prodops_log_total"

TITLE = "Log my week"
_UNITS = {"percent": "Percent", "hours": "Hours"}


@dataclass(frozen=True)
class LogForm:
    """The form as it was sent: amounts are the texts typed, by category id, empty ones left out."""

    period: Period
    unit: str
    amounts: dict[str, str]


def amount_block(category_id: str, revision: str = "") -> str:
    """Block id of a category's number, where errors are shown.

    Slack keeps what was typed for as long as the id stays: another `revision` shows new values.
    """
    return f"{AMOUNT}:{revision}:{category_id}"


def log_modal(
    *,
    period: Period,
    weeks: Sequence[tuple[Period, str]],
    catalog: Catalog,
    amounts: Mapping[str, str],
    unit: str,
    notice: str | None = None,
    already_logged: bool = False,
    total_text: str | None = None,
    revision: str = "",
    private_metadata: str = "",
) -> View:
    """The form; `weeks` are the choices newest first, `amounts` what stands in it by category id.

    `total_text` defaults to the total of `amounts`; `notice` is ready mrkdwn.
    """
    top = [section(notice)] if notice else []
    if already_logged:
        top.append(context(f"{period.label} is already logged; saving replaces it."))
    numbers = [_amount_field(c, amounts.get(c.id, ""), revision) for c in catalog.active]
    total = context(total_text or total_line(amounts, unit), block_id=TOTAL_BLOCK)
    return modal(
        TITLE,
        [*top, _week_field(period, weeks), _unit_field(unit), *numbers, total],
        callback_id=LOG_MODAL,
        submit="Save",
        close="Cancel",
        private_metadata=private_metadata,
    )


def _week_field(period: Period, weeks: Sequence[tuple[Period, str]]) -> Block:
    choices = [option(label, str(week)) for week, label in weeks]
    if not any(week == period for week, _ in weeks):
        choices.insert(0, option(period.label, str(period)))
    select = static_select(WEEK, choices, str(period))
    return field("Week", select, block_id=WEEK, dispatch=True)


def _unit_field(unit: str) -> Block:
    choices = [option(label, key) for key, label in _UNITS.items()]
    return field("Unit", static_select(UNIT, choices, unit), block_id=UNIT, dispatch=True)


def _amount_field(category: Category, amount: str, revision: str) -> Block:
    return field(
        one_line(category.name),
        number_input(AMOUNT, amount, live=True),
        block_id=amount_block(category.id, revision),
        hint=one_line(category.definition, 200) if category.definition.strip() else "",
        optional=True,
        dispatch=True,
    )


def read_modal(state_values: StateValues) -> LogForm:
    """The form as filled in, from `view["state"]["values"]`; also while it is still being typed."""
    amounts = {}
    for block_id in state_values:
        if block_id.startswith(f"{AMOUNT}:"):
            typed = filled_text(state_values, block_id, AMOUNT)
            if typed:
                amounts[block_id.split(":", 2)[2]] = typed
    week = filled_text(state_values, WEEK, WEEK)
    unit = filled_text(state_values, UNIT, UNIT) or "percent"
    return LogForm(Period.parse(week), unit, amounts)


def total_line(amounts: Mapping[str, str], unit: str) -> str:
    """`Total 85% — 15 left` or `Total 38.5 h`; texts that are no numbers do not count."""
    total = sum((_number(text) for text in amounts.values()), Decimal(0))
    if unit == "hours":
        over = f" — a week holds at most {MOST_HOURS}" if total > MOST_HOURS else ""
        return f"Total {plain(total)} h{over}"
    missing = 100 - total
    if abs(missing) <= TOLERANCE:
        return f"Total {plain(total)}% — ready to save"
    rest = f"{plain(missing)} left" if missing > 0 else f"{plain(-missing)} too many"
    return f"Total {plain(total)}% — {rest}"


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() and abs(number) < 10**6 else Decimal(0)


def loading_modal() -> View:
    return _state("One moment, opening your week…")


def saving_modal() -> View:
    return _state("Saving your week…")


def saved_modal(text: str) -> View:
    """`text` is ready mrkdwn, such as the lines of the receipt."""
    return _state(text, close="Done")


def problem_modal(text: str) -> View:
    """`text` is ready mrkdwn: one sentence on what went wrong and what to do."""
    return _state(text)


def _state(text: str, close: str = "Close") -> View:
    return modal(TITLE, [section(text)], callback_id=LOG_STATE_MODAL, close=close)
