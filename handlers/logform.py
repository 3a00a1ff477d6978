"""The form in which a week is logged: opening it filled, its running total, saving it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from slack_sdk.errors import SlackApiError

from domain.categories import Catalog
from domain.grammar import LogProblem
from domain.periods import Period
from domain.timesplit import Split, SplitProblem, split_from_minutes, split_from_percent
from handlers import profiles
from handlers.call import Answer, Call, Errors, Reply
from handlers.recording import WEEKS_BACK, describe, record
from handlers.registry import Registry
from handlers.slack import FAILURES, code_of
from handlers.views import prompt, receipts
from handlers.views.blocks import View, context, escape
from handlers.views.timesplit import (
    AMOUNT,
    LOG_MODAL,
    TOTAL_BLOCK,
    UNIT,
    WEEK,
    LogForm,
    loading_modal,
    log_modal,
    read_modal,
    total_line,
)
from storage import deliveries, timesplit
from storage.database import Tx

#: The global shortcut of the manifest.
SHORTCUT = "prodops_log_week"


def register(registry: Registry) -> None:
    registry.shortcuts[SHORTCUT] = open_clicked
    registry.actions[prompt.LOG] = open_clicked
    registry.actions[prompt.EDIT] = open_clicked
    registry.actions[receipts.OPEN_FORM] = understood_clicked
    registry.actions[AMOUNT] = follow_total
    registry.actions[UNIT] = follow_total
    registry.actions[WEEK] = week_chosen
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
    await call.open_modal(_form(call, period, filled, notice), loading_modal())


async def _form(
    call: Call,
    period: Period | None,
    filled: tuple[Mapping[str, str], str] | None,
    notice: str | None,
) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    weeks = _weeks(call, member.person.tz)
    if period is None or period not in [week for week, _ in weeks]:
        period = weeks[0][0]
    async with call.services.database.read(call.workspace_id) as tx:
        catalog = await call.services.catalog_of(tx)
        standing, last = await _standing(tx, call.user_id, period)
    amounts, unit = filled or _amounts(standing or last, catalog)
    return log_modal(
        period=period,
        weeks=weeks,
        catalog=catalog,
        amounts=amounts,
        unit=unit,
        notice=notice,
        already_logged=standing is not None,
        revision=_revision(period) if standing else "",
        private_metadata=_origin(call),
    )


async def _standing(tx: Tx, user_id: str, period: Period) -> tuple[Split | None, Split | None]:
    """(what is logged for the week, the newest split before it)."""
    log = await timesplit.get(tx, user_id, period)
    if log is not None and log.split is not None:
        return log.split, None
    earlier = await timesplit.recent(tx, user_id, period.shift(-1), 1, only_splits=True)
    return None, earlier[0].split if earlier else None


def _revision(period: Period) -> str:
    return f"{period}".replace("-", "")


def _weeks(call: Call, tz: str | None) -> list[tuple[Period, str]]:
    this = Period.containing(call.services.today(tz))
    names = ["This week", "Last week", *[f"{n} weeks ago" for n in range(2, WEEKS_BACK + 1)]]
    return [
        (week, f"{label}, {week.label}")
        for n, label in enumerate(names)
        for week in [this.shift(-n)]
    ]


def _amounts(split: Split | None, catalog: Catalog) -> tuple[dict[str, str], str]:
    """A split as the form shows it; archived categories have no field and drop out."""
    if split is None:
        return {}, "percent"
    fields = {category.id for category in catalog.active}
    if split.minutes is not None:
        hours = {k: f"{m / 60:.2f}".rstrip("0").rstrip(".") for k, m in split.minutes.items()}
        return {k: text for k, text in hours.items() if k in fields}, "hours"
    return {k: f"{bp / 100:g}" for k, bp in split.shares.items() if k in fields}, "percent"


def _origin(call: Call) -> str:
    """Where the receipt goes: back through the command's (or ephemeral message's) own URL."""
    is_message = call.message_ts is not None
    return json.dumps({"r": call.response_url}) if call.response_url and not is_message else ""


async def follow_total(call: Call) -> Answer:
    """A number or the unit changed: the total below follows, and nothing else moves."""
    form = read_modal(call.values)
    total = context(total_line(form.amounts, form.unit), block_id=TOTAL_BLOCK)
    blocks = [
        total if block.get("block_id") == TOTAL_BLOCK else block for block in call.view["blocks"]
    ]
    await _update(call, {**_kept(call), "blocks": blocks})
    return None


async def week_chosen(call: Call) -> Answer:
    """Another week: one that is logged already shows what stands, else the numbers stay."""
    form = read_modal(call.values)
    async with call.services.database.read(call.workspace_id) as tx:
        catalog = await call.services.catalog_of(tx)
        standing, _ = await _standing(tx, call.user_id, form.period)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    amounts, unit = _amounts(standing, catalog) if standing else (form.amounts, form.unit)
    view = log_modal(
        period=form.period,
        weeks=_weeks(call, member.person.tz),
        catalog=catalog,
        amounts=amounts,
        unit=unit,
        already_logged=standing is not None,
        revision=_revision(form.period) if standing else "",
        private_metadata=str(call.view.get("private_metadata") or ""),
    )
    await _update(call, view)
    return None


def _kept(call: Call) -> View:
    names = ("type", "title", "submit", "close", "callback_id", "private_metadata")
    return {name: call.view[name] for name in names if call.view.get(name)}


async def _update(call: Call, view: View) -> None:
    try:
        await call.client.views_update(
            view_id=call.view["id"], hash=call.view.get("hash"), view=view
        )
    except SlackApiError as problem:
        # A later keystroke has updated the view already, or it was closed: nothing to add.
        if code_of(problem) not in ("hash_conflict", "not_found", "view_not_found"):
            raise


async def save(call: Call) -> Answer:
    """*Save*: store the week, or point at the field that is wrong and keep the form open."""
    form = read_modal(call.values)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    if form.period not in [week for week, _ in _weeks(call, member.person.tz)]:
        return Errors({WEEK: f"Choose a week from now to {WEEKS_BACK} weeks back."})
    try:
        split = split_of(form)
    except SplitProblem as problem:
        return Errors({_blamed(call.values): str(problem)})
    async with call.services.database.write(call.workspace_id) as tx:
        await record(
            call.services, tx, call.user_id, form.period, split, now=call.now, source="form"
        )
        catalog = await call.services.catalog_of(tx)
        recorded = await describe(tx, call.user_id, form.period, split, catalog)
        asked = await deliveries.was_asked(tx, call.user_id, form.period)
    origin = json.loads(call.view.get("private_metadata") or "{}")
    if origin.get("r"):
        receipt = {"text": recorded.receipt["text"], "blocks": recorded.receipt["blocks"]}
        call.services.background(
            call.services.respond(origin["r"], {**receipt, "response_type": "ephemeral"})
        )
    elif not asked:
        # Nothing in the person's DM will turn into a receipt, so one is sent there.
        return Reply(recorded.receipt)
    return None


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
