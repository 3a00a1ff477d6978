"""The form for a week while it is being filled in: its total follows, another week shows anew."""

from slack_sdk.errors import SlackApiError

from handlers import profiles
from handlers.call import Answer, Call
from handlers.logform import amounts_of, revision_of, standing_split, weeks_of
from handlers.registry import Registry
from handlers.slack import code_of
from handlers.views.blocks import View, context
from handlers.views.timesplit import (
    AMOUNT,
    TOTAL_BLOCK,
    UNIT,
    WEEK,
    log_modal,
    read_modal,
    total_line,
)


def register(registry: Registry) -> None:
    changes = Changes()
    for action_id in (AMOUNT, UNIT, WEEK):
        registry.actions[action_id] = changes.follow


class Changes:
    """Changes of open forms: one update at a time for each, and only for the newest change.

    People type faster than Slack answers; each change carries the whole state of the form, so
    those in between need no update, and an older state must never come last.
    """

    def __init__(self) -> None:
        self._newest: dict[str, Call | None] = {}

    async def follow(self, call: Call) -> Answer:
        view_id = str(call.view["id"])
        at_work = view_id in self._newest
        self._newest[view_id] = call
        if at_work:
            return None
        try:
            while (newest := self._newest[view_id]) is not None:
                self._newest[view_id] = None
                await _show(newest)
        finally:
            del self._newest[view_id]
        return None


async def _show(call: Call) -> None:
    view = await _other_week(call) if call.id == WEEK else _with_total(call)
    try:
        await call.client.views_update(view_id=call.view["id"], view=view)
    except SlackApiError as problem:
        # Closed meanwhile: there is nothing left to show.
        if code_of(problem) not in ("not_found", "view_not_found"):
            raise


def _with_total(call: Call) -> View:
    """The form as it stands, with its total up to date and nothing else moved."""
    form = read_modal(call.values)
    total = context(total_line(form.amounts, form.unit), block_id=TOTAL_BLOCK)
    blocks = [
        total if block.get("block_id") == TOTAL_BLOCK else block for block in call.view["blocks"]
    ]
    kept = ("type", "title", "submit", "close", "callback_id", "private_metadata")
    return {name: call.view[name] for name in kept if call.view.get(name)} | {"blocks": blocks}


async def _other_week(call: Call) -> View:
    """Another week: one that is logged already shows what stands, else the numbers stay."""
    form = read_modal(call.values)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        catalog = await call.services.catalog_of(tx)
        standing, _ = await standing_split(tx, call.user_id, form.period)
    amounts, unit = amounts_of(standing, catalog) if standing else (form.amounts, form.unit)
    return log_modal(
        period=form.period,
        weeks=weeks_of(call, member.person.tz),
        catalog=catalog,
        amounts=amounts,
        unit=unit,
        already_logged=standing is not None,
        revision=revision_of(form.period) if standing else "",
        private_metadata=str(call.view.get("private_metadata") or ""),
    )
