"""A workspace's changes to the categories: renamed, added, archived."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from domain.categories import CategoryOverride
from storage.database import Tx
from storage.schema import category_overrides, workspaces

# Asked by nearly every listener: made once, since making a statement takes as long as running it.
_OVERRIDES = (
    select(category_overrides)
    .where(category_overrides.c.workspace_id == bindparam("workspace"))
    .order_by(category_overrides.c.position, category_overrides.c.category_id)
)


_WITH_CHARTS = (
    select(workspaces.c.charts, category_overrides)
    .outerjoin(category_overrides, category_overrides.c.workspace_id == workspaces.c.workspace_id)
    .where(workspaces.c.workspace_id == bindparam("workspace"))
    .order_by(category_overrides.c.position, category_overrides.c.category_id)
)


async def overrides(tx: Tx) -> Sequence[CategoryOverride]:
    rows = await tx.connection.execute(_OVERRIDES, {"workspace": tx.workspace_id})
    return [_override(row) for row in rows]


async def with_charts(tx: Tx) -> tuple[Sequence[CategoryOverride], bool]:
    """The same, and whether this workspace takes native charts, as far as we know."""
    rows = (await tx.connection.execute(_WITH_CHARTS, {"workspace": tx.workspace_id})).all()
    changes = [_override(row) for row in rows if row.category_id is not None]
    return changes, rows[0].charts if rows else True


def _override(row: Any) -> CategoryOverride:
    return CategoryOverride(
        id=row.category_id,
        group=row.grouping,
        name=row.name,
        definition=row.definition,
        aliases=tuple(row.aliases) if row.aliases is not None else None,
        archived=row.archived,
        position=row.position,
    )


async def change(tx: Tx, override: CategoryOverride) -> None:
    """Store one category's changes in place of those stored before."""
    await tx.upsert(
        category_overrides,
        {
            "workspace_id": tx.workspace_id,
            "category_id": override.id,
            "grouping": override.group,
            "name": override.name,
            "definition": override.definition,
            "aliases": list(override.aliases) if override.aliases is not None else None,
            "archived": override.archived,
            "position": override.position,
        },
        ["workspace_id", "category_id"],
        ["grouping", "name", "definition", "aliases", "archived", "position"],
    )
