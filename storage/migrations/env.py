"""Alembic's entry: uses the connection that `storage.migrate` opened."""

from typing import Any, Literal

from alembic import context

from storage.schema import Instant, metadata


def plain_types(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """A migration stands for itself: it must not change when our types do."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite cannot alter a table in place; batch mode copies it.
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain_types,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
