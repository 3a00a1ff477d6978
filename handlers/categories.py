"""The categories modal: leads and admins rename, add and archive what weeks are split into."""

from domain.categories import CatalogError, with_overrides
from handlers import profiles
from handlers.call import Answer, Call, Errors, Reply
from handlers.errors import sentence
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.views.blocks import View
from handlers.views.categories import (
    ADD,
    CATEGORY_MODAL,
    CHANGE,
    NAME,
    OPEN,
    categories_modal,
    category_modal,
    read_category,
)
from storage import categories, teams


def register(registry: Registry) -> None:
    registry.actions[OPEN] = open_clicked
    registry.actions[CHANGE] = change_clicked
    registry.actions[ADD] = change_clicked
    registry.submissions[CATEGORY_MODAL] = save


async def _may_change(call: Call) -> bool:
    """They are the workspace's: any lead of a team, and admins."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        return member.is_admin or bool(await teams.of_lead(tx, call.user_id))


async def open_clicked(call: Call) -> Answer:
    if not await _may_change(call):
        return Reply(sentence("Only leads of a team can change the categories."))
    await open_modal(call, _list(call))
    return None


async def _list(call: Call) -> View:
    async with call.read() as tx:
        return categories_modal(await call.services.catalog_of(tx))


async def change_clicked(call: Call) -> Answer:
    """*Change* beside a category, or *Add a category*: its form on top of the list."""
    async with call.read() as tx:
        catalog = await call.services.catalog_of(tx)
    known = catalog.get(call.value) if call.value else None
    view = category_modal(known, private_metadata=known.id if known else "")
    await call.client.views_push(trigger_id=str(call.trigger_id), view=view)
    return None


async def save(call: Call) -> Answer:
    if not await _may_change(call):
        return Errors({NAME: "Only leads of a team can change the categories."})
    category_id = str(call.view.get("private_metadata") or "") or None
    override = read_category(call.values, category_id)
    async with call.write() as tx:
        standing = await categories.overrides(tx)
        others = [known for known in standing if known.id != override.id]
        try:
            with_overrides(call.services.catalog, [*others, override])
        except CatalogError as problem:
            return Errors({NAME: str(problem)})
        await categories.change(tx, override)
    below = call.view.get("previous_view_id")
    if below:
        call.services.background(_refresh_list(call, str(below)))
    return None


async def _refresh_list(call: Call, view_id: str) -> None:
    await call.client.views_update(view_id=view_id, view=await _list(call))
