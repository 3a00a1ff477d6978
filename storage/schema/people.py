"""Workspaces and the people in them."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, true

from storage.schema.base import Instant, look_at, metadata, within_workspace, workspace_column

workspaces = Table(
    "workspaces",
    metadata,
    workspace_column(),
    Column("name", String(255), nullable=False),
    Column("bot_user_id", String(32), nullable=False),
    Column("paused_reason", String(64)),
    # False once Slack has refused native charts here; they are then sent as tables.
    Column("charts", Boolean, nullable=False, default=True, server_default=true()),
    Column("installed_at", Instant, nullable=False),
)

people = Table(
    "people",
    metadata,
    workspace_column(),
    Column("user_id", String(32), primary_key=True),
    Column("name", String(255), nullable=False, default=""),
    Column("tz", String(64)),
    Column("country", String(2)),
    Column("is_admin", Boolean, nullable=False, default=False),
    Column("is_bot", Boolean, nullable=False, default=False),
    Column("is_guest", Boolean, nullable=False, default=False),
    Column("is_deleted", Boolean, nullable=False, default=False),
    Column("is_foreign", Boolean, nullable=False, default=False),
    Column("status_emoji", String(255), nullable=False, default=""),
    Column("status_text", String(255), nullable=False, default=""),
    Column("status_expires_at", Instant),
    Column("prompt_weekday", Integer),
    Column("prompt_time", String(5)),
    Column("stopped_at", Instant),
    Column("paused_until", Date),
    Column("introduced_at", Instant),
    Column("refreshed_at", Instant),
    # Home is kept up to date for those only who have ever opened it.
    Column("home_seen_at", Instant),
    look_at(),
    within_workspace(),
    Index(None, "look_at"),
)

absences = Table(
    "absences",
    metadata,
    Column("absence_id", Integer, primary_key=True, autoincrement=True),
    workspace_column(primary_key=False),
    Column("user_id", String(32), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("created_at", Instant, nullable=False),
    within_workspace(),
    Index(None, "workspace_id", "user_id"),
)
