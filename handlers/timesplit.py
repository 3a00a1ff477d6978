"""Logging a week: typed after the command, through buttons, or in the form."""

from collections.abc import Callable, Mapping

from domain.categories import Catalog
from domain.grammar import (
    LogCommand,
    LogOpen,
    LogProblem,
    LogSame,
    LogSkip,
    LogSplit,
    parse_log,
)
from domain.periods import Period
from handlers import logform, profiles
from handlers.call import Answer, Call, Reply
from handlers.errors import sentence
from handlers.recording import WEEKS_BACK, describe, record, touch
from handlers.registry import Registry
from handlers.views import prompt, receipts
from handlers.views.blocks import Message
from storage import timesplit
from storage.database import Tx
from storage.timesplit import Log


def register(registry: Registry) -> None:
    registry.commands["log"] = log
    registry.actions[prompt.SAME] = same_clicked
    registry.actions[prompt.SKIP] = skip_clicked
    registry.actions[receipts.UNDO] = undo_clicked
    for action_id in receipts.PICK:
        registry.actions[action_id] = candidate_clicked


async def log(call: Call) -> Answer:
    """`/prodops log …`: record at once, or open the form."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    return await understand(call, call.text, member.person.tz, None, "command")


async def understand(
    call: Call, text: str, tz: str | None, default: Period | None, source: str
) -> Answer:
    """Do what a typed answer says; where that is unclear, the form opens with what was read."""
    today = call.services.today(tz)
    async with call.write() as tx:
        catalog = await call.services.catalog_of(tx)
        command = parse_log(text, catalog, today, default)
        if not isinstance(command, LogOpen):
            said = Reply(await carry_out(call, tx, catalog, command, source))
    if isinstance(command, LogProblem) and call.trigger_id is not None:
        call.services.background(logform.open_understood(call, command))
    if not isinstance(command, LogOpen):
        return said
    if call.trigger_id is None:
        return Reply(receipts.problem(_nothing_typed(command, text)))
    await logform.open_form(call, command.period)
    return None


def _nothing_typed(command: LogOpen, text: str) -> LogProblem:
    return LogProblem(
        period=command.period,
        text=text,
        message="Write how the week went, for example: " + prompt.EXAMPLE,
        understood={},
        unit="percent",
        candidates=(),
        unknown=None,
    )


async def carry_out(
    call: Call,
    tx: Tx,
    catalog: Catalog,
    command: LogCommand,
    source: str,
    *,
    clicked: str | None = None,
) -> Message:
    """Store what a command says and answer with its receipt (or what was wrong)."""
    match command:
        case LogSplit(period=period, split=split):
            pass
        case LogSame(period=period):
            last = await last_split(tx, call.user_id, period)
            if last is None or last.split is None:
                return receipts.same_without_history(period)
            split = last.split
        case LogSkip(period=period, reason=reason):
            await record(
                call.services,
                tx,
                call.user_id,
                period,
                None,
                now=call.now,
                source=source,
                reason=(reason or "")[:200] or None,
                clicked=clicked,
            )
            return receipts.skipped_receipt(period, reason)
        case LogProblem():
            return receipts.problem(command)
        case _:
            raise AssertionError(command)
    await record(
        call.services, tx, call.user_id, period, split, now=call.now, source=source, clicked=clicked
    )
    return (await describe(tx, call.user_id, period, split, catalog)).receipt


async def last_split(tx: Tx, user_id: str, before: Period) -> Log | None:
    """The newest split of a week before this one."""
    found = await timesplit.recent(tx, user_id, before.shift(-1), 1, only_splits=True)
    return found[0] if found else None


async def same_clicked(call: Call) -> Answer:
    """*Same as last week* in a prompt."""
    return await _click(call, LogSame)


async def skip_clicked(call: Call) -> Answer:
    """*Skip this week* in a prompt."""
    return await _click(call, lambda period: LogSkip(period, ""))


async def _click(call: Call, command_for: Callable[[Period], LogCommand]) -> Answer:
    period = Period.parse(call.value)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    if too_long_ago(call, period, member.person.tz):
        return Reply(sentence(_too_old(period)))
    async with call.write() as tx:
        standing = await timesplit.get(tx, call.user_id, period)
        if standing is None:
            catalog = await call.services.catalog_of(tx)
            command = command_for(period)
            said = await carry_out(call, tx, catalog, command, "button", clicked=call.message_ts)
        else:
            said = await as_it_stands(call, tx, standing)
        if call.message_ts is None:
            return Reply(said)
        now_standing = await timesplit.get(tx, call.user_id, period)
        if now_standing is None:
            return Reply(said)
        return Reply(await as_it_stands(call, tx, now_standing), replace=True)


async def as_it_stands(call: Call, tx: Tx, log: Log) -> Message:
    """What a prompt turns into once its week was answered."""
    if log.split is None:
        return prompt.skipped(log.period, log.reason)
    catalog = await call.services.catalog_of(tx)
    return (await describe(tx, log.user_id, log.period, log.split, catalog)).answered_prompt


def too_long_ago(call: Call, period: Period, tz: str | None) -> bool:
    this = Period.containing(call.services.today(tz))
    return period < this.shift(-WEEKS_BACK) or period > this


def _too_old(period: Period) -> str:
    return (
        f"{period.label} is too long ago to change: weeks can be logged up to "
        f"{WEEKS_BACK} weeks back. Use `/prodops log` for a newer one."
    )


async def undo_clicked(call: Call) -> Answer:
    """*Undo* in a receipt: what stood before the last change stands again."""
    period = Period.parse(call.value)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    if too_long_ago(call, period, member.person.tz):
        return Reply(sentence(_too_old(period)))
    async with call.write() as tx:
        changed, standing = await timesplit.undo(tx, call.user_id, period, call.now)
        if not changed:
            return Reply(sentence(f"There is nothing to undo for {period.label}."))
        await touch(call.services, tx, call.user_id, period, call.now)
        stands = await _in_words(call, tx, standing)
    return Reply(receipts.undone(period, stands), replace=True)


async def _in_words(call: Call, tx: Tx, log: Log | None) -> str | None:
    if log is None:
        return None
    if log.split is None:
        return "skipped"
    catalog = await call.services.catalog_of(tx)
    named: Mapping[str, int] = log.split.shares
    return ", ".join(
        f"{found.name if (found := catalog.get(key)) else key} {share / 100:g}%"
        for key, share in sorted(named.items(), key=lambda entry: -entry[1])
    )


async def candidate_clicked(call: Call) -> Answer:
    """A suggestion under "unknown category": the text is read again with it in place."""
    period, text = receipts.read_picked(call.value)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    answer = await understand(call, text, member.person.tz, period, "command")
    return Reply(answer.message, replace=True) if isinstance(answer, Reply) else answer
