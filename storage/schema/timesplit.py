"""What people logged, and the categories it is in."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from storage.schema.base import Instant, metadata, within_workspace, workspace_column

category_overrides = Table(
    "category_overrides",
    metadata,
    workspace_column(),
    Column("category_id", String(64), primary_key=True),
    Column("grouping", String(32)),
    Column("name", String(60)),
    Column("definition", String(200)),
    Column("aliases", JSON),
    Column("archived", Boolean),
    Column("position", Integer),
    within_workspace(),
)

splits = Table(
    "splits",
    metadata,
    Column("split_id", Integer, primary_key=True, autoincrement=True),
    workspace_column(primary_key=False),
    Column("user_id", String(32), nullable=False),
    Column("period", String(8), nullable=False),
    # False: the person marked the week as not applicable, and there are no shares.
    Column("applicable", Boolean, nullable=False, default=True),
    Column("reason", String(200)),
    Column("logged_at", Instant, nullable=False),
    Column("edited_at", Instant),
    within_workspace(),
    UniqueConstraint("workspace_id", "user_id", "period"),
)

split_shares = Table(
    "split_shares",
    metadata,
    Column("split_id", Integer, primary_key=True),
    Column("category_id", String(64), primary_key=True),
    workspace_column(primary_key=False),
    Column("share_bp", Integer, nullable=False),
    Column("minutes", Integer),
    ForeignKeyConstraint(["split_id"], ["splits.split_id"], ondelete="CASCADE"),
    CheckConstraint("share_bp BETWEEN 0 AND 10000", name="share_bp"),
)

split_history = Table(
    "split_history",
    metadata,
    Column("history_id", Integer, primary_key=True, autoincrement=True),
    workspace_column(primary_key=False),
    Column("user_id", String(32), nullable=False),
    Column("period", String(8), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(32), nullable=False),
    Column("source", String(16), nullable=False),
    # What stood before, as {"applicable", "reason", "shares", "minutes"}; null: nothing did.
    Column("before", JSON),
    within_workspace(),
    Index(None, "workspace_id", "user_id", "period"),
)
