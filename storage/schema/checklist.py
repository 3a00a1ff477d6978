"""A team's checklist: what somebody took up, and what became of it."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from storage.schema.base import Instant, metadata, of_team, workspace_column

checklist_items = Table(
    "checklist_items",
    metadata,
    workspace_column(),
    Column("item_id", String(32), primary_key=True),
    Column("team_id", String(32), nullable=False),
    # Where it comes from, once per team: E2 of the playbook, milestone:tools:2,
    # insight:R07:2026-W40; null for an item of one's own.
    Column("ref", String(80)),
    Column("step", String(10), nullable=False),
    Column("text", String(200), nullable=False),
    Column("done_when", String(300), nullable=False, default=""),
    Column("owner_role", String(60), nullable=False, default=""),
    Column("dimensions", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    Column("owner", String(32)),
    Column("due_on", Date),
    # Why it is blocked or was dropped.
    Column("reason", String(300), nullable=False, default=""),
    # A link or a sentence that shows it done.
    Column("evidence", String(500), nullable=False, default=""),
    # The message that it was made from.
    Column("link", String(500), nullable=False, default=""),
    Column("created_by", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    # When it came into its state, and when its owner last said that it goes on.
    Column("state_since", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("done_at", Instant),
    Column("done_by", String(32)),
    of_team(),
    UniqueConstraint("workspace_id", "team_id", "ref"),
    CheckConstraint("state IN ('open', 'started', 'blocked', 'done', 'dropped')", name="state"),
    CheckConstraint("step IN ('assess', 'goals', 'plan', 'execute', 'iterate')", name="step"),
    Index(None, "workspace_id", "owner"),
)

item_events = Table(
    "item_events",
    metadata,
    Column("event_id", Integer, primary_key=True, autoincrement=True),
    workspace_column(primary_key=False),
    Column("item_id", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(32)),
    # taken, assigned, due, started, confirmed, blocked, done, reopened, dropped, added
    Column("change", String(16), nullable=False),
    Column("note", String(500), nullable=False, default=""),
    ForeignKeyConstraint(
        ["workspace_id", "item_id"],
        ["checklist_items.workspace_id", "checklist_items.item_id"],
        ondelete="CASCADE",
    ),
    Index(None, "workspace_id", "item_id"),
)
