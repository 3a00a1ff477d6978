"""What is due, what is sent, and what became of it."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.schema.base import Instant, metadata, within_workspace, workspace_column

agenda = Table(
    "agenda",
    metadata,
    workspace_column(),
    Column("kind", String(20), primary_key=True),
    Column("subject", String(32), primary_key=True),
    Column("period", String(8), nullable=False),
    Column("due_at", Instant, nullable=False),
    within_workspace(),
    Index(None, "due_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", String(32), primary_key=True),
    workspace_column(primary_key=False),
    # Says what must happen only once, e.g. prompt:U123:2026-W47; unique in the workspace.
    Column("key", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("team_id", String(32)),
    Column("recipient", String(32), nullable=False),
    Column("period", String(8), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(64)),
    Column("note", String(255)),
    # Set while the delivery wants work: when to look at it next.
    Column("work_at", Instant),
    # The instant that the pace gave it; counts only while `work_at` is the same.
    Column("slot_at", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_owner", String(40)),
    Column("channel", String(32)),
    Column("thread_ts", String(32)),
    Column("ts", String(32)),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    # Set when what was sent no longer says what is so, and is to be edited in place.
    Column("edit_at", Instant),
    Column("edit_slot_at", Instant),
    within_workspace(),
    UniqueConstraint("workspace_id", "key"),
    Index(
        "ix_deliveries_work_at",
        "work_at",
        sqlite_where=text("work_at IS NOT NULL"),
        postgresql_where=text("work_at IS NOT NULL"),
    ),
    Index(
        "ix_deliveries_edit_at",
        "edit_at",
        sqlite_where=text("edit_at IS NOT NULL"),
        postgresql_where=text("edit_at IS NOT NULL"),
    ),
    Index(None, "workspace_id", "recipient", "due_at"),
    Index(None, "workspace_id", "team_id", "period"),
    # What is old is found by it, to be forgotten.
    Index(None, "created_at"),
)

# What became of a delivery on its way, where its own row may soon say something else: all but its
# entry and its arrival, which the row keeps the time of.
delivery_events = Table(
    "delivery_events",
    metadata,
    Column("event_id", Integer, primary_key=True, autoincrement=True),
    workspace_column(primary_key=False),
    Column("delivery_id", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(64)),
    ForeignKeyConstraint(["delivery_id"], ["deliveries.delivery_id"], ondelete="CASCADE"),
    Index(None, "delivery_id"),
)

received_events = Table(
    "received_events",
    metadata,
    workspace_column(),
    Column("event_id", String(64), primary_key=True),
    Column("received_at", Instant, nullable=False),
    within_workspace(),
    Index(None, "received_at"),
)
