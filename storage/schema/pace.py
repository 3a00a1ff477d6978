"""How fast messages go out in each workspace, known to all processes alike."""

from sqlalchemy import Column, Index, String, Table, text

from storage.schema.base import Instant, metadata, within_workspace, workspace_column

pace = Table(
    "pace",
    metadata,
    workspace_column(),
    # A method of Slack's, or a recipient.
    Column("place", String(32), primary_key=True),
    Column("free_at", Instant, nullable=False),
    # Slack asked us to leave the method alone until then.
    Column("held_until", Instant),
    within_workspace(),
    Index(None, "free_at"),
    Index(
        "ix_pace_held_until",
        "held_until",
        sqlite_where=text("held_until IS NOT NULL"),
        postgresql_where=text("held_until IS NOT NULL"),
    ),
)
