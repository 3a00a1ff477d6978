"""Teams, who belongs to them and who leads them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.schema.base import (
    Instant,
    look_at,
    metadata,
    of_team,
    within_workspace,
    workspace_column,
)

teams = Table(
    "teams",
    metadata,
    workspace_column(),
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), nullable=False),
    Column("name", String(80), nullable=False),
    Column("tz", String(64), nullable=False),
    Column("country", String(2)),
    Column("industry", String(40), nullable=False, default=""),
    Column("prompt_weekday", Integer, nullable=False),
    Column("prompt_time", String(5), nullable=False),
    Column("reminder_time", String(5), nullable=False),
    Column("summary_weekday", Integer, nullable=False),
    Column("summary_time", String(5), nullable=False),
    Column("members_from", String(10), nullable=False),
    Column("group_id", String(32)),
    # Why the channel cannot be posted to at present, and when the leads were told.
    Column("trouble", String(64)),
    Column("created_by", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    look_at(),
    within_workspace(),
    UniqueConstraint("workspace_id", "channel_id"),
    Index(None, "look_at"),
    CheckConstraint("members_from IN ('channel', 'picked', 'group')", name="members_from"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("membership_id", Integer, primary_key=True, autoincrement=True),
    workspace_column(primary_key=False),
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("added_by", String(32)),
    Column("joined_at", Instant, nullable=False),
    Column("left_at", Instant),
    of_team(),
    Index(None, "workspace_id", "team_id"),
    Index(None, "workspace_id", "user_id"),
    # Two events about the same join must not make two members of one person.
    Index(
        "uq_memberships_current",
        "workspace_id",
        "team_id",
        "user_id",
        unique=True,
        sqlite_where=text("left_at IS NULL"),
        postgresql_where=text("left_at IS NULL"),
    ),
)

leads = Table(
    "leads",
    metadata,
    workspace_column(),
    Column("team_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("since", Instant, nullable=False),
    of_team(),
    Index(None, "workspace_id", "user_id"),
)
