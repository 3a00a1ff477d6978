"""The form in which a week is logged: opening it filled, its running total, saving it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from domain.categories import Catalog
from domain.grammar import LogProblem
from domain.periods import Period
from domain.timesplit import Split, SplitProblem, split_from_minutes, split_from_percent
from handlers import profiles
from handlers.call import Answer, Call, Errors, Reply
from handlers.modals import open_modal
from handlers.recording import WEEKS_BACK, describe, record
from handlers.registry import Registry
from handlers.slack import FAILURES
from handlers.views import prompt, receipts
from handlers.views.blocks import View, escape
from handlers.views.timesplit import (
    AMOUNT,
    LOG_MODAL,
    WEEK,
    LogForm,
    log_modal,
    read_modal,
)
from storage import prompts, timesplit
from storage.database import Tx

#: The global shortcut of the manifest.
SHORTCUT = "prodops_log_week"


def register(registry: Registry) -> None:
    registry.shortcuts[SHORTCUT] = open_clicked
    registry.actions[prompt.LOG] = open_clicked
    registry.actions[prompt.EDIT] = open_clicked
    registry.actions[receipts.OPEN_FORM] = understood_clicked
    registry.submissions[LOG_MODAL] = save


async def open_clicked(call: Call) -> Answer:
    """*Log my week* anywhere; the button may say which week, an old one falls to this week."""
    await open_form(call, Period.parse(call.value) if call.value else None)
    return None


async def understood_clicked(call: Call) -> Answer:
    """*Open the form* under a text that could not be read: filled with what was understood."""
    carried = receipts.read_understood(call.value)
    await open_form(call, carried.period, (carried.amounts, carried.unit))
    return None


async def open_understood(call: Call, trouble: LogProblem) -> None:
    """Open the form beside the answer that says what was wrong; the answer alone must do too."""
    amounts = {key: f"{amount:f}" for key, amount in trouble.understood.items()}
    notice = escape(trouble.message)
    with suppress(*FAILURES):
        await open_form(call, trouble.period, (amounts, trouble.unit), notice)


async def open_form(
    call: Call,
    period: Period | None,
    filled: tuple[Mapping[str, str], str] | None = None,
    notice: str | None = None,
) -> None:
    """Open the form for a week, with these (amounts, unit) or what stands, or the last split."""
    await open_modal(call, _form(call, period, filled, notice))


async def _form(
    call: Call,
    period: Period | None,
    filled: tuple[Mapping[str, str], str] | None,
    notice: str | None,
) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    choices = weeks_of(call, member.person.tz)
    if period is None or period not in [week for week, _ in choices]:
        period = choices[0][0]
    async with call.read() as tx:
        catalog = await call.services.catalog_of(tx)
        standing, last = await standing_split(tx, call.user_id, period)
    shown, unit = filled or amounts_of(standing or last, catalog)
    return log_modal(
        period=period,
        weeks=choices,
        catalog=catalog,
        amounts=shown,
        unit=unit,
        notice=notice,
        already_logged=standing is not None,
        revision=revision_of(period) if standing else "",
        private_metadata=_origin(call),
    )


async def standing_split(tx: Tx, user_id: str, period: Period) -> tuple[Split | None, Split | None]:
    """(what is logged for the week, the newest split before it)."""
    log = await timesplit.get(tx, user_id, period)
    if log is not None and log.split is not None:
        return log.split, None
    earlier = await timesplit.recent(tx, user_id, period.shift(-1), 1, only_splits=True)
    return None, earlier[0].split if earlier else None


def revision_of(period: Period) -> str:
    return f"{period}".replace("-", "")


def weeks_of(call: Call, tz: str | None) -> list[tuple[Period, str]]:
    this = Period.containing(call.services.today(tz))
    names = ["This week", "Last week", *[f"{n} weeks ago" for n in range(2, WEEKS_BACK + 1)]]
    return [
        (week, f"{label}, {week.label}")
        for n, label in enumerate(names)
        for week in [this.shift(-n)]
    ]


def amounts_of(split: Split | None, catalog: Catalog) -> tuple[dict[str, str], str]:
    """A split as the form shows it; archived categories have no field and drop out."""
    if split is None:
        return {}, "percent"
    fields = {category.id for category in catalog.active}
    if split.minutes is not None:
        hours = {k: f"{m / 60:.2f}".rstrip("0").rstrip(".") for k, m in split.minutes.items()}
        return {k: text for k, text in hours.items() if k in fields}, "hours"
    return {k: f"{bp / 100:g}" for k, bp in split.shares.items() if k in fields}, "percent"


def _origin(call: Call) -> str:
    """Where the receipt goes: through the command's own URL, or in place of an older receipt."""
    if not call.response_url or call.message_ts is not None:
        return ""
    return json.dumps({"url": call.response_url, "replace": call.kind == "action"})


async def save(call: Call) -> Answer:
    """*Save*: store the week, or point at the field that is wrong and keep the form open."""
    form = read_modal(call.values)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    if form.period not in [week for week, _ in weeks_of(call, member.person.tz)]:
        return Errors({WEEK: f"Choose a week from now to {WEEKS_BACK} weeks back."})
    try:
        split = split_of(form)
    except SplitProblem as problem:
        return Errors({_blamed(call.values): str(problem)})
    async with call.write() as tx:
        await record(
            call.services, tx, call.user_id, form.period, split, now=call.now, source="form"
        )
        catalog = await call.services.catalog_of(tx)
        recorded = await describe(tx, call.user_id, form.period, split, catalog)
        asked = await prompts.was_asked(tx, call.user_id, form.period)
    origin = json.loads(call.view.get("private_metadata") or "{}")
    if not origin and asked:
        # The prompt in the person's DM turns into the receipt.
        return None
    return Reply(recorded.receipt, bool(origin.get("replace")), origin.get("url"))


def split_of(form: LogForm) -> Split:
    """The form's numbers as a split; SplitProblem says in one sentence what is wrong."""
    try:
        amounts = {k: Decimal(text.replace(",", ".")) for k, text in form.amounts.items()}
    except InvalidOperation as problem:
        raise SplitProblem("Use plain numbers, such as 40 or 7.5.") from problem
    if any(not a.is_finite() or a < 0 for a in amounts.values()):
        raise SplitProblem("Use numbers of 0 or more.")
    amounts = {k: a for k, a in amounts.items() if a}
    if not amounts:
        raise SplitProblem("Fill in at least one category.")
    if form.unit == "hours":
        return split_from_minutes(
            {k: round(min(a, Decimal(1000)) * 60) for k, a in amounts.items()}
        )
    return split_from_percent(amounts)


def _blamed(values: Mapping[str, object]) -> str:
    """Where to show a complaint about the sum: at the last number that was filled in."""
    fields = [block_id for block_id in values if block_id.startswith(f"{AMOUNT}:")]
    form_filled = [
        block_id
        for block_id in fields
        for state in [values[block_id]]
        if isinstance(state, dict) and (state.get(AMOUNT) or {}).get("value")
    ]
    return (form_filled or fields or [WEEK])[-1]
