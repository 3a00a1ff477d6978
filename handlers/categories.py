"""The categories modal: leads and admins rename, add and archive what weeks are split into."""

from dataclasses import replace
from itertools import count

from domain.categories import (
    Catalog,
    CatalogError,
    CategoryOverride,
    with_overrides,
)
from domain.labels import words_of
from handlers import profiles
from handlers.call import Answer, Call, Errors, Reply
from handlers.errors import sentence
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.views.blocks import View
from handlers.views.categories import (
    ADD,
    ARCHIVE,
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
        catalog = await call.services.catalog_of(tx)
        if category_id is None:
            override = replace(override, id=_free_id(catalog, override.id))
        complaints = _complaints(catalog, override)
        if complaints:
            return Errors(complaints)
        standing = await categories.overrides(tx)
        others = [known for known in standing if known.id != override.id]
        try:
            with_overrides(call.services.catalog, [*others, override])
        except CatalogError as problem:
            _, _, fault = str(problem).rpartition(": ")
            return Errors({NAME: f"That cannot be used as a name or another word: {fault}."})
        await categories.change(tx, override)
    below = call.view.get("previous_view_id")
    if below:
        call.services.background(_refresh_list(call, str(below)))
    return None


def _free_id(catalog: Catalog, wanted: str) -> str:
    """A new category must not slip into the place of an old one whose name reads alike."""
    free = (f"{wanted}-{n}" if n > 1 else wanted for n in count(1))
    return next(category_id for category_id in free if catalog.get(category_id) is None)


def _complaints(catalog: Catalog, override: CategoryOverride) -> dict[str, str]:
    if not words_of(override.name or ""):
        return {NAME: "Give the category a name."}
    others = [category for category in catalog.active if category.id != override.id]
    if override.archived:
        return {} if others else {ARCHIVE: "At least one category must stay in use."}
    words = words_of(override.name or "")
    same = next((category for category in others if words_of(category.name) == words), None)
    return {NAME: f"{same.name} is a category already: choose another name."} if same else {}


async def _refresh_list(call: Call, view_id: str) -> None:
    await call.client.views_update(view_id=view_id, view=await _list(call))
